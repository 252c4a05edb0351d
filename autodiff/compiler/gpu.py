"""What the source of a compiled program for a GPU calls, besides NumPy's functions."""

from __future__ import annotations

from typing import Any

from autodiff.backends.cuda import driver
from autodiff.backends.cuda.kernel import Kernel
from autodiff.backends.cuda.operations import CudaArray

__all__ = ["Gpu", "Loop"]


class Gpu:
    """The device that a program runs on."""

    def __init__(self, index: int) -> None:
        self.gpu = driver.gpu(index)

    def empty(self, shape: tuple[int, ...], dtype: Any) -> CudaArray:
        """Memory that is not filled."""
        return CudaArray.empty(shape, dtype, self.gpu)

    def loop(self, size: int, types: str, text: str, blocks: int = 0, threads: int = 0) -> Loop:
        """A kernel that computes ``size`` elements, on arrays of these types.

        ``blocks`` and ``threads``: how many of them work together on a sum, where there is one.
        """
        return Loop(self.gpu, size, Kernel(text, tuple(types.split(", "))), blocks, threads)


class Loop:
    """A kernel of a compiled program, called with the arrays that it reads and then writes."""

    def __init__(
        self, gpu: driver.Gpu, size: int, kernel: Kernel, blocks: int, threads: int
    ) -> None:
        self.gpu, self.size, self.kernel = gpu, size, kernel
        self.blocks, self.threads = blocks, threads

    def __call__(self, *arrays: CudaArray) -> None:
        given = [x if x.is_contiguous else x.copy() for x in arrays]
        if self.blocks:
            self.gpu.launch_blocks(self.kernel, self.blocks, self.threads, *given)
        else:
            self.gpu.launch(self.kernel, self.size, *given)
