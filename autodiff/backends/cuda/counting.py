"""Which values there are, how often, and where between others: made of sorting and searching.

How many distinct values there are decides the shape of the result, so `unique` and `bincount` wait
for the device. Counting by order needs no atomic operations.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np

from autodiff.backends.cuda.array import CudaArray, check_together, xp
from autodiff.backends.cuda.kernel import THREAD, Kernel, c_type, computed_in
from autodiff.backends.cuda.sorting import BEFORE

__all__ = ["COUNTING"]

# -- searching ------------------------------------------------------------------------------------


def searchsorted(ordered: CudaArray, values: CudaArray, side: str = "left") -> CudaArray:
    """How many elements of a vector in rising order come before each value; nan comes last.

    With ``side="right"`` those that are equal to the value count, too.
    """
    check_together(ordered, values)
    dtype = np.result_type(ordered.dtype, values.dtype)
    ordered, values = ordered.astype(dtype), values.astype(dtype)
    out = values.like(values.shape, np.int64)
    if out.size:
        made = search_kernel(dtype, side)
        out.gpu.launch(made, out.size, out, ordered, values, out.size, ordered.size)
    return out


@lru_cache(maxsize=32)
def search_kernel(dtype: np.dtype, side: str) -> Kernel:
    real = computed_in(dtype)
    found = "before(other, value)" if side == "left" else "not before(value, other)"
    text = f"""\
{BEFORE}def kernel(out, x, values, n, length):
{THREAD}    while i < n:
        value = {real}(values[i])
        low, high = uint32(0), length
        while low < high:
            middle = uint32(uint32(low + high) // uint32(2))
            other = {real}(x[middle])
            if {found}:
                low = uint32(middle + 1)
            else:
                high = middle
        out[i] = low
        i = uint32(i + step)
"""
    kind = f"{c_type(dtype)}*"
    return Kernel(text, ("int64*", kind, kind, "uint32", "uint32"))


def isin(
    x: CudaArray, others: CudaArray, assume_unique: bool = False, invert: bool = False
) -> CudaArray:
    ordered = xp.sort(others.ravel())
    found = searchsorted(ordered, x, "left") < searchsorted(ordered, x, "right")
    return ~(found & (x == x)) if invert else found & (x == x)


# -- counting -------------------------------------------------------------------------------------


def unique(
    x: CudaArray,
    return_index: bool = False,
    return_inverse: bool = False,
    return_counts: bool = False,
    axis: int | None = None,
    *,
    equal_nan: bool = True,
) -> Any:
    """Each value once, in order; along ``axis`` each slice once."""
    moved = x.reshape(-1) if axis is None else xp.moveaxis(x, axis, 0)
    rows = moved.reshape(len(moved), math.prod(moved.shape[1:]))
    order = _order_of(rows)
    ordered = rows[order]
    differs = ordered[1:] != ordered[:-1]
    if equal_nan:
        differs &= (ordered[1:] == ordered[1:]) | (ordered[:-1] == ordered[:-1])
    new = xp.ones_like(order, dtype=bool)
    new[1:] = differs.any(1)
    (starts,) = xp.nonzero(new)
    values = ordered[starts].reshape(len(starts), *moved.shape[1:])
    inverse = xp.empty_like(order)
    inverse[order] = xp.cumsum(new) - 1
    ends = xp.concatenate([starts[1:], x.sent([len(rows)])[: len(starts)]])
    results = [
        values if axis is None else xp.moveaxis(values, 0, axis),
        *[order[starts]] * return_index,
        *[inverse.reshape(x.shape) if axis is None else inverse] * return_inverse,
        *[ends - starts] * return_counts,
    ]
    return results[0] if len(results) == 1 else tuple(results)


def _order_of(rows: CudaArray) -> CudaArray:
    """The positions of rows in rising order: sorted by each column, the first one last."""
    order = rows.sent(np.arange(len(rows)))
    for column in reversed(range(rows.shape[1])):
        order = order[xp.argsort(rows[order, column])]
    return order


def bincount(x: CudaArray, weights: CudaArray | None = None, minlength: int = 0) -> CudaArray:
    bins = max(minlength, int(x.max()) + 1 if x.size else 0)
    if weights is None:
        bounds = searchsorted(xp.sort(x), x.sent(np.arange(bins + 1)))
        return bounds[1:] - bounds[:-1]
    total = x.like(bins, np.float64)
    total.fill(0)
    xp.add.at(total, x, weights)
    return total


def histogram(x: CudaArray, bins: int, limits: tuple[float, float]) -> tuple[CudaArray, CudaArray]:
    """How many elements lie between each two edges; those on the last edge are in the last part."""
    edges = x.sent(np.linspace(*limits, bins + 1, dtype=x.dtype))
    ordered = xp.sort(x.ravel())
    bounds = searchsorted(ordered, edges)
    bounds[-1:] = searchsorted(ordered, edges[-1:], "right")
    return bounds[1:] - bounds[:-1], edges


COUNTING: dict[Any, Callable[..., Any]] = {
    np.searchsorted: searchsorted,
    np.isin: isin,
    np.unique: unique,
    np.bincount: bincount,
    np.histogram: histogram,
}
"""What runs here, by NumPy's function."""
