"""Convolution, pooling and scattering on the CPU, with NumPy and a few compiled loops.

Convolution becomes one matrix product: every window of the image is laid out as a column, and the
columns are multiplied by the filters (im2col). With few filters laying out takes longer than the
product; then `direct` goes without.
"""

from __future__ import annotations

import math
from functools import cache
from types import ModuleType
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import as_strided

from autodiff.backends.threads import in_parts
from autodiff.backends.window import Window, pair

__all__ = [
    "Window",
    "conv2d",
    "conv2d_input",
    "conv2d_weight",
    "erf",
    "erfc",
    "fold2d",
    "masked",
    "max_pool2d",
    "pair",
    "scatter_last",
    "sum_pool2d",
    "unfold2d",
]

BLOCK = 1 << 12
"""How many windows meet in one matrix product: BLAS is slow at long sums for few results."""


def _padded(x, window: Window):
    """``x`` with a border of zeros around each image."""
    n, c, h, w = x.shape
    if window.padding == (0, 0) and not window.ceil:
        return x
    (top, bottom), (left, right) = window.border((h, w))
    out = np.zeros((n, c, top + h + bottom, left + w + right), x.dtype)
    out[:, :, top : top + h, left : left + w] = x
    return out


def _windows(x, window: Window):
    """A view (N, C, KH, KW, OH, OW): for each filter position, the elements it meets."""
    n, c, h, w = x.shape
    (kh, kw), (sh, sw), (dh, dw) = window.kernel, window.stride, window.dilation
    oh = (h - dh * (kh - 1) - 1) // sh + 1
    ow = (w - dw * (kw - 1) - 1) // sw + 1
    sn, sc, sy, sx = x.strides
    strides = (sn, sc, sy * dh, sx * dw, sy * sh, sx * sw)
    return as_strided(x, (n, c, kh, kw, oh, ow), strides, writeable=False)


