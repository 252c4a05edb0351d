"""Pooling, padding, unfolding and resizing as layers."""

from __future__ import annotations

from typing import Any

from autodiff.nn import functional
from autodiff.nn.module import Module
from autodiff.tensor import Tensor

__all__ = [
    "AdaptiveAvgPool1d", "AdaptiveAvgPool2d", "AdaptiveMaxPool1d", "AdaptiveMaxPool2d",
    "AvgPool1d", "AvgPool2d", "CircularPad2d", "ConstantPad1d", "ConstantPad2d", "Fold",
    "MaxPool1d", "MaxPool2d", "ReflectionPad1d", "ReflectionPad2d", "ReplicationPad1d",
    "ReplicationPad2d", "Unfold", "Upsample", "ZeroPad2d",
]  # fmt: skip

Sizes = int | tuple[int, ...]


class _MaxPool(Module):
    """The largest element of each window."""

    pool: Any

    def __init__(
        self,
        kernel_size: Sizes,
        stride: Sizes | None = None,
        padding: Sizes = 0,
        dilation: Sizes = 1,
        return_indices: bool = False,
        ceil_mode: bool = False,
    ) -> None:
        super().__init__()
        self.kernel_size, self.stride = kernel_size, kernel_size if stride is None else stride
        self.padding, self.dilation = padding, dilation
        self.return_indices, self.ceil_mode = return_indices, ceil_mode

    def forward(self, x: Tensor) -> Any:
        return type(self).pool(
            x, self.kernel_size, self.stride, self.padding, self.dilation, self.ceil_mode,
            self.return_indices,
        )  # fmt: skip

    def extra_repr(self) -> str:
        return (
            f"kernel_size={self.kernel_size}, stride={self.stride}, padding={self.padding}, "
            f"dilation={self.dilation}, ceil_mode={self.ceil_mode}"
        )


class MaxPool1d(_MaxPool):
    """The largest element of each window of a sequence (N, C, L).

    >>> import autodiff as ad
    >>> ad.nn.MaxPool1d(2)(ad.tensor([[[1.0, 3.0, 2.0, 0.0]]]))
    tensor([[[3., 2.]]])
    """

    pool = staticmethod(functional.max_pool1d)


class MaxPool2d(_MaxPool):
    """The largest element of each window; without ``stride`` the windows do not overlap.

    >>> import autodiff as ad
    >>> ad.nn.MaxPool2d(2)(ad.zeros(2, 4, 8, 8)).shape
    autodiff.Size([2, 4, 4, 4])
    """

    pool = staticmethod(functional.max_pool2d)


class AvgPool1d(Module):
    """The mean of each window of a sequence (N, C, L).

    >>> import autodiff as ad
    >>> ad.nn.AvgPool1d(2)(ad.tensor([[[1.0, 3.0, 2.0, 0.0]]]))
    tensor([[[2., 1.]]])
    """

    def __init__(
        self, kernel_size: Sizes, stride: Sizes | None = None, padding: Sizes = 0,
        ceil_mode: bool = False, count_include_pad: bool = True,
    ) -> None:  # fmt: skip
        super().__init__()

        def one(n: Sizes) -> tuple[int, ...]:
            return n if isinstance(n, tuple) else (n,)

        self.kernel_size = one(kernel_size)
        self.stride = one(kernel_size if stride is None else stride)
        self.padding = one(padding)
        self.ceil_mode, self.count_include_pad = ceil_mode, count_include_pad

    def forward(self, x: Tensor) -> Tensor:
        return functional.avg_pool1d(
            x, self.kernel_size, self.stride, self.padding, self.ceil_mode, self.count_include_pad
        )

    def extra_repr(self) -> str:
        return f"kernel_size={self.kernel_size}, stride={self.stride}, padding={self.padding}"


class AvgPool2d(Module):
    """The mean of each window; without ``stride`` the windows do not overlap.

    >>> import autodiff as ad
    >>> ad.nn.AvgPool2d(2)(ad.tensor([[[1.0, 3.0], [5.0, 7.0]]]))
    tensor([[[4.]]])
    """

    def __init__(
        self, kernel_size: Sizes, stride: Sizes | None = None, padding: Sizes = 0,
        ceil_mode: bool = False, count_include_pad: bool = True,
        divisor_override: int | None = None,
    ) -> None:  # fmt: skip
        super().__init__()
        self.kernel_size, self.stride = kernel_size, kernel_size if stride is None else stride
        self.padding, self.ceil_mode = padding, ceil_mode
        self.count_include_pad, self.divisor_override = count_include_pad, divisor_override

    def forward(self, x: Tensor) -> Tensor:
        return functional.avg_pool2d(
            x, self.kernel_size, self.stride, self.padding, self.ceil_mode, self.count_include_pad,
            self.divisor_override,
        )  # fmt: skip

    def extra_repr(self) -> str:
        return f"kernel_size={self.kernel_size}, stride={self.stride}, padding={self.padding}"


