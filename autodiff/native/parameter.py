"""What a parameter of compiled code is."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

__all__ = ["Parameter"]


@dataclass(frozen=True)
class Parameter:
    """An array of some shape and dtype, or (without a shape) a whole number.

    A size of None is read from the array when the code runs.
    """

    shape: tuple[int | None, ...] | None
    dtype: np.dtype

    @classmethod
    def of(cls, declared: str) -> Parameter:
        """
        >>> Parameter.of("float32[64, 10]")
        Parameter(shape=(64, 10), dtype=dtype('float32'))
        """
        if declared == "int":
            return cls(None, np.dtype(np.intp))
        name, _, sizes = declared.rstrip("]").partition("[")
        return cls(tuple(map(int, sizes.split(","))), np.dtype(name))

    def __str__(self) -> str:
        return "int" if self.shape is None else f"{self.dtype}{list(self.shape)}"

    def accepts(self, x: Any) -> bool:
        """Whether machine code made for known sizes may read ``x`` as what was declared."""
        if self.shape is None:
            return type(x) is int
        if not isinstance(x, np.ndarray):
            return False
        sizes = [n for n in self.shape if n is not None]
        return x.dtype == self.dtype and x.size == math.prod(sizes) and x.flags.c_contiguous
