"""What this machine can do at most: how fast memory is copied, how fast matrices are multiplied.

And what the works need at least, in bytes moved or in arithmetic, to say what share of that they
reach.
"""

from __future__ import annotations

import itertools
import math
import statistics
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from works import (
    CIFAR_4,
    CIFAR_64,
    ELEMENTWISE,
    LARGE,
    LENET,
    MATMUL,
    MLP,
    MLP_SIZES,
    SIDE,
)

__all__ = ["copy_bandwidth", "gemm_peak", "least_seconds"]

THREADS = 2


def copy_bandwidth() -> float:
    """Bytes read and written per second, by one copy on each core."""
    size = 1 << 25
    pairs = [(np.ones(size, np.uint8), np.empty(size, np.uint8)) for _ in range(THREADS)]
    with ThreadPoolExecutor(THREADS) as pool:
        seconds = _median(lambda: list(pool.map(lambda pair: np.copyto(pair[1], pair[0]), pairs)))
    return 2 * size * THREADS / seconds


def gemm_peak() -> float:
    """Float32 operations per second of a product of two 2048 x 2048 matrices."""
    n = 2048
    x, out = np.ones((n, n), np.float32), np.empty((n, n), np.float32)
    return 2 * n**3 / _median(lambda: np.matmul(x, x, out=out))


def _median(function: Callable[[], object]) -> float:
    times = []
    for _ in range(9):
        start = time.perf_counter()
        function()
        times.append(time.perf_counter() - start)
    return statistics.median(times[2:])


def least_seconds(work: str, bandwidth: float, peak: float) -> float | None:
    """The least time for a work on a machine with these limits, or None where none is known.

    Elementwise: read x and y, write both gradients. Training steps: a product forward, and two
    backward, for each weight and each place where it is used; memory is left out.
    """
    if work == ELEMENTWISE:
        return 4 * 4 * LARGE / bandwidth
    operations = OPERATIONS.get(work)
    return None if operations is None else operations / peak


def _linear(sizes: tuple[int, ...], batch: int) -> int:
    products = [a * b for a, b in itertools.pairwise(sizes)]
    # The first layer's input needs no gradient.
    return 2 * batch * (3 * sum(products) - products[0])


def _lenet(channels: int, side: int, batch: int) -> int:
    first = 6 * side * side * channels * 25
    second = 16 * 10 * 10 * 6 * 25
    head = _linear((400, 120, 84, 10), batch) + 2 * batch * 400 * 120
    return 2 * batch * (2 * first + 3 * second) + head


OPERATIONS = {
    MATMUL: 3 * 2 * math.prod((SIDE, SIDE, SIDE)),
    MLP: _linear(MLP_SIZES, 64),
    LENET: _lenet(1, 28, 64),
    CIFAR_4: _lenet(3, 28, 4),
    CIFAR_64: _lenet(3, 28, 64),
}
