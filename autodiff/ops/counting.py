"""How often, and where between others: distinct values, counts, histograms, searches."""

from __future__ import annotations

from typing import Any

import numpy as np

from autodiff import errors
from autodiff.arrays import as_array, beside, in_order
from autodiff.ops.shape import positive_dim
from autodiff.public import public


@public
def unique(
    x: Any,
    sorted: bool = True,
    return_inverse: bool = False,
    return_counts: bool = False,
    dim: int | None = None,
) -> Any:
    """Each value once, in order; along ``dim`` each slice once. No gradient flows through it.

    Args:
        return_inverse: also give, for each element, the position of its value.
        return_counts: also give how often each value occurs.

    >>> import autodiff as ad
    >>> ad.tensor([2, 1, 2]).unique(return_counts=True)
    (tensor([1, 2]), tensor([1, 2]))
    """
    if dim is not None:
        dim = _dim_of_slices("unique", x, dim)
    values, inverse, counts = np.unique(
        x.value, return_inverse=True, return_counts=True, axis=dim, equal_nan=False
    )
    shape = x.value.shape if dim is None else (-1,)
    return _answer(x, values, inverse.reshape(shape), counts, return_inverse, return_counts)


@public
def unique_consecutive(
    x: Any, return_inverse: bool = False, return_counts: bool = False, dim: int | None = None
) -> Any:
    """Each run of equal values, or of equal slices along ``dim``, once, in the order they come in.

    >>> import autodiff as ad
    >>> ad.tensor([1, 1, 2, 1]).unique_consecutive(return_counts=True)
    (tensor([1, 2, 1]), tensor([2, 1, 1]))
    """
    if dim is None:
        rows = x.value.reshape(-1)
    else:
        rows = np.moveaxis(x.value, _dim_of_slices("unique_consecutive", x, dim), 0)
    new = beside(x, np.ones(len(rows), bool))
    new[1:] = (rows[1:] != rows[:-1]).any(axis=tuple(range(1, rows.ndim)))
    values, inverse = rows[new], np.cumsum(new) - 1
    counts = np.bincount(inverse, minlength=len(values))
    if dim is None:
        inverse = inverse.reshape(x.value.shape)
    else:
        values = np.moveaxis(values, 0, dim)
    return _answer(x, values, inverse, counts, return_inverse, return_counts)


def _dim_of_slices(name: str, x: Any, dim: int) -> int:
    """``dim`` counted from the front; other dimensions must not be empty."""
    if not x.ndim:
        raise errors.shapes.dim_out_of_range(dim, 0)
    dim = positive_dim(dim, x.ndim)
    if not x.value.size and any(n == 0 for i, n in enumerate(x.value.shape) if i != dim):
        raise errors.shapes.empty_slices(name, x.shape)
    return dim


def _answer(
    x: Any, values: Any, inverse: Any, counts: Any, return_inverse: bool, return_counts: bool
) -> Any:
    wanted = [values, *[inverse] * return_inverse, *[counts] * return_counts]
    tensors = [x._wrap(in_order(part)) for part in wanted]
    return tensors[0] if len(tensors) == 1 else tuple(tensors)


@public
def bincount(x: Any, weights: Any = None, minlength: int = 0) -> Any:
    """How often each of 0, 1, 2, ... occurs, or the sum of the weights at each.

    Args:
        x: integers that are not negative, in one dimension.
        weights: a tensor of the shape of ``x``.
        minlength: the smallest number of counts to give.

    Raises:
        NotImplementedError: ``x`` does not hold integers.
        RuntimeError: ``x`` has negative elements, or another number of dimensions.

    >>> import autodiff as ad
    >>> ad.tensor([0, 2, 2]).bincount()
    tensor([1, 0, 2])
    """
    if x.value.dtype.kind not in "iu":
        raise errors.numbers.not_for_dtype("bincount", x.dtype)
    if x.ndim != 1 or (x.value.size and x.value.min() < 0):
        raise errors.numbers.not_counts("bincount", x.shape, x.dtype)
    if weights is not None and weights.shape != x.shape:
        raise errors.numbers.weights_shape(weights.shape, x.shape)
    counts = np.bincount(x.value, None if weights is None else weights.value, minlength)
    if weights is not None and weights.value.dtype == np.float32:
        counts = counts.astype(np.float32)
    return x._wrap(counts)


