"""A device inside numba.cuda's simulator: for the tests of machines that have no GPU.

Each thread of a kernel is a Python thread, so everything is kept small.
"""

from __future__ import annotations

import ctypes
import math
import sys
from collections.abc import Callable
from typing import Any

import numpy as np
from numba import cuda
from numba.cuda.simulator.cudadrv.devicearray import FakeCUDAArray
from numba.cuda.simulator.kernelapi import FakeCUDAShared

from autodiff.backends.cuda.kernel import Kernel
from autodiff.backends.cuda.pool import Block

__all__ = ["Simulator", "count", "open"]

LIMIT = 1 << 30
"""How much memory a simulated device has."""

TILE = 2
"""How many threads along each side of a block work together; on hardware there are more."""


def count() -> int:
    return 2


def open(index: int) -> Simulator:
    sys.setswitchinterval(1e-4)  # threads that wait for each other take turns sooner
    return Simulator(index)


def _of_floats(function: Callable[[float], float]) -> Callable[[Any], Any]:
    return lambda x: type(x)(function(float(x)))


NAMES: dict[str, Any] = {
    name: getattr(np, other)
    for name, other in {
        "exp": "exp", "exp2": "exp2", "expm1": "expm1", "log": "log", "log2": "log2",
        "log10": "log10", "log1p": "log1p", "sqrt": "sqrt", "sin": "sin", "cos": "cos",
        "tan": "tan", "asin": "arcsin", "acos": "arccos", "atan": "arctan", "sinh": "sinh",
        "cosh": "cosh", "tanh": "tanh", "asinh": "arcsinh", "acosh": "arccosh",
        "atanh": "arctanh", "atan2": "arctan2", "hypot": "hypot", "pow": "power", "fmod": "fmod",
        "copysign": "copysign", "isnan": "isnan", "isinf": "isinf", "isfinite": "isfinite",
        "fabs": "abs",
    }.items()
} | {
    name: _of_floats(getattr(math, name)) for name in ("erf", "erfc", "lgamma", "gamma")
} | {
    f"{name}_{real}": getattr(np, name)
    for name in ("floor", "ceil", "trunc", "rint")
    for real in ("float32", "float64")
} | {
    name: getattr(np, name)
    for name in (
        "float16", "float32", "float64", "int8", "int16", "int32", "int64",
        "uint8", "uint16", "uint32", "uint64",
    )
}  # fmt: skip


def _shared_array(self: Any, shape: Any, dtype: Any, alignment: Any = None) -> np.ndarray:
    """The shared array that a line of a kernel asks for: all threads of a block get the same one.

    numba's function looks whether there is one and then makes it; two threads that look at the same
    time get one each, and wrong sums.
    """
    return self._allocations.setdefault(sys._getframe(1).f_lineno, np.empty(shape, dtype))


FakeCUDAShared.array = _shared_array  # type: ignore[method-assign]


class Simulator:
    """A simulated device: its memory is the host's, in one place."""

    name = "CUDA simulator"
    capability = "sim"
    rows = TILE

    def __init__(self, index: int) -> None:
        self.index = index
        self.used = 0
        self.captured: list[tuple[Any, ...]] | None = None

    # -- memory -------------------------------------------------------------------------------

    def allocate(self, nbytes: int) -> np.ndarray:
        if self.used + nbytes > LIMIT:
            raise MemoryError
        self.used += nbytes
        return np.full(nbytes, 255, np.uint8)  # so that reading what nobody wrote is noticed

    def release(self, memory: np.ndarray) -> None:
        self.used -= memory.nbytes

    def borrow(self, address: int, nbytes: int, owner: Any) -> np.ndarray:
        memory = (ctypes.c_uint8 * nbytes).from_address(address)
        return np.ctypeslib.as_array(memory)

    def upload(self, block: Block, offset: int, array: np.ndarray) -> None:
        block.memory[offset : offset + array.nbytes] = array.reshape(-1).view(np.uint8)

    def download(self, block: Block, offset: int, array: np.ndarray) -> None:
        array.reshape(-1).view(np.uint8)[:] = block.memory[offset : offset + array.nbytes]

    def address(self, block: Block) -> int:
        return block.memory.ctypes.data

    # -- work ---------------------------------------------------------------------------------

    def shape_for(self, threads: int, block: int) -> tuple[int, int]:
        return 1, 1

    def compile(self, kernel: Kernel) -> Any:
        """The kernel as a function of the simulator, and the types of its arguments."""
        names = {"cuda": cuda, "device": lambda function: function, "inf": math.inf,
                 "nan": math.nan, "ALIGNED": None, **NAMES,
                 "__name__": "autodiff.backends.cuda.kernel"}  # fmt: skip
        exec(kernel.text, names)
        return cuda.jit(names["kernel"]), kernel.signature

    def launch(self, compiled: Any, grid: Any, block: Any, arguments: tuple[Any, ...]) -> None:
        if self.captured is not None:
            self.captured.append((compiled, grid, block, arguments))
            return
        function, signature = compiled
        given = [_argument(kind, x) for kind, x in zip(signature, arguments, strict=True)]
        with np.errstate(all="ignore"):
            function[grid, block](*given)

    def synchronize(self) -> None:
        pass

    def begin_capture(self) -> None:
        self.captured = []

    def end_capture(self) -> Callable[[], None]:
        launches, self.captured = self.captured or [], None

        def replay() -> None:
            for launch in launches:
                self.launch(*launch)

        return replay


def _argument(kind: str, x: Any) -> Any:
    if not kind.endswith("*"):
        return getattr(np, kind)(x)
    return FakeCUDAArray(x.block.memory[x.offset :][: _whole(kind, x)].view(kind[:-1]))


def _whole(kind: str, x: Any) -> int:
    """How many bytes behind a pointer make whole elements."""
    size = np.dtype(kind[:-1]).itemsize
    return (x.block.memory.nbytes - x.offset) // size * size
