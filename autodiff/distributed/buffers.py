"""Between tensors and the memory that MPI reads and writes: plain arrays, never pickles.

This is the only place that knows where a tensor's elements are. Those of a GPU are copied to the
host and back, unless ``AUTODIFF_MPI_READS_GPUS=1`` says that the MPI library reads GPU memory
itself: mpi4py then hands it the device's addresses (``__cuda_array_interface__``).
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Sequence
from typing import Any

import numpy as np

from autodiff.arrays import DeviceArray
from autodiff.grad_mode import no_grad
from autodiff.tensor import Tensor
from autodiff.views import mark_written

__all__ = ["array_of", "as_bytes", "parts_of", "readable", "write"]


def array_of(tensor: Tensor) -> Any:
    """The elements in one piece: the tensor's own memory where that is one piece MPI can read."""
    if isinstance(tensor.value, DeviceArray) and os.environ.get("AUTODIFF_MPI_READS_GPUS") == "1":
        return tensor.detach().contiguous().value
    return np.ascontiguousarray(tensor.detach().cpu().value).reshape(tensor.shape)


def as_bytes(array: Any) -> Any:
    """The memory of an array in one piece, for operations that only move it."""
    return readable(array.reshape(-1).view(np.uint8))


def parts_of(flat: Any, tensors: Sequence[Tensor]) -> list[Any]:
    """Consecutive parts of an array of one dimension, in the shapes of these tensors."""
    ends = list(itertools.accumulate(x.numel() for x in tensors))
    return [
        flat[end - x.numel() : end].reshape(x.shape) for x, end in zip(tensors, ends, strict=True)
    ]


def readable(array: Any) -> Any:
    """An array as mpi4py takes it."""
    return DeviceMemory(array) if isinstance(array, DeviceArray) else array


class DeviceMemory:
    """A GPU's array with its address and nothing else: mpi4py would ask for DLPack first."""

    def __init__(self, array: Any) -> None:
        self.array = array

    @property
    def __cuda_array_interface__(self) -> dict[str, Any]:
        return self.array.__cuda_array_interface__


def write(tensor: Tensor, array: Any) -> None:
    """Put what arrived into the tensor; nothing is copied where it arrived there."""
    if isinstance(tensor.value, np.ndarray) and np.may_share_memory(tensor.value, array):
        mark_written(tensor)
    else:
        with no_grad():
            tensor.detach().copy_(Tensor._wrap(array))
