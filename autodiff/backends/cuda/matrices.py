"""Matrices, and stacks of them, that blocks of threads work on: one block for each matrix.

That keeps the kernels as simple as the algorithms are: the threads of a block share out columns or
pairs of columns, and wait for each other where a step needs the one before. It suits the matrices
of lessons and of most models; one large matrix would leave all but one of a GPU's cores idle.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autodiff import errors
from autodiff.backends.cuda import driver
from autodiff.backends.cuda.array import CudaArray, xp
from autodiff.backends.cuda.elementwise import MOST_ELEMENTS
from autodiff.backends.cuda.kernel import Kernel, c_type

__all__ = ["TEAM", "batch_of", "check_size", "identities", "launch", "made", "scaled", "symmetric"]

MOST_COLUMNS = 1024
"""Beyond these the one block of a matrix takes seconds."""

WARP, MOST_THREADS = 32, 256

AT = """\
@device
def at(first, i, j, columns):
    return uint32(first + uint32(uint32(i * columns) + j))

"""

TEAM = """\
    b = uint32(cuda.blockIdx.x)
    t = uint32(cuda.threadIdx.x)
    team = uint32(cuda.blockDim.x)
"""
"""Which matrix a thread works on, which thread it is, and of how many."""


def made(text: str, dtype: np.dtype, *signature: str) -> Kernel:
    """A kernel of that text, in which REAL stands for the type computed in.

    The text may call ``at(first, i, j, columns)``: where row i and column j are of the matrix that
    starts at ``first``.
    """
    real = c_type(dtype)
    kinds = [kind.replace("REAL", real) for kind in signature]
    return Kernel(AT + text.replace("REAL", real), tuple(kinds))


def launch(kernel: Kernel, x: CudaArray, work: int, *arguments: Any) -> None:
    """Run a kernel with a block for each matrix of ``x``, whose threads share ``work`` columns."""
    if x.size:
        threads = 2 if driver.is_simulated() else min(MOST_THREADS, -(-work // WARP) * WARP)
        x.gpu.launch_blocks(kernel, batch_of(x), threads, *arguments)


def batch_of(x: CudaArray) -> int:
    """How many matrices there are."""
    return math.prod(x.shape[:-2])


def check_size(name: str, x: CudaArray) -> None:
    """Refuse what one block per matrix would work on for too long.

    Raises:
        RuntimeError: more than `MOST_COLUMNS` rows and columns, or more elements than a kernel
            counts to.
    """
    if min(x.shape[-2:]) > MOST_COLUMNS:
        raise errors.devices.matrix_too_large(name, x.shape, MOST_COLUMNS)
    if x.size > MOST_ELEMENTS:
        raise errors.devices.too_large(x.shape)


def scaled(x: CudaArray) -> tuple[CudaArray, CudaArray]:
    """A copy whose largest element is between 1/2 and 1: squares neither overflow nor vanish.

    Also what the copy has to be multiplied with to get ``x``: a power of 2, or 1 for zeros.
    """
    largest = abs(x).max((-2, -1), keepdims=True, initial=0)
    power = xp.exp2(xp.ceil(xp.log2(xp.where(largest > 0, largest, x.dtype.type(1)))))
    return x / power, power


def symmetric(x: CudaArray, triangle: str = "L") -> CudaArray:
    """The symmetric matrices with the lower triangles of ``x``, or with the upper ones ("U")."""
    lower = x.sent(np.tri(x.shape[-1], dtype=bool))
    return xp.where(lower if triangle == "L" else lower.T, x, x.mT)


def identities(x: CudaArray, size: int) -> CudaArray:
    """An identity matrix for each matrix of ``x``."""
    return xp.broadcast_to(x.sent(np.eye(size, dtype=x.dtype)), (*x.shape[:-2], size, size)).copy()
