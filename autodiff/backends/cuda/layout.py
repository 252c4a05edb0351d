"""How arrays lie in memory: strides, broadcasting, and as few dimensions as describe them.

Strides are counted in elements, and never negative. A program asks the same few questions in each
of its steps, so the answers are kept.
"""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np

__all__ = [
    "broadcast_shapes", "broadcast_strides", "collapse", "contiguous", "is_contiguous", "reshaped",
]  # fmt: skip

Sizes = tuple[int, ...]


@lru_cache(maxsize=4096)
def contiguous(shape: Sizes) -> Sizes:
    """The strides of an array whose elements lie in order.

    >>> contiguous((2, 3))
    (3, 1)
    """
    strides, step = [], 1
    for n in reversed(shape):
        strides.append(step)
        step *= n
    return tuple(reversed(strides))


@lru_cache(maxsize=4096)
def is_contiguous(shape: Sizes, strides: Sizes) -> bool:
    """Whether the elements lie in order, one behind the other."""
    step = 1
    for n, s in zip(reversed(shape), reversed(strides), strict=True):
        if n == 0:
            return True
        if n != 1 and s != step:
            return False
        step *= n
    return True


@lru_cache(maxsize=4096)
def broadcast_shapes(*shapes: Sizes) -> Sizes:
    """The shape that all of these are broadcast to; ValueError where there is none."""
    return np.broadcast_shapes(*shapes)


@lru_cache(maxsize=4096)
def broadcast_strides(shape: Sizes, strides: Sizes, wanted: Sizes) -> Sizes:
    """The strides that show an array of ``shape`` in the shape ``wanted``.

    >>> broadcast_strides((3, 1), (1, 1), (2, 3, 4))
    (0, 1, 0)
    """
    extra = len(wanted) - len(shape)
    kept = zip(shape, strides, wanted[extra:], strict=True)
    return (*(0,) * extra, *(stride if n == new else 0 for n, stride, new in kept))


@lru_cache(maxsize=4096)
def collapse(shape: Sizes, strides: tuple[Sizes, ...]) -> tuple[Sizes, tuple[Sizes, ...]]:
    """The same elements, of several arrays at once, in as few dimensions as possible.

    >>> collapse((2, 3, 4), ((12, 4, 1), (0, 0, 0)))
    ((24,), ((1,), (0,)))
    """
    sizes: list[int] = []
    steps: list[list[int]] = [[] for _ in strides]
    for d, n in enumerate(shape):
        if n == 1:
            continue
        here = [s[d] for s in strides]
        fits = all(s[-1] == now * n for s, now in zip(steps, here, strict=True) if s)
        if sizes and fits:
            sizes[-1] *= n
            for s, now in zip(steps, here, strict=True):
                s[-1] = now
        else:
            sizes.append(n)
            for s, now in zip(steps, here, strict=True):
                s.append(now)
    return tuple(sizes), tuple(tuple(s) for s in steps)


@lru_cache(maxsize=4096)
def reshaped(shape: Sizes, strides: Sizes, wanted: Sizes) -> Sizes | None:
    """The strides that show the same elements in another shape, or None where none do.

    >>> reshaped((2, 3), (3, 1), (6,)), reshaped((2, 3), (1, 2), (6,))
    ((1,), None)
    """
    if math.prod(shape) == 0:
        return contiguous(wanted)
    sizes, (steps,) = collapse(shape, (strides,))
    groups = list(zip(sizes, steps, strict=True))
    result: list[int] = []
    for n in reversed(wanted):
        if n == 1:
            result.append(result[-1] if result else 1)
            continue
        if not groups or groups[-1][0] % n:
            return None
        size, step = groups.pop()
        result.append(step)
        if size != n:
            groups.append((size // n, step * n))
    return tuple(reversed(result))
