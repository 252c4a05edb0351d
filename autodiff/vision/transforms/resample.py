"""New pixels between the old ones: resizing and turning images that are tensors."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autodiff.interop import from_numpy
from autodiff.tensor import Tensor

__all__ = ["resized", "turned"]


def resized(x: Tensor, height: int, width: int, mode: str, antialias: bool) -> Tensor:
    """A floating-point image of shape (..., height, width) in another size.

    Each new pixel is a weighted sum of old ones, so resizing is a product with two matrices, one
    for the rows and one for the columns.
    """
    if mode == "nearest":
        rows = np.arange(height) * x.shape[-2] // height
        columns = np.arange(width) * x.shape[-1] // width
        return x[..., rows, :][..., columns]
    down = _weights(x.shape[-2], height, mode, antialias)
    across = _weights(x.shape[-1], width, mode, antialias)
    dtype = x.value.dtype
    return from_numpy(down.astype(dtype)) @ x @ from_numpy(across.T.astype(dtype))


def _weights(old: int, new: int, mode: str, antialias: bool) -> np.ndarray:
    """How much of each old pixel each new one gets, of shape (new, old)."""
    scale = old / new
    centers = (np.arange(new) + 0.5) * scale - 0.5  # of the new pixels, counted in old ones
    reach = max(scale, 1.0) if antialias else 1.0
    if antialias:
        weights = _filter((np.arange(old) - centers[:, None]) / reach, mode, -0.5)
        return weights / weights.sum(axis=1, keepdims=True)
    if mode == "bilinear":
        centers = centers.clip(0, old - 1)
    weights = np.zeros((new, old))
    near = 1 if mode == "bilinear" else 2
    for step in range(1 - near, near + 1):
        taken = np.floor(centers).astype(int) + step
        part = _filter(taken - centers, mode, -0.75)
        np.add.at(weights, (np.arange(new), taken.clip(0, old - 1)), part)
    return weights


def _filter(x: np.ndarray, mode: str, a: float) -> np.ndarray:
    """The weight of a pixel at distance x: a triangle, or Keys's cubic (1981) with parameter a."""
    x = np.abs(x)
    if mode == "bilinear":
        return np.maximum(1 - x, 0)
    inner = ((a + 2) * x - (a + 3)) * x * x + 1
    outer = ((x - 5) * x + 8) * x * a - 4 * a
    return np.where(x < 1, inner, np.where(x < 2, outer, 0))


def turned(
    x: Tensor, angle: float, mode: str, expand: bool, center: Any, fill: list[float]
) -> Tensor:
    """An image of shape (..., channels, height, width) turned counter-clockwise, in degrees."""
    height, width = x.shape[-2:]
    cos, sin = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    new_height, new_width = _bounds(height, width, cos, sin) if expand else (height, width)
    about_x, about_y = (0.0, 0.0) if center is None else (
        center[0] - width * 0.5, center[1] - height * 0.5
    )  # fmt: skip
    across = np.arange(new_width) + 0.5 - new_width / 2 - about_x
    down = (np.arange(new_height) + 0.5 - new_height / 2 - about_y)[:, None]
    # Where each new pixel comes from: turned back, and counted from the corner again.
    columns = cos * across - sin * down + about_x + width / 2 - 0.5
    rows = sin * across + cos * down + about_y + height / 2 - 0.5

    out, covered = _sampled(x, rows, columns, mode)
    # As torchvision has it: pixels at the border lose by their share outside twice.
    return (
        out * covered + (1 - covered) * from_numpy(np.asarray(fill, x.value.dtype))[:, None, None]
    )


def _sampled(x: Tensor, rows: np.ndarray, columns: np.ndarray, mode: str) -> tuple[Any, Any]:
    """The image at these places, 0 outside of it, and how far they are covered by it."""
    if mode == "nearest":
        shares = [(np.rint(rows), np.rint(columns), np.ones(rows.shape))]
    else:
        top, left = np.floor(rows), np.floor(columns)
        shares = [
            (row, column, by_row * by_column)
            for row, by_row in ((top, 1 - (rows - top)), (top + 1, rows - top))
            for column, by_column in ((left, 1 - (columns - left)), (left + 1, columns - left))
        ]
    height, width = x.shape[-2:]
    out: Any = 0
    covered: Any = 0
    for row, column, share in shares:
        inside = (row >= 0) & (row < height) & (column >= 0) & (column < width)
        weight = from_numpy((share * inside).astype(x.value.dtype))
        row = row.clip(0, height - 1).astype(int)
        column = column.clip(0, width - 1).astype(int)
        out, covered = out + weight * x[..., row, column], covered + weight
    return out, covered


def _bounds(height: int, width: int, cos: float, sin: float) -> tuple[int, int]:
    """The size of a picture that holds the whole turned image."""
    corners = np.array([[-width, -height], [-width, height], [width, height], [width, -height]]) / 2
    points = corners @ np.array([[cos, -sin], [sin, cos]])
    # A size that is whole but for rounding stays.
    low = np.trunc(points.min(axis=0) / 1e-3) * 1e-3
    high = np.trunc(points.max(axis=0) / 1e-3) * 1e-3
    size = np.ceil(high) - np.floor(low)
    return int(size[1]), int(size[0])
