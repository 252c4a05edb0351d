"""Loops that Numba compiles, for what NumPy would need several passes over the memory for.

Numba's own threads are not used, since they and the BLAS library's would fight over the cores: the
loops that are worth it are cut into parts by `threads`. Importing this module imports LLVM, so
`cpu` does so at first need.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

from autodiff.native.kernel import kernel

__all__ = ["col2im", "erf", "erfc", "max_pool2d", "max_pool2d_within", "scatter_rows"]


@kernel
def col2im(stride_i: int, stride_j: int, top: int, left: int, step_i: int, step_j: int, columns, x):
    """Add each element of ``columns`` (C, KH, KW, N, OH, OW) to the pixel that it belongs to.

    ``columns[c, a, b, n, i, j]`` belongs to the pixel under position (a, b) of window (i, j). The
    border of the image is ``top`` and ``left``; the dilation ``step_i`` and ``step_j``.
    """
    _, _, height, width = x.shape
    channels, kh, kw, images, oh, ow = columns.shape
    for c in range(channels):
        for n in range(images):
            for a in range(kh):
                for b in range(kw):
                    for i in range(oh):
                        row = i * stride_i + a * step_i - top
                        if 0 <= row < height:
                            for j in range(ow):
                                column = j * stride_j + b * step_j - left
                                if 0 <= column < width:
                                    x[n, c, row, column] += columns[c, a, b, n, i, j]


@kernel
def max_pool2d(
    kh: int, kw: int, stride_i: int, stride_j: int, top: int, left: int, step_i: int, step_j: int,
    x, out, indices,
):  # fmt: skip
    """The largest element under each window of ``x`` (N, C, H, W), and its place in its plane.

    A nan counts as the largest; of equal elements the first one wins.
    """
    _, _, height, width = x.shape
    images, channels, oh, ow = out.shape
    for n in range(images):
        for c in range(channels):
            for i in range(oh):
                for j in range(ow):
                    place = -1
                    best = x[n, c, 0, 0]
                    for a in range(kh):
                        row = i * stride_i + a * step_i - top
                        if 0 <= row < height:
                            for b in range(kw):
                                column = j * stride_j + b * step_j - left
                                if 0 <= column < width:
                                    value = x[n, c, row, column]
                                    if place < 0 or value > best or value != value:
                                        best = value
                                        place = row * width + column
                    out[n, c, i, j] = best
                    indices[n, c, i, j] = place


@cache
def max_pool2d_within(size: tuple[int, int], stride: tuple[int, int]) -> Callable[..., Any]:
    """`max_pool2d` of the images ``start`` to ``stop``, for windows that all lie within the image.

    The sizes are compiled in, and the larger element is selected without a branch, whose outcome no
    processor can foresee: that takes a third of the time.
    """
    kh, kw = size
    sh, sw = stride

    @kernel(apart=True)
    def pool(x, out, indices, best, place):
        images, channels, oh, ow = out.shape
        width = np.int32(x.shape[3])
        for n in range(images):
            for c in range(channels):
                for i in range(oh):
                    for j in range(ow):
                        largest = x[n, c, i * sh, j * sw]
                        at = np.int32(0)
                        for a in range(kh):
                            for b in range(kw):
                                value = x[n, c, i * sh + a, j * sw + b]
                                larger = (value > largest) | (value != value)
                                largest = value if larger else largest
                                at = np.int32(a * width + b) if larger else at
                        best[j], place[j] = largest, at
                    # Numbers of 64 bits in the loop above would halve what a vector holds.
                    for j in range(ow):
                        out[n, c, i, j] = best[j]
                        indices[n, c, i, j] = i * sh * width + j * sw + place[j]

    def part(start: int, stop: int, x: Any, out: Any, indices: Any) -> tuple[()]:
        row = out.shape[3]
        best, place = np.empty(row, x.dtype), np.empty(row, np.int32)
        pool(x[start:stop], out[start:stop], indices[start:stop], best, place)
        return ()

    return part


@kernel
def scatter_rows(x, index, out):
    """Add ``x[row, i]`` to ``out[row, index[row, i]]``."""
    for row in range(x.shape[0]):
        for i in range(x.shape[1]):
            out[row, index[row, i]] += x[row, i]


@kernel
def erf(x, out):
    """The error function of each element of the flat ``x``."""
    for i in range(x.size):
        out[i] = math.erf(x[i])


@kernel
def erfc(x, out):
    """1 - erf of each element of the flat ``x``, exact where erf is nearly 1."""
    for i in range(x.size):
        out[i] = math.erfc(x[i])
