"""What lies in the middle: medians, quantiles, the k-th smallest, the most frequent."""

from __future__ import annotations

from typing import Any

import numpy as np

from autodiff import errors
from autodiff.arrays import beside
from autodiff.naming import named_results
from autodiff.op import Op
from autodiff.ops.arithmetic import Lerp
from autodiff.ops.extremes import put_back, share_equals
from autodiff.ops.index import GatherAlong
from autodiff.ops.shape import positive_dim
from autodiff.ops.sorting import Sort
from autodiff.public import public

# -- declarations -----------------------------------------------------------------------------


class Median(Op):
    """The element in the middle, of two the smaller; equal elements share the gradient."""

    formula = "median(x)"

    def forward(x):
        if not x.size:
            return np.asarray(np.nan).astype(x.dtype)
        return _middle(x.reshape(-1), 0)[0]

    def grad_x(g, x, out, x_shape):
        return share_equals(g, x, out, x_shape)


class Nanmedian(Median):
    """The element in the middle of those that are not nan."""

    def forward(x):
        if not x.size:
            return np.asarray(np.nan).astype(x.dtype)
        return _middle(x.reshape(-1), 0, skip_nan=True)[0]


class MedianAlong(Op):
    """The element in the middle along a dimension, and where it is."""

    formula = "median(x) along dim"
    extras = ("indices",)

    def forward(x, *, dim, keepdim):
        return _picked(x, _middle(x, dim)[1], dim, keepdim)

    def grad_x(g, indices, x_shape, dim, keepdim):
        return put_back(g, indices, x_shape, dim, keepdim)

    def name(self) -> str:
        return "MedianBackward1"


class NanmedianAlong(MedianAlong):
    """The element in the middle of those along a dimension that are not nan, and where it is."""

    def forward(x, *, dim, keepdim):
        return _picked(x, _middle(x, dim, skip_nan=True)[1], dim, keepdim)

    def name(self) -> str:
        return "NanmedianBackward1"


class Kthvalue(Op):
    """The k-th smallest element along a dimension, and where it is."""

    formula = "k-th smallest of x"
    extras = ("indices",)

    def forward(x, *, k, dim, keepdim):
        order = (
            np.argsort(x, axis=dim, kind="stable") if x.ndim else beside(x, np.zeros((), np.int64))
        )
        position = np.take(order, [k - 1], axis=dim) if x.ndim else order
        return _picked(x, position, dim, keepdim)

    def grad_x(g, indices, x_shape, dim, keepdim):
        return put_back(g, indices, x_shape, dim, keepdim)


class Mode(Op):
    """The most frequent element along a dimension, of several the smallest; and where it is."""

    formula = "most frequent of x"
    extras = ("indices",)

    def forward(x, *, dim, keepdim):
        if not x.ndim:
            return x.copy(), beside(x, np.zeros((), np.int64))
        return _picked(x, _most_frequent(x, dim), dim, keepdim)

    def grad_x(g, indices, x_shape, dim, keepdim):
        return put_back(g, indices, x_shape, dim, keepdim)


# -- what they share ------------------------------------------------------------------------------


def _middle(x: np.ndarray, dim: int, skip_nan: bool = False) -> tuple[np.ndarray, np.ndarray]:
    """The median along ``dim``, and its position; nan where there is one, unless it is skipped."""
    if not x.ndim:
        return x.copy(), beside(x, np.zeros((), np.int64))
    order = np.argsort(x, axis=dim, kind="stable")  # nan comes last
    numbers = np.count_nonzero(x == x, axis=dim, keepdims=True)
    middle = np.maximum(numbers - 1, 0) // 2
    if not skip_nan:
        middle = np.where(numbers < x.shape[dim], numbers, middle)
    position = np.take_along_axis(order, middle, dim)
    return np.take_along_axis(x, position, dim).squeeze(dim), position


def _picked(
    x: np.ndarray, position: np.ndarray, dim: int, keepdim: bool
) -> tuple[np.ndarray, np.ndarray]:
    """The elements at the positions, which have size 1 along ``dim``, and the positions."""
    if not x.ndim:
        return x.copy(), position
    values = np.take_along_axis(x, position, dim)
    return (values, position) if keepdim else (values.squeeze(dim), position.squeeze(dim))


