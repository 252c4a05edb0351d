"""The largest and the smallest elements, and where they are."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from autodiff import errors
from autodiff.arrays import beside
from autodiff.naming import named_results
from autodiff.op import Op
from autodiff.ops.comparison import isnan
from autodiff.ops.index import ScatterAlong
from autodiff.ops.reduce import keep_dims
from autodiff.ops.shape import Cast, Reshape, positive_dim, positive_dims
from autodiff.public import public
from autodiff.recording import Recording

# -- declarations -----------------------------------------------------------------------------


class Amax(Op):
    """The largest element over some dimensions; ties share the gradient equally."""

    formula = "max(x)"

    def forward(x, *, dim, keepdim):
        return x.max(axis=dim, keepdims=keepdim)

    def grad_x(g, x, out, x_shape, dim):
        kept = keep_dims(x_shape, dim)
        return _shared(g, x == Reshape.apply(out, shape=kept), kept, dim)


class MaxOfAll(Amax):
    """The largest of all elements; ties, nan among them, share the gradient equally."""

    def grad_x(g, x, out, x_shape):
        return share_equals(g, x, out, x_shape)

    def name(self) -> str:
        return "MaxBackward1"


class Amin(Op):
    """The smallest element over some dimensions; ties share the gradient equally."""

    formula = "min(x)"

    def forward(x, *, dim, keepdim):
        return x.min(axis=dim, keepdims=keepdim)

    def grad_x(g, x, out, x_shape, dim):
        kept = keep_dims(x_shape, dim)
        return _shared(g, x == Reshape.apply(out, shape=kept), kept, dim)


class MinOfAll(Amin):
    """The smallest of all elements; ties, nan among them, share the gradient equally."""

    def grad_x(g, x, out, x_shape):
        return share_equals(g, x, out, x_shape)

    def name(self) -> str:
        return "MinBackward1"


class Max(Op):
    """The largest element along one dimension, and where it was: that one gets the gradient."""

    formula = "max(x) along dim"
    extras = ("indices",)

    def forward(x, *, dim, keepdim):
        return _pick_along(np.argmax, x, dim, keepdim)

    def grad_x(g, indices, x_shape, dim, keepdim):
        return put_back(g, indices, x_shape, dim, keepdim)


class Min(Op):
    """The smallest element along one dimension, and where it was: that one gets the gradient."""

    formula = "min(x) along dim"
    extras = ("indices",)

    def forward(x, *, dim, keepdim):
        return _pick_along(np.argmin, x, dim, keepdim)

    def grad_x(g, indices, x_shape, dim, keepdim):
        return put_back(g, indices, x_shape, dim, keepdim)


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


def share_equals(g: Any, x: Any, out: Any, shape: tuple[int, ...]) -> Any:
    """Equal parts of the gradient to all elements that equal the result ``out``."""
    hits = (x == out) | (isnan(x) & isnan(out))
    return _shared(g, hits, (1,) * len(shape), tuple(range(len(shape))))


def _shared(g: Any, hits: Any, kept: tuple[int, ...], dim: tuple[int, ...]) -> Any:
    """Equal parts of the gradient to all hits over ``dim``; nan everywhere where there is none."""
    recorded = isinstance(hits, Recording)
    count = hits.sum(dim, True) if recorded else np.sum(hits, axis=dim, keepdims=True)
    return Reshape.apply(g, shape=kept) / Cast.apply(count, dtype=_dtype(g)) * hits


def _dtype(g: Any) -> np.dtype:
    return getattr(g.dtype, "numpy", g.dtype)


def _pick_along(argument: Any, x: Any, dim: int, keepdim: bool) -> tuple[Any, Any]:
    if not x.ndim:
        return x.copy(), beside(x, np.zeros((), np.int64))
    indices = np.expand_dims(argument(x, axis=dim), dim)
    values = np.take_along_axis(x, indices, axis=dim)
    return (values, indices) if keepdim else (values.squeeze(dim), indices.squeeze(dim))


def put_back(g: Any, indices: Any, shape: tuple[int, ...], dim: int, keepdim: bool) -> Any:
    """The gradient of picking one element along ``dim``: zeros, but for where it was picked."""
    if not shape:
        return g
    if not keepdim:
        g = Reshape.apply(g, shape=keep_dims(shape, (dim,)))
        indices = np.expand_dims(indices, dim)
    return ScatterAlong.apply(g, index=indices, dim=dim, size=shape[dim])


# -- public functions ---------------------------------------------------------------------------


@public
def amax(x: Any, dim: Any = (), keepdim: bool = False) -> Any:
    """The largest element over ``dim``; ties share the gradient.

    >>> import autodiff as ad
    >>> ad.tensor([[1.0, 5.0], [3.0, 2.0]]).amax(1)
    tensor([5., 3.])
    """
    dims = positive_dims(None if dim == () else dim, x.ndim)
    check_not_empty("amax", x, dims, RuntimeError if dim == () else IndexError)
    return Amax.apply(x, dim=dims, keepdim=keepdim)


@public
def amin(x: Any, dim: Any = (), keepdim: bool = False) -> Any:
    """The smallest element over ``dim``; ties share the gradient.

    >>> import autodiff as ad
    >>> ad.tensor([[1.0, 5.0], [3.0, 2.0]]).amin(1)
    tensor([1., 2.])
    """
    dims = positive_dims(None if dim == () else dim, x.ndim)
    check_not_empty("amin", x, dims, RuntimeError if dim == () else IndexError)
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
    return _extreme(x, dim, keepdim, MaxOfAll, Max, "max")


@public
def min(x: Any, dim: Any = None, keepdim: bool = False) -> Any:
    """The smallest element; with ``dim`` the smallest along it and where; or of two tensors.

    >>> import autodiff as ad
    >>> ad.tensor([[1.0, 5.0], [3.0, 2.0]]).min(1).values
    tensor([1., 2.])
    """
    return _extreme(x, dim, keepdim, MinOfAll, Min, "min")


def _extreme(x: Any, dim: Any, keepdim: bool, full: Any, along: Any, name: str) -> Any:
    if dim is None:
        dims = positive_dims(None, x.ndim)
        check_not_empty(name, x, dims, RuntimeError)
        return full.apply(x, dim=dims, keepdim=False)
    if not isinstance(dim, int):
        return getattr(x, f"{name}imum")(dim)
    dim = positive_dim(dim, x.ndim)
    check_not_empty(name, x, (dim,), IndexError)
    results = named_results(name, "values", "indices")
    return results(*along.apply(x, dim=dim, keepdim=keepdim))


def check_not_empty(name: str, x: Any, dims: Iterable[int], kind: type[Exception]) -> None:
    """Raise where some dimension has no elements to pick from."""
    if x.ndim and any(not x.value.shape[d] for d in dims):
        raise errors.shapes.empty_extreme(name, kind)


@public
def argmax(x: Any, dim: int | None = None, keepdim: bool = False) -> Any:
    """Where the largest element is: in the flattened tensor, or along ``dim``.

    Raises:
        RuntimeError: ``x`` holds truth values.
        IndexError: there are no elements, or there is no such dimension.

    >>> import autodiff as ad
    >>> ad.tensor([[1.0, 5.0], [3.0, 2.0]]).argmax(dim=1)
    tensor([1, 0])
    """
    return _position(Argmax, "argmax", x, dim, keepdim)


@public
def argmin(x: Any, dim: int | None = None, keepdim: bool = False) -> Any:
    """Where the smallest element is: in the flattened tensor, or along ``dim``.

    Raises:
        RuntimeError: ``x`` holds truth values.
        IndexError: there are no elements, or there is no such dimension.

    >>> import autodiff as ad
    >>> ad.tensor([[1.0, 5.0], [3.0, 2.0]]).argmin()
    tensor(0)
    """
    return _position(Argmin, "argmin", x, dim, keepdim)


def _position(op: type[Op], name: str, x: Any, dim: int | None, keepdim: bool) -> Any:
    if x.value.dtype.kind == "b":
        raise errors.numbers.no_order_of_bools(name, RuntimeError)
    if dim is not None:
        dim = positive_dim(dim, x.ndim)
    check_not_empty(name, x, range(x.ndim) if dim is None else (dim,), IndexError)
    return op.apply(x, dim=dim if x.ndim else None, keepdim=keepdim)


@public
def aminmax(x: Any, *, dim: int | None = None, keepdim: bool = False) -> Any:
    """The smallest and the largest element, of all or along ``dim``; ties share the gradient.

    Raises:
        RuntimeError: there are no elements; along a dimension, IndexError.

    >>> import autodiff as ad
    >>> ad.tensor([1.0, 5.0, 3.0]).aminmax().max
    tensor(5.)
    """
    dims = positive_dims(dim, x.ndim)
    check_not_empty("aminmax", x, dims, RuntimeError if dim is None else IndexError)
    extremes = (op.apply(x, dim=dims, keepdim=keepdim) for op in (Amin, Amax))
    return named_results("aminmax", "min", "max")(*extremes)
