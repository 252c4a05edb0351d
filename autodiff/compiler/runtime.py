"""What the source of a compiled program calls, besides NumPy and the ops."""

from __future__ import annotations

from typing import Any

import numpy as np

from autodiff.tensor import Tensor
from autodiff.views import mark_written

__all__ = ["LOOPS", "SUMS", "add_to_grad", "in_order", "set_grad", "write"]

LOOPS: dict[str, Any] = {
    "cache": True, "nogil": True, "error_model": "numpy", "fastmath": {"contract"},
}  # fmt: skip
"""How Numba compiles a loop: cached on disk, dividing as NumPy does, products and sums in one."""

SUMS: dict[str, Any] = LOOPS | {"fastmath": {"contract", "reassoc"}}
"""... and one that adds up, in whichever order is quickest."""


def in_order(x: np.ndarray) -> np.ndarray:
    """``x`` with its elements one after the other in memory: itself, or a copy."""
    return x if x.flags.c_contiguous else np.array(x, order="C")


def set_grad(leaf: Tensor, g: np.ndarray) -> None:
    """Let ``g`` be the gradient of a leaf."""
    leaf._grad = Tensor._wrap(g)


def add_to_grad(leaf: Tensor, total: np.ndarray) -> None:
    """Let the gradient that a leaf has already become ``total``, in its own memory."""
    leaf._grad.value[...] = total


def write(x: Tensor, values: np.ndarray) -> None:
    """Give the memory of ``x`` new elements."""
    x.value[...] = values
    mark_written(x)
