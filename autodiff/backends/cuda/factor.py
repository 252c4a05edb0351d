"""Triangular factors: LU with partial pivoting, Cholesky, and solving with what LU gives.

Source: Golub & Van Loan, "Matrix Computations" (4th edition, 2013), algorithms 3.1.1 and 3.1.2
(substitution), 3.4.1 (LU with partial pivoting) and 4.2.1 (Cholesky by outer products).
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from autodiff.backends.cuda.array import CudaArray, xp
from autodiff.backends.cuda.kernel import THREAD, Kernel
from autodiff.backends.cuda.matrices import TEAM, batch_of, check_size, launch, made

__all__ = ["cholesky", "lu", "substitute"]


# -- LU -------------------------------------------------------------------------------------------


def lu(x: CudaArray, name: str) -> tuple[CudaArray, CudaArray, CudaArray]:
    """L and U in one matrix, the order in which rows were taken, and the sign of that order.

    ``x[order] = L @ U``; the diagonal of L, which is all ones, is not stored. A singular matrix
    leaves a 0 on the diagonal of U.
    """
    check_size(name, x)
    packed, n = x.copy(), x.shape[-1]
    order, sign = x.like(x.shape[:-1], np.int64), xp.ones_like(x, shape=x.shape[:-2])
    launch(lu_kernel(x.dtype), packed, n, packed, order, sign, n)
    return packed, order, sign


@lru_cache(maxsize=4)
def lu_kernel(dtype: np.dtype) -> Kernel:
    """Each thread looks for the pivot itself, so that nobody has to be told which row it is."""
    text = f"""\
def kernel(a, order, sign, n):
{TEAM}    first = uint32(b * uint32(n * n))
    rows = uint32(b * n)
    flipped = REAL(1)
    i = t
    while i < n:
        order[uint32(rows + i)] = i
        i = uint32(i + team)
    j = uint32(0)
    while j < n:
        pivot, largest = j, abs(a[at(first, j, j, n)])
        i = uint32(j + 1)
        while i < n:
            size = abs(a[at(first, i, j, n)])
            if size > largest:
                pivot, largest = i, size
            i = uint32(i + 1)
        cuda.syncthreads()
        if pivot != j:
            flipped = -flipped
            c = t
            while c < n:
                upper, lower = at(first, j, c, n), at(first, pivot, c, n)
                value = a[upper]
                a[upper] = a[lower]
                a[lower] = value
                c = uint32(c + team)
            if t == 0:
                row = order[uint32(rows + j)]
                order[uint32(rows + j)] = order[uint32(rows + pivot)]
                order[uint32(rows + pivot)] = row
        cuda.syncthreads()
        if largest != REAL(0):
            i = uint32(uint32(j + 1) + t)
            while i < n:
                a[at(first, i, j, n)] = a[at(first, i, j, n)] / a[at(first, j, j, n)]
                i = uint32(i + team)
        cuda.syncthreads()
        c = uint32(uint32(j + 1) + t)
        while c < n:
            above = a[at(first, j, c, n)]
            i = uint32(j + 1)
            while i < n:
                a[at(first, i, c, n)] -= a[at(first, i, j, n)] * above
                i = uint32(i + 1)
            c = uint32(c + team)
        cuda.syncthreads()
        j = uint32(j + 1)
    if t == 0:
        sign[b] = flipped
"""
    return made(text, dtype, "REAL*", "int64*", "REAL*", "uint32")


# -- solving --------------------------------------------------------------------------------------


def substitute(packed: CudaArray, order: CudaArray, y: CudaArray) -> CudaArray:
    """The solution of ``x @ out = y`` with the factors of ``x``; of zeros in U come inf and nan."""
    out, (n, columns) = y.like(y.shape), y.shape[-2:]
    count = batch_of(y) * columns
    if out.size:
        y.gpu.launch(substitute_kernel(y.dtype), count, out, packed, order, y, count, n, columns)
    return out


@lru_cache(maxsize=4)
def substitute_kernel(dtype: np.dtype) -> Kernel:
    """A thread solves for one column, from the top with L and then from the bottom with U."""
    text = f"""\
def kernel(out, a, order, y, count, n, columns):
{THREAD}    while i < count:
        b = uint32(i // columns)
        c = uint32(i - uint32(b * columns))
        first, rows = uint32(b * uint32(n * n)), uint32(b * n)
        corner = uint32(rows * columns)
        row = uint32(0)
        while row < n:
            total = y[at(corner, uint32(order[uint32(rows + row)]), c, columns)]
            j = uint32(0)
            while j < row:
                total -= a[at(first, row, j, n)] * out[at(corner, j, c, columns)]
                j = uint32(j + 1)
            out[at(corner, row, c, columns)] = total
            row = uint32(row + 1)
        while row > 0:
            row = uint32(row - 1)
            total = out[at(corner, row, c, columns)]
            j = uint32(row + 1)
            while j < n:
                total -= a[at(first, row, j, n)] * out[at(corner, j, c, columns)]
                j = uint32(j + 1)
            out[at(corner, row, c, columns)] = total / a[at(first, row, row, n)]
        i = uint32(i + step)
"""
    return made(text, dtype, "REAL*", "REAL*", "int64*", "REAL*", *["uint32"] * 3)


# -- Cholesky -------------------------------------------------------------------------------------


def cholesky(x: CudaArray) -> tuple[CudaArray, CudaArray]:
    """The lower triangle L with ``L @ L.mT = x``, and whether each matrix is positive-definite.

    Only the lower triangle of ``x`` is read.
    """
    check_size("cholesky", x)
    out, n = xp.tril(x), x.shape[-1]
    positive = xp.ones_like(x, dtype=bool, shape=x.shape[:-2])
    launch(cholesky_kernel(x.dtype), out, n, out, positive, n)
    return out, positive


@lru_cache(maxsize=4)
def cholesky_kernel(dtype: np.dtype) -> Kernel:
    text = f"""\
def kernel(a, positive, n):
{TEAM}    first = uint32(b * uint32(n * n))
    j = uint32(0)
    while j < n:
        pivot = a[at(first, j, j, n)]
        root = sqrt(pivot)
        if t == 0 and not pivot > REAL(0):
            positive[b] = uint8(0)
        cuda.syncthreads()
        i = uint32(j + t)
        while i < n:
            a[at(first, i, j, n)] = root if i == j else a[at(first, i, j, n)] / root
            i = uint32(i + team)
        cuda.syncthreads()
        c = uint32(uint32(j + 1) + t)
        while c < n:
            factor = a[at(first, c, j, n)]
            i = c
            while i < n:
                a[at(first, i, c, n)] -= a[at(first, i, j, n)] * factor
                i = uint32(i + 1)
            c = uint32(c + team)
        cuda.syncthreads()
        j = uint32(j + 1)
"""
    return made(text, dtype, "REAL*", "uint8*", "uint32")
