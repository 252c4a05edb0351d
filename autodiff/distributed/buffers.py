"""Between tensors and the memory that MPI reads and writes: plain NumPy arrays, never pickles.

This is the only place that knows where a tensor's elements are. Those of a GPU are copied to the
host and back; an MPI library that reads GPU memory itself would be used here.
"""

from __future__ import annotations

import numpy as np

from autodiff.grad_mode import no_grad
from autodiff.tensor import Tensor
from autodiff.views import mark_written

__all__ = ["array_of", "as_bytes", "write"]


def array_of(tensor: Tensor) -> np.ndarray:
    """The elements in one piece: the tensor's own memory where that is one piece on the host."""
    return np.ascontiguousarray(tensor.detach().cpu().value).reshape(tensor.shape)


def as_bytes(array: np.ndarray) -> np.ndarray:
    """The memory of an array in one piece, for operations that only move it."""
    return array.reshape(-1).view(np.uint8)


def write(tensor: Tensor, array: np.ndarray) -> None:
    """Put what arrived into the tensor; nothing is copied where it arrived there."""
    if isinstance(tensor.value, np.ndarray) and np.may_share_memory(tensor.value, array):
        mark_written(tensor)
    else:
        with no_grad():
            tensor.detach().copy_(Tensor._wrap(array))
