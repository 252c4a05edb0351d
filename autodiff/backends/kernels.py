"""Loops that Numba compiles, for what NumPy would need several passes over the memory for.

Numba's own threads are not used, since they and the BLAS library's would fight over the cores: the
loops that are worth it are cut into parts by `threads`. Importing this module imports Numba, so
`cpu` does so at first need. Compiled code is cached on disk.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
from numba import njit

__all__ = ["col2im", "erf", "erfc", "max_pool2d", "max_pool2d_within", "scatter_rows"]


@njit(cache=True, nogil=True)
def col2im(columns, x, stride, padding, dilation):
    """Add each element of ``columns`` (C, KH, KW, N, OH, OW) to the pixel that it belongs to.

    ``columns[c, a, b, n, i, j]`` belongs to the pixel under position (a, b) of window (i, j).
    """
    _, _, height, width = x.shape
    channels, kh, kw, images, oh, ow = columns.shape
    for c in range(channels):
        for n in range(images):
            for a in range(kh):
                for b in range(kw):
                    for i in range(oh):
                        row = i * stride[0] + a * dilation[0] - padding[0]
                        if 0 <= row < height:
                            for j in range(ow):
                                column = j * stride[1] + b * dilation[1] - padding[1]
                                if 0 <= column < width:
                                    x[n, c, row, column] += columns[c, a, b, n, i, j]


@njit(cache=True, nogil=True)
def max_pool2d(x, out, indices, kernel, stride, padding, dilation):
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
                    for a in range(kernel[0]):
                        row = i * stride[0] + a * dilation[0] - padding[0]
                        if 0 <= row < height:
                            for b in range(kernel[1]):
                                column = j * stride[1] + b * dilation[1] - padding[1]
                                if 0 <= column < width:
                                    value = x[n, c, row, column]
                                    if place < 0 or value > best or value != value:
                                        best = value
                                        place = row * width + column
                    out[n, c, i, j] = best
                    indices[n, c, i, j] = place


@cache
def max_pool2d_within(kernel: tuple[int, int], stride: tuple[int, int]) -> Callable[..., Any]:
    """`max_pool2d` for windows of one size that all lie within the image.

    The sizes are compiled in, and the larger element is selected without a branch, whose outcome no
    processor can foresee: that takes a third of the time.
    """
    kh, kw = kernel
    sh, sw = stride

    @njit(cache=True, nogil=True)
    def pool(start, stop, x, out, indices):
        width = np.int32(x.shape[3])
        _, channels, oh, ow = out.shape
        best, place = np.empty(ow, x.dtype), np.empty(ow, np.int32)
        for n in range(start, stop):
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
        return ()

    return pool


@njit(cache=True, nogil=True)
def scatter_rows(x, index, out):
    """Add ``x[row, i]`` to ``out[row, index[row, i]]``."""
    for row in range(x.shape[0]):
        for i in range(x.shape[1]):
            out[row, index[row, i]] += x[row, i]


@njit(cache=True, nogil=True)
def erf(x, out):
    """The error function of each element of the flat ``x``."""
    for i in range(x.size):
        out[i] = math.erf(x[i])


@njit(cache=True, nogil=True)
def erfc(x, out):
    """1 - erf of each element of the flat ``x``, exact where erf is nearly 1."""
    for i in range(x.size):
        out[i] = math.erfc(x[i])
