"""Convolution with stride 1, without laying out windows: for nets with few filters.

Inside these loops the batch is the last dimension. Then the window of the next column begins N
numbers further on, and a tap of a filter meets a whole row of all images as one long vector. A few
filters share each number that is read from memory. A large batch is cut into parts of some images,
small enough for a processor's nearest memory, which threads share.

The sizes are known only when the loops run, but the width of the filter is compiled in: the
compiler writes its taps out, and keeps so many numbers in registers. Importing this module imports
LLVM.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Callable
from functools import cache, lru_cache
from typing import Any

import numpy as np

from autodiff.backends.threads import in_parts
from autodiff.backends.window import Window
from autodiff.native.kernel import OfNumba, in_turn, kernel

__all__ = ["conv2d", "conv2d_input", "conv2d_weight"]

to_fixed_tuple = OfNumba("numba.np.unsafe.ndarray", "to_fixed_tuple")
tuple_setitem = OfNumba("numba.cpython.unsafe.tuple", "tuple_setitem")

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


LINE = 64
"""So many bytes are read from memory at once: a vector across two lines takes two reads."""

KEPT = 1 << 22
"""So many bytes at most does a thread keep for its next part."""


class _Workspace(threading.local):
    """Each thread's memory for its parts. New memory would come from the system page by page."""

    memory: np.ndarray | None = None

    def take(self, dtype: np.dtype, *shapes: tuple[int, ...]) -> tuple[np.ndarray, list[Any]]:
        """Memory, until it is given back, and arrays in it, whose elements may be anything."""
        begins, size = _layout(dtype.itemsize, shapes)
        memory, self.memory = self.memory, None
        if memory is None or len(memory) < size:
            memory = _in_line(size)
        arrays = zip(shapes, begins, strict=True)
        return memory, [np.ndarray(shape, dtype, memory, begin) for shape, begin in arrays]

    def give_back(self, memory: np.ndarray) -> None:
        if len(memory) <= KEPT:
            self.memory = memory


_workspace = _Workspace()


