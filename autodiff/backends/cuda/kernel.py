"""A kernel before it is compiled: Python text, and the types of its arguments."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

__all__ = ["THREAD", "Kernel", "c_type", "computed_in"]

THREAD = """\
    i = uint32(uint32(cuda.blockIdx.x) * uint32(cuda.blockDim.x) + uint32(cuda.threadIdx.x))
    step = uint32(uint32(cuda.gridDim.x) * uint32(cuda.blockDim.x))
"""
"""Where a thread starts, and how far it goes at each step, when all threads share one range."""


@dataclass(frozen=True, eq=False)
class Kernel:
    """``text`` defines a function named ``kernel``; ``signature`` has a type for each argument.

    A type is a NumPy dtype's name, with a star for a pointer to elements of it ("float32*"). Truth
    values are uint8 in memory. The text may use the names that `driver` documents.
    Kernels are made once and then found by what they are for: they are equal to themselves only.
    """

    text: str
    signature: tuple[str, ...]


def c_type(dtype: np.dtype) -> str:
    """The name of the type that a kernel knows the elements of an array by.

    >>> c_type(np.dtype("float32")), c_type(np.dtype("bool"))
    ('float32', 'uint8')
    """
    return "uint8" if dtype.kind == "b" else dtype.name


def computed_in(dtype: np.dtype) -> str:
    """The name of the type that a kernel computes with: half precision is only for memory.

    >>> computed_in(np.dtype("float16"))
    'float32'
    """
    return "float32" if dtype == np.float16 else c_type(dtype)
