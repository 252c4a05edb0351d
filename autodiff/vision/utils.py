"""Several images in one picture, and pictures in files."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autodiff import errors
from autodiff.grad_mode import no_grad
from autodiff.ops.join import stack
from autodiff.tensor import Tensor
from autodiff.vision.pillow import image_from

__all__ = ["make_grid", "save_image"]


@no_grad()
def make_grid(
    tensor: Any,
    nrow: int = 8,
    padding: int = 2,
    normalize: bool = False,
    value_range: tuple[float, float] | None = None,
    scale_each: bool = False,
    pad_value: float = 0.0,
) -> Tensor:
    """Images side by side in one, of shape (C, H, W).

    Args:
        tensor: a batch (N, C, H, W), one image, or a list of images of one size; images of one
            channel become gray ones of three.
        nrow: images per row.
        padding: pixels between them, of the colour ``pad_value``.
        normalize: stretch the values to 0 ... 1, from the least and the greatest or from
            ``value_range``; of each image for itself if ``scale_each``.

    Raises:
        TypeError: neither a tensor nor a list of tensors.

    >>> import autodiff as ad
    >>> from autodiff.vision.utils import make_grid
    >>> make_grid(ad.rand(10, 1, 8, 8), nrow=5).shape
    autodiff.Size([3, 22, 52])
    """
    images = _batch(tensor)
    if normalize:
        if value_range is not None and not isinstance(value_range, tuple):
            raise errors.vision.value_range(value_range)
        parts = images.split(1) if scale_each else (images,)
        images = Tensor._wrap(np.concatenate([_stretched(x.value, value_range) for x in parts]))
    if len(images) == 1:
        return images.squeeze(0)
    count, channels, height, width = images.shape
    columns = min(nrow, count)
    rows = math.ceil(count / columns)
    step_down, step_across = height + padding, width + padding
    grid = images.new_full(
        (channels, rows * step_down + padding, columns * step_across + padding), pad_value
    )
    for number, image in enumerate(images):
        row, column = divmod(number, columns)
        top, left = row * step_down + padding, column * step_across + padding
        grid[:, top : top + height, left : left + width] = image
    return grid


def _batch(tensor: Any) -> Tensor:
    """A batch of images of at least three channels."""
    if isinstance(tensor, list) and all(isinstance(x, Tensor) for x in tensor):
        tensor = stack(tensor)
    if not isinstance(tensor, Tensor):
        raise errors.vision.not_images(type(tensor).__name__)
    if tensor.dim() == 2:
        tensor = tensor.unsqueeze(0)
    if tensor.dim() == 3:
        tensor = tensor.unsqueeze(0)
    return tensor.expand(-1, 3, -1, -1) if tensor.shape[1] == 1 else tensor


def _stretched(x: np.ndarray, value_range: tuple[float, float] | None) -> np.ndarray:
    low, high = value_range or (float(x.min()), float(x.max()))
    return (x.clip(low, high) - low) / max(high - low, 1e-5)


def save_image(tensor: Any, fp: Any, format: str | None = None, **settings: Any) -> None:
    """Write an image, or several as one grid, to a file; floats go from 0 to 1.

    Args:
        fp: the file's name, or an open file together with its ``format``.
        settings: those of `make_grid`.

    >>> import autodiff as ad
    >>> from autodiff.vision import io, utils
    >>> utils.save_image(ad.ones(3, 2, 4), getfixture("tmp_path") / "white.png")
    >>> io.read_image(getfixture("tmp_path") / "white.png").shape
    autodiff.Size([3, 2, 4])
    """
    grid = make_grid(tensor, **settings).value
    pixels = (grid * 255 + 0.5).clip(0, 255).astype(np.uint8).transpose(1, 2, 0)
    image_from(pixels).save(fp, format=format)
