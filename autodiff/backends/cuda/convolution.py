"""Convolution on the GPU: matrix products whose factors are read from images where they lie.

Laying each window out as a column (im2col) makes a convolution a matrix product of filters and
columns. Here the columns are never written: the template of products asks for an element of them,
and finds it in the image by arithmetic. Which way is taken:

- forward: read from the image;
- the gradient of the weights: read from the image, too. The sum goes over all windows of all
  images while results are few, so it is cut into parts, which are added up in a second pass;
- the gradient of the image: with a stride of 1 it is the convolution of ``g`` with the filters
  turned around. With other strides most taps would fall between the elements of ``g``, so there
  it is a product into columns, of which each pixel gathers its own (`window.fold2d`).

At the end of the file are the three by columns, which say the same in a few lines; the tests hold
the others to them.

Source: Chetlur et al., "cuDNN: efficient primitives for deep learning" (2014).
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Any

import numpy as np

from autodiff import errors
from autodiff.backends.cuda import tiles
from autodiff.backends.cuda.array import CudaArray, check_together, xp
from autodiff.backends.cuda.elementwise import MOST_ELEMENTS
from autodiff.backends.cuda.kernel import Kernel
from autodiff.backends.cuda.matmul import matmul
from autodiff.backends.cuda.reduce import reduce
from autodiff.backends.cuda.window import fold2d, unfold2d
from autodiff.backends.window import Window

__all__ = [
    "conv2d", "conv2d_by_columns", "conv2d_input", "conv2d_input_by_columns", "conv2d_weight",
    "conv2d_weight_by_columns", "convolution_kernel", "weight_kernel",
]  # fmt: skip

GEOMETRY = ("h", "w", "oh", "ow", "sh", "sw", "ph", "pw", "dh", "dw")
"""The image, the result, and the steps of the window; its size is part of the kernel's text, so
that places in it are found by multiplications instead of divisions."""

LEAST_TERMS = 256
"""So many terms at least each part of a sum over windows has."""


def _geometry(window: Window, size: Any, out: Any) -> tuple[int, ...]:
    return (*size, *out, *window.stride, *window.padding, *window.dilation)


def conv2d(x: CudaArray, weight: CudaArray, bias: Any, window: Window) -> CudaArray:
    """x (N, C, H, W), weight (F, C / groups, KH, KW), bias (F,) or None -> (N, F, OH, OW)."""
    x, weight, *added = _ready(x, weight, *([] if bias is None else [bias]))
    (n, channels), filters, groups = x.shape[:2], weight.shape[0], window.groups
    oh, ow = window.out_size(x.shape[2:])
    out = x.like((n, filters, oh, ow))
    _check_size(x, out)
    if not out.size:
        return out
    rows, columns, terms = filters // groups, n * oh * ow, math.prod(weight.shape[1:])
    tile = tiles.tile_for(x.gpu, groups, rows, columns)
    made = convolution_kernel(x.dtype, tile, *window.kernel, bool(added))
    x.gpu.launch_blocks(
        made, tiles.grid(tile, groups, rows, columns), tile.threads, out, weight, x, *added,
        groups, rows, columns, terms, channels, channels // groups,
        *_geometry(window, x.shape[2:], (oh, ow)),
    )  # fmt: skip
    return out


def conv2d_input(g: CudaArray, weight: CudaArray, shape: Any, window: Window) -> CudaArray:
    """The gradient of ``x``, of the given shape, from the gradient ``g`` of the output."""
    (kh, kw), (dh, dw), (ph, pw) = window.kernel, window.dilation, window.padding
    border = (dh * (kh - 1) - ph, dw * (kw - 1) - pw)
    if window.stride != (1, 1) or min(border) < 0:
        return conv2d_input_by_columns(g, weight, shape, window)
    filters, channels, *size = weight.shape
    groups = window.groups
    turned = xp.flip(weight, (2, 3)).reshape(groups, filters // groups, channels, *size)
    turned = turned.swapaxes(1, 2).reshape(groups * channels, filters // groups, *size)
    return conv2d(g, turned, None, Window((kh, kw), (1, 1), border, (dh, dw), groups))


def conv2d_weight(g: CudaArray, x: CudaArray, shape: Any, window: Window) -> CudaArray:
    """The gradient of ``weight``, of the given shape, from the gradient ``g`` of the output."""
    g, x = _ready(g, x)
    _check_size(g, x)
    (n, filters, oh, ow), channels, groups = g.shape, x.shape[1], window.groups
    rows, columns, terms = filters // groups, math.prod(shape[1:]), n * oh * ow
    most = max(terms // LEAST_TERMS, 1)
    tile = tiles.tile_for(x.gpu, groups * most, rows, columns)
    blocks = math.prod(tiles.grid(tile, groups, rows, columns))
    parts = min(most, math.ceil(tiles.BUSY / max(blocks, 1)))
    out = x.like((parts, *shape))
    if out.size:
        made = weight_kernel(x.dtype, tile, *window.kernel)
        x.gpu.launch_blocks(
            made, tiles.grid(tile, groups * parts, rows, columns), tile.threads, out, g, x,
            groups * parts, rows, columns, terms, parts, math.ceil(terms / parts),
            filters, channels, channels // groups, *_geometry(window, x.shape[2:], (oh, ow)),
        )  # fmt: skip
    return out[0] if parts == 1 else reduce(out, "add", 0)


def _ready(first: CudaArray, *others: CudaArray) -> list[CudaArray]:
    """Arrays as the kernels read them: in order, and of one dtype."""
    check_together(first, *others)
    dtype = np.result_type(first.dtype, *[x.dtype for x in others])
    return [x if x.is_contiguous and x.dtype == dtype else x.astype(dtype)
            for x in (first, *others)]  # fmt: skip


def _check_size(*arrays: CudaArray) -> None:
    for x in arrays:
        if x.size > MOST_ELEMENTS:
            raise errors.devices.too_large(x.shape)


# -- kernels --------------------------------------------------------------------------------------

UNDER_WINDOW = {
    "lines": (
        "r = int32(row{p} + down{t})",
        "s = int32(column{p} + along{t})",
    ),
    "inside": "r >= 0 and r < int32(h) and s >= 0 and s < int32(w)",
    "index": "uint32(image{p} + uint32(plane{t} + uint32(uint32(uint32(r) * w) + uint32(s))))",
}
"""The pixel of a plane of an image that a place in the window, at one of its positions, covers."""


def _position(index: str, suffix: str, images: str) -> tuple[str, ...]:
    """Lines about position ``index`` of the window, counted through all images."""
    lines = (
        "number$ = uint32(# // uint32(oh * ow))",
        "pixel$ = uint32(# - uint32(number$ * uint32(oh * ow)))",
        "p$ = uint32(pixel$ // ow)",
        "row$ = int32(int32(p$ * sh) - int32(ph))",
        "column$ = int32(int32(uint32(pixel$ - uint32(p$ * ow)) * sw) - int32(pw))",
        f"{images}$ = uint32(uint32(uint32(number$ * channels) + first_channel) * uint32(h * w))",
    )
    return tuple([line.replace("#", index).replace("$", suffix) for line in lines])


def _tap(index: str, suffix: str, planes: str, kh: int, kw: int) -> tuple[str, ...]:
    """Lines about place ``index`` in the window, counted through all channels."""
    lines = (
        f"above$ = uint32(# // uint32({kw}))",
        f"{planes}$ = uint32(above$ // uint32({kh}))",
        f"down$ = int32(uint32(above$ - uint32({planes}$ * {kh})) * dh)",
        f"along$ = int32(uint32(# - uint32(above$ * {kw})) * dw)",
        f"{planes}$ = uint32({planes}$ * uint32(h * w))",
    )
    return tuple([line.replace("#", index).replace("$", suffix) for line in lines])


@lru_cache(maxsize=64)
def convolution_kernel(dtype: np.dtype, tile: tiles.Tile, kh: int, kw: int, bias: bool) -> Kernel:
    """The kernel of a convolution, for one size of window; x is the filters, y the images."""
    filters = tiles.Factor(
        along_depth=True,
        at_place=("from{p} = uint32(uint32(uint32(b * m) + {place}) * k)",),
        at_term=("far{t} = {term}",),
        index="uint32(from{p} + far{t})",
    )
    images = tiles.Factor(
        False,
        _position("{place}", "{p}", "image"),
        _tap("{term}", "{t}", "plane", kh, kw),
        **UNDER_WINDOW,  # type: ignore[arg-type]
    )
    return tiles.kernel(
        tile,
        (dtype, dtype, dtype),
        filters,
        images,
        ["channels", "group_channels", *GEOMETRY],
        start=[
            "first = uint32(0)",
            "last = k",
            "first_channel = uint32(b * group_channels)",
            "bias_at = uint32(b * m)",
            "filters = uint32(batches * m)",
        ],
        at_column=[
            "number = uint32({column} // uint32(oh * ow))",
            "pixel = uint32({column} - uint32(number * uint32(oh * ow)))",
            "spot{j} = uint32(uint32(uint32(number * filters) + bias_at) * uint32(oh * ow))",
            "spot{j} = uint32(spot{j} + pixel)",
        ],
        index="uint32(spot{j} + uint32(row * uint32(oh * ow)))",
        bias="row" if bias else "",
    )


@lru_cache(maxsize=64)
def weight_kernel(dtype: np.dtype, tile: tiles.Tile, kh: int, kw: int) -> Kernel:
    """The kernel of a part of the weights' gradient; x is the gradient ``g``, y the images."""
    gradients = tiles.Factor(
        along_depth=True,
        at_place=("from{p} = uint32(uint32(first_filter + {place}) * uint32(oh * ow))",),
        at_term=(
            "number = uint32({term} // uint32(oh * ow))",
            "far{t} = uint32(uint32(number * uint32(filters - 1)) * uint32(oh * ow))",
            "far{t} = uint32(far{t} + {term})",
        ),
        index="uint32(from{p} + far{t})",
    )
    images = tiles.Factor(
        True,
        _tap("{place}", "{p}", "plane", kh, kw),
        _position("{term}", "{t}", "image"),
        lines=("r = int32(row{t} + down{p})", "s = int32(column{t} + along{p})"),
        inside=UNDER_WINDOW["inside"],  # type: ignore[arg-type]
        index="uint32(image{t} + uint32(plane{p} + uint32(uint32(uint32(r) * w) + uint32(s))))",
    )
    return tiles.kernel(
        tile,
        (dtype, dtype, dtype),
        gradients,
        images,
        ["parts", "length", "filters", "channels", "group_channels", *GEOMETRY],
        start=[
            "group = uint32(b // parts)",
            "part = uint32(b - uint32(group * parts))",
            "first = uint32(part * length)",
            "last = uint32(min(uint32(first + length), k))",
            "first_channel = uint32(group * group_channels)",
            "first_filter = uint32(group * m)",
            "out_at = uint32(uint32(uint32(part * filters) + first_filter) * n)",
        ],
        at_column=[],
        index="uint32(out_at + uint32(uint32(row * n) + {column}))",
    )