def _most_frequent(x: np.ndarray, dim: int) -> np.ndarray:
    """Where along ``dim`` the last of the most frequent elements is; 0 where that is nan.

    Sorted, equal elements are runs; the first place that is furthest from the start of its run is
    the end of the longest one.
    """
    order = np.moveaxis(np.argsort(x, axis=dim, kind="stable"), dim, -1)
    rows = np.take_along_axis(np.moveaxis(x, dim, -1), order, -1)
    before, after = rows[..., :-1], rows[..., 1:]
    new = np.ones_like(rows, dtype=bool)
    new[..., 1:] = (before != after) & (before == before)  # nan comes last: one run
    places = beside(x, np.arange(x.shape[dim]))
    lengths = places - np.maximum.accumulate(np.where(new, places, 0), axis=-1)
    end = np.argmax(lengths, axis=-1, keepdims=True)
    found, position = (np.take_along_axis(a, end, -1) for a in (rows, order))
    return np.moveaxis(np.where(found == found, position, 0), -1, dim)


# -- public functions ---------------------------------------------------------------------------


@public
def median(x: Any, dim: int | None = None, keepdim: bool = False) -> Any:
    """The element in the middle, of two the smaller; with ``dim`` along it, and where it is.

    It is nan where one of the elements is.

    >>> import autodiff as ad
    >>> ad.tensor([4.0, 1.0, 3.0, 2.0]).median()
    tensor(2.)
    """
    return _median("median", x, dim, keepdim, Median, MedianAlong)


@public
def nanmedian(x: Any, dim: int | None = None, keepdim: bool = False) -> Any:
    """The element in the middle of those that are not nan: otherwise as `median`.

    >>> import autodiff as ad
    >>> ad.tensor([4.0, ad.nan, 3.0, 2.0]).nanmedian()
    tensor(3.)
    """
    return _median("nanmedian", x, dim, keepdim, Nanmedian, NanmedianAlong)


def _median(
    name: str, x: Any, dim: int | None, keepdim: bool, full: type[Op], along: type[Op]
) -> Any:
    if x.value.dtype.kind == "b":
        raise errors.numbers.no_order_of_bools(name)
    if dim is None:
        return full.apply(x)
    dim = _filled_dim(name, x, dim)
    return named_results(name, "values", "indices")(*along.apply(x, dim=dim, keepdim=keepdim))


@public
def kthvalue(x: Any, k: int, dim: int = -1, keepdim: bool = False) -> Any:
    """The ``k``-th smallest element along ``dim``, counted from 1, and where it is.

    Raises:
        RuntimeError: there is no ``k``-th element.

    >>> import autodiff as ad
    >>> ad.tensor([4.0, 1.0, 3.0]).kthvalue(2).values
    tensor(3.)
    """
    if x.value.dtype.kind == "b":
        raise errors.numbers.no_order_of_bools("kthvalue")
    dim = _filled_dim("kthvalue", x, dim)
    size = x.shape[dim] if x.ndim else 1
    if not 1 <= k <= size:
        raise errors.indexing.kth_out_of_range(k, size)
    results = named_results("kthvalue", "values", "indices")
    return results(*Kthvalue.apply(x, k=k, dim=dim, keepdim=keepdim))


@public
def mode(x: Any, dim: int = -1, keepdim: bool = False) -> Any:
    """The most frequent element along ``dim``, of several the smallest, and where it is last.

    >>> import autodiff as ad
    >>> ad.tensor([2.0, 1.0, 2.0]).mode().values
    tensor(2.)
    """
    results = named_results("mode", "values", "indices")
    return results(*Mode.apply(x, dim=_filled_dim("mode", x, dim), keepdim=keepdim))


def _filled_dim(name: str, x: Any, dim: int) -> int:
    """``dim`` counted from the front; there has to be something along it."""
    dim = positive_dim(dim, x.ndim)
    if x.ndim and not x.shape[dim]:
        raise errors.shapes.nothing_along(name, dim)
    return dim


