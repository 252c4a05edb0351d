"""Images to try transforms on."""

from __future__ import annotations

from typing import Any

import numpy as np

__all__ = ["picture", "pixels"]


def pixels(channels: int, height: int = 12, width: int = 16) -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, (height, width, channels), np.uint8)


def picture(mode: str = "RGB") -> Any:
    from PIL import Image

    image = Image.fromarray(pixels(3))
    if mode in ("I", "F", "I;16"):
        values = np.arange(192).reshape(12, 16)
        kind = {"I": np.int32, "F": np.float32, "I;16": np.uint16}[mode]
        return Image.fromarray((values * 3).astype(kind))
    return image.convert(mode)
