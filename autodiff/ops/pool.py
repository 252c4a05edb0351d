"""Pooling: one number for each window of an image."""

from __future__ import annotations

from typing import Any

import numpy as np

from autodiff import errors
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
        planes = Reshape.apply(g, shape=(n, c, -1))
        positions = np.reshape(indices, (n, c, -1))
        spread = ScatterAlong.apply(planes, index=positions, dim=2, size=h * w)
        return Reshape.apply(spread, shape=x_shape)

    def name(self) -> str:
        return "MaxPool2DWithIndicesBackward0"


def max_pool2d(
    x: Any,
    kernel_size: int | tuple[int, int],
    stride: int | tuple[int, int] | None = None,
    padding: int | tuple[int, int] = 0,
    dilation: int | tuple[int, int] = 1,
    return_indices: bool = False,
) -> Any:
    """The largest element of each window; windows do not overlap unless ``stride`` says so.

    Args:
        x: shape (N, C, H, W) or (C, H, W).

    Raises:
        RuntimeError: the window is larger than the padded input.

    >>> import autodiff as ad
    >>> x = ad.tensor([[1.0, 0, 2, 3], [4, 6, 6, 8], [3, 1, 1, 0], [1, 2, 2, 4]])
    >>> ad.nn.functional.max_pool2d(x.reshape(1, 4, 4), 2)
    tensor([[[6., 8.],
             [3., 4.]]])
    """
    if x.ndim == 3:
        out, indices = max_pool2d(x.unsqueeze(0), kernel_size, stride, padding, dilation, True)
        out, indices = out.squeeze(0), indices.squeeze(0)
        return (out, indices) if return_indices else out
    kernel_size = cpu.pair(kernel_size)
    window = cpu.Window.of(kernel_size, stride or kernel_size, padding, dilation, 1)
    if x.ndim != 4 or min(window.out_size(x.shape[2:])) < 1:
        raise errors.shapes.window_too_large("max_pool2d", x.shape, window)
    if any(2 * p > k for p, k in zip(window.padding, kernel_size, strict=True)):
        raise errors.shapes.padding_too_large(window)
    out, indices = MaxPool.apply(x, window=window)
    return (out, indices) if return_indices else out
