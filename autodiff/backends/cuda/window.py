"""Windows over images on the GPU: laid out as columns, put back, and pooled.

Putting back gathers: each pixel looks for the windows it lies in, so nothing is added up in two
places at once.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np

from autodiff.backends.cuda.array import CudaArray
from autodiff.backends.cuda.indexing import scatter_along
from autodiff.backends.cuda.kernel import THREAD, Kernel, c_type, computed_in
from autodiff.backends.cuda.reduce import reduce
from autodiff.backends.window import Window

__all__ = ["fold2d", "max_pool2d", "scatter_last",
           "sum_pool2d", "unfold2d"]  # fmt: skip


# -- kernels --------------------------------------------------------------------------------------

GEOMETRY = ("h", "w", "oh", "ow", "kh", "kw", "sh", "sw", "ph", "pw", "dh", "dw")


def _geometry(window: Window, size: Any, out: Any) -> tuple[int, ...]:
    return (*size, *out, *window.kernel, *window.stride, *window.padding, *window.dilation)


UNDER_WINDOW = """\
{indent}row = int32(int32(p * sh) + int32(a * dh) - int32(ph))
{indent}column = int32(int32(q * sw) + int32(b * dw) - int32(pw))
{indent}inside = row >= 0 and row < int32(h) and column >= 0 and column < int32(w)
"""
"""Which pixel is under place (a, b) of the window at (p, q)."""


def _under(indent: int) -> str:
    return UNDER_WINDOW.format(indent=" " * indent)


def _split(index: str, names: list[tuple[str, str]], indent: int) -> str:
    """Lines that take a linear index apart: the last name first, what is left becomes ``rest``."""
    lines, rest = [], index
    for name, size in reversed(names):
        lines.append(f"left_{name} = uint32({rest} // {size})")
        lines.append(f"{name} = uint32({rest} - uint32(left_{name} * {size}))")
        rest = f"left_{name}"
    lines.append(f"rest = {rest}")
    return "".join(f"{' ' * indent}{line}\n" for line in lines)


def unfold2d(x: CudaArray, window: Window) -> CudaArray:
    """Each window as a column: (N, C, H, W) -> (N, C * KH * KW, OH * OW)."""
    n, c, h, w = x.shape
    oh, ow = window.out_size((h, w))
    (kh, kw), x = window.kernel, _packed(x)
    out = x.like((n, c * kh * kw, oh * ow))
    if out.size:
        x.gpu.launch(_unfold_kernel(x.dtype), out.size, out, x, out.size,
                     *_geometry(window, (h, w), (oh, ow)))  # fmt: skip
    return out


@lru_cache(maxsize=16)
def _unfold_kernel(dtype: np.dtype) -> Kernel:
    kind = c_type(dtype)
    split = _split("i", [("a", "kh"), ("b", "kw"), ("p", "oh"), ("q", "ow")], 8)
    text = f"""\
def kernel(out, x, n, {", ".join(GEOMETRY)}):
{THREAD}    while i < n:
{split}{_under(8)}        value = {kind}(0)
        if inside:
            value = x[uint32(uint32(uint32(uint32(rest * h) + uint32(row)) * w) + uint32(column))]
        out[i] = value
        i = uint32(i + step)
"""
    return _kernel(text, dtype, 2)


def fold2d(columns: CudaArray, shape: Any, window: Window) -> CudaArray:
    """The sum of all windows in their places: (N, C, KH, KW, OH, OW) -> (N, C, H, W)."""
    columns = _packed(columns)
    out = columns.like(shape)
    if out.size:
        geometry = _geometry(window, shape[2:], columns.shape[4:])
        columns.gpu.launch(_fold_kernel(columns.dtype), out.size, out, columns, out.size, *geometry)
    return out


@lru_cache(maxsize=16)
def _fold_kernel(dtype: np.dtype) -> Kernel:
    real = computed_in(dtype)
    text = f"""\
def kernel(out, columns, n, {", ".join(GEOMETRY)}):
{THREAD}    while i < n:
{_split("i", [("row", "h"), ("column", "w")], 8)}        total = {real}(0)
        a = uint32(0)
        while a < kh:
            down = int32(int32(row + ph) - int32(a * dh))
            p = uint32(uint32(down) // sh)
            if down >= 0 and uint32(p * sh) == uint32(down) and p < oh:
                b = uint32(0)
                while b < kw:
                    along = int32(int32(column + pw) - int32(b * dw))
                    q = uint32(uint32(along) // sw)
                    if along >= 0 and uint32(q * sw) == uint32(along) and q < ow:
                        place = uint32(uint32(uint32(rest * kh) + a) * kw)
                        place = uint32(uint32(uint32(uint32(place + b) * oh) + p) * ow)
                        total += {real}(columns[uint32(place + q)])
                    b = uint32(b + 1)
            a = uint32(a + 1)
        out[i] = {c_type(dtype)}(total)
        i = uint32(i + step)
"""
    return _kernel(text, dtype, 2)


def max_pool2d(x: CudaArray, window: Window) -> tuple[CudaArray, CudaArray]:
    """The largest element of each window, and its position in its H x W plane."""
    out = x.like((*x.shape[:2], *window.out_size(x.shape[2:])))
    indices, x = x.like(out.shape, np.int64), _packed(x)
    if out.size:
        geometry = _geometry(window, x.shape[2:], out.shape[2:])
        x.gpu.launch(_max_pool_kernel(x.dtype), out.size, out, indices, x, out.size, *geometry)
    return out, indices


@lru_cache(maxsize=16)
def _max_pool_kernel(dtype: np.dtype) -> Kernel:
    kind, real = c_type(dtype), computed_in(dtype)
    text = f"""\
def kernel(out, indices, x, n, {", ".join(GEOMETRY)}):
{THREAD}    while i < n:
{_split("i", [("p", "oh"), ("q", "ow")], 8)}        plane = uint32(uint32(rest * h) * w)
        found = int64(-1)
        best = {real}(x[plane])
        a = uint32(0)
        while a < kh:
            b = uint32(0)
            while b < kw:
{_under(16)}                if inside:
                    place = uint32(uint32(uint32(row) * w) + uint32(column))
                    value = {real}(x[uint32(plane + place)])
                    if found < 0 or value > best or value != value:
                        best = value
                        found = int64(place)
                b = uint32(b + 1)
            a = uint32(a + 1)
        out[i] = {kind}(best)
        indices[i] = found
        i = uint32(i + step)
"""
    pointers = (f"{kind}*", "int64*", f"{kind}*")
    return Kernel(text, (*pointers, *["uint32"] * (1 + len(GEOMETRY))))


def sum_pool2d(x: CudaArray, window: Window) -> CudaArray:
    """The sum of each window, with zeros outside of the image."""
    n, c = x.shape[:2]
    columns = unfold2d(x, window)
    sums = reduce(columns.reshape(n, c, -1, columns.shape[-1]), "add", 2)
    return sums.reshape(n, c, *window.out_size(x.shape[2:]))


def scatter_last(x: CudaArray, index: CudaArray, size: int) -> CudaArray:
    """Zeros with ``x`` added in along the last dimension, at the positions ``index``."""
    return scatter_along(x, index, index.ndim - 1, size)


def _kernel(text: str, dtype: np.dtype, pointers: int) -> Kernel:
    return Kernel(text, (*[f"{c_type(dtype)}*"] * pointers, *["uint32"] * (1 + len(GEOMETRY))))


def _packed(x: CudaArray) -> CudaArray:
    return x if x.is_contiguous else x.copy()
