"""Fit a line to points by gradient descent, with tensors alone.

``x`` and ``y`` are tensors of the same length. Start with w = b = 0. Take
``steps`` steps of gradient descent with the learning rate ``lr`` on the mean
squared error of w * x + b. Return ``w`` and ``b``.
"""

import autodiff as ad


def fit(x, y, lr=0.1, steps=200):
    w = ad.tensor(0.0, requires_grad=True)
    b = ad.tensor(0.0, requires_grad=True)
    for _ in range(steps):
        loss = ((w * x + b - y) ** 2).mean()
        ...
    return w, b
