"""Convolution in two dimensions.

Convolution is bilinear: linear in ``x`` and linear in ``weight``. So its two gradients are again
bilinear, and the three ops below are each other's gradients, to any order.

Source: Dumoulin & Visin, "A guide to convolution arithmetic for deep learning" (2016).
"""

from __future__ import annotations

from typing import Any

from autodiff import errors
from autodiff.backends import cpu
from autodiff.op import Op


class Convolution(Op):
    """Slides each filter of ``weight`` over ``x`` and sums the products under it.

    x: (N, C, H, W); weight: (F, C / groups, KH, KW); bias: (F,) or None; out: (N, F, OH, OW).
    """

    formula = "sum of x * weight under the window, + bias"

    def forward(x, weight, bias, *, window):
        return cpu.conv2d(x, weight, bias, window)

    def grad_x(g, weight, x_shape, window):
        return ConvolutionInput.apply(g, weight, shape=x_shape, window=window)

    def grad_weight(g, x, weight_shape, window):
        return ConvolutionWeight.apply(g, x, shape=weight_shape, window=window)

    def grad_bias(g):
        return g.sum((0, 2, 3))


class ConvolutionInput(Op):
    """Spreads ``g`` over the windows that it came from: the gradient of ``x``."""

    formula = "g spread through weight over the windows"

    def forward(x, weight, *, shape, window):
        return cpu.conv2d_input(x, weight, shape, window)

    def grad_x(g, weight, window):
        return Convolution.apply(g, weight, None, window=window)

    def grad_weight(g, x, weight_shape, window):
        return ConvolutionWeight.apply(x, g, shape=weight_shape, window=window)

    def name(self) -> str:
        return "ConvolutionBackwardBackward0"


class ConvolutionWeight(Op):
    """For each weight, ``g`` times what the weight met: the gradient of ``weight``."""

    formula = "sum of g * y over all windows"

    def forward(x, y, *, shape, window):
        return cpu.conv2d_weight(x, y, shape, window)

    def grad_x(g, y, window):
        return Convolution.apply(y, g, None, window=window)

    def grad_y(g, x, y_shape, window):
        return ConvolutionInput.apply(x, g, shape=y_shape, window=window)

    def name(self) -> str:
        return "ConvolutionBackwardBackward0"


def conv2d(
    x: Any,
    weight: Any,
    bias: Any = None,
    stride: int | tuple[int, int] = 1,
    padding: int | tuple[int, int] = 0,
    dilation: int | tuple[int, int] = 1,
    groups: int = 1,
) -> Any:
    """A two-dimensional convolution (cross-correlation, as in PyTorch).

    Args:
        x: shape (N, C, H, W) or (C, H, W).
        weight: shape (F, C / groups, KH, KW).
        bias: shape (F,), or None.

    Raises:
        RuntimeError: the shapes do not fit, the dtypes differ, or a filter is larger than the
            padded input.
    """
    if x.ndim == 3:
        return conv2d(x.unsqueeze(0), weight, bias, stride, padding, dilation, groups).squeeze(0)
    window = cpu.Window.of(weight.shape[2:], stride, padding, dilation, groups)
    if x.ndim != 4 or x.shape[1] != weight.shape[1] * groups:
        raise errors.windows.conv_channels(x.shape, weight.shape, groups)
    if x.dtype != weight.dtype:
        raise errors.linalg.layer_dtypes("conv2d", x.dtype, weight.dtype)
    if min(window.out_size(x.shape[2:])) < 1:
        raise errors.windows.window_too_large("conv2d", x.shape, window)
    return Convolution.apply(x, weight, bias, window=window)
