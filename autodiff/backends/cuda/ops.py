"""Ops that have kernels of their own on the GPU, under the names of their classes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autodiff.backends.cuda import convolution, indexing, softmax
from autodiff.backends.cuda import window as windows
from autodiff.backends.cuda.array import CudaArray, xp
from autodiff.backends.cuda.matmul import matmul
from autodiff.backends.window import Window

__all__ = ["IMPLEMENTED", "RULES"]


def linear(x: CudaArray, weight: CudaArray, bias: CudaArray | None) -> CudaArray:
    return matmul(x, weight.T, bias)


def _sent(x: CudaArray, index: Any) -> CudaArray:
    """Positions, which may be given on the host, on the device of ``x``."""
    return index if isinstance(index, CudaArray) else x.sent(index)


def scatter_along(x: CudaArray, *, index: Any, dim: int, size: int) -> CudaArray:
    return indexing.scatter_along(x, _sent(x, index), dim, size)


def gather_along(x: CudaArray, *, index: Any, dim: int) -> CudaArray:
    return indexing.take_along(x, _sent(x, index), dim)


def convolution_forward(x: CudaArray, weight: CudaArray, bias: Any, *, window: Window) -> CudaArray:
    return convolution.conv2d(x, weight, bias, window)


def convolution_input(x: CudaArray, weight: Any, *, shape: Any, window: Window) -> CudaArray:
    return convolution.conv2d_input(x, weight, shape, window)


def convolution_weight(x: CudaArray, y: CudaArray, *, shape: Any, window: Window) -> CudaArray:
    return convolution.conv2d_weight(x, y, shape, window)


def average_pool(x: CudaArray, *, window: Window, divisor: Any) -> CudaArray:
    divisor = divisor if isinstance(divisor, float) else x.sent(np.asarray(divisor, x.dtype))
    return windows.sum_pool2d(x, window) / divisor


def spread_windows(x: CudaArray, *, shape: Any, window: Window) -> CudaArray:
    (kh, kw), (n, c, oh, ow) = window.kernel, x.shape
    columns = xp.broadcast_to(x[:, :, None, None], (n, c, kh, kw, oh, ow))
    return windows.fold2d(columns, shape, window)


def columns_to_image(x: CudaArray, *, shape: Any, window: Window) -> CudaArray:
    sizes = (*shape[:2], *window.kernel, *window.out_size(shape[2:]))
    return windows.fold2d(x.reshape(sizes), shape, window)


def unfold(x: CudaArray, *, dim: int, size: int, step: int) -> CudaArray:
    """All windows along a dimension: a view in which they overlap."""
    count = (x.shape[dim] - size) // step + 1
    shape = (*x.shape[:dim], count, *x.shape[dim + 1 :], size)
    steps = (*x.steps[:dim], x.steps[dim] * step, *x.steps[dim + 1 :], x.steps[dim])
    return x.seen(shape, steps)


def cross(x: CudaArray, y: CudaArray, *, dim: int) -> CudaArray:
    x, y = xp.moveaxis(x, dim, 0), xp.moveaxis(y, dim, 0)
    parts = [x[i - 2] * y[i - 1] - x[i - 1] * y[i - 2] for i in range(3)]
    return xp.stack(parts, dim)


IMPLEMENTED: dict[str, Callable[..., Any]] = {
    "Linear": linear,
    "ScatterAlong": scatter_along,
    "GatherAlong": gather_along,
    "Convolution": convolution_forward,
    "ConvolutionInput": convolution_input,
    "ConvolutionWeight": convolution_weight,
    "MaxPool": windows.max_pool2d,
    "AvgPool": average_pool,
    "SpreadWindows": spread_windows,
    "Im2Col": windows.unfold2d,
    "Col2Im": columns_to_image,
    "Unfold": unfold,
    "Cross": cross,
    "Softmax": softmax.softmax,
    "LogSoftmax": softmax.log_softmax,
    "NllLoss": softmax.loss_of_classes,
}

RULES: dict[tuple[str, str], Callable[..., Any]] = {
    ("Softmax", "x"): softmax.softmax_gradient,
    ("LogSoftmax", "x"): softmax.log_softmax_gradient,
    ("NllLoss", "x"): softmax.loss_gradient,
}
"""Gradient rules that are one kernel: by op and argument, with the parameters of the rule."""
