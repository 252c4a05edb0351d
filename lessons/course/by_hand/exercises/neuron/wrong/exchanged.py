# expect: are the two exchanged
from math import tanh


def neuron(w, b, x, target):
    y = tanh(w * x + b)
    loss = (y - target) ** 2
    z_grad = 2 * (y - target) * (1 - y**2)
    return loss, z_grad, z_grad * x
