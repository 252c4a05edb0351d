"""Sums and products of everything up to each element, and the product of all."""

from __future__ import annotations

from typing import Any

import numpy as np

from autodiff import errors
from autodiff.arrays import beside, in_order
from autodiff.naming import named_results
from autodiff.op import Op
from autodiff.ops.choice import where
from autodiff.ops.exponential import exp, log
from autodiff.ops.index import ScatterAlong
from autodiff.ops.join import Cat
from autodiff.ops.rearrange import Flip
from autodiff.ops.reduce import Sum, spread
from autodiff.ops.shape import Reshape, positive_dim
from autodiff.public import public

# -- declarations -----------------------------------------------------------------------------


class Cumsum(Op):
    """At each position the sum of the elements up to it: each one counts in all that follow."""

    formula = "x[0] + ... + x[i]"

    def forward(x, *, dim):
        return in_order(np.cumsum(x, axis=dim, dtype=_summed_dtype(x)).reshape(x.shape))

    def grad_x(g, dim):
        return _sums_after(g, dim)


class Cumprod(Op):
    """At each position the product of the elements up to it."""

    formula = "x[0] * ... * x[i]"

    def forward(x, *, dim):
        return in_order(np.cumprod(x, axis=dim, dtype=_summed_dtype(x)).reshape(x.shape))

    def grad_x(g, x, out, dim):
        if not _has_zeros(x):
            return _sums_after(g * out, dim) / x
        return Cat.apply(*_gradients_of_products(g, x, out, dim), dim=dim)


class Cummax(Op):
    """At each position the largest element up to it, and where the last such element is."""

    formula = "max(x[0], ..., x[i])"
    extras = ("indices",)

    def forward(x, *, dim):
        return _running(np.maximum, x, dim)

    def grad_x(g, indices, x_shape, dim):
        return _sent_back(g, indices, x_shape, dim)


class Cummin(Op):
    """At each position the smallest element up to it, and where the last such element is."""

    formula = "min(x[0], ..., x[i])"
    extras = ("indices",)

    def forward(x, *, dim):
        return _running(np.minimum, x, dim)

    def grad_x(g, indices, x_shape, dim):
        return _sent_back(g, indices, x_shape, dim)


class Logcumsumexp(Op):
    """At each position the logarithm of the sum of the exponentials up to it."""

    formula = "log(exp(x[0]) + ... + exp(x[i]))"

    def forward(x, *, dim):
        return np.logaddexp.accumulate(x, axis=dim) if x.ndim else x.copy()

    def grad_x(g, x, out, dim):
        low, exponentials_fit = _lowest(out)
        if exponentials_fit:
            return exp(x - low) * _sums_after(g * exp(low - out), dim)
        # Positive and negative gradients go back separately, as logarithms: nothing overflows.
        size, lowest = log(abs(g)), float(np.finfo(np.float32).min)
        up = where(g > 0, size, lowest) - out
        down = where(g < 0, size, lowest) - out
        return exp(_log_sums_after(up, dim) + x) - exp(_log_sums_after(down, dim) + x)


class Prod(Op):
    """The product over one dimension, or of all elements: the gradient is that of the others."""

    formula = "x[0] * ... * x[n - 1]"

    def forward(x, *, dim, keepdim):
        axis = dim if x.ndim else None
        return np.prod(x, axis=axis, keepdims=keepdim, dtype=_summed_dtype(x))

    def grad_x(g, x, out, x_shape, dim):
        if not x_shape:
            return g
        dims = None if dim is None else (dim,)
        if dim is None and not _has_zeros(x):
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


def _running(largest: np.ufunc, x: np.ndarray, dim: int) -> tuple[np.ndarray, np.ndarray]:
    """The extreme of everything up to each element along ``dim``, and where it is."""
    if not x.ndim:
        return x.copy(), beside(x, np.zeros((), np.int64))
    out = largest.accumulate(x, axis=dim)
    positions = beside(x, np.arange(x.shape[dim])).reshape(-1, *[1] * (x.ndim - dim - 1))
    found = np.where((x == out) | (x != x), positions, 0)
    return out, np.maximum.accumulate(found, axis=dim)


