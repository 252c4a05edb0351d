"""The loss of a neuron and its gradients, in plain Python."""

from math import tanh


def neuron(w: float, b: float, x: float, target: float):
    """The loss, and its gradients with respect to w and b."""
    z = w * x + b
    y = tanh(z)
    loss = (y - target) ** 2

    y_grad = 2 * (y - target)
    z_grad = y_grad * (1 - y**2)
    w_grad = z_grad * x
    b_grad = z_grad
    return loss, w_grad, b_grad
