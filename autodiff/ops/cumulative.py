"""Sums and products of everything up to each element, and the product of all."""

from __future__ import annotations

from typing import Any

import numpy as np

from autodiff.op import Op, public
from autodiff.ops.join import Cat
from autodiff.ops.rearrange import Flip
from autodiff.ops.reduce import Sum, spread
from autodiff.ops.shape import Reshape, positive_dim

# -- declarations -----------------------------------------------------------------------------


class Cumsum(Op):
    """At each position the sum of the elements up to it: each one counts in all that follow."""

    formula = "x[0] + ... + x[i]"

    def forward(x, *, dim):
        return np.cumsum(x, axis=dim, dtype=_summed_dtype(x)).reshape(x.shape)

    def grad_x(g, dim):
        return _flipped(Cumsum.apply(_flipped(g, dim), dim=dim), dim)


class Cumprod(Op):
    """At each position the product of the elements up to it."""

    formula = "x[0] * ... * x[i]"

    def forward(x, *, dim):
        return np.cumprod(x, axis=dim, dtype=_summed_dtype(x)).reshape(x.shape)

    def grad_x(g, x, out, dim):
        if not _has_zeros(x):
            return _flipped(Cumsum.apply(_flipped(g * out, dim), dim=dim), dim) / x
        return Cat.apply(*_gradients_of_products(g, x, out, dim), dim=dim)


class Prod(Op):
    """The product over one dimension, or of all elements: the gradient is that of the others."""

    formula = "x[0] * ... * x[n - 1]"

    def forward(x, *, dim, keepdim):
        return np.prod(x, axis=dim, keepdims=keepdim, dtype=_summed_dtype(x))

    def grad_x(g, x, out, x_shape, dim):
        dims = None if dim is None else (dim,)
        if not _has_zeros(x):
            return spread(g * out, x_shape, dims) / x
        rows = Reshape.apply(x, shape=(-1,)) if dim is None else x
        others = _products_of_others(rows, dim or 0)
        return spread(g, x_shape, dims) * Reshape.apply(others, shape=x_shape)

    def name(self) -> str:
        return f"ProdBackward{int(self.settings['dim'] is not None)}"


# -- what the rules share -----------------------------------------------------------------------


def _summed_dtype(x: np.ndarray) -> Any:
    """Integers and truth values add up and multiply in int64."""
    return x.dtype if x.dtype.kind == "f" else np.int64


def _has_zeros(x: Any) -> bool:
    return not getattr(x, "value", x).all()


def _flipped(x: Any, dim: int) -> Any:
    return Flip.apply(x, dims=(dim,)) if x.ndim else x


def _part(x: Any, dim: int, start: int | None, stop: int | None) -> Any:
    return x[(slice(None),) * dim + (slice(start, stop),)]


def _gradients_of_products(g: Any, x: Any, out: Any, dim: int) -> list[Any]:
    """Element by element, without dividing: what comes before it times what comes after it.

    The derivative of out[i] by x[k] is out[k - 1] * x[k + 1] * ... * x[i], also where x is 0.
    """
    if not x.ndim:
        return [g]
    gradients = []
    for k in range(x.shape[dim]):
        after = Cumprod.apply(_part(x, dim, k + 1, None), dim=dim)
        later = Sum.apply(_part(g, dim, k + 1, None) * after, dim=(dim,), keepdim=True)
        part = _part(g, dim, k, k + 1) + later
        gradients.append(part if k == 0 else part * _part(out, dim, k - 1, k))
    return gradients


def _products_of_others(x: Any, dim: int) -> Any:
    """For each element the product of all others along ``dim``."""
    before = _exclusive_product(x, dim)
    after = _flipped(_exclusive_product(_flipped(x, dim), dim), dim)
    return before * after


def _exclusive_product(x: Any, dim: int) -> Any:
    """For each element the product of those before it."""
    first = _part(x, dim, 0, 1)
    return Cat.apply(first * 0 + 1, Cumprod.apply(_part(x, dim, None, -1), dim=dim), dim=dim)


# -- public functions ---------------------------------------------------------------------------


@public(in_place=True)
def cumsum(x: Any, dim: int, *, dtype: Any = None) -> Any:
    """The sum of the elements up to each position along ``dim``.

    >>> import autodiff as ad
    >>> ad.tensor([1.0, 2.0, 3.0]).cumsum(0)
    tensor([1., 3., 6.])
    """
    return Cumsum.apply(_as(x, dtype), dim=positive_dim(dim, x.ndim))


@public(in_place=True)
def cumprod(x: Any, dim: int, *, dtype: Any = None) -> Any:
    """The product of the elements up to each position along ``dim``.

    >>> import autodiff as ad
    >>> ad.tensor([1.0, 2.0, 3.0]).cumprod(0)
    tensor([1., 2., 6.])
    """
    return Cumprod.apply(_as(x, dtype), dim=positive_dim(dim, x.ndim))


@public
def prod(x: Any, dim: int | None = None, keepdim: bool = False, *, dtype: Any = None) -> Any:
    """The product of all elements, or along one dimension.

    >>> import autodiff as ad
    >>> ad.tensor([[1.0, 2.0], [3.0, 4.0]]).prod(1)
    tensor([ 2., 12.])
    """
    dim = None if dim is None or x.ndim == 0 else positive_dim(dim, x.ndim)
    return Prod.apply(_as(x, dtype), dim=dim, keepdim=keepdim)


def _as(x: Any, dtype: Any) -> Any:
    return x if dtype is None else x.to(dtype)
