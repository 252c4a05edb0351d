# expect: written with its result y, not with z
from math import tanh


def neuron(w, b, x, target):
    z = w * x + b
    loss = (tanh(z) - target) ** 2
    z_grad = 2 * (tanh(z) - target) * (1 - z**2)
    return loss, z_grad * x, z_grad
