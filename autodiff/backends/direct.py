"""Convolution with stride 1, without laying out windows: for nets with few filters.

Inside these loops the batch is the last dimension. Then the window of the next column begins N
numbers further on, and a tap of a filter meets a whole row of all images as one long vector. A few
filters share each number that is read from memory. A large batch is cut into parts of some images,
small enough for a processor's nearest memory, which threads share.

The sizes are known only when the loops run, but the width of the filter is compiled in: the
compiler writes its taps out, and keeps tuples of so many numbers in registers. Importing this
module imports Numba.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
from numba import njit
from numba.cpython.unsafe.tuple import tuple_setitem
from numba.np.unsafe.ndarray import to_fixed_tuple

from autodiff.backends.threads import in_parts
from autodiff.backends.window import Window

__all__ = ["conv2d", "conv2d_input", "conv2d_weight"]

FAST = {"contract", "nsz", "reassoc"}
"""Sums in any order, so that a vector unit can add them; nan and inf stay what they are."""

IMAGES = 16
"""So many images at most are one part."""

SHARED_FROM = 1 << 22
"""From so many products on, which take 0.1 ms, it pays to wake another thread."""


def conv2d(x, weight, bias, window: Window):
    """x (N, C, H, W), weight (F, C, KH, KW), bias (F,) or None -> (N, F, OH, OW)."""
    out = np.empty((len(x), len(weight), *window.out_size(x.shape[2:])), x.dtype)
    if bias is None:
        bias = np.zeros(len(weight), x.dtype)
    x, weight, bias = map(np.ascontiguousarray, (x, weight, bias))
    loop = _correlate(window.kernel[1])
    _by_images(loop, x, weight, bias, *window.padding, out, products=out[0].size * weight[0].size)
    return out


def conv2d_input(g, weight, shape, window: Window):
    """The gradient of ``x``, of the given shape: ``g`` meets the filters turned around."""
    turned = weight.transpose(1, 0, 2, 3)[:, :, ::-1, ::-1]
    top, left = (n - 1 - p for n, p in zip(window.kernel, window.padding, strict=True))
    out = np.empty(shape, g.dtype)
    g, turned = np.ascontiguousarray(g), np.ascontiguousarray(turned)
    none = np.zeros(shape[1], g.dtype)
    loop = _correlate(window.kernel[1])
    _by_images(loop, g, turned, none, top, left, out, products=out[0].size * turned[0].size)
    return out


def conv2d_weight(g, x, shape, window: Window):
    """The gradient of ``weight``, of the given shape, from the gradient ``g`` of the output."""
    g, x = np.ascontiguousarray(g), np.ascontiguousarray(x)
    loop = _correlate_weight(window.kernel[1])
    products = g[0].size * shape[1] * shape[2] * shape[3]
    (total,) = _by_images(loop, x, g, *window.padding, shape[2], products=products)
    return total[: shape[0]]


def _by_images(loop: Callable[..., Any], x, *arguments, products: int) -> tuple[Any, ...]:
    """Run a loop over all images in ``x``; ``products`` is how many it has for each of them."""
    parts = -(-len(x) // IMAGES)
    share = len(x) * products >= SHARED_FROM
    return in_parts(loop, len(x), x, *arguments, parts=parts, share=share)


@njit(inline="always")
def _put(x, page, top, left):
    """``x`` (N, C, H, W) into ``page`` (C, H', W', N), its corner at (top, left).

    Four images at a time: each number goes to another place in memory than the one before it, and
    so there are four times fewer of them to keep at hand.
    """
    images, channels, height, width = x.shape
    rest = images - images % 4
    first, last = max(0, -left), min(width, page.shape[2] - left)
    for c in range(channels):
        for i in range(max(0, -top), min(height, page.shape[1] - top)):
            to = page[c, i + top]
            for n in range(0, rest, 4):
                x0, x1, x2, x3 = x[n, c, i], x[n + 1, c, i], x[n + 2, c, i], x[n + 3, c, i]
                for j in range(first, last):
                    place = to[j + left]
                    place[n], place[n + 1], place[n + 2], place[n + 3] = x0[j], x1[j], x2[j], x3[j]
            for n in range(rest, images):
                for j in range(first, last):
                    to[j + left, n] = x[n, c, i, j]


@cache
def _correlate(width: int) -> Callable[..., Any]:
    """The loops of a correlation with filters of this width, on images with a border of zeros.

    A negative border cuts the image off.
    """

    @njit(cache=True, nogil=True, fastmath=FAST, error_model="numpy")
    def correlate(start, stop, x, weight, bias, top, left, out):
        x, out = x[start:stop], out[start:stop]
        images, channels = x.shape[:2]
        filters, _, height, _ = weight.shape
        _, _, oh, ow = out.shape
        page = np.zeros((channels, oh + height - 1, ow + width - 1, images), x.dtype)
        _put(x, page, top, left)
        rows = page.reshape(channels, oh + height - 1, -1)
        length = ow * images
        total = np.empty((3, length), x.dtype)
        out0, out1, out2 = total[0], total[1], total[2]
        by_image = total.reshape(3, ow, images)
        last = filters - 1
        for i in range(oh):
            for m in range(0, filters, 3):
                # Where no three filters are left, the last one is computed again.
                m1, m2 = min(m + 1, last), min(m + 2, last)
                out0[:], out1[:], out2[:] = bias[m], bias[m1], bias[m2]
                for c in range(channels):
                    for a in range(height):
                        if not top <= i + a < top + x.shape[2]:
                            continue  # a row of the border, all zeros
                        w0 = to_fixed_tuple(weight[m, c, a], width)
                        w1 = to_fixed_tuple(weight[m1, c, a], width)
                        w2 = to_fixed_tuple(weight[m2, c, a], width)
                        row = rows[c, i + a]
                        for p in range(length):
                            s0, s1, s2 = out0[p], out1[p], out2[p]
                            for b in range(width):
                                value = row[p + b * images]
                                s0 += w0[b] * value
                                s1 += w1[b] * value
                                s2 += w2[b] * value
                            out0[p], out1[p], out2[p] = s0, s1, s2
                for k in range(min(3, filters - m)):
                    for n in range(images):
                        for j in range(ow):
                            out[n, m + k, i, j] = by_image[k, j, n]
        return ()

    return correlate


@cache
def _correlate_weight(width: int) -> Callable[..., Any]:
    """The loops that give each weight of filters of this width ``g`` times what the weight met."""

    @njit(cache=True, nogil=True, fastmath=FAST, error_model="numpy")
    def correlate_weight(start, stop, x, g, top, left, height):
        x, g = x[start:stop], g[start:stop]
        images, channels = x.shape[:2]
        _, filters, oh, ow = g.shape
        page = np.zeros((channels, oh + height - 1, ow + width - 1, images), x.dtype)
        _put(x, page, top, left)
        rows = page.reshape(channels, oh + height - 1, -1)
        # Two filters at a time: an odd one is joined by one of zeros.
        g_page = np.zeros((filters + filters % 2, oh, ow, images), x.dtype)
        _put(g, g_page, 0, 0)
        g_rows = g_page.reshape(g_page.shape[0], oh, -1)
        total = np.zeros((g_page.shape[0], channels, height, width), x.dtype)
        zeros = to_fixed_tuple(np.zeros(width, x.dtype), width)
        for i in range(oh):
            for m in range(0, filters, 2):
                g0, g1 = g_rows[m, i], g_rows[m + 1, i]
                for c in range(channels):
                    for a in range(height):
                        if not top <= i + a < top + x.shape[2]:
                            continue
                        row = rows[c, i + a]
                        sums0, sums1 = zeros, zeros
                        for p in range(ow * images):
                            for b in range(width):
                                value = row[p + b * images]
                                sums0 = tuple_setitem(sums0, b, sums0[b] + g0[p] * value)
                                sums1 = tuple_setitem(sums1, b, sums1[b] + g1[p] * value)
                        for b in range(width):
                            total[m, c, a, b] += sums0[b]
                            total[m + 1, c, a, b] += sums1[b]
        return (total,)

    return correlate_weight
