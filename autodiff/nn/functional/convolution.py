"""Convolutions as functions."""

from __future__ import annotations

from typing import Any

from autodiff import errors
from autodiff.backends.window import Window, pair, row
from autodiff.ops.conv import ConvolutionInput
from autodiff.ops.conv import conv2d as _conv2d
from autodiff.tensor import Tensor

__all__ = ["conv1d", "conv2d", "conv_transpose1d", "conv_transpose2d"]

Sizes = int | tuple[int, ...]


def conv2d(
    x: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: Sizes = 1,
    padding: Sizes | str = 0,
    dilation: Sizes = 1,
    groups: int = 1,
) -> Tensor:
    """A two-dimensional convolution (cross-correlation, as in PyTorch).

    Args:
        x: shape (N, C, H, W) or (C, H, W).
        weight: shape (F, C / groups, KH, KW).
        bias: shape (F,), or None.
        stride, padding, dilation: one number or (height, width); padding may be "valid" for none,
            or "same" for as much as keeps the size.
        groups: into how many independent parts the channels are divided.

    Raises:
        RuntimeError: the shapes do not fit, the dtypes differ, or a filter is larger than the
            padded input.
        ValueError: padding is an unknown word, or "same" with a stride.

    >>> import autodiff as ad
    >>> image, weight = ad.tensor([[[[1.0, 2.0], [3.0, 4.0]]]]), ad.ones(1, 1, 2, 2)
    >>> ad.nn.functional.conv2d(image, weight)
    tensor([[[[10.]]]])
    """
    if isinstance(padding, str):
        x, padding = _with_words(x, weight, stride, padding, dilation)
    return _conv2d(x, weight, bias, stride, padding, dilation, groups)  # type: ignore[arg-type]


def _with_words(
    x: Tensor, weight: Tensor, stride: Sizes, padding: str, dilation: Sizes
) -> tuple[Tensor, Any]:
    """The input and the padding for "valid" or "same"."""
    if padding not in ("same", "valid"):
        raise errors.functions.invalid_setting("padding", padding)
    if padding == "valid":
        return x, 0
    if pair(stride) != (1, 1):  # type: ignore[arg-type]
        raise ValueError("padding='same' is not supported for strided convolutions")
    totals = [
        d * (k - 1)
        for d, k in zip(pair(dilation), weight.shape[2:], strict=True)  # type: ignore[arg-type]
    ]
    if all(total % 2 == 0 for total in totals):
        return x, tuple(total // 2 for total in totals)
    from autodiff.nn.functional.padding import pad

    (height, width) = totals
    border = (width // 2, width - width // 2, height // 2, height - height // 2)
    return pad(x, border), 0


def conv1d(
    x: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: Sizes = 1,
    padding: Sizes | str = 0,
    dilation: Sizes = 1,
    groups: int = 1,
) -> Tensor:
    """A convolution along a sequence: x (N, C, L) or (C, L), weight (F, C / groups, K).

    Raises:
        RuntimeError: the shapes do not fit, the dtypes differ, or a filter is longer than the
            padded input.

    >>> import autodiff as ad
    >>> x = ad.tensor([[1.0, 2.0, 4.0]])
    >>> ad.nn.functional.conv1d(x, ad.tensor([[[-1.0, 1.0]]]))
    tensor([[1., 2.]])
    """
    if x.ndim not in (2, 3) or x.shape[-2] != weight.shape[1] * groups:
        raise errors.windows.conv_channels(x.shape, weight.shape, groups)
    rows = x.unsqueeze(-2)
    border = padding if isinstance(padding, str) else row(padding, 0)
    out = conv2d(rows, weight.unsqueeze(-2), bias, row(stride), border, row(dilation), groups)
    return out.squeeze(-2)


def conv_transpose2d(
    x: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: Sizes = 1,
    padding: Sizes = 0,
    output_padding: Sizes = 0,
    groups: int = 1,
    dilation: Sizes = 1,
) -> Tensor:
    """The gradient of a convolution with respect to its input, used as a layer that enlarges.

    Args:
        x: shape (N, C, H, W) or (C, H, W).
        weight: shape (C, F / groups, KH, KW).
        bias: shape (F,), or None.
        output_padding: how much larger than necessary the result is.

    Raises:
        RuntimeError: the shapes do not fit.

    >>> import autodiff as ad
    >>> x, weight = ad.tensor([[[[1.0, 2.0]]]]), ad.ones(1, 1, 2, 2)
    >>> ad.nn.functional.conv_transpose2d(x, weight)  # a square of 1, and beside it one of 2
    tensor([[[[1., 3., 2.],
              [1., 3., 2.]]]])
    """
    if x.ndim == 3:
        settings = (stride, padding, output_padding, groups, dilation)
        return conv_transpose2d(x.unsqueeze(0), weight, bias, *settings).squeeze(0)
    if x.ndim != 4 or x.shape[1] != weight.shape[0]:
        raise errors.windows.conv_channels(x.shape, weight.shape, groups)
    window = Window.of(weight.shape[2:], stride, padding, dilation, groups)  # type: ignore[arg-type]
    extra = pair(output_padding)  # type: ignore[arg-type]
    size = tuple(
        (x.shape[2 + i] - 1) * window.stride[i]
        - 2 * window.padding[i]
        + window.dilation[i] * (window.kernel[i] - 1)
        + extra[i]
        + 1
        for i in (0, 1)
    )
    shape = (x.shape[0], weight.shape[1] * groups, *size)
    out = ConvolutionInput.apply(x, weight, shape=shape, window=window)
    return out if bias is None else out + bias.reshape(-1, 1, 1)


def conv_transpose1d(
    x: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: Sizes = 1,
    padding: Sizes = 0,
    output_padding: Sizes = 0,
    groups: int = 1,
    dilation: Sizes = 1,
) -> Tensor:
    """`conv_transpose2d` along a sequence: x (N, C, L) or (C, L), weight (C, F / groups, K).

    >>> import autodiff as ad
    >>> x, weight = ad.tensor([[[1.0, 2.0]]]), ad.tensor([[[1.0, 10.0]]])
    >>> ad.nn.functional.conv_transpose1d(x, weight)
    tensor([[[ 1., 12., 20.]]])
    """
    out = conv_transpose2d(
        x.unsqueeze(-2), weight.unsqueeze(-2), bias, row(stride), row(padding, 0),
        row(output_padding, 0), groups, row(dilation),
    )  # fmt: skip
    return out.squeeze(-2)
