"""Ops that combine many elements into one: sums, means, extremes."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np

from autodiff import errors
from autodiff.backends import cpu
from autodiff.op import Op, public
from autodiff.ops.choice import where
from autodiff.ops.comparison import isnan
from autodiff.ops.index import ScatterAlong
from autodiff.ops.shape import Cast, Expand, Reshape, positive_dim, positive_dims

# -- declarations -----------------------------------------------------------------------------


class Sum(Op):
    """The sum over some dimensions: every summand gets the gradient of the sum."""

    formula = "sum(x)"

    def forward(x, *, dim, keepdim):
        if x.size >= cpu.SUMS_FROM:
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


class Amax(Op):
    """The largest element over some dimensions; ties share the gradient equally."""

    formula = "max(x)"

    def forward(x, *, dim, keepdim):
        return x.max(axis=dim, keepdims=keepdim)

    def grad_x(g, x, out, x_shape, dim):
        return _share(g, x, out, x_shape, dim)


class MaxOfAll(Amax):
    """The largest of all elements; ties share the gradient equally."""

    def name(self) -> str:
        return "MaxBackward1"


class Amin(Op):
    """The smallest element over some dimensions; ties share the gradient equally."""

    formula = "min(x)"

    def forward(x, *, dim, keepdim):
        return x.min(axis=dim, keepdims=keepdim)

    def grad_x(g, x, out, x_shape, dim):
        return _share(g, x, out, x_shape, dim)


class MinOfAll(Amin):
    """The smallest of all elements; ties share the gradient equally."""

    def name(self) -> str:
        return "MinBackward1"


class Max(Op):
    """The largest element along one dimension, and where it was: that one gets the gradient."""

    formula = "max(x) along dim"
    extras = ("indices",)

    def forward(x, *, dim, keepdim):
        return _pick_along(np.argmax, x, dim, keepdim)

    def grad_x(g, indices, x_shape, dim, keepdim):
        return _put_back(g, indices, x_shape, dim, keepdim)


class Min(Op):
    """The smallest element along one dimension, and where it was: that one gets the gradient."""

    formula = "min(x) along dim"
    extras = ("indices",)

    def forward(x, *, dim, keepdim):
        return _pick_along(np.argmin, x, dim, keepdim)

    def grad_x(g, indices, x_shape, dim, keepdim):
        return _put_back(g, indices, x_shape, dim, keepdim)


class Argmax(Op):
    """Where the largest element is; a position has no gradient."""

    formula = "argmax(x)"

    def forward(x, *, dim, keepdim):
        return np.argmax(x, axis=dim, keepdims=keepdim)


class Argmin(Op):
    """Where the smallest element is; a position has no gradient."""

    formula = "argmin(x)"

    def forward(x, *, dim, keepdim):
        return np.argmin(x, axis=dim, keepdims=keepdim)


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


def _share(g: Any, x: Any, out: Any, shape: tuple[int, ...], dim: tuple[int, ...]) -> Any:
    """Equal parts of the gradient to all elements that equal the extreme ``out``."""
    kept = keep_dims(shape, dim)
    extreme = Reshape.apply(out, shape=kept)
    hits = (x == extreme) | (isnan(x) & isnan(extreme))
    count = (
        hits.sum(axis=dim, keepdims=True) if isinstance(hits, np.ndarray) else hits.sum(dim, True)
    )
    return where(hits, Reshape.apply(g, shape=kept) / Cast.apply(count, dtype=_dtype(g)), 0.0)


def _dtype(g: Any) -> np.dtype:
    return getattr(g.dtype, "numpy", g.dtype)


def _pick_along(argument: Any, x: Any, dim: int, keepdim: bool) -> tuple[Any, Any]:
    indices = np.expand_dims(argument(x, axis=dim), dim)
    values = np.take_along_axis(x, indices, axis=dim)
    return (values, indices) if keepdim else (values.squeeze(dim), indices.squeeze(dim))


def _put_back(g: Any, indices: Any, shape: tuple[int, ...], dim: int, keepdim: bool) -> Any:
    if not keepdim:
        g = Reshape.apply(g, shape=keep_dims(shape, (dim,)))
        indices = np.expand_dims(indices, dim)
    return ScatterAlong.apply(g, index=indices, dim=dim, size=shape[dim])


# -- public functions ---------------------------------------------------------------------------


class Extreme(NamedTuple):
    """The largest (or smallest) values along a dimension, and where they were."""

    values: Any
    indices: Any


@public
def sum(x: Any, dim: Any = None, keepdim: bool = False, *, dtype: Any = None) -> Any:
    """The sum of all elements, or over the dimensions ``dim``.

    >>> import autodiff as ad
    >>> ad.tensor([[1.0, 2.0], [3.0, 4.0]]).sum(0)
    tensor([4., 6.])
    """
    if dtype is not None:
        x = x.to(dtype)
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
    """Dimensions counted from the front; None for all of them, where none are listed."""
    if dim is None or (not isinstance(dim, int) and not len(dim)):
        return None
    return positive_dims(dim, x.ndim)


@public
def amax(x: Any, dim: Any = (), keepdim: bool = False) -> Any:
    """The largest element over ``dim``; ties share the gradient.

    >>> import autodiff as ad
    >>> ad.tensor([[1.0, 5.0], [3.0, 2.0]]).amax(1)
    tensor([5., 3.])
    """
    dims = positive_dims(None if dim == () else dim, x.ndim)
    _check_not_empty("amax", x, dims, RuntimeError if dim == () else IndexError)
    return Amax.apply(x, dim=dims, keepdim=keepdim)


@public
def amin(x: Any, dim: Any = (), keepdim: bool = False) -> Any:
    """The smallest element over ``dim``; ties share the gradient.

    >>> import autodiff as ad
    >>> ad.tensor([[1.0, 5.0], [3.0, 2.0]]).amin(1)
    tensor([1., 2.])
    """
    dims = positive_dims(None if dim == () else dim, x.ndim)
    _check_not_empty("amin", x, dims, RuntimeError if dim == () else IndexError)
    return Amin.apply(x, dim=dims, keepdim=keepdim)


@public
def max(x: Any, dim: Any = None, keepdim: bool = False) -> Any:
    """The largest element; with ``dim`` the largest along it and where; or of two tensors.

    >>> import autodiff as ad
    >>> x = ad.tensor([[1.0, 5.0], [3.0, 2.0]])
    >>> x.max()
    tensor(5.)
    >>> x.max(1).indices
    tensor([1, 0])
    """
    return _extreme(x, dim, keepdim, MaxOfAll, Max, "maximum")


@public
def min(x: Any, dim: Any = None, keepdim: bool = False) -> Any:
    """The smallest element; with ``dim`` the smallest along it and where; or of two tensors.

    >>> import autodiff as ad
    >>> ad.tensor([[1.0, 5.0], [3.0, 2.0]]).min(1).values
    tensor([1., 2.])
    """
    return _extreme(x, dim, keepdim, MinOfAll, Min, "minimum")


def _extreme(x: Any, dim: Any, keepdim: bool, full: Any, along: Any, pairwise: str) -> Any:
    if dim is None:
        dims = positive_dims(None, x.ndim)
        _check_not_empty(pairwise, x, dims, RuntimeError)
        return full.apply(x, dim=dims, keepdim=False)
    if not isinstance(dim, int):
        return getattr(x, pairwise)(dim)
    if x.ndim == 0:
        values, indices = along.apply(x.reshape(1), dim=0, keepdim=True)
        return Extreme(values.reshape(()), indices.reshape(()))
    dim = positive_dim(dim, x.ndim)
    _check_not_empty(pairwise, x, (dim,), IndexError)
    return Extreme(*along.apply(x, dim=dim, keepdim=keepdim))


def _check_not_empty(name: str, x: Any, dims: Iterable[int], kind: type[Exception]) -> None:
    if any(not x.shape[d] for d in dims):
        raise errors.shapes.empty_extreme(name, kind)


@public
def argmax(x: Any, dim: int | None = None, keepdim: bool = False) -> Any:
    """Where the largest element is: in the flattened tensor, or along ``dim``.

    >>> import autodiff as ad
    >>> ad.tensor([[1.0, 5.0], [3.0, 2.0]]).argmax(dim=1)
    tensor([1, 0])
    """
    dim = None if dim is None or x.ndim == 0 else positive_dim(dim, x.ndim)
    _check_not_empty("argmax", x, range(x.ndim) if dim is None else (dim,), IndexError)
    return Argmax.apply(x, dim=dim, keepdim=keepdim)


@public
def argmin(x: Any, dim: int | None = None, keepdim: bool = False) -> Any:
    """Where the smallest element is: in the flattened tensor, or along ``dim``.

    >>> import autodiff as ad
    >>> ad.tensor([[1.0, 5.0], [3.0, 2.0]]).argmin()
    tensor(0)
    """
    dim = None if dim is None or x.ndim == 0 else positive_dim(dim, x.ndim)
    _check_not_empty("argmin", x, range(x.ndim) if dim is None else (dim,), IndexError)
    return Argmin.apply(x, dim=dim, keepdim=keepdim)
