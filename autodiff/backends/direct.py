"""Convolution with stride 1, without laying out windows: for nets with few filters.

Inside these loops the batch is the last dimension. Then the window of the next column begins N
numbers further on, and a tap of a filter meets a whole row of all images as one long vector. Four
filters share each number that is read from memory.

The sizes are known only when the loops run, but the width of the filter is compiled in: the
compiler writes its taps out and keeps their weights in registers. Importing this module imports
Numba.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
from numba import njit

from autodiff.backends.window import Window

__all__ = ["conv2d", "conv2d_input", "conv2d_weight"]

FAST = {"contract", "nsz", "reassoc"}
"""Sums in any order, so that a vector unit can add them; nan and inf stay what they are."""


def conv2d(x, weight, bias, window: Window):
    """x (N, C, H, W), weight (F, C, KH, KW), bias (F,) or None -> (N, F, OH, OW)."""
    out = np.empty((len(x), len(weight), *window.out_size(x.shape[2:])), x.dtype)
    if bias is None:
        bias = np.zeros(len(weight), x.dtype)
    x, weight, bias = map(np.ascontiguousarray, (x, weight, bias))
    _correlate(window.kernel[1])(x, weight, bias, *window.padding, out)
    return out


def conv2d_input(g, weight, shape, window: Window):
    """The gradient of ``x``, of the given shape: ``g`` meets the filters turned around."""
    out = np.empty(shape, g.dtype)
    turned = weight.transpose(1, 0, 2, 3)[:, :, ::-1, ::-1]
    g, turned = np.ascontiguousarray(g), np.ascontiguousarray(turned)
    top, left = (n - 1 - p for n, p in zip(window.kernel, window.padding, strict=True))
    _correlate(window.kernel[1])(g, turned, np.zeros(shape[1], g.dtype), top, left, out)
    return out


def conv2d_weight(g, x, shape, window: Window):
    """The gradient of ``weight``, of the given shape, from the gradient ``g`` of the output."""
    out = np.empty(shape, g.dtype)
    _correlate_weight(np.ascontiguousarray(g), np.ascontiguousarray(x), *window.padding, out)
    return out


@njit(inline="always")
def _put(x, page, top, left):
    """``x`` (N, C, H, W) into ``page`` (C, H', W', N), its corner at (top, left)."""
    images, channels, height, width = x.shape
    for c in range(channels):
        for i in range(max(0, -top), min(height, page.shape[1] - top)):
            for j in range(max(0, -left), min(width, page.shape[2] - left)):
                for n in range(images):
                    page[c, i + top, j + left, n] = x[n, c, i, j]


@cache
def _correlate(width: int) -> Callable[..., Any]:
    """The loops of a correlation with filters of this width, on images with a border of zeros.

    A negative border cuts the image off.
    """

    @njit(cache=True, nogil=True, fastmath=FAST, error_model="numpy")
    def correlate(x, weight, bias, top, left, out):
        images, channels = x.shape[:2]
        filters, _, height, _ = weight.shape
        _, _, oh, ow = out.shape
        page = np.zeros((channels, oh + height - 1, ow + width - 1, images), x.dtype)
        _put(x, page, top, left)
        rows = page.reshape(channels, oh + height - 1, -1)
        length = ow * images
        total = np.empty((4, length), x.dtype)
        out0, out1, out2, out3 = total[0], total[1], total[2], total[3]
        by_image = total.reshape(4, ow, images)
        last = filters - 1
        for i in range(oh):
            for m in range(0, filters, 4):
                # Where no four filters are left, the last one is computed again.
                m1, m2, m3 = min(m + 1, last), min(m + 2, last), min(m + 3, last)
                out0[:], out1[:], out2[:], out3[:] = bias[m], bias[m1], bias[m2], bias[m3]
                for c in range(channels):
                    for a in range(height):
                        if not top <= i + a < top + x.shape[2]:
                            continue  # a row of the border, all zeros
                        w0, w1 = weight[m, c, a], weight[m1, c, a]
                        w2, w3 = weight[m2, c, a], weight[m3, c, a]
                        row = rows[c, i + a]
                        for p in range(length):
                            s0, s1, s2, s3 = out0[p], out1[p], out2[p], out3[p]
                            for b in range(width):
                                value = row[p + b * images]
                                s0 += w0[b] * value
                                s1 += w1[b] * value
                                s2 += w2[b] * value
                                s3 += w3[b] * value
                            out0[p], out1[p], out2[p], out3[p] = s0, s1, s2, s3
                for k in range(min(4, filters - m)):
                    for n in range(images):
                        for j in range(ow):
                            out[n, m + k, i, j] = by_image[k, j, n]

    return correlate


@njit(cache=True, nogil=True, fastmath=FAST, error_model="numpy")
def _correlate_weight(g, x, top, left, out):
    """Each weight gets the sum of ``g`` times what the weight met."""
    images, channels = x.shape[:2]
    filters, _, height, width = out.shape
    _, _, oh, ow = g.shape
    page = np.zeros((channels, oh + height - 1, ow + width - 1, images), x.dtype)
    _put(x, page, top, left)
    rows = page.reshape(channels, oh + height - 1, -1)
    # Four filters at a time: up to three more, of zeros.
    g_page = np.zeros(((filters + 3) // 4 * 4, oh, ow, images), x.dtype)
    _put(g, g_page, 0, 0)
    g_rows = g_page.reshape(g_page.shape[0], oh, -1)
    length = ow * images
    zero = x.dtype.type(0)
    total = np.zeros((g_page.shape[0], channels, height, width), x.dtype)
    for i in range(oh):
        for m in range(0, filters, 4):
            g0, g1, g2, g3 = g_rows[m, i], g_rows[m + 1, i], g_rows[m + 2, i], g_rows[m + 3, i]
            for c in range(channels):
                for a in range(height):
                    if not top <= i + a < top + x.shape[2]:
                        continue
                    for b in range(width):
                        row = rows[c, i + a, b * images : b * images + length]
                        s0, s1, s2, s3 = zero, zero, zero, zero
                        for p in range(length):
                            s0 += g0[p] * row[p]
                            s1 += g1[p] * row[p]
                            s2 += g2[p] * row[p]
                            s3 += g3[p] * row[p]
                        total[m, c, a, b] += s0
                        total[m + 1, c, a, b] += s1
                        total[m + 2, c, a, b] += s2
                        total[m + 3, c, a, b] += s3
    out[:] = total[:filters]
