"""The one door to CUDA: which devices there are, and what each can do.

A device allocates, copies, compiles, launches, waits and captures. `hardware` does so through
cuda.core and numba.cuda, `simulator` in numba.cuda's simulator, where NUMBA_ENABLE_CUDASIM is set.
To replace numba.cuda by another compiler, replace what is imported in those two.

The text of a kernel may use ``cuda``; the dtypes' names as conversions; the functions of Python's
``math`` by their bare names; ``device``, the decorator of the functions a kernel calls; and
``ALIGNED``, the alignment of shared arrays that are read four numbers at a time.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache, cached_property
from types import ModuleType
from typing import Any

import numpy as np

from autodiff import errors
from autodiff.backends.cuda.cublas import Cublas
from autodiff.backends.cuda.kernel import Kernel
from autodiff.backends.cuda.pool import Block, Borrowed, Pool

__all__ = ["Gpu", "count", "gpu", "is_available", "is_simulated"]

BLOCK = 256
"""Threads per block of kernels whose threads do not work together."""


def is_simulated() -> bool:
    """Whether kernels run in numba.cuda's simulator instead of on a device."""
    return os.environ.get("NUMBA_ENABLE_CUDASIM", "0") == "1"


@cache
def _runtime() -> ModuleType:
    if is_simulated():
        from autodiff.backends.cuda import simulator

        return simulator
    from autodiff.backends.cuda import hardware

    return hardware


@cache
def count() -> int:
    """How many devices can be used: 0 without a driver, or without numba-cuda."""
    try:
        return _runtime().count()
    except ImportError:
        return 0


def is_available() -> bool:
    return count() > 0


@cache
def gpu(index: int) -> Gpu:
    """The device of that number.

    Raises:
        RuntimeError: there is none of that number.
        AssertionError: there is none at all.
    """
    if not is_available():
        raise errors.devices.no_cuda()
    if index >= count():
        raise errors.devices.no_such_device(index, count())
    return Gpu(index, _runtime().open(index))


class Gpu:
    """One device: its memory, and one stream that all its work goes through in order.

    Nothing waits for the device but `download` and `synchronize`. Kernels that meet a position out
    of range cannot raise; they raise a flag, which the next wait turns into an IndexError.
    """

    def __init__(self, index: int, runtime: Any) -> None:
        self.index, self.runtime = index, runtime
        self.name = runtime.name
        self.pool = Pool(runtime, f"cuda:{index}")
        self.compiled: dict[Kernel, Any] = {}
        self.fault = self.pool.allocate(4)
        self.runtime.upload(self.fault, 0, np.zeros(1, np.int32))
        self.faults_possible = self.is_capturing = False

    @cached_property
    def blas(self) -> Cublas | None:
        """cuBLAS, where AUTODIFF_CUBLAS=1 asks for it; the simulator has none.

        Raises:
            RuntimeError: it was asked for and cannot be loaded.
        """
        if os.environ.get("AUTODIFF_CUBLAS", "0") != "1" or not hasattr(self.runtime, "blas"):
            return None
        try:
            library, stream, enter = self.runtime.blas()
            return Cublas(library, stream, enter, self.runtime.synchronize)
        except (ImportError, RuntimeError) as error:
            raise errors.devices.no_cublas(error) from error

    def allocate(self, nbytes: int) -> Block:
        return self.pool.allocate(nbytes)

    def borrow(self, address: int, nbytes: int, owner: Any) -> Block:
        """Memory of another library, which is kept alive; its work there has been waited for."""
        return Block(self.runtime.borrow(address, nbytes, owner), nbytes, Borrowed())

    def upload(self, block: Block, offset: int, array: np.ndarray) -> None:
        """Copy a contiguous host array to the device."""
        self.runtime.upload(block, offset, array)

    def download(self, block: Block, offset: int, array: np.ndarray) -> None:
        """Copy from the device into a contiguous host array, and wait for it."""
        self._check_not_capturing()
        self.runtime.download(block, offset, array)
        self._check_fault()

    def synchronize(self) -> None:
        """Wait until all work is done."""
        self._check_not_capturing()
        self.runtime.synchronize()
        self._check_fault()

    def _check_not_capturing(self) -> None:
        if self.is_capturing:
            raise errors.devices.reading_while_capturing()

    def _check_fault(self) -> None:
        if not self.faults_possible:
            return
        flag = np.zeros(1, np.int32)
        self.runtime.download(self.fault, 0, flag)
        self.faults_possible = False
        if flag[0]:
            self.runtime.upload(self.fault, 0, np.zeros(1, np.int32))
            raise errors.devices.position_out_of_range()

    def launch(self, kernel: Kernel, threads: int, *arguments: Any) -> None:
        """Run a kernel whose threads share a range of ``threads`` elements."""
        self.launch_blocks(kernel, *self.runtime.shape_for(threads, BLOCK), *arguments)

    def launch_blocks(self, kernel: Kernel, grid: Any, block: Any, *arguments: Any) -> None:
        """Run a kernel on ``grid`` blocks of ``block`` threads.

        Pointers are given as arrays (whatever has a block and an offset), numbers as numbers.
        """
        compiled = self.compiled.get(kernel)
        if compiled is None:
            compiled = self.compiled[kernel] = self.runtime.compile(kernel)
        self.runtime.launch(compiled, grid, block, arguments)

    @contextmanager
    def capturing(self) -> Iterator[list[Callable[[], None]]]:
        """Collect launches instead of running them; the list then holds one function, the replay.

        Memory that is allocated meanwhile belongs to the captured work as long as that lives.
        """
        result: list[Callable[[], None]] = []
        outside, self.pool = self.pool, Pool(self.runtime, self.pool.name)
        inside = self.pool
        self.runtime.begin_capture()
        self.is_capturing = True
        try:
            yield result
        finally:
            replay = self.runtime.end_capture()
            self.pool, self.is_capturing = outside, False

        def run(kept: Pool = inside) -> None:
            self.faults_possible = True
            replay()

        result.append(run)
