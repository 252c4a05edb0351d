"""The IDX format of MNIST: a magic number, the sizes, and the bytes.

Source: Y. LeCun, C. Cortes and C. J. C. Burges, "The MNIST database of handwritten digits".
"""

from __future__ import annotations

import gzip
import math
import zlib
from pathlib import Path

import numpy as np

from autodiff import errors

__all__ = ["read_idx"]

BYTES = 8  # the code of unsigned bytes, the one kind that these data sets use
LARGEST = 1 << 30


def read_idx(path: Path, dimensions: int) -> np.ndarray:
    """The array in an IDX file, packed with gzip if its name ends in ``.gz``.

    Raises:
        RuntimeError: it is no such file, of other dimensions, cut short or too long.
    """
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
            data = file.read(LARGEST)
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise errors.vision.damaged_file(path, str(error)) from None
    start = 4 + 4 * dimensions
    if len(data) < start or data[:4] != bytes([0, 0, BYTES, dimensions]):
        raise errors.vision.damaged_file(path, f"it is no IDX file of {dimensions} dimensions")
    shape = tuple(int(n) for n in np.frombuffer(data, ">u4", dimensions, offset=4))
    if len(data) - start != math.prod(shape):
        raise errors.vision.damaged_file(
            path, f"it holds {len(data) - start} values, where {shape} asks for {math.prod(shape)}"
        )
    return np.frombuffer(data, np.uint8, offset=start).reshape(shape).copy()
