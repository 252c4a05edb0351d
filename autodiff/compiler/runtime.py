"""What the source of a compiled program calls, besides NumPy and the ops."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np

from autodiff.arrays import in_order
from autodiff.backends.threads import in_parts
from autodiff.tensor import Tensor
from autodiff.views import mark_written

__all__ = ["Room", "add_to_grad", "in_order", "in_parts", "keep_freed", "set_grad", "write"]


MOST_KEPT = 32 << 20
"""The largest block that changes what the C library keeps."""


class Room:
    """Memory for one large array, made again only where somebody still holds the last one.

    Fresh memory has to be handed out by the system page by page, which takes as long as to fill it.
    """

    def __init__(self, shape: tuple[int, ...], dtype: Any) -> None:
        self.array = np.empty(shape, dtype)

    def take(self) -> np.ndarray:
        """The array, for whoever writes its elements next."""
        if sys.getrefcount(self.array) > 2:
            self.array = np.empty_like(self.array)
        return self.array


def keep_freed(nbytes: int) -> None:
    """Let the C library keep so many freed bytes for the next call of a program.

    GNU's gives what is free at the end of its heap back to the system, which then has to hand it
    out again page by page in each call; but it keeps twice the largest block that was ever freed.
    """
    np.empty(min(nbytes, MOST_KEPT), np.uint8)


def set_grad(leaf: Tensor, g: Any) -> None:
    """Let ``g`` be the gradient of a leaf."""
    leaf._grad = Tensor._wrap(g)


def add_to_grad(leaf: Tensor, total: Any) -> None:
    """Let the gradient that a leaf has already become ``total``, in its own memory."""
    leaf._grad.value[...] = total


def write(x: Tensor, values: Any) -> None:
    """Give the memory of ``x`` new elements."""
    x.value[...] = values
    mark_written(x)
