"""Images as tensors, as Pillow images, and in other numbers and colours."""

from __future__ import annotations

from typing import Any

import numpy as np

from autodiff import dtypes, errors
from autodiff.interop import from_numpy
from autodiff.tensor import Tensor
from autodiff.vision.pillow import array_of, image_from, is_pil

__all__ = [
    "check_tensor", "convert_image_dtype", "erase", "get_dimensions", "normalize", "pil_to_tensor",
    "rgb_to_grayscale", "to_grayscale", "to_pil_image", "to_tensor",
]  # fmt: skip


def get_dimensions(img: Any) -> list[int]:
    """Channels, height and width of an image.

    Raises:
        TypeError: neither a Pillow image nor a tensor.

    >>> import autodiff as ad
    >>> from autodiff.vision.transforms import functional
    >>> functional.get_dimensions(ad.zeros(3, 8, 16))
    [3, 8, 16]
    """
    if is_pil(img):
        return [len(img.getbands()), img.height, img.width]
    check_tensor(img)
    return [1 if img.dim() == 2 else img.shape[-3], *img.shape[-2:]]


def check_tensor(img: Any) -> None:
    """
    Raises:
        TypeError, ValueError: not a tensor, or of less than two dimensions.
    """
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

    >>> from PIL import Image
    >>> from autodiff.vision.transforms import functional
    >>> functional.pil_to_tensor(Image.new("L", (3, 1), color=51))
    tensor([[[51, 51, 51]]], dtype=autodiff.uint8)
    """
    if not is_pil(pic):
        raise errors.vision.not_a_pil_image(type(pic).__name__)
    return from_numpy(np.ascontiguousarray(array_of(pic).transpose(2, 0, 1)))


def to_pil_image(pic: Any, mode: str | None = None) -> Any:
    """A tensor (C, H, W) or an array (H, W, C) as a Pillow image; floats from 0 to 1 as bytes.

    Raises:
        TypeError: neither a tensor nor an array.
        ValueError: not 2 or 3 dimensions, or more than 4 channels.

    >>> import autodiff as ad
    >>> from autodiff.vision.transforms import functional
    >>> image = functional.to_pil_image(ad.ones(3, 2, 4))
    >>> image.size, image.mode, image.getpixel((0, 0))
    ((4, 2), 'RGB', (255, 255, 255))
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

    >>> import autodiff as ad
    >>> from autodiff.vision.transforms import functional
    >>> functional.normalize(ad.tensor([[[0.0, 0.5, 1.0]]]), (0.5,), (0.25,))
    tensor([[[-2.,  0.,  2.]]])
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


def rgb_to_grayscale(img: Any, num_output_channels: int = 1) -> Any:
    """An image in shades of gray, by the eye's brightness of red, green and blue (ITU-R 601-2).

    Raises:
        ValueError: not 1 or 3 channels wanted.

    >>> import autodiff as ad
    >>> from autodiff.vision.transforms import functional
    >>> red = ad.tensor([1.0, 0.0, 0.0]).reshape(3, 1, 1)
    >>> functional.rgb_to_grayscale(red)
    tensor([[[0.2989]]])
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

    >>> import autodiff as ad
    >>> from autodiff.vision.transforms import functional
    >>> functional.erase(ad.tensor([[[1, 2], [3, 4]]]), 1, 0, h=1, w=2, v=9)
    tensor([[[1, 2],
             [9, 9]]])
    """
    if not isinstance(img, Tensor):
        raise errors.vision.not_a_tensor_image(type(img).__name__)
    out = img if inplace else img.clone()
    out[..., i : i + h, j : j + w] = v
    return out