class _AdaptiveAvgPool(Module):
    """The mean of each of as many equal parts as asked for."""

    def __init__(self, output_size: Any) -> None:
        super().__init__()
        self.output_size = output_size

    def extra_repr(self) -> str:
        return f"output_size={self.output_size}"


class _AdaptiveMaxPool(_AdaptiveAvgPool):
    """The largest element of each of as many equal parts as asked for."""

    def __init__(self, output_size: Any, return_indices: bool = False) -> None:
        super().__init__(output_size)
        self.return_indices = return_indices


class AdaptiveAvgPool1d(_AdaptiveAvgPool):
    """The means of as many equal parts of a sequence as asked for.

    >>> import autodiff as ad
    >>> ad.nn.AdaptiveAvgPool1d(2)(ad.tensor([[1.0, 3.0, 2.0, 0.0]]))
    tensor([[2., 1.]])
    """

    def forward(self, x: Tensor) -> Tensor:
        return functional.adaptive_avg_pool1d(x, self.output_size)


class AdaptiveAvgPool2d(_AdaptiveAvgPool):
    """The means of as many equal parts of the image as asked for.

    >>> import autodiff as ad
    >>> ad.nn.AdaptiveAvgPool2d(1)(ad.tensor([[[1.0, 3.0], [5.0, 7.0]]]))
    tensor([[[4.]]])
    """

    def forward(self, x: Tensor) -> Tensor:
        return functional.adaptive_avg_pool2d(x, self.output_size)


class AdaptiveMaxPool1d(_AdaptiveMaxPool):
    """The largest elements of as many equal parts of a sequence as asked for.

    >>> import autodiff as ad
    >>> ad.nn.AdaptiveMaxPool1d(2)(ad.tensor([[1.0, 3.0, 2.0, 0.0]]))
    tensor([[3., 2.]])
    """

    def forward(self, x: Tensor) -> Any:
        return functional.adaptive_max_pool1d(x, self.output_size, self.return_indices)


class AdaptiveMaxPool2d(_AdaptiveMaxPool):
    """The largest elements of as many equal parts of the image as asked for.

    >>> import autodiff as ad
    >>> ad.nn.AdaptiveMaxPool2d((1, 2))(ad.tensor([[[1.0, 3.0], [5.0, 7.0]]]))
    tensor([[[5., 7.]]])
    """

    def forward(self, x: Tensor) -> Any:
        return functional.adaptive_max_pool2d(x, self.output_size, self.return_indices)


class _Pad(Module):
    """A border."""

    sides: int
    mode: str

    def __init__(self, padding: Sizes) -> None:
        super().__init__()
        self.padding = padding if isinstance(padding, tuple) else (padding,) * self.sides

    def forward(self, x: Tensor) -> Tensor:
        return functional.pad(x, self.padding, self.mode)

    def extra_repr(self) -> str:
        return f"{self.padding}"


class ReflectionPad1d(_Pad):
    """A border that mirrors the sequence.

    >>> import autodiff as ad
    >>> ad.nn.ReflectionPad1d(2)(ad.tensor([[1.0, 2.0, 3.0]]))
    tensor([[3., 2., 1., 2., 3., 2., 1.]])
    """

    sides, mode = 2, "reflect"


class ReflectionPad2d(_Pad):
    """A border that mirrors the image.

    >>> import autodiff as ad
    >>> ad.nn.ReflectionPad2d((1, 0, 1, 0))(ad.tensor([[[1.0, 2.0], [3.0, 4.0]]]))
    tensor([[[4., 3., 4.],
             [2., 1., 2.],
             [4., 3., 4.]]])
    """

    sides, mode = 4, "reflect"


class ReplicationPad1d(_Pad):
    """A border that repeats the ends of the sequence.

    >>> import autodiff as ad
    >>> ad.nn.ReplicationPad1d(2)(ad.tensor([[1.0, 2.0, 3.0]]))
    tensor([[1., 1., 1., 2., 3., 3., 3.]])
    """

    sides, mode = 2, "replicate"


class ReplicationPad2d(_Pad):
    """A border that repeats the edges of the image.

    >>> import autodiff as ad
    >>> ad.nn.ReplicationPad2d((1, 0, 1, 0))(ad.tensor([[[1.0, 2.0], [3.0, 4.0]]]))
    tensor([[[1., 1., 2.],
             [1., 1., 2.],
             [3., 3., 4.]]])
    """

    sides, mode = 4, "replicate"


