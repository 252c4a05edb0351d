"""Convolution layers, in one and two dimensions, and their transposes."""

from __future__ import annotations

import math
from typing import Any

from autodiff import errors
from autodiff.creation import empty
from autodiff.nn import functional, init
from autodiff.nn.module import Module
from autodiff.nn.parameter import Parameter
from autodiff.tensor import Tensor

__all__ = ["Conv1d", "Conv2d", "ConvTranspose1d", "ConvTranspose2d"]

Sizes = int | tuple[int, ...]


class _Convolution(Module):
    """What all convolution layers have in common: sizes, parameters, and their repr."""

    dimensions: int
    transposed = False

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: Sizes,
        stride: Sizes,
        padding: Sizes | str,
        output_padding: Sizes,
        dilation: Sizes,
        groups: int,
        bias: bool,
        padding_mode: str,
        dtype: Any,
    ) -> None:
        super().__init__()
        if in_channels % groups or out_channels % groups:
            raise errors.windows.conv_groups(in_channels, out_channels, groups)
        if padding_mode not in ("zeros", "reflect", "replicate", "circular"):
            raise errors.functions.invalid_setting("padding_mode", padding_mode)
        self.in_channels, self.out_channels, self.groups = in_channels, out_channels, groups
        self.kernel_size, self.stride = self._each(kernel_size), self._each(stride)
        self.padding = padding if isinstance(padding, str) else self._each(padding)
        self.output_padding, self.dilation = self._each(output_padding), self._each(dilation)
        self.padding_mode = padding_mode
        channels = (out_channels, in_channels // groups)
        if self.transposed:
            channels = (in_channels, out_channels // groups)
        self.weight = Parameter(empty((*channels, *self.kernel_size), dtype=dtype))
        self.register_parameter(
            "bias", Parameter(empty(out_channels, dtype=dtype)) if bias else None
        )
        self.reset_parameters()

    padding: Any

    def _each(self, n: Any) -> tuple[int, ...]:
        """One number for each dimension."""
        return tuple(n) if isinstance(n, (tuple, list)) else (n,) * self.dimensions

    def reset_parameters(self) -> None:
        """Start again from random weights."""
        init.kaiming_uniform_(self.weight, a=math.sqrt(5))
        if self.bias is not None:
            bound = 1 / math.sqrt(math.prod(self.weight.shape[1:]))
            init.uniform_(self.bias, -bound, bound)

    def _bordered(self, x: Tensor) -> tuple[Tensor, Any]:
        """The input with its border, and how much more of a border of zeros it gets."""
        if self.padding_mode == "zeros":
            return x, self.padding
        if isinstance(self.padding, str):
            totals = [d * (k - 1) for d, k in zip(self.dilation, self.kernel_size, strict=True)]
            sides = [(total // 2, total - total // 2) for total in totals]
        else:
            sides = [(p, p) for p in self.padding]
        border = tuple(n for before_and_after in reversed(sides) for n in before_and_after)
        return functional.pad(x, border, self.padding_mode), 0

    def extra_repr(self) -> str:
        zeros, ones = (0,) * self.dimensions, (1,) * self.dimensions
        parts = [f"{self.in_channels}, {self.out_channels}, kernel_size={self.kernel_size}"]
        parts.append(f"stride={self.stride}")
        if self.padding != zeros:
            padding = self.padding
            parts.append(f"padding={padding}")
        if self.dilation != ones:
            parts.append(f"dilation={self.dilation}")
        if self.output_padding != zeros:
            parts.append(f"output_padding={self.output_padding}")
        if self.groups != 1:
            parts.append(f"groups={self.groups}")
        if self.bias is None:
            parts.append("bias=False")
        if self.padding_mode != "zeros":
            parts.append(f"padding_mode={self.padding_mode}")
        return ", ".join(parts)


class _Sliding(_Convolution):
    """A convolution in the usual direction."""

    function: Any

    def __init__(
        self, in_channels: int, out_channels: int, kernel_size: Sizes, stride: Sizes = 1,
        padding: Sizes | str = 0, dilation: Sizes = 1, groups: int = 1, bias: bool = True,
        padding_mode: str = "zeros", dtype: Any = None,
    ) -> None:  # fmt: skip
        super().__init__(
            in_channels, out_channels, kernel_size, stride, padding, 0, dilation, groups, bias,
            padding_mode, dtype,
        )  # fmt: skip

    def forward(self, x: Tensor) -> Tensor:
        x, padding = self._bordered(x)
        return type(self).function(
            x, self.weight, self.bias, self.stride, padding, self.dilation, self.groups
        )


class Conv1d(_Sliding):
    """Slides ``out_channels`` learned filters along a sequence.

    Input (N, in_channels, L), output (N, out_channels, OL). For the arguments see `Conv2d`.

    Raises:
        ValueError: the channels cannot be divided into ``groups``.

    >>> import autodiff as ad
    >>> ad.nn.Conv1d(1, 4, kernel_size=3)(ad.zeros(2, 1, 8)).shape
    autodiff.Size([2, 4, 6])
    """

    dimensions = 1
    function = staticmethod(functional.conv1d)


class Conv2d(_Sliding):
    """Slides ``out_channels`` learned filters over an image.

    Input (N, in_channels, H, W), output (N, out_channels, OH, OW).

    Args:
        in_channels, out_channels: of the input and of the output.
        kernel_size, stride, dilation: of the filters, one number or (height, width).
        padding: the border around the image; "same" keeps its size, "valid" adds none.
        groups: into how many independent parts the channels are divided.
        bias: add a learned number to each channel of the output.
        padding_mode: what the border holds: "zeros", "reflect", "replicate" or "circular".

    Raises:
        ValueError: the channels cannot be divided into ``groups``.

    >>> import autodiff as ad
    >>> layer = ad.nn.Conv2d(1, 4, kernel_size=3, padding=1)
    >>> layer
    Conv2d(1, 4, kernel_size=(3, 3), stride=(1, 1), padding=(1, 1))
    >>> layer(ad.zeros(2, 1, 8, 8)).shape
    autodiff.Size([2, 4, 8, 8])
    """

    dimensions = 2
    function = staticmethod(functional.conv2d)


class _Transposed(_Convolution):
    """A convolution the other way round: it enlarges."""

    function: Any
    transposed = True

    def __init__(
        self, in_channels: int, out_channels: int, kernel_size: Sizes, stride: Sizes = 1,
        padding: Sizes = 0, output_padding: Sizes = 0, groups: int = 1, bias: bool = True,
        dilation: Sizes = 1, padding_mode: str = "zeros", dtype: Any = None,
    ) -> None:  # fmt: skip
        if padding_mode != "zeros":
            raise ValueError(f'Only "zeros" padding mode is supported for {type(self).__name__}')
        super().__init__(
            in_channels, out_channels, kernel_size, stride, padding, output_padding, dilation,
            groups, bias, padding_mode, dtype,
        )  # fmt: skip

    def forward(self, x: Tensor) -> Tensor:
        return type(self).function(
            x, self.weight, self.bias, self.stride, self.padding, self.output_padding, self.groups,
            self.dilation,
        )  # fmt: skip


class ConvTranspose1d(_Transposed):
    """The gradient of a `Conv1d` with respect to its input, as a layer that lengthens.

    Input (N, in_channels, L), output (N, out_channels, OL).

    >>> import autodiff as ad
    >>> ad.nn.ConvTranspose1d(4, 1, kernel_size=2, stride=2)(ad.zeros(2, 4, 3)).shape
    autodiff.Size([2, 1, 6])
    """

    dimensions = 1
    function = staticmethod(functional.conv_transpose1d)


class ConvTranspose2d(_Transposed):
    """The gradient of a `Conv2d` with respect to its input, as a layer that enlarges.

    >>> import autodiff as ad
    >>> ad.nn.ConvTranspose2d(4, 1, kernel_size=2, stride=2)(ad.zeros(2, 4, 3, 3)).shape
    autodiff.Size([2, 1, 6, 6])
    """

    dimensions = 2
    function = staticmethod(functional.conv_transpose2d)
