"""Transforms that do something else each time: they make more of few images.

They draw from the generator that `autodiff.manual_seed` seeds; each worker of a loader has its own.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

from autodiff import errors
from autodiff.creation import rand, randint, randn
from autodiff.nn.module import Module
from autodiff.tensor import Tensor
from autodiff.vision.transforms import functional as F  # noqa: N812
from autodiff.vision.transforms.fixed import check_padding, pair
from autodiff.vision.transforms.functional import InterpolationMode

__all__ = [
    "RandomApply", "RandomCrop", "RandomErasing", "RandomGrayscale", "RandomHorizontalFlip",
    "RandomResizedCrop", "RandomRotation", "RandomVerticalFlip",
]  # fmt: skip

TRIES = 10


def _happens(p: float) -> bool:
    return rand(1).item() < p


def _between(low: float, high: float) -> float:
    return low + (high - low) * rand(1).item()


def _position(room: int) -> int:
    """A whole number from 0 to ``room``."""
    return int(randint(0, room + 1, (1,)).item())


def _rectangle(
    height: int, width: int, scale: Sequence[float], ratio: Sequence[float]
) -> tuple[int, int]:
    """Sides whose product is a share of the image drawn from ``scale``, in a drawn ratio."""
    area = height * width * _between(*scale)
    aspect = math.exp(_between(math.log(ratio[0]), math.log(ratio[1])))
    return round(math.sqrt(area / aspect)), round(math.sqrt(area * aspect))


class _Chance(Module):
    """A transform that happens with probability ``p``."""

    def __init__(self, p: float = 0.5) -> None:
        super().__init__()
        self.p = p

    def forward(self, img: Any) -> Any:
        return self.change(img) if _happens(self.p) else img

    def change(self, img: Any) -> Any:
        raise NotImplementedError

    def __repr__(self) -> str:
        return f"{type(self).__name__}(p={self.p})"


class RandomHorizontalFlip(_Chance):
    """An image with left and right exchanged, with probability ``p``.

    >>> import autodiff as ad
    >>> from autodiff.vision.transforms import RandomHorizontalFlip
    >>> RandomHorizontalFlip(p=1)(ad.tensor([[[1, 2, 3]]]))
    tensor([[[3, 2, 1]]])
    """

    def change(self, img: Any) -> Any:
        return F.hflip(img)


class RandomVerticalFlip(_Chance):
    """An image with top and bottom exchanged, with probability ``p``.

    >>> import autodiff as ad
    >>> from autodiff.vision.transforms import RandomVerticalFlip
    >>> RandomVerticalFlip(p=1)(ad.tensor([[[1], [2], [3]]])).flatten()
    tensor([3, 2, 1])
    """

    def change(self, img: Any) -> Any:
        return F.vflip(img)


class RandomGrayscale(_Chance):
    """An image in shades of gray, in as many channels as before, with probability ``p``.

    >>> import autodiff as ad
    >>> from autodiff.vision.transforms import RandomGrayscale
    >>> red = ad.tensor([1.0, 0.0, 0.0]).reshape(3, 1, 1)
    >>> RandomGrayscale(p=1)(red).flatten()
    tensor([0.2989, 0.2989, 0.2989])
    """

    def __init__(self, p: float = 0.1) -> None:
        super().__init__(p)

    def change(self, img: Any) -> Any:
        return F.rgb_to_grayscale(img, F.get_dimensions(img)[0])


class RandomApply(Module):
    """Other transforms, all of them with probability ``p``, or none.

    >>> import autodiff as ad
    >>> from autodiff.vision.transforms import Pad, RandomApply
    >>> RandomApply([Pad(1), Pad(2)], p=1)(ad.zeros(3, 4, 4)).shape
    autodiff.Size([3, 10, 10])
    """

    def __init__(self, transforms: Sequence[Callable[[Any], Any]], p: float = 0.5) -> None:
        super().__init__()
        self.transforms, self.p = transforms, p

    def forward(self, img: Any) -> Any:
        if _happens(self.p):
            for transform in self.transforms:
                img = transform(img)
        return img

    def __repr__(self) -> str:
        lines = [f"    {transform}" for transform in self.transforms]
        return "\n".join(["RandomApply(", f"    p={self.p}", *lines, ")"])


class RandomCrop(Module):
    """A part of an image, of a given size, from anywhere.

    Args:
        padding: a border to add first, as for `Pad`.
        pad_if_needed: add a border where the image is too small.

    Raises:
        ValueError: when called: the image is smaller than the part.

    >>> import autodiff as ad
    >>> from autodiff.vision.transforms import RandomCrop
    >>> RandomCrop(4, padding=1)(ad.rand(3, 5, 5)).shape
    autodiff.Size([3, 4, 4])
    """

    def __init__(
        self,
        size: int | Sequence[int],
        padding: int | Sequence[int] | None = None,
        pad_if_needed: bool = False,
        fill: Any = 0,
        padding_mode: str = "constant",
    ) -> None:
        super().__init__()
        check_padding(padding or 0, fill, padding_mode)
        self.size, self.padding, self.pad_if_needed = pair(size), padding, pad_if_needed
        self.fill, self.padding_mode = fill, padding_mode

    def forward(self, img: Any) -> Any:
        if self.padding is not None:
            img = F.pad(img, self.padding, self.fill, self.padding_mode)
        new_height, new_width = self.size
        if self.pad_if_needed:
            _, height, width = F.get_dimensions(img)
            border = [max(new_width - width, 0), max(new_height - height, 0)]
            if any(border):
                img = F.pad(img, border, self.fill, self.padding_mode)
        _, height, width = F.get_dimensions(img)
        if height < new_height or width < new_width:
            raise errors.vision.crop_too_large(self.size, (height, width))
        top, left = _position(height - new_height), _position(width - new_width)
        return F.crop(img, top, left, new_height, new_width)

    def __repr__(self) -> str:
        return f"RandomCrop(size={self.size}, padding={self.padding})"


class RandomResizedCrop(Module):
    """A part of an image, of a random size and shape, resized to a given size.

    Args:
        size: of the result, one number for a square, or (height, width).
        scale, ratio: the share of the image and the shape of the part are between these.

    >>> import autodiff as ad
    >>> from autodiff.vision.transforms import RandomResizedCrop
    >>> RandomResizedCrop(4)(ad.rand(3, 8, 16)).shape
    autodiff.Size([3, 4, 4])
    """

    def __init__(
        self,
        size: int | Sequence[int],
        scale: Sequence[float] = (0.08, 1.0),
        ratio: Sequence[float] = (3 / 4, 4 / 3),
        interpolation: InterpolationMode = InterpolationMode.BILINEAR,
        antialias: bool = True,
    ) -> None:
        super().__init__()
        self.size, self.scale, self.ratio = pair(size), scale, ratio
        self.interpolation, self.antialias = interpolation, antialias

    def forward(self, img: Any) -> Any:
        _, height, width = F.get_dimensions(img)
        for _ in range(TRIES):
            h, w = _rectangle(height, width, self.scale, self.ratio)
            if 0 < h <= height and 0 < w <= width:
                top, left = _position(height - h), _position(width - w)
                break
        else:  # as much of the middle as the ratios allow
            least, most = min(self.ratio), max(self.ratio)
            h = min(height, round(width / least))
            w = min(width, round(height * most))
            top, left = (height - h) // 2, (width - w) // 2
        return F.resized_crop(img, top, left, h, w, self.size, self.interpolation, self.antialias)

    def __repr__(self) -> str:
        return (
            f"RandomResizedCrop(size={self.size}, "
            f"scale={tuple(round(s, 4) for s in self.scale)}, "
            f"ratio={tuple(round(r, 4) for r in self.ratio)}, "
            f"interpolation={self.interpolation.value}, antialias={self.antialias})"
        )


class RandomRotation(Module):
    """An image turned by an angle between two others, or between -degrees and degrees.

    Raises:
        ValueError: a negative number of degrees, or not two of them.

    >>> import autodiff as ad
    >>> from autodiff.vision.transforms import RandomRotation
    >>> RandomRotation((90, 90))(ad.tensor([[[1, 2], [3, 4]]]))
    tensor([[[2, 4],
             [1, 3]]])
    """

    def __init__(
        self,
        degrees: float | Sequence[float],
        interpolation: InterpolationMode = InterpolationMode.NEAREST,
        expand: bool = False,
        center: Sequence[float] | None = None,
        fill: Any = 0,
    ) -> None:
        super().__init__()
        if isinstance(degrees, (int, float)):
            if degrees < 0:
                raise errors.vision.negative_degrees()
            degrees = [-degrees, degrees]
        elif len(degrees) != 2:
            raise errors.vision.two_degrees()
        self.degrees = [float(d) for d in degrees]
        self.interpolation, self.expand = interpolation, expand
        self.center, self.fill = center, fill

    def forward(self, img: Any) -> Any:
        angle = _between(*self.degrees)
        return F.rotate(img, angle, self.interpolation, self.expand, self.center, self.fill)

    def __repr__(self) -> str:
        center = "" if self.center is None else f", center={self.center}"
        return (
            f"RandomRotation(degrees={self.degrees}, interpolation={self.interpolation.value}, "
            f"expand={self.expand}{center}, fill={self.fill})"
        )


class RandomErasing(Module):
    """A tensor image in which, with probability ``p``, a random rectangle is replaced.

    Source: Zhong et al., "Random erasing data augmentation" (2017).

    Args:
        scale, ratio: the share of the image and the shape of the rectangle are between these.
        value: a number, one number per channel, or "random" for noise.

    Raises:
        ValueError: a probability or a share that is not between 0 and 1, or an unknown ``value``.

    >>> import autodiff as ad
    >>> from autodiff.vision.transforms import RandomErasing
    >>> RandomErasing(p=1, value=9)(ad.zeros(3, 8, 8)).unique()
    tensor([0., 9.])
    """

    def __init__(
        self,
        p: float = 0.5,
        scale: Sequence[float] = (0.02, 0.33),
        ratio: Sequence[float] = (0.3, 3.3),
        value: Any = 0,
        inplace: bool = False,
    ) -> None:
        super().__init__()
        if isinstance(value, str) and value != "random":
            raise errors.vision.erasing("If value is str, it should be 'random'")
        if scale[0] < 0 or scale[1] > 1:
            raise errors.vision.erasing("Scale should be between 0 and 1")
        if not 0 <= p <= 1:
            raise errors.vision.erasing("Random erasing probability should be between 0 and 1")
        self.p, self.scale, self.ratio, self.value, self.inplace = p, scale, ratio, value, inplace

    def forward(self, img: Tensor) -> Tensor:
        if not _happens(self.p):
            return img
        channels, height, width = F.get_dimensions(img)
        for _ in range(TRIES):
            h, w = _rectangle(height, width, self.scale, self.ratio)
            if h < height and w < width:
                break
        else:
            return img
        if self.value == "random":
            value: Any = randn(channels, h, w)
        else:
            value = img.new_tensor(self.value).reshape(-1, 1, 1)
            if value.shape[0] not in (1, channels):
                raise errors.vision.erasing(
                    "If value is a sequence, it should have either a single value or "
                    f"{channels} (number of input channels)"
                )
        return F.erase(img, _position(height - h), _position(width - w), h, w, value, self.inplace)

    def __repr__(self) -> str:
        return (
            f"RandomErasing(p={self.p}, scale={self.scale}, ratio={self.ratio}, "
            f"value={self.value}, inplace={self.inplace})"
        )
