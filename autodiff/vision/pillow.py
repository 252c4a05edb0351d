"""Pillow, imported when an image first needs it."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np

from autodiff import errors

__all__ = ["array_of", "image_from", "is_pil", "open_image"]


def is_pil(image: Any) -> bool:
    """Whether this is one of Pillow's images; before Pillow is imported, nothing is."""
    pil = sys.modules.get("PIL.Image")
    return pil is not None and isinstance(image, pil.Image)


def array_of(image: Any) -> np.ndarray:
    """The pixels of a Pillow image as an array of shape (height, width, channels)."""
    pixels = np.array(image)
    if image.mode == "1":
        pixels = pixels.astype(np.uint8)
    elif pixels.dtype == np.uint16:
        pixels = pixels.astype(np.int32)
    return pixels if pixels.ndim == 3 else pixels[:, :, None]


def image_from(pixels: np.ndarray, mode: str | None = None) -> Any:
    """A Pillow image of an array of shape (height, width) or (height, width, channels)."""
    from PIL import Image

    image = Image.fromarray(np.ascontiguousarray(pixels))
    if mode is None or mode == image.mode:
        return image
    # The bytes of the pixels, read as another kind of colour: RGB and HSV both have three.
    return Image.frombytes(mode, image.size, image.tobytes())


def open_image(file: Any, mode: str = "RGB") -> Any:
    """The image in a file, in the given mode.

    Raises:
        RuntimeError: the file holds no image that Pillow knows, or a damaged one.
    """
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(file) as image:
            return image.convert(mode) if mode else image.copy()
    except (UnidentifiedImageError, SyntaxError, Image.DecompressionBombError) as error:
        raise errors.vision.not_an_image(file, error) from None
    except FileNotFoundError:
        raise
    except (OSError, ValueError) as error:
        raise errors.vision.not_an_image(file, error) from None
