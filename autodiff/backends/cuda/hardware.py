"""A device of this machine, through cuda.core; its kernels are compiled by numba.cuda.

Compiled kernels are launched with bare pointers: that takes the host a fiftieth of the time that
numba.cuda's own launcher takes to look at its arguments.
"""

from __future__ import annotations

import ctypes
import math
import re
import threading
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np
from cuda.core import (
    Buffer,
    Device,
    LaunchConfig,
    LegacyPinnedMemoryResource,
    Linker,
    LinkerOptions,
    ObjectCode,
    launch,
)
from cuda.core.utils import StridedMemoryView
from numba import cuda, types
from numba.cuda import libdevice

from autodiff.backends.cuda import cubins
from autodiff.backends.cuda.kernel import Kernel
from autodiff.backends.cuda.pool import Block

__all__ = ["Hardware", "compile_kernel", "count", "entry_of", "link", "open", "ptx_of"]

MOST_BLOCKS = 4096
"""Blocks beyond these take turns: their threads step through the range."""

PINNED = 4 << 20
"""Bytes of pinned host memory that copies go through."""

MATH = (
    "exp", "exp2", "expm1", "log", "log2", "log10", "log1p", "sqrt", "sin", "cos", "tan", "asin",
    "acos", "atan", "sinh", "cosh", "tanh", "asinh", "acosh", "atanh", "atan2", "hypot", "pow",
    "fmod", "copysign", "isnan", "isinf", "isfinite", "fabs", "erf", "erfc", "lgamma", "gamma",
)  # fmt: skip
NUMBERS = (
    "float16", "float32", "float64", "int8", "int16", "int32", "int64",
    "uint8", "uint16", "uint32", "uint64",
)  # fmt: skip

NAMES: dict[str, Any] = (
    {name: getattr(math, name) for name in MATH}
    | {name: getattr(types, name) for name in NUMBERS}
    | {
        f"{name}_float32": getattr(libdevice, f"{name}f")
        for name in ("floor", "ceil", "trunc", "rint")
    }
    | {f"{name}_float64": getattr(libdevice, name) for name in ("floor", "ceil", "trunc", "rint")}
)


def count() -> int:
    try:
        return len(Device.get_all_devices())
    except RuntimeError:  # no driver on this machine
        return 0


def open(index: int) -> Hardware:
    return Hardware(index)


def _type(name: str) -> Any:
    if name.endswith("*"):
        return types.CPointer(getattr(types, name[:-1]))
    return getattr(types, name)


def ptx_of(kernel: Kernel, capability: tuple[int, int]) -> str:
    """The kernel as PTX. Needs no device."""
    names = {"cuda": cuda, "device": cuda.jit(device=True, inline="always"), "inf": math.inf,
             "nan": math.nan, "ALIGNED": 16, **NAMES,
             "__name__": "autodiff.backends.cuda.kernel"}  # fmt: skip
    exec(kernel.text, names)
    signature = types.void(*map(_type, kernel.signature))
    ptx, _ = cuda.compile(
        names["kernel"], signature, cc=capability, output="ptx", device=False, abi="numba"
    )
    return ptx


def entry_of(ptx: str) -> str:
    """The name that the compiler gave to the kernel."""
    match = re.search(r"\.entry\s+(\w+)", ptx)
    assert match is not None
    return match.group(1)


def link(ptx: str, capability: tuple[int, int]) -> tuple[bytes, str]:
    """Machine code, and what ptxas says of it (registers, local memory). Needs no device."""
    arch = f"sm_{capability[0]}{capability[1]}"
    options = LinkerOptions(arch=arch, verbose=True)
    linker = Linker(ObjectCode.from_ptx(ptx.encode()), options=options)
    return bytes(linker.link("cubin").code), linker.get_info_log()


def compile_kernel(kernel: Kernel, capability: tuple[int, int]) -> tuple[str, bytes]:
    """The name of the compiled kernel, and its machine code. Needs no device."""
    key = cubins.key(kernel, capability)
    if (found := cubins.load(key)) is not None:
        return found
    ptx = ptx_of(kernel, capability)
    compiled = (entry_of(ptx), link(ptx, capability)[0])
    cubins.store(key, compiled)
    return compiled


class Current(threading.local):
    """The device that this thread's calls go to."""

    device: Hardware | None = None


current = Current()


class Memory:
    """A buffer, and its address: to ask the buffer takes longer than to launch a kernel."""

    __slots__ = ("buffer", "address")

    def __init__(self, buffer: Buffer) -> None:
        self.buffer, self.address = buffer, int(buffer.handle)


