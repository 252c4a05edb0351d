"""Heat maps of small matrices and thumbnails of image tensors, as tiny PNG files."""

from __future__ import annotations

import struct
import zlib
from typing import Any

import numpy as np

from viz.scene import Raster
from viz.values import Summary
from viz.words import number

__all__ = ["raster_of"]

LARGEST = 32
"""Larger images are thinned out to at most this many pixels per side."""

NEGATIVE, MIDDLE, POSITIVE = (
    np.array(c, float) for c in ((0, 90, 178), (247, 247, 247), (213, 94, 0))
)


def raster_of(value: Any, step: int = 0) -> Raster | None:
    """A picture of a matrix (blue below zero, orange above), of an image, or of a batch's first.

    None for anything else, and for what is small enough to be shown as numbers.
    """
    if isinstance(value, Summary):
        value = value.first
    if not isinstance(value, np.ndarray) or value.size <= 16 or value.dtype.kind not in "fiub":
        return None
    if value.ndim == 4 and len(value):
        value = value[0]
    if value.ndim == 3 and len(value) == 1 and max(value.shape) <= LARGEST and value.min() < 0:
        value = value[0]  # filters, activations, gradients: their signs matter
    if value.ndim == 2 and min(value.shape) > 1 and max(value.shape) <= LARGEST:
        return _heat_map(value.astype(float), step)
    if value.ndim == 3 and value.shape[0] in (1, 3) and min(value.shape[1:]) >= 4:
        return _image(value.astype(float), step)
    return None


def _heat_map(matrix: np.ndarray, step: int) -> Raster:
    finite = matrix[np.isfinite(matrix)]
    largest = np.abs(finite).max() if finite.size and np.abs(finite).max() else 1.0
    share = np.clip(np.nan_to_num(matrix / largest, posinf=1, neginf=-1), -1, 1)[..., None]
    ends = np.where(share < 0, NEGATIVE, POSITIVE)
    colours = MIDDLE + np.abs(share) * (ends - MIDDLE)
    colours[~np.isfinite(matrix)] = (0, 0, 0)
    rows, columns = matrix.shape
    words = f"heat map of {rows} x {columns} values, white is 0, full colour {number(largest)}"
    return Raster(_png(colours), columns, rows, words, step)


def _image(image: np.ndarray, step: int) -> Raster | None:
    stride = max(1, -(-max(image.shape[1:]) // LARGEST))
    image = np.nan_to_num(image[:, ::stride, ::stride].transpose(1, 2, 0))
    low, high = image.min(), image.max()
    if low == high:
        return None
    grey = np.broadcast_to((image - low) / (high - low) * 255, (*image.shape[:2], 3))
    rows, columns = grey.shape[:2]
    words = f"image of {rows} x {columns} pixels, from {number(low)} to {number(high)}"
    return Raster(_png(grey), columns, rows, words, step)


def _png(colours: np.ndarray) -> bytes:
    """A PNG file of an array of rows, columns and three colours from 0 to 255."""
    pixels = np.ascontiguousarray(colours.round().astype(np.uint8))
    rows, columns = pixels.shape[:2]
    lines = b"".join(b"\0" + row.tobytes() for row in pixels)
    header = struct.pack(">IIBBBBB", columns, rows, 8, 2, 0, 0, 0)
    return b"".join(
        [
            b"\x89PNG\r\n\x1a\n",
            _chunk(b"IHDR", header),
            # Not compressed: compressors differ from machine to machine.
            _chunk(b"IDAT", zlib.compress(lines, 0)),
            _chunk(b"IEND", b""),
        ]
    )


def _chunk(kind: bytes, data: bytes) -> bytes:
    checksum = zlib.crc32(kind + data)
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", checksum)