# -- by columns -----------------------------------------------------------------------------------


def conv2d_by_columns(x: CudaArray, weight: CudaArray, bias: Any, window: Window) -> CudaArray:
    """`conv2d`, with each window laid out as a column."""
    size = window.out_size(x.shape[2:])
    out = matmul(_filters(weight, window), _columns(x, window))
    out = out.reshape(len(x), len(weight), *size)
    return out if bias is None else out + bias[:, None, None]


def conv2d_input_by_columns(
    g: CudaArray, weight: CudaArray, shape: Any, window: Window
) -> CudaArray:
    """`conv2d_input`, by columns that are put back in their places."""
    columns = matmul(_filters(weight, window).mT, _planes(g, window))
    return fold2d(columns.reshape(*shape[:2], *window.kernel, *g.shape[2:]), shape, window)


def conv2d_weight_by_columns(g: CudaArray, x: CudaArray, shape: Any, window: Window) -> CudaArray:
    """`conv2d_weight`, with each window laid out as a column."""
    per_image = matmul(_planes(g, window), _columns(x, window).mT)
    return reduce(per_image, "add", 0).reshape(shape)


def _filters(weight: CudaArray, window: Window) -> CudaArray:
    """A matrix per group, with a row for each filter."""
    return weight.reshape(window.groups, len(weight) // window.groups, math.prod(weight.shape[1:]))


def _columns(x: CudaArray, window: Window) -> CudaArray:
    """A matrix per image and group, with a column for each position of the window."""
    columns = unfold2d(x, window)
    n, rows, positions = columns.shape
    return columns.reshape(n, window.groups, rows // window.groups, positions)


def _planes(g: CudaArray, window: Window) -> CudaArray:
    """A matrix per image and group, with a row for each filter's results."""
    n, filters, *size = g.shape
    return g.reshape(n, window.groups, filters // window.groups, math.prod(size))
