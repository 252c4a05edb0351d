"""Files: SVG turned into PNG and PDF, and writing that leaves no half-written file behind."""

from __future__ import annotations

import os
from pathlib import Path

import vl_convert

from autodiff.serialization.archive import atomically

__all__ = ["pdf_of", "png_of", "write_file"]

SCALE = 2.0
"""Pixels of a PNG per point of the picture."""

LARGEST = 12_000
"""Larger PNG files, in pixels per side, are drawn at a smaller scale."""


def png_of(svg: str, width: float, height: float) -> bytes:
    """An SVG of a width and a height in points, as a PNG file."""
    return vl_convert.svg_to_png(svg, scale=min(SCALE, LARGEST / max(width, height)))


def pdf_of(svg: str) -> bytes:
    """An SVG as a PDF file of one page."""
    return vl_convert.svg_to_pdf(svg)


def write_file(path: str | os.PathLike[str], content: bytes) -> None:
    """Write a file whole or not at all.

    Raises:
        OSError: the folder is missing or cannot be written to.
    """
    target = Path(path)
    if not target.parent.is_dir():
        raise FileNotFoundError(
            f"cannot write {str(target)!r}: there is no folder {str(target.parent)!r}.\n"
            "  Fix: create the folder first, or save somewhere else."
        )
    try:
        atomically(target, lambda file: file.write(content), durable=False)
    except OSError as error:
        raise type(error)(
            f"cannot write {str(target)!r}: {error.strerror}.\n"
            "  Fix: save to a folder where you may create files."
        ) from None
