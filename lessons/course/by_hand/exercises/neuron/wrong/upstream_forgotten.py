# expect: still to be multiplied by the gradient that arrives
from math import tanh


def neuron(w, b, x, target):
    y = tanh(w * x + b)
    loss = (y - target) ** 2
    z_grad = 1 - y**2
    return loss, z_grad * x, z_grad
