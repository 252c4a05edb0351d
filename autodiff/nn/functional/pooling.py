"""Pooling as functions: one number for each window of an image."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autodiff import errors
from autodiff.arrays import beside
from autodiff.backends.window import Window, pair, row
from autodiff.ops.pool import AvgPool, max_pool2d
from autodiff.tensor import Tensor

__all__ = [
    "adaptive_avg_pool1d", "adaptive_avg_pool2d", "adaptive_max_pool1d", "adaptive_max_pool2d",
    "avg_pool1d", "avg_pool2d", "max_pool1d", "max_pool2d",
]  # fmt: skip

Sizes = int | tuple[int, ...]


def max_pool1d(
    x: Tensor,
    kernel_size: Sizes,
    stride: Sizes | None = None,
    padding: Sizes = 0,
    dilation: Sizes = 1,
    ceil_mode: bool = False,
    return_indices: bool = False,
) -> Any:
    """The largest element of each window of a sequence (N, C, L) or (C, L).

    >>> import autodiff as ad
    >>> ad.nn.functional.max_pool1d(ad.tensor([[1.0, 3.0, 2.0, 0.0]]), 2)
    tensor([[3., 2.]])
    """
    kernel, step = row(kernel_size), row(stride or kernel_size)
    rows = x.unsqueeze(-2)
    out, indices = max_pool2d(rows, kernel, step, row(padding, 0), row(dilation), ceil_mode, True)
    out, indices = out.squeeze(-2), indices.squeeze(-2)
    return (out, indices) if return_indices else out


def avg_pool2d(
    x: Tensor,
    kernel_size: Sizes,
    stride: Sizes | None = None,
    padding: Sizes = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
    divisor_override: int | None = None,
) -> Tensor:
    """The mean of each window; windows do not overlap unless ``stride`` says so.

    Args:
        x: shape (N, C, H, W) or (C, H, W).
        kernel_size, stride, padding: of the window, one number or (height, width).
        ceil_mode: let a last window count that sticks out of the image.
        count_include_pad: divide by the size of the window even where it covers the border.
        divisor_override: divide by this number instead.

    Raises:
        RuntimeError: the window is larger than the padded input.

    >>> import autodiff as ad
    >>> ad.nn.functional.avg_pool2d(ad.tensor([[[1.0, 3.0], [5.0, 7.0]]]), 2)
    tensor([[[4.]]])
    """
    if x.ndim == 3:
        settings = (stride, padding, ceil_mode, count_include_pad, divisor_override)
        return avg_pool2d(x.unsqueeze(0), kernel_size, *settings).squeeze(0)
    kernel = pair(kernel_size)  # type: ignore[arg-type]
    window = Window.of(kernel, pair(stride or kernel), pair(padding), 1, 1, ceil_mode)  # type: ignore[arg-type]
    if x.ndim != 4 or min(window.out_size(x.shape[2:])) < 1:
        raise errors.windows.window_too_large("avg_pool2d", x.shape, window)
    if any(2 * p > k for p, k in zip(window.padding, kernel, strict=True)):
        raise errors.windows.padding_too_large(window)
    divisor: Any = divisor_override
    if divisor is None:
        counts = _counts(x.shape[2:], window, count_include_pad)
        is_same = bool((counts == counts.flat[0]).all())
        divisor = float(counts.flat[0]) if is_same else counts.astype(x.value.dtype)
    return AvgPool.apply(x, window=window, divisor=divisor)


def _counts(size: tuple[int, ...], window: Window, with_border: bool) -> np.ndarray:
    """By how many elements the sum of each window is divided."""
    along = []
    for i, n in enumerate(size):
        starts = np.arange(window.out_size(size)[i]) * window.stride[i] - window.padding[i]
        low, high = (-window.padding[i], n + window.padding[i]) if with_border else (0, n)
        ends = np.minimum(starts + window.kernel[i], high)
        along.append(ends - np.maximum(starts, low))
    return np.outer(*along)


def avg_pool1d(
    x: Tensor,
    kernel_size: Sizes,
    stride: Sizes | None = None,
    padding: Sizes = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
) -> Tensor:
    """The mean of each window of a sequence (N, C, L) or (C, L).

    >>> import autodiff as ad
    >>> ad.nn.functional.avg_pool1d(ad.tensor([[1.0, 3.0, 2.0, 0.0]]), 2)
    tensor([[2., 1.]])
    """
    kernel, step = row(kernel_size), row(stride or kernel_size)
    rows = x.unsqueeze(-2)
    pooled = avg_pool2d(rows, kernel, step, row(padding, 0), ceil_mode, count_include_pad)
    return pooled.squeeze(-2)


def adaptive_avg_pool2d(x: Tensor, output_size: Any) -> Tensor:
    """The means of as many equal parts of the image as asked for.

    Args:
        x: shape (N, C, H, W) or (C, H, W).
        output_size: one number, or (height, width), of which None keeps the input's size.

    >>> import autodiff as ad
    >>> ad.nn.functional.adaptive_avg_pool2d(ad.tensor([[[1.0, 3.0], [5.0, 7.0]]]), 1)
    tensor([[[4.]]])
    """
    _check("adaptive_avg_pool2d", x, (3, 4))
    height, width = _wanted(x, output_size)
    return _averaging(x.shape[-2], height, x) @ x @ _averaging(x.shape[-1], width, x).mT


def adaptive_avg_pool1d(x: Tensor, output_size: Any) -> Tensor:
    """The means of as many equal parts of a sequence (N, C, L) or (C, L) as asked for.

    >>> import autodiff as ad
    >>> ad.nn.functional.adaptive_avg_pool1d(ad.tensor([[1.0, 3.0, 2.0, 0.0]]), 2)
    tensor([[2., 1.]])
    """
    _check("adaptive_avg_pool1d", x, (2, 3))
    (size,) = output_size if isinstance(output_size, tuple) else (output_size,)
    return x @ _averaging(x.shape[-1], size, x).mT


def adaptive_max_pool2d(x: Tensor, output_size: Any, return_indices: bool = False) -> Any:
    """The largest elements of as many equal parts of the image as asked for.

    >>> import autodiff as ad
    >>> ad.nn.functional.adaptive_max_pool2d(ad.tensor([[[1.0, 3.0], [5.0, 7.0]]]), (1, 2))
    tensor([[[5., 7.]]])
    """
    _check("adaptive_max_pool2d", x, (3, 4))
    height, width = _wanted(x, output_size)
    flat = x.flatten(-2)
    shape = (*x.shape[:-2], height, width)
    places = np.empty_like(x.value, dtype=np.int64, shape=shape)
    for i, (top, bottom) in enumerate(_parts(x.shape[-2], height)):
        for j, (left, right) in enumerate(_parts(x.shape[-1], width)):
            part = x.value[..., top:bottom, left:right]
            best = part.reshape(*part.shape[:-2], (bottom - top) * (right - left)).argmax(-1)
            down, column = best // (right - left), best % (right - left)
            places[..., i, j] = (down + top) * x.shape[-1] + column + left
    indices = Tensor._wrap(places)
    out = flat.gather(-1, indices.flatten(-2)).reshape(places.shape)
    return (out, indices) if return_indices else out


def adaptive_max_pool1d(x: Tensor, output_size: Any, return_indices: bool = False) -> Any:
    """The largest elements of as many equal parts of a sequence as asked for.

    >>> import autodiff as ad
    >>> ad.nn.functional.adaptive_max_pool1d(ad.tensor([[1.0, 3.0, 2.0, 0.0]]), 2)
    tensor([[3., 2.]])
    """
    _check("adaptive_max_pool1d", x, (2, 3))
    (size,) = output_size if isinstance(output_size, tuple) else (output_size,)
    out, indices = adaptive_max_pool2d(x.unsqueeze(-2), (1, size), True)
    out, indices = out.squeeze(-2), indices.squeeze(-2)
    return (out, indices) if return_indices else out


def _check(name: str, x: Tensor, dimensions: tuple[int, int]) -> None:
    if x.ndim not in dimensions:
        raise errors.windows.dimensions(name, x.shape, dimensions)


def _wanted(x: Tensor, output_size: Any) -> tuple[int, int]:
    sizes = output_size if isinstance(output_size, (tuple, list)) else (output_size, output_size)
    height, width = (own if n is None else n for n, own in zip(sizes, x.shape[-2:], strict=True))
    return height, width


def _parts(n: int, count: int) -> list[tuple[int, int]]:
    """Where each of ``count`` parts of ``n`` elements begins and ends; they may overlap by one."""
    return [(i * n // count, math.ceil((i + 1) * n / count)) for i in range(count)]


def _averaging(n: int, count: int, like: Tensor) -> Tensor:
    """The matrix that takes the mean of each part."""
    matrix = np.zeros((count, n), like.value.dtype)
    for part, (start, end) in enumerate(_parts(n, count)):
        matrix[part, start:end] = 1 / (end - start)
    return Tensor._wrap(beside(like, matrix))
