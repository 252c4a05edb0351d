# expect: the sign is wrong
from math import tanh


def neuron(w, b, x, target):
    y = tanh(w * x + b)
    loss = (y - target) ** 2
    z_grad = 2 * (target - y) * (1 - y**2)
    return loss, z_grad * x, z_grad
