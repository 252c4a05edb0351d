"""Matrix products by NVIDIA's cuBLAS, where AUTODIFF_CUBLAS=1 asks for it and it is quicker.

cuBLAS takes matrices whose elements lie column behind column; ours lie row behind row, which is the
same as the transposed matrix by columns. So it is asked for ``out.T = y.T @ x.T``.

Source: NVIDIA's documentation of cuBLAS, "cublas<t>gemmStridedBatched()".
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

__all__ = ["Cublas", "Gemm", "quickest"]

FUNCTIONS = {"float32": "sgemm_strided_batched", "float64": "dgemm_strided_batched"}
NORMAL, TRANSPOSED = 0, 1

ROUNDS, CALLS = 3, 5
"""How often two ways are timed, in turns, and how many calls make a time."""


@dataclass(frozen=True)
class Gemm:
    """Products of matrices, as cuBLAS describes them: the first is our y, the second our x."""

    operations: tuple[int, int]
    sizes: tuple[int, int, int]
    leading: tuple[int, int, int]
    strides: tuple[int, int, int]
    count: int

    @classmethod
    def of(
        cls, x: tuple[int, ...], y: tuple[int, ...], size: tuple[int, int, int],
        x_batch: int, y_batch: int, count: int,
    ) -> Gemm | None:  # fmt: skip
        """``count`` products of m x k by k x n, or None where cuBLAS cannot read them as they lie.

        Args:
            x, y: the steps from row to row and from column to column.
            size: m, k and n.
            x_batch, y_batch: the steps from matrix to matrix.

        >>> Gemm.of((3, 1), (1, 3), (2, 3, 4), 0, 12, 5)
        Gemm(operations=(1, 0), sizes=(4, 2, 3), leading=(3, 3, 4), strides=(12, 0, 8), count=5)
        """
        m, k, n = size
        left, right = _read(m, k, x), _read(k, n, y)
        if left is None or right is None:
            return None
        leading = (right[1], left[1], n)
        return cls((right[0], left[0]), (n, m, k), leading, (y_batch, x_batch, m * n), count)


def _read(rows: int, columns: int, steps: tuple[int, ...]) -> tuple[int, int] | None:
    """How a matrix with those steps is read, and the step from one of its lines to the next."""
    down, along = steps
    if (along == 1 or columns == 1) and (rows == 1 or down >= columns):
        return NORMAL, down if rows > 1 else columns
    if (down == 1 or rows == 1) and (columns == 1 or along >= rows):
        return TRANSPOSED, along if columns > 1 else rows
    return None


class Cublas:
    """cuBLAS on one device.

    Args:
        library: the functions, as ``nvmath.bindings.cublas`` names them.
        stream: the handle of the stream that the products go through.
        enter: directs the calls of this thread to the device.
        wait: waits until the device is done.
    """

    def __init__(
        self, library: Any, stream: int, enter: Callable[[], None], wait: Callable[[], None]
    ) -> None:
        self.library, self.enter, self.wait = library, enter, wait
        self.handle = library.create()
        library.set_stream(self.handle, stream)
        self.chosen: dict[Any, str] = {}
        self.numbers = {kind: (np.ones(1, kind), np.zeros(1, kind)) for kind in FUNCTIONS}

    def multiply(self, gemm: Gemm, kind: str, out: int, x: int, y: int) -> None:
        """Compute the products from and into memory at those addresses."""
        one, zero = (number.ctypes.data for number in self.numbers[kind])
        lead, stride = gemm.leading, gemm.strides
        self.enter()
        getattr(self.library, FUNCTIONS[kind])(
            self.handle, *gemm.operations, *gemm.sizes, one, y, lead[0], stride[0],
            x, lead[1], stride[1], zero, out, lead[2], stride[2], gemm.count,
        )  # fmt: skip

    def run(self, gemm: Gemm, kind: str, more: Any, ways: dict[str, Callable[[], None]]) -> None:
        """Go the way that was the quickest the first time with such sizes: to a factor of two."""
        sizes = tuple([size.bit_length() for size in (*gemm.sizes, gemm.count)])
        key = (kind, gemm.operations, sizes, more)
        if key not in self.chosen:
            self.chosen[key] = quickest(ways, self.wait)
        ways[self.chosen[key]]()


def quickest(ways: dict[str, Callable[[], None]], wait: Callable[[], None]) -> str:
    """The name of the way that took the least time, after a call of each that does not count."""
    times: dict[str, list[float]] = {name: [] for name in ways}
    for way in ways.values():
        way()
    for _ in range(ROUNDS):
        for name, way in ways.items():
            wait()
            start = time.perf_counter()
            for _ in range(CALLS):
                way()
            wait()
            times[name].append(time.perf_counter() - start)
    return min(ways, key=lambda name: min(times[name]))
