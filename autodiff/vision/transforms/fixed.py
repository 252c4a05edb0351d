"""Transforms that do the same to every image."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from autodiff import errors
from autodiff.nn.module import Module
from autodiff.vision.transforms import functional as F  # noqa: N812
from autodiff.vision.transforms.functional import InterpolationMode

__all__ = ["CenterCrop", "Grayscale", "Pad", "Resize", "check_padding", "pair"]

MODES = ("constant", "edge", "reflect", "symmetric")


def pair(size: Any) -> tuple[int, int]:
    """Height and width, from one number for both or two.

    Raises:
        ValueError: neither one nor two.
    """
    if isinstance(size, int):
        return size, size
    if len(size) not in (1, 2):
        raise errors.vision.two_sizes(size)
    return (size[0], size[-1])


def check_padding(padding: Any, fill: Any, padding_mode: str) -> None:
    """
    Raises:
        TypeError, ValueError: no borders, no colour, or an unknown mode.
    """
    if not isinstance(padding, (int, float, tuple, list)):
        raise errors.vision.inappropriate("padding", padding)
    if not isinstance(fill, (int, float, tuple, list)):
        raise errors.vision.inappropriate("fill", fill)
    if padding_mode not in MODES:
        raise errors.vision.padding_mode(padding_mode)
    if not isinstance(padding, (int, float)) and len(padding) not in (1, 2, 4):
        raise errors.vision.padding_count(len(padding))


class Resize(Module):
    """An image in another size: (height, width), or the length of its shorter side.

    >>> import autodiff as ad
    >>> from autodiff.vision.transforms import Resize
    >>> Resize(4)(ad.rand(3, 8, 16)).shape
    autodiff.Size([3, 4, 8])
    """

    def __init__(
        self,
        size: int | Sequence[int],
        interpolation: InterpolationMode = InterpolationMode.BILINEAR,
        max_size: int | None = None,
        antialias: bool = True,
    ) -> None:
        super().__init__()
        if not isinstance(size, (int, Sequence)):
            raise errors.vision.size_type(size)
        if isinstance(size, Sequence) and len(size) not in (1, 2):
            raise errors.vision.size_count(size)
        self.size, self.interpolation = size, interpolation
        self.max_size, self.antialias = max_size, antialias

    def forward(self, img: Any) -> Any:
        return F.resize(img, self.size, self.interpolation, self.max_size, self.antialias)

    def __repr__(self) -> str:
        return (
            f"Resize(size={self.size}, interpolation={self.interpolation.value}, "
            f"max_size={self.max_size}, antialias={self.antialias})"
        )


class CenterCrop(Module):
    """The middle of an image, with a border of 0 where it is too small.

    >>> import autodiff as ad
    >>> from autodiff.vision.transforms import CenterCrop
    >>> CenterCrop(2)(ad.arange(16).reshape(1, 4, 4))
    tensor([[[ 5,  6],
             [ 9, 10]]])
    """

    def __init__(self, size: int | Sequence[int]) -> None:
        super().__init__()
        self.size = pair(size)

    def forward(self, img: Any) -> Any:
        return F.center_crop(img, self.size)

    def __repr__(self) -> str:
        return f"CenterCrop(size={self.size})"


class Pad(Module):
    """An image with a border: one width, (left and right, top and bottom), or all four.

    >>> import autodiff as ad
    >>> from autodiff.vision.transforms import Pad
    >>> Pad((1, 0), fill=9)(ad.tensor([[[1, 2], [3, 4]]]))
    tensor([[[9, 1, 2, 9],
             [9, 3, 4, 9]]])
    """

    def __init__(
        self, padding: int | Sequence[int], fill: Any = 0, padding_mode: str = "constant"
    ) -> None:
        super().__init__()
        check_padding(padding, fill, padding_mode)
        self.padding, self.fill, self.padding_mode = padding, fill, padding_mode

    def forward(self, img: Any) -> Any:
        return F.pad(img, self.padding, self.fill, self.padding_mode)

    def __repr__(self) -> str:
        return f"Pad(padding={self.padding}, fill={self.fill}, padding_mode={self.padding_mode})"


class Grayscale(Module):
    """An image in shades of gray, in one channel or in three equal ones.

    >>> import autodiff as ad
    >>> from autodiff.vision.transforms import Grayscale
    >>> Grayscale()(ad.ones(3, 1, 2))  # 0.2989 red + 0.587 green + 0.114 blue
    tensor([[[0.9999, 0.9999]]])
    """

    def __init__(self, num_output_channels: int = 1) -> None:
        super().__init__()
        self.num_output_channels = num_output_channels

    def forward(self, img: Any) -> Any:
        return F.rgb_to_grayscale(img, self.num_output_channels)

    def __repr__(self) -> str:
        return f"Grayscale(num_output_channels={self.num_output_channels})"
