"""Images in other sizes, shapes and positions."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from typing import Any

import numpy as np

from autodiff import dtypes, errors
from autodiff.interop import from_numpy
from autodiff.tensor import Tensor
from autodiff.vision.pillow import array_of, is_pil
from autodiff.vision.transforms.pixels import check_tensor, get_dimensions, to_pil_image
from autodiff.vision.transforms.resample import resized, turned

__all__ = [
    "InterpolationMode", "center_crop", "crop", "hflip", "pad", "resize", "resized_crop", "rotate",
    "vflip",
]  # fmt: skip


class InterpolationMode(Enum):
    """How new pixels are made from old ones.

    >>> import autodiff as ad
    >>> from autodiff.vision.transforms import InterpolationMode, Resize
    >>> Resize((1, 4), InterpolationMode.NEAREST)(ad.tensor([[[1.0, 2.0]]]))
    tensor([[[1., 1., 2., 2.]]])
    """

    NEAREST = "nearest"
    BILINEAR = "bilinear"
    BICUBIC = "bicubic"


def resize(
    img: Any,
    size: int | Sequence[int],
    interpolation: InterpolationMode = InterpolationMode.BILINEAR,
    max_size: int | None = None,
    antialias: bool = True,
) -> Any:
    """An image in another size: (height, width), or the length of its shorter side.

    Args:
        max_size: the most that the longer side may get, where only the shorter is given.
        antialias: for tensors, average over all pixels that a new one covers, as Pillow does.

    Raises:
        ValueError: ``max_size`` together with two sizes, or not above the size.

    >>> import autodiff as ad
    >>> from autodiff.vision.transforms import functional
    >>> functional.resize(ad.rand(3, 8, 16), 4).shape
    autodiff.Size([3, 4, 8])
    """
    _, height, width = get_dimensions(img)
    sizes = [size] if isinstance(size, int) else list(size)
    if len(sizes) == 1:
        new_height, new_width = _keeping_ratio(height, width, sizes[0], max_size)
    elif max_size is not None:
        raise errors.vision.max_size_with_two(sizes)
    else:
        new_height, new_width = sizes
    if (new_height, new_width) == (height, width):
        return img
    if is_pil(img):
        from PIL import Image

        return img.resize((new_width, new_height), Image.Resampling[interpolation.name])
    return _in_floats(
        img, lambda x: resized(x, new_height, new_width, interpolation.value, antialias)
    )


def _keeping_ratio(height: int, width: int, size: int, max_size: int | None) -> tuple[int, int]:
    short, long = sorted((height, width))
    new_short, new_long = size, int(size * long / short)
    if max_size is not None:
        if max_size <= size:
            raise errors.vision.max_size_too_small(max_size, size)
        if new_long > max_size:
            new_short, new_long = int(max_size * new_short / new_long), max_size
    return (new_long, new_short) if width <= height else (new_short, new_long)


def _in_floats(img: Tensor, change: Any) -> Tensor:
    """Compute with floats; integers are rounded back to their dtype."""
    if img.dtype.is_floating_point:
        return change(img)
    limits = dtypes.iinfo(img.dtype)
    return change(img.float()).round().clamp(limits.min, limits.max).to(img.dtype)


def pad(
    img: Any, padding: int | Sequence[int], fill: Any = 0, padding_mode: str = "constant"
) -> Any:
    """An image with a border.

    Args:
        padding: its width; or for left and right, and top and bottom; or for left, top, right,
            bottom.
        padding_mode: "constant" fills with ``fill``; "edge" repeats the last pixel; "reflect" and
            "symmetric" mirror the image, without and with its edge.

    >>> import autodiff as ad
    >>> from autodiff.vision.transforms import functional
    >>> functional.pad(ad.tensor([[[1, 2], [3, 4]]]), (1, 0), fill=9)
    tensor([[[9, 1, 2, 9],
             [9, 3, 4, 9]]])
    """
    widths = [padding] if isinstance(padding, int) else list(padding)
    left, top, right, bottom = (widths * 4)[:4] if len(widths) < 4 else widths
    if is_pil(img) and padding_mode == "constant":
        from PIL import ImageOps

        if isinstance(fill, (int, float)) and len(img.getbands()) > 1:
            fill = (int(fill),) * len(img.getbands())
        return ImageOps.expand(img, (left, top, right, bottom), fill)
    if is_pil(img):
        mode = img.mode
        planes = from_numpy(np.ascontiguousarray(array_of(img).transpose(2, 0, 1)))
        return to_pil_image(pad(planes, padding, fill, padding_mode), mode)
    check_tensor(img)
    height, width = img.shape[-2:]
    if padding_mode != "constant":
        rows = np.pad(np.arange(height), (top, bottom), padding_mode)  # type: ignore[call-overload]
        columns = np.pad(np.arange(width), (left, right), padding_mode)  # type: ignore[call-overload]
        return img[..., rows, :][..., columns]
    out = img.new_full((*img.shape[:-2], height + top + bottom, width + left + right), 0)
    background = np.asarray(fill, img.value.dtype)
    out[...] = from_numpy(background[:, None, None] if background.ndim else background)
    source = img[..., max(-top, 0) : height + min(bottom, 0), max(-left, 0) : width + min(right, 0)]
    over, beside = max(top, 0), max(left, 0)
    out[..., over : over + source.shape[-2], beside : beside + source.shape[-1]] = source
    return out


def crop(img: Any, top: int, left: int, height: int, width: int) -> Any:
    """A part of an image; what lies outside of the image is 0.

    >>> import autodiff as ad
    >>> from autodiff.vision.transforms import functional
    >>> functional.crop(ad.tensor([[[1, 2], [3, 4]]]), top=1, left=0, height=1, width=2)
    tensor([[[3, 4]]])
    """
    if is_pil(img):
        return img.crop((left, top, left + width, top + height))
    _, h, w = get_dimensions(img)
    over, beside = max(-top, 0), max(-left, 0)
    under, behind = max(top + height - h, 0), max(left + width - w, 0)
    if over or beside or under or behind:
        img = pad(img, [beside, over, behind, under])
        top, left = top + over, left + beside
    return img[..., top : top + height, left : left + width]


def center_crop(img: Any, output_size: int | Sequence[int]) -> Any:
    """The middle of an image, with a border of 0 where it is too small.

    >>> import autodiff as ad
    >>> from autodiff.vision.transforms import functional
    >>> functional.center_crop(ad.tensor([[[1, 2, 3]]]), (1, 1))
    tensor([[[2]]])
    """
    sizes = [output_size] if isinstance(output_size, int) else list(output_size)
    height, width = sizes if len(sizes) == 2 else sizes * 2
    _, h, w = get_dimensions(img)
    if width > w or height > h:
        beside, over = max(width - w, 0), max(height - h, 0)
        img = pad(img, [beside // 2, over // 2, (beside + 1) // 2, (over + 1) // 2])
        _, h, w = get_dimensions(img)
        if (h, w) == (height, width):
            return img
    return crop(img, round((h - height) / 2.0), round((w - width) / 2.0), height, width)


def resized_crop(
    img: Any,
    top: int,
    left: int,
    height: int,
    width: int,
    size: Sequence[int],
    interpolation: InterpolationMode = InterpolationMode.BILINEAR,
    antialias: bool = True,
) -> Any:
    """A part of an image, resized.

    >>> import autodiff as ad
    >>> from autodiff.vision.transforms import functional
    >>> functional.resized_crop(ad.rand(3, 8, 8), 0, 0, height=4, width=4, size=(2, 6)).shape
    autodiff.Size([3, 2, 6])
    """
    part = crop(img, top, left, height, width)
    return resize(part, size, interpolation, antialias=antialias)


def hflip(img: Any) -> Any:
    """An image with left and right exchanged.

    >>> import autodiff as ad
    >>> from autodiff.vision.transforms import functional
    >>> functional.hflip(ad.tensor([[[1, 2, 3]]]))
    tensor([[[3, 2, 1]]])
    """
    if is_pil(img):
        from PIL import Image

        return img.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    check_tensor(img)
    return img.flip(-1)


def vflip(img: Any) -> Any:
    """An image with top and bottom exchanged.

    >>> import autodiff as ad
    >>> from autodiff.vision.transforms import functional
    >>> functional.vflip(ad.tensor([[[1, 2], [3, 4]]]))
    tensor([[[3, 4],
             [1, 2]]])
    """
    if is_pil(img):
        from PIL import Image

        return img.transpose(Image.Transpose.FLIP_TOP_BOTTOM)
    check_tensor(img)
    return img.flip(-2)


def rotate(
    img: Any,
    angle: float,
    interpolation: InterpolationMode = InterpolationMode.NEAREST,
    expand: bool = False,
    center: Sequence[float] | None = None,
    fill: Any = None,
) -> Any:
    """An image turned counter-clockwise by an angle in degrees.

    Args:
        expand: make the picture large enough for the whole turned image.
        center: what to turn around, as (x, y) from the upper left corner; the middle unless given.
        fill: the colour of what was outside of the image; 0 unless given.

    >>> import autodiff as ad
    >>> from autodiff.vision.transforms import functional
    >>> functional.rotate(ad.tensor([[[1, 2], [3, 4]]]), 90)
    tensor([[[2, 4],
             [1, 3]]])
    """
    channels, _, _ = get_dimensions(img)
    if is_pil(img):
        from PIL import Image

        if isinstance(fill, (int, float)):
            fill = (int(fill),) * channels if channels > 1 else fill
        colour = tuple(fill) if isinstance(fill, Sequence) else fill
        how = Image.Resampling[interpolation.name]
        return img.rotate(angle, how, expand, center, fillcolor=colour)
    background = list(fill) if isinstance(fill, Sequence) else [fill or 0] * channels
    return _in_floats(
        img, lambda x: turned(x, angle, interpolation.value, expand, center, background)
    )
