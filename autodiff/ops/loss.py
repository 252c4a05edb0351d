"""Softmax and the losses built on it."""

from __future__ import annotations

import numpy as np

from autodiff.op import Op
from autodiff.ops.exponential import exp
from autodiff.ops.index import ScatterAlong
from autodiff.ops.reduce import Sum
from autodiff.ops.shape import Reshape


class Softmax(Op):
    """Positive numbers that sum to 1 along ``dim``, in proportion to exp(x)."""

    formula = "exp(x) / sum(exp(x))"

    def forward(x, *, dim):
        shifted = np.exp(x - x.max(axis=dim, keepdims=True))
        return shifted / shifted.sum(axis=dim, keepdims=True)

    def grad_x(g, out, dim):
        return out * (g - Sum.apply(g * out, dim=(dim,), keepdim=True))


class LogSoftmax(Op):
    """The logarithm of the softmax, computed so that large inputs do not overflow."""

    formula = "x - log(sum(exp(x)))"

    def forward(x, *, dim):
        shifted = x - x.max(axis=dim, keepdims=True)
        return shifted - np.log(np.exp(shifted).sum(axis=dim, keepdims=True))

    def grad_x(g, out, dim):
        return g - exp(out) * Sum.apply(g, dim=(dim,), keepdim=True)


class NllLoss(Op):
    """Minus the mean of the log-probabilities that ``x`` gives to the right classes.

    x: (N, C) log-probabilities; target: (N,) class numbers; scale: (N,) the factor of each sample,
    1/N for a plain mean.
    """

    formula = "-sum(scale * x[target])"

    def forward(x, *, target, scale):
        picked = np.take_along_axis(x, target[:, None], axis=1)[:, 0]
        return -(picked * scale).sum()

    def grad_x(g, x_shape, target, scale):
        column = Reshape.apply(g * -scale, shape=(x_shape[0], 1))
        return ScatterAlong.apply(column, index=target[:, None], dim=1, size=x_shape[1])