class CircularPad2d(_Pad):
    """A border that goes on at the other side of the image.

    Raises:
        ValueError: input of another number of dimensions.

    >>> import autodiff as ad
    >>> ad.nn.CircularPad2d((1, 0, 0, 0))(ad.tensor([[[1.0, 2.0], [3.0, 4.0]]]))
    tensor([[[2., 1., 2.],
             [4., 3., 4.]]])
    """

    sides, mode = 4, "circular"

    def forward(self, x: Tensor) -> Tensor:
        if x.ndim not in (3, 4):
            raise ValueError(f"expected 3D or 4D input (got {x.ndim}D input)")
        return super().forward(x)


class ConstantPad2d(_Pad):
    """A border of one value.

    >>> import autodiff as ad
    >>> ad.nn.ConstantPad2d((1, 0, 0, 1), 9.0)(ad.tensor([[[1.0, 2.0]]]))
    tensor([[[9., 1., 2.],
             [9., 9., 9.]]])
    """

    sides, mode = 4, "constant"

    def __init__(self, padding: Sizes, value: float) -> None:
        super().__init__(padding)
        self.value = value

    def forward(self, x: Tensor) -> Tensor:
        return functional.pad(x, self.padding, self.mode, self.value)

    def extra_repr(self) -> str:
        return f"padding={self.padding}, value={self.value}"


class ConstantPad1d(ConstantPad2d):
    """A border of one value around a sequence.

    >>> import autodiff as ad
    >>> ad.nn.ConstantPad1d(1, 9.0)(ad.tensor([[1.0, 2.0]]))
    tensor([[9., 1., 2., 9.]])
    """

    sides = 2


class ZeroPad2d(_Pad):
    """A border of zeros.

    >>> import autodiff as ad
    >>> ad.nn.ZeroPad2d((1, 0, 0, 1))(ad.tensor([[[1.0, 2.0]]]))
    tensor([[[0., 1., 2.],
             [0., 0., 0.]]])
    """

    sides, mode = 4, "constant"


class Unfold(Module):
    """Each window of an image as a column; see `functional.unfold`.

    >>> import autodiff as ad
    >>> ad.nn.Unfold(kernel_size=2)(ad.zeros(1, 3, 4, 4)).shape  # 3 * 2 * 2 numbers, 3 * 3 windows
    autodiff.Size([1, 12, 9])
    """

    def __init__(
        self, kernel_size: Sizes, dilation: Sizes = 1, padding: Sizes = 0, stride: Sizes = 1
    ) -> None:
        super().__init__()
        self.kernel_size, self.dilation = kernel_size, dilation
        self.padding, self.stride = padding, stride

    def forward(self, x: Tensor) -> Tensor:
        return functional.unfold(x, self.kernel_size, self.dilation, self.padding, self.stride)

    def extra_repr(self) -> str:
        return (
            f"kernel_size={self.kernel_size}, dilation={self.dilation}, padding={self.padding}, "
            f"stride={self.stride}"
        )


class Fold(Unfold):
    """Columns put back into their windows and added up; see `functional.fold`.

    >>> import autodiff as ad
    >>> columns = ad.nn.Unfold(kernel_size=(1, 2))(ad.ones(1, 1, 1, 3))
    >>> ad.nn.Fold((1, 3), kernel_size=(1, 2))(columns)  # the middle is in both windows
    tensor([[[[1., 2., 1.]]]])
    """

    def __init__(
        self, output_size: Sizes, kernel_size: Sizes, dilation: Sizes = 1, padding: Sizes = 0,
        stride: Sizes = 1,
    ) -> None:  # fmt: skip
        super().__init__(kernel_size, dilation, padding, stride)
        self.output_size = output_size

    def forward(self, x: Tensor) -> Tensor:
        return functional.fold(
            x, self.output_size, self.kernel_size, self.dilation, self.padding, self.stride
        )

    def extra_repr(self) -> str:
        return f"output_size={self.output_size}, {super().extra_repr()}"


class Upsample(Module):
    """An image or a sequence in another size; see `functional.interpolate`.

    >>> import autodiff as ad
    >>> ad.nn.Upsample(scale_factor=2)(ad.tensor([[[1.0, 2.0]]]))
    tensor([[[1., 1., 2., 2.]]])
    """

    def __init__(
        self, size: Any = None, scale_factor: Any = None, mode: str = "nearest",
        align_corners: bool | None = None,
    ) -> None:  # fmt: skip
        super().__init__()
        several = isinstance(scale_factor, tuple)
        if scale_factor is not None and not several:
            scale_factor = float(scale_factor)
        self.size = size
        self.scale_factor = tuple(map(float, scale_factor)) if several else scale_factor
        self.mode, self.align_corners = mode, align_corners

    def forward(self, x: Tensor) -> Tensor:
        return functional.interpolate(
            x, self.size, self.scale_factor, self.mode, self.align_corners
        )

    def extra_repr(self) -> str:
        if self.scale_factor is not None:
            return f"scale_factor={self.scale_factor!r}, mode={self.mode!r}"
        return f"size={self.size!r}, mode={self.mode!r}"