class Hardware:
    """One GPU, with one stream.

    ``stream`` is where launches go: the device's own stream or, while work is captured, a graph
    that is being built. Memory and copies are not captured: they use ``own_stream``.
    """

    rows = 8

    def __init__(self, index: int) -> None:
        self.device = Device(index)
        self._enter()
        self.stream: Any = self.device.create_stream()
        self.own_stream = self.stream
        self.name = self.device.name
        major, minor = self.device.compute_capability
        self.capability = (major, minor)
        self.pinned = LegacyPinnedMemoryResource().allocate(PINNED, stream=None)
        self.staging = _host_view(self.pinned)

    def _enter(self) -> None:
        """Direct the calls of this thread to this device."""
        if current.device is not self:
            self.device.set_current()
            current.device = self

    # -- memory -------------------------------------------------------------------------------

    def allocate(self, nbytes: int) -> Memory:
        self._enter()
        try:
            return Memory(self.device.allocate(nbytes, stream=self.own_stream))
        except Exception as error:
            if "OUT_OF_MEMORY" in str(error):
                raise MemoryError from error
            raise

    def release(self, memory: Memory) -> None:
        memory.buffer.close(self.own_stream)

    def borrow(self, address: int, nbytes: int, owner: Any) -> Memory:
        self._enter()
        self.device.sync()
        return Memory(Buffer.from_handle(address, nbytes, owner=owner))

    def exported(self, array: Any, shape: Any, steps: Any, dtype: np.dtype, **settings: Any) -> Any:
        """A DLPack capsule of an array's memory."""
        memory = Buffer.from_handle(array.address, array.block.nbytes, owner=array.block)
        return StridedMemoryView.from_buffer(memory, shape, steps, dtype=dtype).__dlpack__(
            **settings
        )

    def upload(self, block: Block, offset: int, array: np.ndarray) -> None:
        self._enter()
        source = np.ascontiguousarray(array).reshape(-1).view(np.uint8)
        for start in range(0, source.size, PINNED):
            part = source[start : start + PINNED]
            self.own_stream.sync()  # the pinned memory may still be on its way from the last copy
            self.staging[: part.size] = part
            target = Buffer.from_handle(block.memory.address + offset + start, part.size)
            target.copy_from(self._pinned(part.size), stream=self.own_stream)

    def download(self, block: Block, offset: int, array: np.ndarray) -> None:
        self._enter()
        target = array.reshape(-1).view(np.uint8)
        for start in range(0, target.size, PINNED):
            part = target[start : start + PINNED]
            source = Buffer.from_handle(block.memory.address + offset + start, part.size)
            source.copy_to(self._pinned(part.size), stream=self.own_stream)
            self.own_stream.sync()
            part[:] = self.staging[: part.size]

    def _pinned(self, nbytes: int) -> Buffer:
        return Buffer.from_handle(self.pinned.handle, nbytes)

    def address(self, block: Block) -> int:
        return block.memory.address

    def blas(self) -> tuple[Any, int, Callable[[], None]]:
        """cuBLAS's functions, the stream that they shall use, and what to call before them.

        Raises:
            ImportError: nvmath-python is not installed.
            RuntimeError: cuBLAS is not.
        """
        from nvmath.bindings import cublas

        self._enter()
        return cublas, int(self.own_stream.handle), self._enter

    # -- work ---------------------------------------------------------------------------------

    def shape_for(self, threads: int, block: int) -> tuple[int, int]:
        return min(-(-threads // block), MOST_BLOCKS), block

    def compile(self, kernel: Kernel) -> Any:
        name, code = compile_kernel(kernel, self.capability)
        kinds = [None if kind.endswith("*") else getattr(np, kind) for kind in kernel.signature]
        return ObjectCode.from_cubin(code).get_kernel(name), kinds

    def launch(self, compiled: Any, grid: Any, block: Any, arguments: tuple[Any, ...]) -> None:
        self._enter()
        function, kinds = compiled
        given = [
            x.block.memory.address + x.offset if kind is None else x if type(x) is kind else kind(x)
            for kind, x in zip(kinds, arguments, strict=True)
        ]
        launch(self.stream, _shape(grid, block), function, *given)

    def synchronize(self) -> None:
        self._enter()
        self.own_stream.sync()

    def begin_capture(self) -> None:
        self._enter()
        self.stream = self.own_stream.create_graph_builder()
        self.stream.begin_building("relaxed")  # which lets memory be allocated meanwhile

    def end_capture(self) -> Callable[[], None]:
        builder, self.stream = self.stream, self.own_stream
        graph = builder.end_building().complete()

        def replay() -> None:
            self._enter()
            graph.launch(self.own_stream)

        return replay


@lru_cache(maxsize=1024)
def _shape(grid: Any, block: Any) -> LaunchConfig:
    return LaunchConfig(grid=grid, block=block)


def _host_view(buffer: Buffer) -> np.ndarray:
    """Pinned memory as a NumPy array."""
    pointer = (ctypes.c_uint8 * buffer.size).from_address(int(buffer.handle))
    return np.frombuffer(pointer, np.uint8)
