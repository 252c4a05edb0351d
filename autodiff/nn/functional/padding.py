"""Borders, windows and sizes of images as functions."""

from __future__ import annotations

from typing import Any

import numpy as np

from autodiff import errors
from autodiff.arrays import beside
from autodiff.backends.window import Window, pair
from autodiff.creation import full
from autodiff.nn.functional.pooling import adaptive_avg_pool1d, adaptive_avg_pool2d
from autodiff.ops.pool import Col2Im, Im2Col
from autodiff.public import FUNCTIONS
from autodiff.tensor import Tensor

__all__ = ["fold", "interpolate", "pad", "unfold"]

_cat = FUNCTIONS["cat"]

MODES = {"nearest": (1, 2, 3), "linear": (1,), "bilinear": (2,), "area": (1, 2)}
"""How many dimensions, after those of samples and channels, each way to resize is for."""


def pad(x: Tensor, pad: Any, mode: str = "constant", value: float | None = None) -> Tensor:
    """``x`` with a border, or without a part of it where a number is negative.

    Args:
        pad: how many elements go before and after, for the last dimension first:
            (left, right, top, bottom, ...).
        mode: "constant" (``value``, 0 by default), "reflect", "replicate" or "circular".

    Raises:
        RuntimeError: an odd count of numbers, or more than there are dimensions.
        NotImplementedError: an unknown mode; or, unless it is "constant", other than one or two
            dimensions before those that get a border.

    >>> import autodiff as ad
    >>> ad.nn.functional.pad(ad.tensor([1.0, 2.0, 3.0]), (1, 2), mode="constant", value=9)
    tensor([9., 1., 2., 3., 9., 9.])
    """
    numbers = tuple(pad)
    if len(numbers) % 2 or len(numbers) > 2 * x.ndim:
        raise RuntimeError(
            f"Padding length must be divisible by 2 and at most twice the number of dimensions of "
            f"the input, {x.ndim}, but got {list(numbers)}"
        )
    if mode != "constant" and x.ndim - len(numbers) // 2 not in (1, 2):
        raise errors.windows.border_dimensions(x.shape, len(numbers))
    for i in range(0, len(numbers), 2):
        before, after = numbers[i : i + 2]
        if before or after:
            x = _padded(x, x.ndim - 1 - i // 2, before, after, mode, value)
    return x


def _padded(x: Tensor, dim: int, before: int, after: int, mode: str, value: float | None) -> Tensor:
    n = x.shape[dim]
    if mode == "constant":
        if before < 0 or after < 0:
            x = x.narrow(dim, max(-before, 0), n + min(before, 0) + min(after, 0))
        blocks = [_block(x, dim, before, value), x, _block(x, dim, after, value)]
        return _cat([block for block in blocks if block is not None], dim)
    places = np.arange(-before, n + after)
    if mode == "reflect":
        if max(before, after) >= n:
            raise RuntimeError(
                f"Padding size should be less than the corresponding input dimension, but got: "
                f"padding ({before}, {after}) at dimension {dim} of input {list(x.shape)}"
            )
        places = np.abs(places)
        places = np.where(places >= n, 2 * (n - 1) - places, places)
    elif mode == "replicate":
        places = np.clip(places, 0, n - 1)
    elif mode == "circular":
        places = places % n
    else:
        raise NotImplementedError(f"Unrecognised padding mode {mode}")
    return x.index_select(dim, Tensor._wrap(beside(x, places)))


def _block(x: Tensor, dim: int, count: int, value: float | None) -> Tensor | None:
    if count <= 0:
        return None
    shape = (*x.shape[:dim], count, *x.shape[dim + 1 :])
    return full(shape, 0 if value is None else value, dtype=x.dtype)


def unfold(
    x: Tensor, kernel_size: Any, dilation: Any = 1, padding: Any = 0, stride: Any = 1
) -> Tensor:
    """Each window of an image as a column: (N, C, H, W) -> (N, C * KH * KW, L).

    A convolution is a matrix product with these columns.

    >>> import autodiff as ad
    >>> image = ad.tensor([[[[1.0, 2.0, 3.0]]]])
    >>> ad.nn.functional.unfold(image, (1, 2))  # the windows are (1, 2) and (2, 3)
    tensor([[[1., 2.],
             [2., 3.]]])
    """
    if x.ndim == 3:
        return unfold(x.unsqueeze(0), kernel_size, dilation, padding, stride).squeeze(0)
    window = Window.of(pair(kernel_size), stride, padding, dilation)
    if x.ndim != 4 or min(window.out_size(x.shape[2:])) < 1:
        raise errors.windows.window_too_large("unfold", x.shape, window)
    return Im2Col.apply(x, window=window)


def fold(
    x: Tensor, output_size: Any, kernel_size: Any, dilation: Any = 1, padding: Any = 0,
    stride: Any = 1,
) -> Tensor:  # fmt: skip
    """Columns put back into their windows and added up: (N, C * KH * KW, L) -> (N, C, H, W).

    Raises:
        RuntimeError: the columns are not those of an image of this size.

    >>> import autodiff as ad
    >>> columns = ad.tensor([[[1.0, 2.0], [2.0, 3.0]]])
    >>> ad.nn.functional.fold(columns, (1, 3), (1, 2))  # the middle is in both windows
    tensor([[[[1., 4., 3.]]]])
    """
    if x.ndim == 2:
        settings = (output_size, kernel_size, dilation, padding, stride)
        return fold(x.unsqueeze(0), *settings).squeeze(0)
    window = Window.of(pair(kernel_size), stride, padding, dilation)
    size = pair(output_size)
    positions, elements = window.out_size(size), window.kernel[0] * window.kernel[1]
    if x.shape[1] % elements or x.shape[2] != positions[0] * positions[1]:
        raise RuntimeError(
            f"Given output_size={size} and kernel_size={window.kernel}, expected columns of shape "
            f"(N, C * {elements}, {positions[0] * positions[1]}), but got {list(x.shape)}"
        )
    shape = (x.shape[0], x.shape[1] // elements, *size)
    return Col2Im.apply(x, shape=shape, window=window)


def interpolate(
    x: Tensor,
    size: Any = None,
    scale_factor: Any = None,
    mode: str = "nearest",
    align_corners: bool | None = None,
) -> Tensor:
    """An image (N, C, H, W), or a sequence (N, C, L), in another size.

    Args:
        size: the new size, one number or (height, width); or
        scale_factor: how much larger.
        mode: "nearest", "linear" (sequences), "bilinear" (images), or "area".
        align_corners: the corner elements stay where they are; only for the linear modes.

    Raises:
        ValueError: neither or both of ``size`` and ``scale_factor``, or as many sizes as the input
            does not have.
        NotImplementedError: an unknown mode, or one for input of another number of dimensions.

    >>> import autodiff as ad
    >>> ad.nn.functional.interpolate(ad.tensor([[[1.0, 2.0]]]), scale_factor=2)
    tensor([[[1., 1., 2., 2.]]])
    """
    if (size is None) == (scale_factor is None):
        raise ValueError("only one of size or scale_factor should be defined")
    count = x.ndim - 2
    wanted = size if scale_factor is None else scale_factor
    wanted = list(wanted) if isinstance(wanted, (tuple, list)) else [wanted] * count
    if len(wanted) != count:
        raise ValueError(
            f"Input and output must have the same number of spatial dimensions, but got input of "
            f"shape {list(x.shape)} and {wanted} for the dimensions after the first two"
        )
    if count not in MODES.get(mode, ()):
        raise NotImplementedError(f"interpolate has no mode {mode!r} for {x.ndim}-D input")
    scales = wanted if size is None else [None] * count
    sizes = (
        [int(n * s) for n, s in zip(x.shape[2:], wanted, strict=True)] if size is None else wanted
    )
    if mode == "area":
        return adaptive_avg_pool1d(x, sizes[0]) if count == 1 else adaptive_avg_pool2d(x, sizes)
    for i, (n, scale) in enumerate(zip(sizes, scales, strict=True)):
        dim = 2 + i
        if mode == "nearest":
            step = 1 / scale if scale else x.shape[dim] / n
            places = np.minimum((np.arange(n) * step).astype(np.int64), x.shape[dim] - 1)
            x = x.index_select(dim, Tensor._wrap(beside(x, places)))
        else:
            matrix = _blending(x.shape[dim], n, bool(align_corners), scale, x)
            x = x @ matrix.mT if dim == x.ndim - 1 else matrix @ x
    return x


def _blending(n: int, count: int, align_corners: bool, scale: float | None, like: Tensor) -> Tensor:
    """The matrix that blends neighbours along one dimension."""
    if align_corners:
        places = np.arange(count) * ((n - 1) / (count - 1) if count > 1 else 0.0)
    else:
        step = 1 / scale if scale else n / count
        places = np.maximum((np.arange(count) + 0.5) * step - 0.5, 0)
    low = np.minimum(places.astype(np.int64), n - 1)
    share = places - low
    matrix = np.zeros((count, n), like.value.dtype)
    rows = np.arange(count)
    np.add.at(matrix, (rows, low), 1 - share)
    np.add.at(matrix, (rows, np.minimum(low + 1, n - 1)), share)
    return Tensor._wrap(beside(like, matrix))