@lru_cache(256)
def _layout(itemsize: int, shapes: tuple[tuple[int, ...], ...]) -> tuple[list[int], int]:
    """Where each array begins, in bytes, always with a line of memory; and where the last ends."""
    begins, end = [], 0
    for shape in shapes:
        begins.append(end)
        end += -(-math.prod(shape) * itemsize // LINE) * LINE
    return begins, end


def _in_line(size: int) -> np.ndarray:
    """So many bytes, from where a line of memory begins."""
    room = np.empty(size + LINE, np.uint8)
    first = -room.__array_interface__["data"][0] % LINE
    return room[first : first + size]


def _clear(page: Any, x: Any) -> None:
    """Zeros in ``page`` (C, H', W', N), where ``x`` (N, C, H, W) does not cover it."""
    if page.shape[:3] != x.shape[1:]:
        page.fill(0)


@kernel(apart=True)
def put(top: int, left: int, x, page):
    """``x`` (N, C, H, W) into ``page`` (C, H', W', N), its corner at (top, left).

    Four images at a time: each number goes to another place in memory than the one before it, and
    so there are four times fewer of them to keep at hand.
    """
    images, channels, height, width = x.shape
    rest = images - images % 4
    first, last = max(0, -left), min(width, page.shape[2] - left)
    for c in range(channels):
        for i in range(max(0, -top), min(height, page.shape[1] - top)):
            to_row = max(i + top, 0)
            for n in range(0, rest, 4):
                for j in range(first, last):
                    to = max(j + left, 0)
                    page[c, to_row, to, n] = x[n, c, i, j]
                    page[c, to_row, to, n + 1] = x[n + 1, c, i, j]
                    page[c, to_row, to, n + 2] = x[n + 2, c, i, j]
                    page[c, to_row, to, n + 3] = x[n + 3, c, i, j]
            for n in range(rest, images):
                for j in range(first, last):
                    page[c, to_row, max(j + left, 0), n] = x[n, c, i, j]


@cache
def _correlate(width: int) -> Callable[..., Any]:
    """A part of a correlation with filters of this width, on images with a border of zeros."""

    @kernel(fastmath=FAST, apart=True)
    def correlate(top: int, bottom: int, rows, weight, bias, total, by_image, out):
        """The rows of the image are those from ``top`` to ``bottom``; around them all is zero."""
        images, filters, oh, ow = out.shape
        images = max(images, 0)  # which tells the compiler so
        _, channels, height, _ = weight.shape
        length, last = ow * images, filters - 1
        out0, out1, out2 = total[0], total[1], total[2]
        for i in range(oh):
            for m in range(0, filters, 3):
                # Where no three filters are left, the last one is computed again.
                m1, m2 = min(m + 1, last), min(m + 2, last)
                b0, b1, b2 = bias[m], bias[m1], bias[m2]
                for p in range(length):
                    out0[p], out1[p], out2[p] = b0, b1, b2
                for c in range(channels):
                    for a in range(max(0, top - i), min(height, bottom - i)):
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

    def part(start, stop, x, weight, bias, top, left, out):
        x, out = x[start:stop], out[start:stop]
        images, channels, height, _ = x.shape
        oh, ow = out.shape[2:]
        shape = (channels, oh + weight.shape[2] - 1, ow + width - 1, images)
        memory, (page, total) = _workspace.take(x.dtype, shape, (3, ow * images))
        _clear(page, x)
        rows, by_image = page.reshape(*shape[:2], -1), total.reshape(3, ow, images)
        in_turn(
            (put, top, left, x, page),
            (correlate, top, top + height, rows, weight, bias, total, by_image, out),
        )
        _workspace.give_back(memory)
        return ()

    return part


@cache
def _correlate_weight(width: int) -> Callable[..., Any]:
    """A part of what gives each weight of filters of this width ``g`` times what it met."""

    @kernel(fastmath=FAST, apart=True)
    def correlate_weight(top: int, bottom: int, rows, g, g_rows, zero, total):
        filters, channels, height, _ = total.shape
        images, _, oh, ow = g.shape
        images = max(images, 0)  # which tells the compiler so
        zeros = to_fixed_tuple(zero, width)
        for i in range(oh):
            for m in range(0, filters, 2):
                for c in range(channels):
                    for a in range(max(0, top - i), min(height, bottom - i)):
                        sums0, sums1 = zeros, zeros
                        for p in range(ow * images):
                            g0, g1 = g_rows[m, i, p], g_rows[m + 1, i, p]
                            for b in range(width):
                                value = rows[c, i + a, p + b * images]
                                sums0 = tuple_setitem(sums0, b, sums0[b] + g0 * value)
                                sums1 = tuple_setitem(sums1, b, sums1[b] + g1 * value)
                        for b in range(width):
                            total[m, c, a, b] += sums0[b]
                            total[m + 1, c, a, b] += sums1[b]

    def part(start, stop, x, g, top, left, height):
        x, g = x[start:stop], g[start:stop]
        images, filters, oh, ow = g.shape
        # Two filters at a time: an odd one is joined by one of zeros.
        even = filters + filters % 2
        shape = (x.shape[1], oh + height - 1, ow + width - 1, images)
        memory, (page, g_page) = _workspace.take(x.dtype, shape, (even, oh, ow, images))
        _clear(page, x)
        _clear(g_page, g)
        rows, g_rows = (p.reshape(*p.shape[:2], -1) for p in (page, g_page))
        total = np.zeros((even, x.shape[1], height, width), x.dtype)
        zero = np.zeros(width, x.dtype)
        in_turn(
            (put, top, left, x, page),
            (put, 0, 0, g, g_page),
            (correlate_weight, top, top + x.shape[2], rows, g, g_rows, zero, total),
        )
        _workspace.give_back(memory)
        return (total,)

    return part