def _sent_back(g: Any, indices: np.ndarray, shape: tuple[int, ...], dim: int) -> Any:
    """Each gradient added to where its element was taken from."""
    return ScatterAlong.apply(g, index=indices, dim=dim, size=shape[dim]) if shape else g


def _lowest(x: Any) -> tuple[float, bool]:
    """The lowest value, and whether exp() of the way up to the highest fits into the dtype."""
    values = getattr(x, "value", x)
    if not values.size:
        return 0.0, True
    low, high = float(values.min()), float(values.max())
    return low, high - low < -0.9 * float(np.log(np.finfo(values.dtype).tiny))


def _sums_after(x: Any, dim: int) -> Any:
    """At each position the sum of the elements from it on."""
    return _flipped(Cumsum.apply(_flipped(x, dim), dim=dim), dim)


def _log_sums_after(x: Any, dim: int) -> Any:
    """At each position the logarithm of the sum of the exponentials from it on."""
    return _flipped(Logcumsumexp.apply(_flipped(x, dim), dim=dim), dim)


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
    return Cat.apply(
        where(True, 1.0, first), Cumprod.apply(_part(x, dim, None, -1), dim=dim), dim=dim
    )


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
def cummax(x: Any, dim: int) -> Any:
    """The largest element up to each position along ``dim``, and where the last such one is.

    >>> import autodiff as ad
    >>> ad.tensor([1.0, 3.0, 2.0]).cummax(0).values
    tensor([1., 3., 3.])
    """
    results = named_results("cummax", "values", "indices")
    return results(*Cummax.apply(x, dim=positive_dim(dim, x.ndim)))


@public
def cummin(x: Any, dim: int) -> Any:
    """The smallest element up to each position along ``dim``, and where the last such one is.

    >>> import autodiff as ad
    >>> ad.tensor([2.0, 1.0, 3.0]).cummin(0).indices
    tensor([0, 1, 1])
    """
    results = named_results("cummin", "values", "indices")
    return results(*Cummin.apply(x, dim=positive_dim(dim, x.ndim)))


@public
def logcumsumexp(x: Any, dim: int) -> Any:
    """The logarithm of the sum of the exponentials up to each position along ``dim``.

    Raises:
        NotImplementedError: ``x`` does not hold floats.

    >>> import autodiff as ad
    >>> ad.tensor([100.0, 100.0]).logcumsumexp(0)
    tensor([100.0000, 100.6931])
    """
    if x.value.dtype.kind != "f":
        raise errors.numbers.not_for_dtype("logcumsumexp", x.dtype)
    return Logcumsumexp.apply(x, dim=positive_dim(dim, x.ndim))


@public
def diff(x: Any, n: int = 1, dim: int = -1, prepend: Any = None, append: Any = None) -> Any:
    """The differences of neighbours along ``dim``, taken ``n`` times.

    Args:
        prepend, append: tensors to put before and after ``x`` first.

    Raises:
        RuntimeError: ``x`` has no dimensions, or ``n`` is negative.

    >>> import autodiff as ad
    >>> ad.tensor([1.0, 4.0, 9.0]).diff()
    tensor([3., 5.])
    """
    if not x.ndim:
        raise errors.shapes.diff_of_a_number()
    if n < 0:
        raise errors.shapes.negative_order(n)
    dim = positive_dim(dim, x.ndim)
    parts = [part for part in (prepend, x, append) if part is not None]
    x = Cat.apply(*parts, dim=dim) if len(parts) > 1 else x
    for _ in range(min(n, x.shape[dim])):
        after, before = _part(x, dim, 1, None), _part(x, dim, None, -1)
        x = after ^ before if x.value.dtype.kind == "b" else after - before
    return x


@public
def prod(x: Any, dim: int | None = None, keepdim: bool = False, *, dtype: Any = None) -> Any:
    """The product of all elements, or along one dimension.

    >>> import autodiff as ad
    >>> ad.tensor([[1.0, 2.0], [3.0, 4.0]]).prod(1)
    tensor([ 2., 12.])
    """
    if dim is not None:
        dim = positive_dim(dim, x.ndim)
    return Prod.apply(_as(x, dtype), dim=dim, keepdim=keepdim)


def _as(x: Any, dtype: Any) -> Any:
    return x if dtype is None else x.to(dtype)
