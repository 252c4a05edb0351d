"""Softmax and the losses built on it."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autodiff import errors
from autodiff.arrays import in_order
from autodiff.op import Op
from autodiff.ops.exponential import exp, sigmoid
from autodiff.ops.index import ScatterAlong
from autodiff.ops.reduce import Sum
from autodiff.ops.shape import Reshape, positive_dim
from autodiff.public import public


class Softmax(Op):
    """Positive numbers that sum to 1 along ``dim``, in proportion to exp(x)."""

    formula = "exp(x) / sum(exp(x))"
    whole_rules = True

    def forward(x, *, dim):
        shifted = np.exp(x - x.max(axis=dim, keepdims=True, initial=-np.inf))
        return in_order(shifted / shifted.sum(axis=dim, keepdims=True))

    def grad_x(g, out, dim):
        return out * (g - Sum.apply(g * out, dim=(dim,), keepdim=True))


class LogSoftmax(Op):
    """The logarithm of the softmax, computed so that large inputs do not overflow."""

    formula = "x - log(sum(exp(x)))"
    whole_rules = True

    def forward(x, *, dim):
        shifted = x - x.max(axis=dim, keepdims=True, initial=-np.inf)
        return in_order(shifted - np.log(np.exp(shifted).sum(axis=dim, keepdims=True)))

    def grad_x(g, out, dim):
        return g - exp(out) * Sum.apply(g, dim=(dim,), keepdim=True)


class NllLoss(Op):
    """Minus the mean of the log-probabilities that ``x`` gives to the right classes.

    x: (N, C) log-probabilities; target: (N,) class numbers; scale: (N,) the factor of each sample,
    1/N for a plain mean.
    """

    formula = "-sum(scale * x[target])"
    whole_rules = True

    def forward(x, *, target, scale):
        picked = np.take_along_axis(x, target[:, None], axis=1)[:, 0]
        return (picked * -scale).sum()

    def grad_x(g, x_shape, target, scale):
        column = Reshape.apply(g * -scale, shape=(x_shape[0], 1))
        return ScatterAlong.apply(column, index=target[:, None], dim=1, size=x_shape[1])


class BinaryCrossEntropyWithLogits(Op):
    """How surprised scores ``x``, before a sigmoid, are by targets ``y`` between 0 and 1.

    ``reduction`` is "none", "sum" or "mean". The form max(x, 0) - x y + log(1 + exp(-|x|)) is
    log(1 + exp(x)) - x y without its overflow.
    """

    formula = "log(1 + exp(x)) - x y"

    def forward(x, y, *, reduction):
        each = np.maximum(x, 0) - x * y + np.log1p(np.exp(-np.abs(x)))
        return each if reduction == "none" else each.sum() / x.dtype.type(_share(x, reduction))

    def grad_x(g, x, y, reduction):
        return g * ((sigmoid(x) - y) / _share(x, reduction))

    def grad_y(g, x, reduction):
        return g * (-x / _share(x, reduction))


def _share(x: Any, reduction: str) -> int:
    """What the sum over the elements is divided by."""
    return math.prod(x.shape) if reduction == "mean" else 1


@public
def softmax(x: Any, dim: int, dtype: Any = None) -> Any:
    """Positive numbers that sum to 1 along ``dim``, in proportion to exp(x).

    Raises:
        NotImplementedError: integers.

    >>> import autodiff as ad
    >>> ad.softmax(ad.tensor([0.0, 0.0]), 0)
    tensor([0.5000, 0.5000])
    """
    x = _floats("softmax", x, dtype)
    return Softmax.apply(x, dim=positive_dim(dim, x.ndim))


@public
def log_softmax(x: Any, dim: int, dtype: Any = None) -> Any:
    """The logarithm of `softmax`, without overflow.

    Raises:
        NotImplementedError: integers.

    >>> import autodiff as ad
    >>> ad.log_softmax(ad.tensor([0.0, 1000.0]), 0)
    tensor([-1000.,     0.])
    """
    x = _floats("log_softmax", x, dtype)
    return LogSoftmax.apply(x, dim=positive_dim(dim, x.ndim))


def _floats(name: str, x: Any, dtype: Any) -> Any:
    x = x if dtype is None else x.to(dtype)
    if not x.dtype.is_floating_point:
        raise errors.numbers.shares_of_integers(name, x.dtype)
    return x
