"""What the host takes for work on a GPU, on a machine that has none: the driver does nothing.

Everything of ours runs, up to and including `backends/cuda/hardware.py`; what that module calls in
cuda.core and the compiler is replaced by functions that return at once. So the times are those of
our own Python: a real driver's come on top.
"""

from __future__ import annotations

import ctypes
import importlib.util
import itertools
import sys
from types import ModuleType, SimpleNamespace
from typing import Any

__all__ = ["install", "launches"]

launches = [0]
"""How many kernels were launched so far."""


class Buffer:
    """Memory that is only an address."""

    addresses = itertools.count(1 << 30, 1 << 26)

    def __init__(self, handle: int, size: int) -> None:
        self.handle, self.size = handle, size
        self.kept: Any = None

    @staticmethod
    def from_handle(handle: int, size: int, owner: Any = None) -> Buffer:
        return Buffer(handle, size)

    def copy_from(self, source: Buffer, stream: Any) -> None:
        pass

    def copy_to(self, target: Buffer, stream: Any) -> None:
        ctypes.memset(target.handle, 0, target.size)  # whatever is read is 0: no fault was met


class Device:
    """A device that has as much memory as it is asked for."""

    name, compute_capability = "no device", (9, 0)

    def __init__(self, index: int) -> None:
        pass

    @staticmethod
    def get_all_devices() -> list[int]:
        return [0]

    def set_current(self) -> None:
        pass

    def create_stream(self) -> Any:
        return SimpleNamespace(sync=lambda: None)

    def allocate(self, nbytes: int, stream: Any) -> Buffer:
        return Buffer(next(Buffer.addresses), nbytes)


class Pinned:
    """The host's memory: some of it is real, because copies pass through it."""

    def allocate(self, nbytes: int, stream: Any) -> Buffer:
        import numpy as np

        memory = np.zeros(nbytes, np.uint8)
        buffer = Buffer(memory.ctypes.data, nbytes)
        buffer.kept = memory
        return buffer


def launch(stream: Any, shape: Any, function: Any, *arguments: Any) -> None:
    launches[0] += 1


def install() -> None:
    """Let `hardware` find these in the place of a driver."""
    stand_ins = {
        "Buffer": Buffer, "Device": Device, "launch": launch, "LegacyPinnedMemoryResource": Pinned,
        "LaunchConfig": lambda grid, block: (grid, block),
        "ObjectCode": SimpleNamespace(
            from_cubin=lambda code: SimpleNamespace(get_kernel=lambda name: name)
        ),
    }  # fmt: skip
    if importlib.util.find_spec("cuda") is None:  # numba-cuda is not installed
        core, utils = ModuleType("cuda.core"), ModuleType("cuda.core.utils")
        core.__dict__.update(stand_ins, Linker=None, LinkerOptions=None)
        utils.__dict__["StridedMemoryView"] = None
        sys.modules |= {"cuda": ModuleType("cuda"), "cuda.core": core, "cuda.core.utils": utils}
    from autodiff.backends.cuda import hardware

    hardware.__dict__.update(stand_ins, compile_kernel=lambda kernel, capability: ("kernel", b""))
