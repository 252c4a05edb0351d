"""Pooling: one number for each window of an image."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autodiff import errors
from autodiff.arrays import beside
from autodiff.backends import cpu
from autodiff.op import Op
from autodiff.ops.index import ScatterAlong
from autodiff.ops.shape import Reshape


class MaxPool(Op):
    """The largest element of each window, which alone gets the window's gradient.

    x: (N, C, H, W); out and indices: (N, C, OH, OW). An index counts positions in its H x W plane.
    """

    formula = "max of x under the window"
    extras = ("indices",)

    def forward(x, *, window):
        return cpu.max_pool2d(x, window)

    def grad_x(g, indices, x_shape):
        n, c, h, w = x_shape
        windows = math.prod(indices.shape[2:])
        planes = Reshape.apply(g, shape=(n, c, windows))
        positions = np.reshape(indices, (n, c, windows))
        spread = ScatterAlong.apply(planes, index=positions, dim=2, size=h * w)
        return Reshape.apply(spread, shape=x_shape)

    def name(self) -> str:
        return "MaxPool2DWithIndicesBackward0"


class AvgPool(Op):
    """The sum of each window over a divisor: one number, or one for each window.

    x: (N, C, H, W); divisor: () or (OH, OW); out: (N, C, OH, OW).
    """

    formula = "mean of x under the window"

    def forward(x, *, window, divisor):
        return cpu.sum_pool2d(x, window) / np.asarray(divisor, x.dtype)

    def grad_x(g, x_shape, window, divisor):
        share = divisor if isinstance(divisor, float) else beside(g, divisor)
        return SpreadWindows.apply(g / share, shape=x_shape, window=window)

    def name(self) -> str:
        return "AvgPool2DBackward0"


class SpreadWindows(Op):
    """Gives each element of a window the number of that window: the gradient of `AvgPool`."""

    formula = "x spread over the windows"

    def forward(x, *, shape, window):
        (kh, kw), (n, c, oh, ow) = window.kernel, x.shape
        columns = np.broadcast_to(x[:, :, None, None], (n, c, kh, kw, oh, ow))
        return cpu.fold2d(columns, shape, window)

    def grad_x(g, window):
        return AvgPool.apply(g, window=window, divisor=1.0)

    def name(self) -> str:
        return "AvgPool2DBackwardBackward0"


class Im2Col(Op):
    """Each window of an image as a column: (N, C, H, W) -> (N, C * KH * KW, L)."""

    formula = "windows of x as columns"

    def forward(x, *, window):
        return cpu.unfold2d(x, window)

    def grad_x(g, x_shape, window):
        return Col2Im.apply(g, shape=x_shape, window=window)


class Col2Im(Op):
    """Columns put back into the windows they stand for, and added up: the gradient of `Im2Col`."""

    formula = "columns of x added up in their windows"

    def forward(x, *, shape, window):
        n, c = shape[:2]
        sizes = (n, c, *window.kernel, *window.out_size(shape[2:]))
        return cpu.fold2d(x.reshape(sizes), shape, window)

    def grad_x(g, window):
        return Im2Col.apply(g, window=window)


def max_pool2d(
    x: Any,
    kernel_size: int | tuple[int, int],
    stride: int | tuple[int, int] | None = None,
    padding: int | tuple[int, int] = 0,
    dilation: int | tuple[int, int] = 1,
    ceil_mode: bool = False,
    return_indices: bool = False,
) -> Any:
    """The largest element of each window; windows do not overlap unless ``stride`` says so.

    Args:
        x: shape (N, C, H, W) or (C, H, W).
        ceil_mode: let a last window count that sticks out of the image.
        return_indices: give back where in its plane each result was found, too.

    Raises:
        RuntimeError: the window is larger than the padded input.

    >>> import autodiff as ad
    >>> x = ad.tensor([[1.0, 0, 2, 3], [4, 6, 6, 8], [3, 1, 1, 0], [1, 2, 2, 4]])
    >>> ad.nn.functional.max_pool2d(x.reshape(1, 4, 4), 2)
    tensor([[[6., 8.],
             [3., 4.]]])
    """
    if x.ndim == 3:
        out, indices = max_pool2d(
            x.unsqueeze(0), kernel_size, stride, padding, dilation, ceil_mode, True
        )
        out, indices = out.squeeze(0), indices.squeeze(0)
        return (out, indices) if return_indices else out
    kernel_size = cpu.pair(kernel_size)
    window = cpu.Window.of(kernel_size, stride or kernel_size, padding, dilation, 1, ceil_mode)
    if x.ndim != 4 or min(window.out_size(x.shape[2:])) < 1:
        raise errors.windows.window_too_large("max_pool2d", x.shape, window)
    if any(2 * p > k for p, k in zip(window.padding, kernel_size, strict=True)):
        raise errors.windows.padding_too_large(window)
    out, indices = MaxPool.apply(x, window=window)
    return (out, indices) if return_indices else out
