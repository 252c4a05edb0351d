"""Pictures as tensors of bytes."""

from __future__ import annotations

import io
from enum import Enum
from pathlib import Path
from typing import Any

import numpy as np

from autodiff import errors
from autodiff.interop import from_numpy
from autodiff.tensor import Tensor
from autodiff.vision.pillow import array_of, open_image

__all__ = ["ImageReadMode", "decode_image", "read_file", "read_image"]


class ImageReadMode(Enum):
    """The channels to read: as they are, gray, or colours, with or without transparency.

    >>> import autodiff as ad
    >>> from autodiff.vision import io, utils
    >>> utils.save_image(ad.ones(3, 2, 4), getfixture("tmp_path") / "white.png")
    >>> io.read_image(getfixture("tmp_path") / "white.png", io.ImageReadMode.GRAY).shape
    autodiff.Size([1, 2, 4])
    """

    UNCHANGED = ""
    GRAY = "L"
    GRAY_ALPHA = "LA"
    RGB = "RGB"
    RGB_ALPHA = "RGBA"


def read_file(path: str | Path) -> Tensor:
    """The bytes of a file, as a uint8 tensor of one dimension.

    >>> from autodiff.vision import io
    >>> path = getfixture("tmp_path") / "three"
    >>> path.write_bytes(b"abc")
    3
    >>> io.read_file(path)
    tensor([97, 98, 99], dtype=autodiff.uint8)
    """
    return from_numpy(np.fromfile(path, np.uint8))


def decode_image(input: Any, mode: ImageReadMode | str = ImageReadMode.UNCHANGED) -> Tensor:
    """A picture as a uint8 tensor (C, H, W) of values from 0 to 255.

    Args:
        input: the bytes of a file as a uint8 tensor, or the path of the file.
        mode: the channels, as a member of `ImageReadMode` or its name.

    Raises:
        RuntimeError: they are no picture, or a damaged one.

    >>> import autodiff as ad
    >>> from autodiff.vision import io, utils
    >>> utils.save_image(ad.ones(3, 2, 2), getfixture("tmp_path") / "white.png")
    >>> io.decode_image(getfixture("tmp_path") / "white.png", mode="GRAY")
    tensor([[[255, 255],
             [255, 255]]], dtype=autodiff.uint8)
    """
    wanted = ImageReadMode[mode.upper()] if isinstance(mode, str) else mode
    if isinstance(input, (str, Path)):
        input = read_file(input)
    if not isinstance(input, Tensor) or input.dim() != 1 or input.value.dtype != np.uint8:
        raise errors.vision.not_the_bytes_of_a_file(type(input).__name__)
    image = open_image(io.BytesIO(input.value.tobytes()), wanted.value)
    if image.mode in ("P", "1"):  # numbers of colours in a palette; bits
        image = image.convert("RGB" if image.mode == "P" else "L")
    return from_numpy(np.ascontiguousarray(array_of(image).transpose(2, 0, 1)))


def read_image(path: str | Path, mode: ImageReadMode | str = ImageReadMode.UNCHANGED) -> Tensor:
    """The picture in a file as a uint8 tensor (C, H, W); see `decode_image`.

    Raises:
        RuntimeError: it is no picture, or a damaged one.

    >>> import autodiff as ad
    >>> from autodiff.vision import io, utils
    >>> utils.save_image(ad.ones(3, 2, 4), getfixture("tmp_path") / "white.png")
    >>> io.read_image(getfixture("tmp_path") / "white.png").shape
    autodiff.Size([3, 2, 4])
    """
    return decode_image(str(path), mode)