def _columns(x, window: Window):
    """One matrix (groups, C / groups * KH * KW, N * OH * OW): each window as a column."""
    windows = _windows(_padded(x, window), window)
    n, c, kh, kw, oh, ow = windows.shape
    g = window.groups
    grouped = windows.reshape(n, g, c // g, kh, kw, oh, ow) if g > 1 else windows[:, None]
    return grouped.transpose(1, 2, 3, 4, 0, 5, 6).reshape(g, c // g * kh * kw, n * oh * ow)


def _rows(g, groups: int):
    """The gradient of the output as a matrix (groups, F / groups, N * OH * OW)."""
    n, f, oh, ow = g.shape
    return g.transpose(1, 0, 2, 3).reshape(groups, f // groups, n * oh * ow)


MOST_FILTERS = 64
LEAST_WORK = 1 << 18


def _goes_direct(x_shape, weight_shape, dtype, window: Window) -> bool:
    """Whether `direct` has loops for this convolution, and they take less time.

    Measured on one core: with 6 to 32 filters they take 0.3 to 0.7 of the time, with 64 filters 0.5
    to 0.9, with few taps or few images 0.7 to 1.3. With less than the least work nothing is worth
    compiling.
    """
    n, c = x_shape[:2]
    f, _, kh, kw = weight_shape
    oh, ow = window.out_size(x_shape[2:])
    return (
        window.stride == window.dilation == (1, 1)
        and window.groups == 1
        and dtype in (np.float32, np.float64)
        and n >= 4
        and 2 <= kw <= 7
        and max(c, f) <= MOST_FILTERS
        and c * kh * kw >= 25
        and n * f * oh * ow * c * kh * kw >= LEAST_WORK
    )


def conv2d(x, weight, bias, window: Window):
    """x (N, C, H, W), weight (F, C / groups, KH, KW), bias (F,) or None -> (N, F, OH, OW)."""
    if _goes_direct(x.shape, weight.shape, x.dtype, window):
        return _direct().conv2d(x, weight, bias, window)
    n, f = x.shape[0], weight.shape[0]
    oh, ow = window.out_size(x.shape[2:])
    filters = weight.reshape(window.groups, f // window.groups, -1)
    out = (filters @ _columns(x, window)).reshape(f, n, oh, ow)
    if bias is not None:
        out += bias[:, None, None, None]
    return np.ascontiguousarray(out.transpose(1, 0, 2, 3))


def conv2d_input(g, weight, shape, window: Window):
    """The gradient of ``x``, of the given shape, from the gradient ``g`` of the output."""
    if _goes_direct(shape, weight.shape, g.dtype, window):
        return _direct().conv2d_input(g, weight, shape, window)
    n, c = shape[:2]
    f = weight.shape[0]
    (kh, kw), (oh, ow) = window.kernel, g.shape[2:]
    filters = weight.reshape(window.groups, f // window.groups, -1)
    columns = filters.mT @ _rows(g, window.groups)
    out = np.zeros(shape, g.dtype)
    steps = (*window.stride, *window.padding, *window.dilation)
    _kernels().col2im(*steps, columns.reshape(c, kh, kw, n, oh, ow), out)
    return out


def conv2d_weight(g, x, shape, window: Window):
    """The gradient of ``weight``, of the given shape, from the gradient ``g`` of the output."""
    if _goes_direct(x.shape, shape, g.dtype, window):
        return _direct().conv2d_weight(g, x, shape, window)
    rows, columns = _rows(g, window.groups), _columns(x, window)
    out = np.zeros((window.groups, rows.shape[1], columns.shape[1]), g.dtype)
    for start in range(0, rows.shape[2], BLOCK):
        block = slice(start, start + BLOCK)
        out += rows[:, :, block] @ columns[:, :, block].mT
    return out.reshape(shape)


POOLED_FROM = 1 << 16
"""So many elements, which take a tenth of a millisecond, are worth another thread."""


def max_pool2d(x, window: Window):
    """The largest element of each window, and its position in its H x W plane."""
    shape = (*x.shape[:2], *window.out_size(x.shape[2:]))
    out, indices = np.empty(shape, x.dtype), np.empty(shape, np.int64)
    x = np.ascontiguousarray(x)
    if window.padding == (0, 0) and window.dilation == (1, 1) and not window.ceil:
        loop = _kernels().max_pool2d_within(window.kernel, window.stride)
        share = x.size >= POOLED_FROM
        in_parts(loop, len(x), x, out, indices, parts=min(4, len(x)) if share else 1, share=share)
    else:
        steps = (*window.stride, *window.padding, *window.dilation)
        _kernels().max_pool2d(*window.kernel, *steps, x, out, indices)
    return out, indices


def sum_pool2d(x, window: Window):
    """The sum of each window, with zeros outside of the image."""
    oh, ow = window.out_size(x.shape[2:])
    return _windows(_padded(x, window), window)[..., :oh, :ow].sum(axis=(2, 3))


def unfold2d(x, window: Window):
    """Each window as a column: (N, C, H, W) -> (N, C * KH * KW, OH * OW)."""
    windows = _windows(_padded(x, window), window)
    n, c, kh, kw, oh, ow = windows.shape
    return windows.reshape(n, c * kh * kw, oh * ow)


def fold2d(columns, shape, window: Window):
    """The sum of all windows in their places: (N, C, KH, KW, OH, OW) -> (N, C, H, W)."""
    out = np.zeros(shape, columns.dtype)
    ordered = np.ascontiguousarray(columns.transpose(1, 2, 3, 0, 4, 5))
    _kernels().col2im(*window.stride, *window.padding, *window.dilation, ordered, out)
    return out


def scatter_last(x, index, size: int):
    """Zeros with ``x`` added in along the last dimension, at the positions ``index``."""
    out = np.zeros((*index.shape[:-1], size), x.dtype)
    n = index.shape[-1]
    _kernels().scatter_rows(
        np.ascontiguousarray(x).reshape(-1, n),
        np.ascontiguousarray(index).reshape(-1, n),
        out.reshape(-1, size),
    )
    return out


@cache
def _kernels() -> ModuleType:
    """The compiled loops; they are imported at first need, because LLVM takes its time."""
    from autodiff.backends import kernels

    return kernels


@cache
def _direct() -> ModuleType:
    """The compiled loops for few filters, likewise."""
    from autodiff.backends import direct

    return direct


COMPILED_FROM = 1024
"""With at most this many elements the compiled loop gains less than loading it may cost."""


def erf(x: np.ndarray) -> np.ndarray:
    """The error function of each element, which NumPy does not have."""
    return _each("erf", x)


def erfc(x: np.ndarray) -> np.ndarray:
    """1 - erf(x) of each element, exact where erf is nearly 1."""
    return _each("erfc", x)


def _each(name: str, x: np.ndarray) -> np.ndarray:
    """A function of Python's math module, or the compiled loop of that name, on each element."""
    flat = np.ascontiguousarray(x).reshape(-1)
    if flat.size <= COMPILED_FROM or x.dtype == np.float16:
        out = np.array([getattr(math, name)(v) for v in flat], x.dtype)
    else:
        out = np.empty_like(flat)
        getattr(_kernels(), name)(flat, out)
    return out.reshape(x.shape)


MASKS_FROM = 1 << 10
INTEGERS = {2: np.int16, 4: np.int32, 8: np.int64}


def masked(x: np.ndarray, keep: np.ndarray) -> np.ndarray:
    """``x`` where ``keep`` holds, else 0, for arrays of floats and truth values of one shape.

    As integers, True is 1 and -1 has all its bits set: ``x`` keeps all of its bits or none. That
    takes a sixth of the time of NumPy's where, as a product does, and drops inf and nan too.
    """
    if x.size < MASKS_FROM:
        return np.where(keep, x, 0.0)
    return (x.view(INTEGERS[x.itemsize]) & -keep.view(np.int8)).view(x.dtype)


SUMS_FROM = 1 << 15
"""From this many elements on, BLAS adds up faster than NumPy: it uses all cores."""
LONGEST_ROW = 1 << 16


def sum_over(x: np.ndarray, dim: tuple[int, ...] | None, keepdim: bool) -> Any:
    """The sum over some dimensions; for rows and columns a product with a vector of ones.

    1,048,576 float32 elements take 40 us that way, and 190 us with NumPy's own sum.
    """
    out = None
    if x.dtype.kind == "f" and x.itemsize >= 4 and x.flags.c_contiguous:
        if dim is None or len(dim) == x.ndim:
            out = _sum_all(x)
        elif dim == tuple(range(len(dim))) and math.prod(x.shape[: len(dim)]) <= LONGEST_ROW:
            rows = math.prod(x.shape[: len(dim)])
            out = (np.ones(rows, x.dtype) @ x.reshape(rows, -1)).reshape(x.shape[len(dim) :])
        elif x.ndim - 1 in dim:
            out = _sum_trailing(x, dim)
    if out is None:
        return x.sum(axis=dim, keepdims=keepdim)
    if keepdim:
        out = np.reshape(out, [1 if dim is None or i in dim else n for i, n in enumerate(x.shape)])
    return out


def _sum_trailing(x: np.ndarray, dim: tuple[int, ...]) -> np.ndarray | None:
    """The sum over the last dimensions as one over rows, then over the others.

    None where the rows would be so long that rounding errors add up.
    """
    first = x.ndim
    while first - 1 in dim:
        first -= 1
    length = math.prod(x.shape[first:])
    if length > LONGEST_ROW:
        return None
    rows = _sum_rows(x.reshape(-1, length)).reshape(x.shape[:first])
    return rows.sum(axis=tuple(d for d in dim if d < first))


def _sum_rows(x: np.ndarray) -> np.ndarray:
    return x @ np.ones(x.shape[1], x.dtype)


def _sum_all(x: np.ndarray) -> Any:
    """In rows of 1,024, so that rounding errors stay as small as in a pairwise sum."""
    flat = x.reshape(-1)
    rest = flat.size % 1024
    rows = flat[: flat.size - rest].reshape(-1, 1024)
    return _sum_rows(rows).sum() + flat[flat.size - rest :].sum()
