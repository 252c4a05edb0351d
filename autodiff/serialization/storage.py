"""Tensors as places in storages: what shares memory is stored once, and shares memory again."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import as_strided

__all__ = ["array_at", "stored"]

MAX_DIMENSIONS = 64
LARGEST = 2**48


def stored(arrays: list[np.ndarray]) -> tuple[list[np.ndarray], list[dict[str, Any]]]:
    """The storages behind some arrays, and where in them each array lies (in bytes).

    >>> import numpy as np
    >>> a = np.arange(6.0)
    >>> storages, places = stored([a[2:4], a[3:]])
    >>> storages
    [array([2., 3., 4., 5.])]
    >>> places[1]
    {'storage': 0, 'offset': 8, 'shape': [3], 'strides': [8], 'dtype': 'float64'}
    """
    groups: dict[Any, list[int]] = {}
    for i, array in enumerate(arrays):
        groups.setdefault((id(_owner(array)), array.dtype), []).append(i)
    storages: list[np.ndarray] = []
    places: list[dict[str, Any]] = [{} for _ in arrays]
    for group in groups.values():
        storage, offsets = _stretch([arrays[i] for i in group])
        for i, offset in zip(group, offsets, strict=True):
            array = arrays[i]
            places[i] = {
                "storage": len(storages),
                "offset": offset,
                "shape": list(array.shape),
                "strides": list(array.strides),
                "dtype": array.dtype.name,
            }
        storages.append(storage)
    return storages, places


def _owner(array: np.ndarray) -> np.ndarray:
    """The array at the end of the chain of views."""
    while isinstance(array.base, np.ndarray):
        array = array.base
    return array


def _stretch(arrays: list[np.ndarray]) -> tuple[np.ndarray, list[int]]:
    """The memory from the first to the last byte that the arrays use, and where each starts."""
    starts = [array.__array_interface__["data"][0] for array in arrays]
    low = min(starts)
    size = max(start - low + _extent(array) for start, array in zip(starts, arrays, strict=True))
    first = arrays[starts.index(low)]
    if not (first.nbytes == size and first.flags.c_contiguous):
        first = as_strided(first, (size // first.itemsize,), (first.itemsize,))
    return first, [start - low for start in starts]


def _extent(array: np.ndarray) -> int:
    """How many bytes lie between the start of an array and its end."""
    if not array.size:
        return 0
    steps = zip(array.shape, array.strides, strict=True)
    return sum((n - 1) * stride for n, stride in steps) + array.itemsize


def array_at(place: Any, storages: list[np.ndarray]) -> np.ndarray:
    """The array at a place that `stored` described.

    Raises:
        ValueError: the place does not make sense, or does not lie in its storage.
    """
    number, offset = _count(place["storage"]), _count(place["offset"])
    shape = tuple(_count(n) for n in place["shape"])
    strides = tuple(_count(n) for n in place["strides"])
    if number >= len(storages) or len(shape) != len(strides) or len(shape) > MAX_DIMENSIONS:
        raise ValueError("a tensor lies in no storage")
    if math.prod(n for n in shape if n) > LARGEST:
        raise ValueError("a tensor of absurd size")
    storage = storages[number]
    dtype = storage.dtype
    if place["dtype"] != dtype.name:
        raise ValueError(f"a tensor of {place['dtype']} lies in a storage of {dtype}")
    if any(n % dtype.itemsize for n in (offset, *strides)):
        raise ValueError("a tensor lies between the elements of its storage")
    extent = 0
    if 0 not in shape:
        steps = zip(shape, strides, strict=True)
        extent = sum((n - 1) * stride for n, stride in steps) + dtype.itemsize
    if offset + extent > storage.nbytes:
        raise ValueError("a tensor is larger than its storage")
    return as_strided(storage.reshape(-1)[offset // dtype.itemsize :], shape, strides)


def _count(n: Any) -> int:
    if type(n) is not int or not 0 <= n < LARGEST:
        raise ValueError(f"{n!r} is not a size")
    return n
