"""Ops that combine many elements into one: sums and means."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autodiff import errors
from autodiff.backends import cpu
from autodiff.op import Op
from autodiff.ops.comparison import isnan
from autodiff.ops.shape import ALL_DIMS, Expand, Reshape, positive_dims
from autodiff.public import public

# -- declarations -----------------------------------------------------------------------------


class Sum(Op):
    """The sum over some dimensions: every summand gets the gradient of the sum."""

    formula = "sum(x)"

    def forward(x, *, dim, keepdim):
        if type(x) is np.ndarray and x.size >= cpu.SUMS_FROM:
            out = cpu.sum_over(x, dim, keepdim)
        else:
            out = np.add.reduce(x, axis=dim, keepdims=keepdim)
        return out if x.dtype.kind == "f" else out.astype(np.int64)

    def grad_x(g, x_shape, dim):
        return spread(g, x_shape, dim)

    def name(self) -> str:
        return f"SumBackward{int(self.settings['dim'] is not None)}"


class Mean(Op):
    """The mean over some dimensions: the n elements share the gradient, 1/n each."""

    formula = "sum(x) / n"

    def forward(x, *, dim, keepdim):
        total = Sum.forward(x, dim=dim, keepdim=keepdim)
        return total / x.dtype.type(_count(x.shape, dim))

    def grad_x(g, x_shape, dim):
        return spread(g / _count(x_shape, dim), x_shape, dim)

    def name(self) -> str:
        return f"MeanBackward{int(self.settings['dim'] is not None)}"


class Nansum(Op):
    """The sum over some dimensions without what is not a number."""

    formula = "sum(x where x is a number)"

    def forward(x, *, dim, keepdim):
        return np.nansum(x, axis=dim, keepdims=keepdim)

    def grad_x(g, x, x_shape, dim):
        return spread(g, x_shape, dim) * ~isnan(x)


# -- what the rules share -----------------------------------------------------------------------


def _count(shape: tuple[int, ...], dim: tuple[int, ...] | None) -> int:
    """How many elements are reduced to one."""
    return math.prod(shape if dim is None else [shape[d] for d in dim])


def keep_dims(shape: tuple[int, ...], dim: tuple[int, ...]) -> tuple[int, ...]:
    """``shape`` with size 1 in the dimensions ``dim``: the result of reducing with keepdim."""
    return tuple(1 if i in dim else n for i, n in enumerate(shape))


def spread(g: Any, shape: tuple[int, ...], dim: tuple[int, ...] | None) -> Any:
    """The gradient of a reduction, repeated over the dimensions that were reduced away.

    ``dim`` is None where all were.
    """
    if dim is not None:
        g = Reshape.apply(g, shape=keep_dims(shape, dim))
    return Expand.apply(g, shape=shape)


# -- public functions ---------------------------------------------------------------------------


@public
def sum(x: Any, dim: Any = None, keepdim: bool = False, *, dtype: Any = None) -> Any:
    """The sum of all elements, or over the dimensions ``dim``.

    >>> import autodiff as ad
    >>> ad.tensor([[1.0, 2.0], [3.0, 4.0]]).sum(0)
    tensor([4., 6.])
    """
    if dtype is not None:
        total = sum(x.to(dtype), dim, keepdim)
        return total.to(dtype)  # sums of small integers are int64
    return x._apply(Sum, (x,), {"dim": _dims(dim, x), "keepdim": keepdim})


@public
def mean(x: Any, dim: Any = None, keepdim: bool = False, *, dtype: Any = None) -> Any:
    """The mean of all elements, or over the dimensions ``dim``.

    Raises:
        RuntimeError: ``x`` does not hold floats.

    >>> import autodiff as ad
    >>> ad.tensor([[1.0, 2.0], [3.0, 4.0]]).mean()
    tensor(2.5000)
    """
    if dtype is not None:
        x = x.to(dtype)
    if x.value.dtype.kind != "f":
        raise errors.numbers.mean_of_integers(x.dtype)
    return Mean.apply(x, dim=_dims(dim, x), keepdim=keepdim)


def _dims(dim: Any, x: Any) -> tuple[int, ...] | None:
    """Dimensions counted from the front, all of them where none are listed; or None."""
    if dim is None:
        return None
    if not isinstance(dim, int) and not len(dim):
        return ALL_DIMS[x.ndim]
    return positive_dims(dim, x.ndim)


@public
def nansum(x: Any, dim: Any = None, keepdim: bool = False, *, dtype: Any = None) -> Any:
    """The sum of the elements that are not nan, or over the dimensions ``dim``.

    >>> import autodiff as ad
    >>> ad.tensor([1.0, ad.nan, 2.0]).nansum()
    tensor(3.)
    """
    if dtype is not None:
        x = x.to(dtype)
    if x.value.dtype.kind != "f":
        return sum(x, dim, keepdim, dtype=dtype)
    return Nansum.apply(x, dim=positive_dims(dim, x.ndim), keepdim=keepdim)


@public
def nanmean(x: Any, dim: Any = None, keepdim: bool = False, *, dtype: Any = None) -> Any:
    """The mean of the elements that are not nan, or over the dimensions ``dim``.

    Raises:
        RuntimeError: ``x`` does not hold floats.

    >>> import autodiff as ad
    >>> ad.tensor([1.0, ad.nan, 2.0]).nanmean()
    tensor(1.5000)
    """
    if x.value.dtype.kind != "f":
        raise errors.numbers.mean_of_integers(x.dtype)
    count = sum(~isnan(x), dim, keepdim)
    return nansum(x, dim, keepdim, dtype=dtype) / count
