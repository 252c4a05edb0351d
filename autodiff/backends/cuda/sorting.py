"""Sorting, and sums so far: work in which elements of a row depend on each other.

Both take a number of passes that grows with the logarithm of the length of a row, and in each pass
every element has a thread of its own.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Any

import numpy as np

from autodiff.backends.cuda.array import CudaArray, xp
from autodiff.backends.cuda.kernel import THREAD, Kernel, c_type, computed_in
from autodiff.backends.cuda.reduce import COMBINE

__all__ = ["BEFORE", "SCANS", "accumulate", "argsort", "sort", "sorted_with_places"]

BEFORE = """\
@device
def before(a, b):
    return a < b or (b != b and a == a)

"""
"""The order of elements, in which nan comes last."""

# -- sorting --------------------------------------------------------------------------------------


def sorted_with_places(x: CudaArray) -> tuple[CudaArray, CudaArray]:
    """The rows of a matrix in ascending order, and where each element was; nan comes last.

    Sorted runs are merged two by two. An element's place in the merged run is its place in its own,
    plus the number of smaller elements in the other, which a binary search finds. Of equal elements
    the first stays the first.
    """
    n = x.shape[1]
    keys, places = x.copy(), xp.broadcast_to(x.sent(np.arange(n)), x.shape).copy()
    width = 1
    while width < n and x.size:
        new_keys, new_places = keys.like(keys.shape), places.like(keys.shape)
        x.gpu.launch(_merge_kernel(x.dtype), x.size, new_keys, new_places, keys, places,
                     x.size, n, width)  # fmt: skip
        keys, places, width = new_keys, new_places, 2 * width
    return keys, places


@lru_cache(maxsize=32)
def _merge_kernel(dtype: np.dtype) -> Kernel:
    real = computed_in(dtype)
    text = f"""\
{BEFORE}def kernel(out, out_places, x, places, n, length, width):
{THREAD}    while i < n:
        row = uint32(uint32(i // length) * length)
        j = uint32(i - row)
        pair = uint32(uint32(j // uint32(2 * width)) * uint32(2 * width))
        middle = uint32(min(uint32(pair + width), length))
        end = uint32(min(uint32(pair + uint32(2 * width)), length))
        value = {real}(x[i])
        is_left = j < middle
        low = middle if is_left else pair
        high = end if is_left else middle
        start = low
        while low < high:
            centre = uint32(uint32(low + high) // uint32(2))
            other = {real}(x[uint32(row + centre)])
            comes_first = before(other, value) if is_left else not before(value, other)
            if comes_first:
                low = uint32(centre + 1)
            else:
                high = centre
        own = uint32(j - pair) if is_left else uint32(j - middle)
        place = uint32(uint32(row + pair) + uint32(own + uint32(low - start)))
        out[place] = x[i]
        out_places[place] = places[i]
        i = uint32(i + step)
"""
    kind = f"{c_type(dtype)}*"
    return Kernel(text, (kind, "int64*", kind, "int64*", *["uint32"] * 3))


def _in_rows(x: CudaArray, axis: int) -> tuple[CudaArray, Any]:
    """The axis as the rows of a matrix, and how to get back."""
    moved = xp.moveaxis(x, axis, -1) if x.ndim else x.reshape(1)
    shape, original = moved.shape, x.shape

    def back(y: CudaArray) -> CudaArray:
        return xp.moveaxis(y.reshape(shape), -1, axis) if original else y.reshape(1)

    return moved.reshape(math.prod(shape[:-1]), shape[-1]), back


def argsort(x: CudaArray, axis: int = -1, **_: Any) -> CudaArray:
    rows, back = _in_rows(x, axis)
    return back(sorted_with_places(rows)[1])


def sort(x: CudaArray, axis: int = -1, **_: Any) -> CudaArray:
    rows, back = _in_rows(x, axis)
    return back(sorted_with_places(rows)[0])


# -- sums so far ----------------------------------------------------------------------------------


SCANS = COMBINE | {
    "logaddexp": "a if b == -inf else b if a == -inf else "
    "(a + log1p(exp(b - a)) if a >= b else b + log1p(exp(a - b)))",
}
"""What makes one element of two, by the name of NumPy's function."""


def accumulate(x: CudaArray, kind: str, axis: int = 0, dtype: Any = None) -> CudaArray:
    """The combination of all elements up to each one along an axis.

    In each pass an element takes in what the one 1, 2, 4, ... places before it has collected.
    Source: Hillis & Steele, "Data parallel algorithms" (1986).
    """
    dtype = dtype or getattr(np, kind).accumulate(np.ones(1, x.dtype)).dtype
    rows, back = _in_rows(x, axis)
    rows = rows.astype(dtype)
    n = rows.shape[1]
    distance = 1
    while distance < n and rows.size:
        out = rows.like(rows.shape)
        x.gpu.launch(_scan_kernel(kind, rows.dtype), rows.size, out, rows, rows.size, n, distance)
        rows, distance = out, 2 * distance
    return back(rows)


@lru_cache(maxsize=64)
def _scan_kernel(kind: str, dtype: np.dtype) -> Kernel:
    real = computed_in(dtype)
    text = f"""\
@device
def combine(a, b):
    return {SCANS[kind]}

def kernel(out, x, n, length, distance):
{THREAD}    while i < n:
        value = {real}(x[i])
        if uint32(i % length) >= distance:
            value = {real}(combine({real}(x[uint32(i - distance)]), value))
        out[i] = {c_type(dtype)}(value)
        i = uint32(i + step)
"""
    return Kernel(text, (f"{c_type(dtype)}*", f"{c_type(dtype)}*", *["uint32"] * 3))
