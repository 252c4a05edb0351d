"""Random numbers made on the GPU: each thread works out its own from a counter.

Where the sequence is, is kept on the device, so that a captured graph goes on in the sequence each
time it is replayed.

Source: Salmon et al., "Parallel random numbers: as easy as 1, 2, 3" (2011): Philox 4x32-10.
"""

from __future__ import annotations

import math
from functools import cache
from typing import Any

import numpy as np

from autodiff.backends.cuda import driver
from autodiff.backends.cuda.array import xp
from autodiff.backends.cuda.kernel import THREAD, Kernel
from autodiff.backends.cuda.operations import CudaArray  # with its operators

__all__ = ["CudaGenerator"]

PHILOX = """\
@device
def high(a, b):
    return uint32(uint64(uint64(a) * uint64(b)) >> uint64(32))

@device
def low(a, b):
    return uint32(uint64(uint64(a) * uint64(b)) & uint64(0xFFFFFFFF))

@device
def plus(a, b):
    return uint32((uint64(a) + uint64(b)) & uint64(0xFFFFFFFF))

@device
def philox(state, i):
    place = uint64(state[1]) + uint64(i)
    a = uint32(place & uint64(0xFFFFFFFF))
    b = uint32(place >> uint64(32))
    c, d = uint32(0), uint32(0)
    key0 = uint32(state[0] & uint64(0xFFFFFFFF))
    key1 = uint32(state[0] >> uint64(32))
    for _ in range(10):
        first, second = high(uint32(0xD2511F53), a), high(uint32(0xCD9E8D57), c)
        a, b, c, d = (
            uint32(second ^ b ^ key0), low(uint32(0xCD9E8D57), c),
            uint32(first ^ d ^ key1), low(uint32(0xD2511F53), a),
        )
        key0, key1 = plus(key0, uint32(0x9E3779B9)), plus(key1, uint32(0xBB67AE85))
    return a, b

"""

UNIFORM = {
    "float32": "float32(uint32(a >> uint32(8))) * float32(2.0 ** -24)",
    "float64": "(float64(uint32(a >> uint32(5))) * float64(67108864.0)"
    " + float64(uint32(b >> uint32(6)))) * float64(2.0 ** -53)",
}
"""Numbers in [0, 1) with all the bits that the type has."""

BITS = "int64(uint64(uint64(a) | (uint64(b) << uint64(32))) % uint64(limit))"


def _kernel(dtype: str, lines: str, more: tuple[str, ...] = ()) -> Kernel:
    names = ", ".join(["out", "state", "n", *(["limit"] if more else [])])
    text = f"{PHILOX}def kernel({names}):\n{THREAD}    while i < n:\n"
    text += f"        a, b = philox(state, i)\n{lines}        i = uint32(i + step)\n"
    return Kernel(text, (f"{dtype}*", "uint64*", "uint32", *more))


@cache
def uniform_kernel(dtype: str) -> Kernel:
    return _kernel(dtype, f"        out[i] = {UNIFORM[dtype]}\n")


@cache
def normal_kernel(dtype: str) -> Kernel:
    """Source: Box & Muller, "A note on the generation of random normal deviates" (1958)."""
    real, half = dtype, f"{dtype}(2.0 ** -33)"
    lines = f"""\
        u = {real}(a) * {real}(2.0 ** -32) + {half}
        v = {real}(b) * {real}(2.0 ** -32)
        out[i] = sqrt({real}(-2.0) * log(u)) * cos({real}({2 * math.pi}) * v)
"""
    return _kernel(dtype, lines)


INTEGERS = _kernel("int64", f"        out[i] = {BITS}\n", ("uint64",))

ADVANCE = Kernel(
    f"def kernel(state, n):\n{THREAD}    if i == 0:\n        state[1] = state[1] + uint64(n)\n",
    ("uint64*", "uint32"),
)


class CudaGenerator:
    """Draws numbers on one device, with the names of NumPy's generators.

    Its state is the seed, and how many numbers were drawn so far.
    """

    def __init__(self, index: int, seed: int) -> None:
        self.state = CudaArray.of(np.array([seed % 2**64, 0], np.uint64), index)
        self.gpu = driver.gpu(index)

    def _draw(self, kernel: Kernel, shape: Any, dtype: Any, *more: Any) -> CudaArray:
        out = CudaArray.empty(shape, dtype, self.gpu)
        if out.size:
            self.gpu.launch(kernel, out.size, out, self.state, out.size, *more)
            self.gpu.launch(ADVANCE, 1, self.state, out.size)
        return out

    def random(self, shape: Any = (), dtype: Any = np.float32) -> CudaArray:
        """Uniform in [0, 1)."""
        dtype = np.dtype(dtype)
        return self._draw(uniform_kernel(dtype.name), shape, dtype)

    def standard_normal(self, shape: Any = (), dtype: Any = np.float32) -> CudaArray:
        dtype = np.dtype(dtype)
        return self._draw(normal_kernel(dtype.name), shape, dtype)

    def integers(self, low: int, high: int, shape: Any = ()) -> CudaArray:
        """Integers from ``low`` to ``high`` - 1."""
        return self._draw(INTEGERS, shape, np.int64, high - low) + low

    def uniform(self, low: float, high: float, shape: Any = ()) -> CudaArray:
        return self.random(shape) * (high - low) + low

    def exponential(self, scale: float, shape: Any = ()) -> CudaArray:
        return xp.log1p(-self.random(shape)) * -scale

    def geometric(self, p: float, shape: Any = ()) -> CudaArray:
        return xp.floor(xp.log1p(-self.random(shape)) / math.log1p(-p)) + 1

    def permutation(self, n: int) -> CudaArray:
        return xp.argsort(self.random((n,)))