@public
def histc(x: Any, bins: int = 100, min: float = 0, max: float = 0) -> Any:
    """How many elements lie in each of ``bins`` parts of equal width between ``min`` and ``max``.

    Elements outside are not counted; with both limits equal, the range of the elements is taken.

    Raises:
        RuntimeError: ``bins`` is not positive, or the limits are not finite or out of order.
        NotImplementedError: ``x`` does not hold floats.

    >>> import autodiff as ad
    >>> ad.tensor([1.0, 2.0, 1.0]).histc(bins=4, min=0, max=3)
    tensor([0., 2., 1., 0.])
    """
    if x.value.dtype.kind != "f":
        raise errors.numbers.not_for_dtype("histc", x.dtype)
    low, high = float(min), float(max)
    if low == high and x.value.size:
        low, high = float(x.value.min()), float(x.value.max())
    if low == high:
        low, high = low - 1, high + 1
    if bins <= 0 or not np.isfinite([low, high]).all() or low > high:
        raise errors.numbers.no_histogram(bins, low, high)
    inside = x.value[(x.value >= low) & (x.value <= high)]
    counts, _ = np.histogram(inside, bins, (low, high))
    return x._wrap(counts.astype(x.value.dtype))


@public(method=False)
def searchsorted(
    sorted_sequence: Any,
    values: Any,
    *,
    out_int32: bool = False,
    right: bool = False,
    side: str | None = None,
    sorter: Any = None,
) -> Any:
    """Where to insert each value so that the last dimension of ``sorted_sequence`` stays in order.

    Args:
        right: after elements that are equal, and not before; also written ``side="right"``.
        sorter: the order of a sequence that is not in order, as `argsort` gives it.

    Raises:
        RuntimeError: the dimensions but the last differ, or ``side`` and ``right`` contradict.

    >>> import autodiff as ad
    >>> ad.searchsorted(ad.tensor([1, 3, 5]), ad.tensor([3, 6]))
    tensor([1, 3])
    """
    if side not in (None, "left", "right") or (side == "left" and right):
        raise errors.numbers.contradicting_sides(side, right)
    where: Any = "right" if right or side == "right" else "left"
    numbers = sorted_sequence.value
    if sorter is not None:
        numbers = np.take_along_axis(numbers, sorter.value, -1)
    wanted = _array(values, numbers)
    if numbers.ndim > 1 and numbers.shape[:-1] != wanted.shape[:-1]:
        raise errors.shapes.search_shapes(numbers.shape, wanted.shape)
    found = search(numbers, wanted, where)
    return sorted_sequence._wrap(found.astype(np.int32) if out_int32 else found)


def search(ordered: Any, values: Any, side: Any) -> Any:
    """NumPy's ``searchsorted``, for one row in order or for one row for each row of values."""
    if ordered.ndim == 1:
        return as_array(np.searchsorted(ordered, values, side))
    found = np.empty_like(values, dtype=np.int64)
    for row in np.ndindex(ordered.shape[:-1]):
        found[row] = np.searchsorted(ordered[row], values[row], side)
    return found


def _array(x: Any, other: Any) -> Any:
    """The array of a tensor, or that of numbers on the device of another array."""
    return x.value if hasattr(x, "value") else beside(other, np.asarray(x))


@public(method=False)
def bucketize(x: Any, boundaries: Any, *, out_int32: bool = False, right: bool = False) -> Any:
    """The number of the bucket, between boundaries in order, that each element belongs to.

    An element on a boundary belongs to the bucket below it, or with ``right`` above it.

    >>> import autodiff as ad
    >>> ad.bucketize(ad.tensor([0.5, 1.0, 3.0]), ad.tensor([1.0, 2.0]))
    tensor([0, 0, 2])
    """
    return searchsorted(boundaries, x, out_int32=out_int32, right=right)


@public(method=False)
def isin(
    elements: Any, test_elements: Any, *, assume_unique: bool = False, invert: bool = False
) -> Any:
    """True where an element is among the others; with ``invert``, where it is not.

    >>> import autodiff as ad
    >>> ad.isin(ad.tensor([1, 2, 3]), ad.tensor([3, 1]))
    tensor([ True, False,  True])
    """
    tensor = elements if hasattr(elements, "value") else test_elements
    x, others = (_array(v, tensor.value) for v in (elements, test_elements))
    return tensor._wrap(as_array(np.isin(x, others, assume_unique, invert)))
