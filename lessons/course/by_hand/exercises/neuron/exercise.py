"""The loss of a neuron and its gradients, in plain Python.

    z = w * x + b
    y = tanh(z)
    loss = (y - target) ** 2

Replace the dots. Each gradient is made from the one above it: that is the
backward pass.
"""

from math import tanh


def neuron(w: float, b: float, x: float, target: float):
    """The loss, and its gradients with respect to w and b."""
    z = w * x + b
    y = tanh(z)
    loss = (y - target) ** 2

    y_grad = ...
    z_grad = ...
    w_grad = ...
    b_grad = ...
    return loss, w_grad, b_grad
