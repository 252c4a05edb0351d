"""What the source of a compiled program calls, besides NumPy and the ops."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Any

import numpy as np

from autodiff.arrays import in_order
from autodiff.tensor import Tensor
from autodiff.views import mark_written

__all__ = ["LOOPS", "SUMS", "Room", "add_to_grad", "in_order", "in_parts", "set_grad", "write"]

LOOPS: dict[str, Any] = {
    "cache": True, "nogil": True, "error_model": "numpy", "fastmath": {"contract"},
}  # fmt: skip
"""How Numba compiles a loop: cached on disk, dividing as NumPy does, products and sums in one."""

SUMS: dict[str, Any] = LOOPS | {"fastmath": {"contract", "reassoc"}}
"""... and one that adds up, in whichever order is quickest."""


class Room:
    """Memory for one large array, made again only where somebody still holds the last one.

    Fresh memory has to be handed out by the system page by page, which takes as long as to fill it.
    """

    def __init__(self, shape: tuple[int, ...], dtype: Any) -> None:
        self.array = np.empty(shape, dtype)

    def take(self) -> np.ndarray:
        """The array, for whoever writes its elements next."""
        if sys.getrefcount(self.array) > 2:
            self.array = np.empty_like(self.array)
        return self.array


class _Threads:
    """Threads that run parts of loops, started when they are first needed in this process.

    Loops let go of Python's lock, so that Numba's own threads, which hang or abort where two
    pools of them meet, are not needed.
    """

    def __init__(self) -> None:
        self.process = 0
        self.pool: ThreadPoolExecutor | None = None

    def start(self) -> ThreadPoolExecutor:
        if self.pool is None or self.process != os.getpid():  # a fork has no threads
            self.process, self.pool = os.getpid(), ThreadPoolExecutor(COUNT)
        return self.pool


_threads = _Threads()
COUNT = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def in_parts(loop: Callable[..., Any], size: int, *arrays: np.ndarray) -> tuple[float, ...]:
    """Run a loop from 0 to ``size``, a part on each processor; the totals of its sums."""
    if COUNT == 1:
        return loop(0, size, *arrays)
    cuts = [size * i // COUNT for i in range(COUNT + 1)]
    pool = _threads.start()
    parts = [pool.submit(loop, a, b, *arrays) for a, b in pairwise(cuts[1:])]
    totals = [loop(0, cuts[1], *arrays), *(part.result() for part in parts)]
    return tuple([sum(each) for each in zip(*totals, strict=True)])


def set_grad(leaf: Tensor, g: Any) -> None:
    """Let ``g`` be the gradient of a leaf."""
    leaf._grad = Tensor._wrap(g)


def add_to_grad(leaf: Tensor, total: Any) -> None:
    """Let the gradient that a leaf has already become ``total``, in its own memory."""
    leaf._grad.value[...] = total


def write(x: Tensor, values: Any) -> None:
    """Give the memory of ``x`` new elements."""
    x.value[...] = values
    mark_written(x)
