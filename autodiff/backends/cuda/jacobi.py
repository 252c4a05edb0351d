"""Eigenvalues and singular values by rotations: pairs of columns are turned until none needs it.

In each round all columns are paired like the players of a tournament, so that the pairs do not
touch each other and threads turn them at the same time; a sweep has every pair meet once.

Sources: Golub & Van Loan, "Matrix Computations" (4th edition, 2013), section 8.5 for
symmetric matrices, section 8.6.4 for singular values (one-sided: the method of Hestenes); Brent &
Luk, "The solution of singular-value and symmetric eigenvalue problems on multiprocessor arrays"
(1985), for the rounds.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from autodiff.backends.cuda.array import CudaArray, xp
from autodiff.backends.cuda.kernel import Kernel
from autodiff.backends.cuda.matrices import (
    TEAM,
    check_size,
    identities,
    launch,
    made,
    scaled,
    symmetric,
)
from autodiff.backends.cuda.orthogonal import qr

__all__ = ["eigh", "svd"]

SWEEPS = 30
"""More than are ever needed: the angles shrink quadratically, after 5 to 10 sweeps to nothing."""

PAIRS = """\
@device
def pair(k, turn, players):
    others = uint32(players - 1)
    one = uint32(uint32(turn + k) % others)
    two = others if k == 0 else uint32(uint32(uint32(turn + others) - k) % others)
    return min(one, two), max(one, two)

@device
def rotation(x, y, mixed):
    slope = (y - x) / (REAL(2) * mixed)
    tangent = copysign(REAL(1), slope) / (abs(slope) + sqrt(REAL(1) + slope * slope))
    cosine = REAL(1) / sqrt(REAL(1) + tangent * tangent)
    return cosine, tangent * cosine

@device
def rotated(x, y, cosine, sine):
    return cosine * x - sine * y, sine * x + cosine * y

"""
"""Which columns meet; the cosine and sine that make ((x, mixed), (mixed, y)) diagonal; two numbers
turned by them."""


# -- symmetric matrices ---------------------------------------------------------------------------


def eigh(x: CudaArray, triangle: str = "L") -> tuple[CudaArray, CudaArray]:
    """The eigenvalues of symmetric matrices, in rising order, and the eigenvectors as columns."""
    check_size("eigh", x)
    n = x.shape[-1]
    a, power = scaled(symmetric(x, triangle))
    vectors = identities(x, n)
    turns = x.like((*x.shape[:-2], n + n % 2))
    launch(eigh_kernel(x.dtype), a, n, a, vectors, turns, n)
    values = xp.diagonal(a, 0, -2, -1) * power[..., 0]
    order = xp.argsort(values, axis=-1)
    values = xp.take_along_axis(values, order, -1)
    return values, xp.take_along_axis(vectors, order[..., None, :], -1)


@lru_cache(maxsize=4)
def eigh_kernel(dtype: np.dtype) -> Kernel:
    """Each round: every pair's rotation is worked out, columns are turned by them, then rows."""
    text = f"""\
{PAIRS}def kernel(a, v, turns, n):
    turned = cuda.shared.array(1, int32)
{TEAM}    first = uint32(b * uint32(n * n))
    players = uint32(n + uint32(n % uint32(2)))
    pairs = uint32(players // uint32(2))
    angles = uint32(b * players)
    going, sweep = True, uint32(0)
    while going and sweep < {SWEEPS}:
        if t == 0:
            turned[0] = 0
        cuda.syncthreads()
        turn = uint32(0)
        while turn < uint32(players - 1):
            k = t
            while k < pairs:
                p, q = pair(k, turn, players)
                cosine, sine = REAL(1), REAL(0)
                if q < n:
                    mixed = a[at(first, p, q, n)]
                    if abs(mixed) > REAL({np.finfo(dtype).eps}):
                        cosine, sine = rotation(a[at(first, p, p, n)], a[at(first, q, q, n)], mixed)
                        turned[0] = 1
                turns[uint32(angles + uint32(2 * k))] = cosine
                turns[uint32(angles + uint32(uint32(2 * k) + 1))] = sine
                k = uint32(k + team)
            cuda.syncthreads()
            e = t
            while e < uint32(pairs * n):
                i = uint32(e // pairs)
                k = uint32(e - uint32(i * pairs))
                p, q = pair(k, turn, players)
                cosine = turns[uint32(angles + uint32(2 * k))]
                sine = turns[uint32(angles + uint32(uint32(2 * k) + 1))]
                if sine != REAL(0):
                    left, right = at(first, i, p, n), at(first, i, q, n)
                    a[left], a[right] = rotated(a[left], a[right], cosine, sine)
                    v[left], v[right] = rotated(v[left], v[right], cosine, sine)
                e = uint32(e + team)
            cuda.syncthreads()
            e = t
            while e < uint32(pairs * n):
                k = uint32(e // n)
                i = uint32(e - uint32(k * n))
                p, q = pair(k, turn, players)
                cosine = turns[uint32(angles + uint32(2 * k))]
                sine = turns[uint32(angles + uint32(uint32(2 * k) + 1))]
                if sine != REAL(0):
                    left, right = at(first, p, i, n), at(first, q, i, n)
                    a[left], a[right] = rotated(a[left], a[right], cosine, sine)
                    if i == q:
                        a[left] = REAL(0)
                    if i == p:
                        a[right] = REAL(0)
                e = uint32(e + team)
            cuda.syncthreads()
            turn = uint32(turn + 1)
        going = turned[0] != 0
        cuda.syncthreads()
        sweep = uint32(sweep + 1)
"""
    return made(text, dtype, "REAL*", "REAL*", "REAL*", "uint32")