@public
def quantile(
    x: Any,
    q: Any,
    dim: int | None = None,
    keepdim: bool = False,
    *,
    interpolation: str = "linear",
) -> Any:
    """The value below which the fraction ``q`` of the elements lies, of all or along ``dim``.

    Args:
        q: a number from 0 to 1, or a one-dimensional tensor of such numbers, which then becomes
            the first dimension of the result.
        interpolation: what to take between two elements: "linear", "lower", "higher", "midpoint"
            or "nearest".

    Raises:
        RuntimeError: ``q`` lies outside, ``x`` is empty, or does not hold float32 or float64.

    >>> import autodiff as ad
    >>> ad.tensor([0.0, 1.0, 2.0, 3.0]).quantile(0.5)
    tensor(1.5000)
    """
    return _quantile("quantile", x, q, dim, keepdim, interpolation, skip_nan=False)


@public
def nanquantile(
    x: Any,
    q: Any,
    dim: int | None = None,
    keepdim: bool = False,
    *,
    interpolation: str = "linear",
) -> Any:
    """`quantile` of the elements that are not nan.

    >>> import autodiff as ad
    >>> ad.tensor([0.0, ad.nan, 2.0]).nanquantile(0.5)
    tensor(1.)
    """
    return _quantile("nanquantile", x, q, dim, keepdim, interpolation, skip_nan=True)


INTERPOLATIONS = ("linear", "lower", "higher", "midpoint", "nearest")


def _quantile(
    name: str, x: Any, q: Any, dim: int | None, keepdim: bool, interpolation: str, skip_nan: bool
) -> Any:
    fractions = beside(x, np.asarray(q, x.value.dtype)) if not hasattr(q, "value") else q.value
    if not x.value.size or x.value.dtype not in (np.float32, np.float64):
        raise errors.numbers.no_quantile(name, x.shape, x.dtype)
    if hasattr(q, "dtype") and q.dtype is not x.dtype:
        raise errors.numbers.different_dtypes(name, {x.dtype, q.dtype})
    if fractions.ndim > 1 or not ((fractions >= 0) & (fractions <= 1)).all():
        raise errors.numbers.fraction_out_of_range(name, q)
    if interpolation not in INTERPOLATIONS:
        raise errors.numbers.unknown_interpolation(name, interpolation, INTERPOLATIONS)

    ndim = x.ndim
    rows = x.reshape(-1) if dim is None else x.movedim(positive_dim(dim, ndim), -1)
    if not rows.ndim:
        rows = rows.reshape(1)
    out = _quantiles(rows, fractions.reshape(-1), interpolation, skip_nan)
    if keepdim:
        if dim is None or not ndim:
            out = out.reshape(-1, *[1] * ndim)
        else:
            out = out.unsqueeze(positive_dim(dim, ndim) + 1)
    return out if fractions.ndim else out.squeeze(0)


def _quantiles(rows: Any, fractions: np.ndarray, interpolation: str, skip_nan: bool) -> Any:
    """The quantiles of the last dimension, as a new first dimension."""
    in_order, _ = Sort.apply(rows, dim=rows.ndim - 1, descending=False, stable=False)
    numbers = np.count_nonzero(rows.value == rows.value, axis=-1, keepdims=True)
    size = rows.shape[-1]
    ranks = fractions * np.maximum(numbers - 1, 0).astype(fractions.dtype)
    if not skip_nan:
        ranks = np.where(numbers < size, size - 1, ranks)  # nan comes last
    if interpolation == "nearest":
        ranks = np.round(ranks)
    below, above = np.floor(ranks), np.ceil(ranks)
    if interpolation == "higher":
        below = above
    low = GatherAlong.apply(in_order, index=below.astype(np.int64), dim=rows.ndim - 1)
    if interpolation in ("linear", "midpoint"):
        high = GatherAlong.apply(in_order, index=above.astype(np.int64), dim=rows.ndim - 1)
        weight = (ranks - below) if interpolation == "linear" else np.full_like(ranks, 0.5)
        low = Lerp.apply(low, high, rows._wrap(weight.astype(fractions.dtype)))
    return low.movedim(-1, 0)
