"""QR: reflections that turn the columns of a matrix, one after the other, into those of a triangle.

Source: Golub & Van Loan, "Matrix Computations" (4th edition, 2013), algorithm 5.2.1 (Householder
QR) and section 5.1.6 (backward accumulation of Q). Signs are LAPACK's: each reflection sends a
column to the side away from it, and one that is zero below the diagonal is left as it is.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from autodiff.backends.cuda.array import CudaArray, xp
from autodiff.backends.cuda.kernel import THREAD, Kernel
from autodiff.backends.cuda.matrices import TEAM, batch_of, check_size, launch, made, scaled

__all__ = ["qr"]


def qr(x: CudaArray, mode: str = "reduced") -> tuple[CudaArray, CudaArray]:
    """Orthonormal columns Q and a triangle R, ``x = Q @ R``; Q is square in mode "complete"."""
    check_size("qr", x)
    (m, n), count = x.shape[-2:], min(x.shape[-2:])
    packed, power = scaled(x)
    factors = x.like((*x.shape[:-2], count))
    launch(reflect_kernel(x.dtype), packed, n, packed, factors, m, n, count)
    columns = m if mode == "complete" else count
    q = x.like((*x.shape[:-2], m, columns))
    if q.size:
        threads = batch_of(x) * columns
        x.gpu.launch(accumulate_kernel(x.dtype), threads, q, packed, factors,
                     threads, m, n, count, columns)  # fmt: skip
    return q, xp.triu(packed[..., :columns, :]) * power


@lru_cache(maxsize=4)
def reflect_kernel(dtype: np.dtype) -> Kernel:
    """R in the upper triangle, and below it the vectors v of the reflections 1 - factor * v v'.

    The first element of v, on the diagonal, is 1 and not stored.
    """
    text = f"""\
def kernel(a, factors, m, n, count):
{TEAM}    first = uint32(b * uint32(m * n))
    j = uint32(0)
    while j < count:
        head = a[at(first, j, j, n)]
        below = REAL(0)
        i = uint32(j + 1)
        while i < m:
            below += a[at(first, i, j, n)] * a[at(first, i, j, n)]
            i = uint32(i + 1)
        length, factor, scale = head, REAL(0), REAL(0)
        if below != REAL(0):
            length = -copysign(sqrt(head * head + below), head)
            factor = (length - head) / length
            scale = REAL(1) / (head - length)
        cuda.syncthreads()
        if t == 0:
            a[at(first, j, j, n)] = length
            factors[uint32(uint32(b * count) + j)] = factor
        i = uint32(uint32(j + 1) + t)
        while i < m:
            a[at(first, i, j, n)] *= scale
            i = uint32(i + team)
        cuda.syncthreads()
        c = uint32(uint32(j + 1) + t)
        while c < n:
            total = a[at(first, j, c, n)]
            i = uint32(j + 1)
            while i < m:
                total += a[at(first, i, j, n)] * a[at(first, i, c, n)]
                i = uint32(i + 1)
            total *= factor
            a[at(first, j, c, n)] -= total
            i = uint32(j + 1)
            while i < m:
                a[at(first, i, c, n)] -= a[at(first, i, j, n)] * total
                i = uint32(i + 1)
            c = uint32(c + team)
        cuda.syncthreads()
        j = uint32(j + 1)
"""
    return made(text, dtype, "REAL*", "REAL*", *["uint32"] * 3)


@lru_cache(maxsize=4)
def accumulate_kernel(dtype: np.dtype) -> Kernel:
    """A thread makes a column of Q: all reflections, the last one first, of one of the identity."""
    text = f"""\
def kernel(q, a, factors, threads, m, n, count, columns):
{THREAD}    while i < threads:
        b = uint32(i // columns)
        c = uint32(i - uint32(b * columns))
        first = uint32(uint32(b * m) * n)
        corner = uint32(uint32(b * m) * columns)
        row = uint32(0)
        while row < m:
            q[at(corner, row, c, columns)] = REAL(1) if row == c else REAL(0)
            row = uint32(row + 1)
        j = count
        while j > 0:
            j = uint32(j - 1)
            total = q[at(corner, j, c, columns)]
            row = uint32(j + 1)
            while row < m:
                total += a[at(first, row, j, n)] * q[at(corner, row, c, columns)]
                row = uint32(row + 1)
            total *= factors[uint32(uint32(b * count) + j)]
            q[at(corner, j, c, columns)] -= total
            row = uint32(j + 1)
            while row < m:
                q[at(corner, row, c, columns)] -= a[at(first, row, j, n)] * total
                row = uint32(row + 1)
        i = uint32(i + step)
"""
    return made(text, dtype, *["REAL*"] * 3, *["uint32"] * 5)
