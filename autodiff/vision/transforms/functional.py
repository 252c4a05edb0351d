"""Changes of images as functions. An image is a Pillow image, or a tensor (..., C, H, W)."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from typing import Any

import numpy as np

from autodiff import dtypes, errors
from autodiff.interop import from_numpy
from autodiff.tensor import Tensor
from autodiff.vision.pillow import array_of, image_from, is_pil
from autodiff.vision.transforms.resample import resized, turned

__all__ = [
    "InterpolationMode", "center_crop", "convert_image_dtype", "crop", "erase", "get_dimensions",
    "hflip", "normalize", "pad", "pil_to_tensor", "resize", "resized_crop", "rgb_to_grayscale",
    "rotate", "to_grayscale", "to_pil_image", "to_tensor", "vflip",
]  # fmt: skip


class InterpolationMode(Enum):
    """How new pixels are made from old ones."""

    NEAREST = "nearest"
    BILINEAR = "bilinear"
    BICUBIC = "bicubic"


def get_dimensions(img: Any) -> list[int]:
    """Channels, height and width of an image.

    Raises:
        TypeError: neither a Pillow image nor a tensor.
    """
    if is_pil(img):
        return [len(img.getbands()), img.height, img.width]
    _check_tensor(img)
    return [1 if img.dim() == 2 else img.shape[-3], *img.shape[-2:]]


def _check_tensor(img: Any) -> None:
    if not isinstance(img, Tensor):
        raise errors.vision.not_an_image_type(type(img).__name__)
    if img.dim() < 2:
        raise errors.vision.not_an_image_shape(tuple(img.shape))


def to_tensor(pic: Any) -> Tensor:
    """A Pillow image, or an array (H, W, C) or (H, W), as a tensor (C, H, W).

    Bytes from 0 to 255 become float32 from 0 to 1.

    Raises:
        TypeError: neither an image nor an array.
        ValueError: an array without 2 or 3 dimensions.

    >>> import numpy as np
    >>> from autodiff.vision.transforms.functional import to_tensor
    >>> to_tensor(np.array([[[0, 51, 255]]], dtype=np.uint8)).squeeze()
    tensor([0.0000, 0.2000, 1.0000])
    """
    if isinstance(pic, np.ndarray):
        if pic.ndim not in (2, 3):
            raise errors.vision.array_dimensions(pic.ndim)
        pixels = pic if pic.ndim == 3 else pic[:, :, None]
    elif is_pil(pic):
        pixels = array_of(pic.convert("L") if pic.mode == "1" else pic)
    else:
        raise errors.vision.neither_image_nor_array(pic)
    planes = np.ascontiguousarray(pixels.transpose(2, 0, 1))
    if planes.dtype == np.uint8:
        return from_numpy(planes.astype(np.float32) / np.float32(255))
    return from_numpy(planes)


def pil_to_tensor(pic: Any) -> Tensor:
    """A Pillow image as a tensor (C, H, W) of the same numbers.

    Raises:
        TypeError: not a Pillow image.
    """
    if not is_pil(pic):
        raise errors.vision.not_a_pil_image(type(pic).__name__)
    return from_numpy(np.ascontiguousarray(array_of(pic).transpose(2, 0, 1)))


def to_pil_image(pic: Any, mode: str | None = None) -> Any:
    """A tensor (C, H, W) or an array (H, W, C) as a Pillow image; floats from 0 to 1 as bytes.

    Raises:
        TypeError: neither a tensor nor an array.
        ValueError: not 2 or 3 dimensions, or more than 4 channels.
    """
    if isinstance(pic, Tensor):
        if pic.dim() not in (2, 3):
            raise errors.vision.image_dimensions(pic.dim())
        pixels = pic.detach().value
        pixels = pixels.transpose(1, 2, 0) if pixels.ndim == 3 else pixels[:, :, None]
        if pixels.dtype.kind == "f" and mode != "F":
            pixels = (pixels * 255).astype(np.uint8)
    elif isinstance(pic, np.ndarray):
        if pic.ndim not in (2, 3):
            raise errors.vision.image_dimensions(pic.ndim)
        pixels = pic if pic.ndim == 3 else pic[:, :, None]
    else:
        raise errors.vision.neither_tensor_nor_array(type(pic).__name__)
    if pixels.shape[-1] > 4:
        raise errors.vision.too_many_channels(pixels.shape[-1])
    if pixels.shape[-1] == 1:
        pixels = pixels[:, :, 0]
        if pixels.dtype == np.float64:
            pixels = pixels.astype(np.float32)
    return image_from(pixels, mode)


def convert_image_dtype(image: Tensor, dtype: Any = dtypes.float32) -> Tensor:
    """An image in another dtype, its numbers scaled: floats go from 0 to 1, integers to their top.

    Raises:
        TypeError: not a tensor.

    >>> import autodiff as ad
    >>> from autodiff.vision.transforms.functional import convert_image_dtype
    >>> convert_image_dtype(ad.tensor([0.0, 0.5, 1.0]), ad.uint8)
    tensor([  0, 127, 255], dtype=autodiff.uint8)
    """
    if not isinstance(image, Tensor):
        raise errors.vision.not_a_tensor_image(type(image).__name__)
    if image.dtype == dtype:
        return image
    if dtype.is_floating_point:
        if image.dtype.is_floating_point:
            return image.to(dtype)
        return image.to(dtype) / dtypes.iinfo(image.dtype).max
    top = dtypes.iinfo(dtype).max
    if image.dtype.is_floating_point:
        return (image * (top + 1.0 - 1e-3)).to(dtype)
    old_top = dtypes.iinfo(image.dtype).max
    if old_top > top:
        return (image // ((old_top + 1) // (top + 1))).to(dtype)
    return image.to(dtype) * ((top + 1) // (old_top + 1))


def normalize(tensor: Tensor, mean: Any, std: Any, inplace: bool = False) -> Tensor:
    """(x - mean) / std, with a mean and a standard deviation for each channel.

    Raises:
        TypeError: not a tensor, or not of floats.
        ValueError: a standard deviation of 0, or a tensor of less than 3 dimensions.
    """
    if not isinstance(tensor, Tensor):
        raise errors.vision.not_a_tensor_image(type(tensor).__name__)
    if not tensor.dtype.is_floating_point:
        raise errors.vision.not_floats(tensor.dtype)
    if tensor.dim() < 3:
        raise errors.vision.not_an_image_shape(tuple(tensor.shape))
    kind = tensor.value.dtype
    middle, spread = (from_numpy(np.asarray(v, kind).reshape(-1, 1, 1)) for v in (mean, std))
    if (spread.value == 0).any():
        raise errors.vision.no_spread(std)
    if inplace:
        return tensor.sub_(middle).div_(spread)
    return (tensor - middle) / spread


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
    _check_tensor(img)
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
    """A part of an image; what lies outside of the image is 0."""
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
    """The middle of an image, with a border of 0 where it is too small."""
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
    """A part of an image, resized."""
    part = crop(img, top, left, height, width)
    return resize(part, size, interpolation, antialias=antialias)


def hflip(img: Any) -> Any:
    """An image with left and right exchanged."""
    if is_pil(img):
        from PIL import Image

        return img.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    _check_tensor(img)
    return img.flip(-1)


def vflip(img: Any) -> Any:
    """An image with top and bottom exchanged."""
    if is_pil(img):
        from PIL import Image

        return img.transpose(Image.Transpose.FLIP_TOP_BOTTOM)
    _check_tensor(img)
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


def rgb_to_grayscale(img: Any, num_output_channels: int = 1) -> Any:
    """An image in shades of gray, by the eye's brightness of red, green and blue (ITU-R 601-2).

    Raises:
        ValueError: not 1 or 3 channels wanted.
    """
    if num_output_channels not in (1, 3):
        raise errors.vision.gray_channels(num_output_channels)
    if is_pil(img):
        gray = img.convert("L")
        return gray if num_output_channels == 1 else gray.convert("RGB")
    if get_dimensions(img)[0] == 3:
        red, green, blue = img.unbind(-3)
        img = (0.2989 * red + 0.587 * green + 0.114 * blue).to(img.dtype).unsqueeze(-3)
    return img.expand(*img.shape[:-3], num_output_channels, *img.shape[-2:])


to_grayscale = rgb_to_grayscale


def erase(img: Tensor, i: int, j: int, h: int, w: int, v: Any, inplace: bool = False) -> Tensor:
    """An image with the rectangle at row i and column j, of size h x w, set to ``v``.

    Raises:
        TypeError: not a tensor.
    """
    if not isinstance(img, Tensor):
        raise errors.vision.not_a_tensor_image(type(img).__name__)
    out = img if inplace else img.clone()
    out[..., i : i + h, j : j + w] = v
    return out