# -- singular values ------------------------------------------------------------------------------


def svd(x: CudaArray, full_matrices: bool = True) -> tuple[CudaArray, CudaArray, CudaArray]:
    """U, the singular values in falling order, and V transposed: ``x = U @ diag(S) @ Vh``.

    The columns of ``x @ V`` are orthogonal and as long as the singular values. Dividing by these
    would not do where they are 0; Q of the columns' QR decomposition is orthonormal in any case,
    and differs from the directions of the columns by signs only.
    """
    m, n = x.shape[-2:]
    if m < n:
        v, values, ut = svd(x.mT, full_matrices)
        return ut.mT, values, v.mT
    check_size("svd", x)
    columns, power = scaled(x)
    v = identities(x, n)
    launch(svd_kernel(x.dtype), columns, -(-n // 2), columns, v, m, n)
    values = xp.sqrt((columns * columns).sum(-2))
    order = xp.argsort(-values, axis=-1)
    values = xp.take_along_axis(values, order, -1)
    v = xp.take_along_axis(v, order[..., None, :], -1)
    columns = xp.take_along_axis(columns, order[..., None, :], -1)
    u, r = qr(columns, "complete" if full_matrices else "reduced")
    signs = xp.where(xp.diagonal(r, 0, -2, -1) < 0, x.dtype.type(-1), x.dtype.type(1))
    directions = u[..., :n]
    directions *= signs[..., None, :]
    return u, values * power[..., 0], v.mT


@lru_cache(maxsize=4)
def svd_kernel(dtype: np.dtype) -> Kernel:
    """A thread has a pair of columns to itself: it looks how far they are from orthogonal, and
    turns them, and those of V, until they are.
    """
    info = np.finfo(dtype)
    text = f"""\
{PAIRS}def kernel(a, v, m, n):
    turned = cuda.shared.array(1, int32)
{TEAM}    first, corner = uint32(b * uint32(m * n)), uint32(b * uint32(n * n))
    players = uint32(n + uint32(n % uint32(2)))
    pairs = uint32(players // uint32(2))
    least = REAL({info.eps}) * sqrt(REAL(m))
    going, sweep = True, uint32(0)
    while going and sweep < {SWEEPS}:
        if t == 0:
            turned[0] = 0
        cuda.syncthreads()
        turn = uint32(0)
        while turn < uint32(players - 1):
            k = t
            while k < pairs:
                p, q = pair(k, turn, players)
                xx, yy, xy = REAL(0), REAL(0), REAL(0)
                i = uint32(0)
                while i < m and q < n:
                    x, y = a[at(first, i, p, n)], a[at(first, i, q, n)]
                    xx += x * x
                    yy += y * y
                    xy += x * y
                    i = uint32(i + 1)
                if abs(xy) > least * sqrt(xx) * sqrt(yy) and abs(xy) > REAL({info.tiny / info.eps}):
                    cosine, sine = rotation(xx, yy, xy)
                    turned[0] = 1
                    i = uint32(0)
                    while i < m:
                        left, right = at(first, i, p, n), at(first, i, q, n)
                        a[left], a[right] = rotated(a[left], a[right], cosine, sine)
                        i = uint32(i + 1)
                    i = uint32(0)
                    while i < n:
                        left, right = at(corner, i, p, n), at(corner, i, q, n)
                        v[left], v[right] = rotated(v[left], v[right], cosine, sine)
                        i = uint32(i + 1)
                k = uint32(k + team)
            cuda.syncthreads()
            turn = uint32(turn + 1)
        going = turned[0] != 0
        cuda.syncthreads()
        sweep = uint32(sweep + 1)
"""
    return made(text, dtype, "REAL*", "REAL*", "uint32", "uint32")
