"""Sums, products, extremes and their like over some dimensions: without atomics, so repeatable.

Where results are many, a thread works each of them out alone, and neighbours read neighbouring
elements. Where rows are long, the threads of a block share a row and combine what they found in a
tree; a row so long that few blocks would have all the work is cut into spans, and the results of
the spans are combined in a second pass.
"""

from __future__ import annotations

import math
import textwrap
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from autodiff import errors
from autodiff.backends.cuda import layout
from autodiff.backends.cuda.array import CudaArray, xp
from autodiff.backends.cuda.driver import Gpu
from autodiff.backends.cuda.elementwise import MOST_ELEMENTS, offsets
from autodiff.backends.cuda.kernel import THREAD, Kernel, c_type, computed_in

__all__ = [
    "COMBINE", "arg_extreme", "mean", "reduce", "threads_together", "tree", "variance",
]  # fmt: skip

COMBINE = {
    "add": "a + b",
    "multiply": "a * b",
    "maximum": "a if a >= b or a != a else b",
    "minimum": "a if a <= b or a != a else b",
    "logical_or": "a | b",
    "logical_and": "a & b",
}
"""What makes one element of two, by the name of NumPy's function."""

LONG_ROW = 64
"""From this length on a block shares a row."""

SPAN = 1 << 14
"""How much of a row a block takes on when there are not enough rows to keep the device busy."""

BUSY = 512
"""With this many blocks a device is busy."""


def reduce(x: CudaArray, kind: str, axis: Any = None, keepdims: bool = False) -> CudaArray:
    """The elements along ``axis`` (an integer, several, or None for all) combined into one."""
    axis = tuple(axis) if isinstance(axis, list) else axis
    order, outer, shape = _order(kind, x.shape, axis, keepdims)
    dtype = _result_dtype(kind, x.dtype)
    return _combined(x.transpose(order) if x.ndim else x, outer, kind, dtype).reshape(shape)


@lru_cache(maxsize=4096)
def _order(kind: str, shape: Any, axis: Any, keepdims: bool) -> tuple[Any, int, Any]:
    """The dimensions with those to be reduced last, how many remain, and the result's shape."""
    reduced = _axes(axis, len(shape))
    if kind in ("maximum", "minimum") and math.prod([shape[d] for d in reduced]) == 0:
        raise ValueError(f"zero-size array to reduction operation {kind} which has no identity")
    outer = [d for d in range(len(shape)) if d not in reduced]
    kept = tuple([shape[d] for d in outer])
    whole = tuple([1 if d in reduced else n for d, n in enumerate(shape)])
    return (*outer, *reduced), len(outer), whole if keepdims else kept


def _combined(x: CudaArray, outer: int, kind: str, dtype: np.dtype) -> CudaArray:
    """The combination over all dimensions from number ``outer`` on, as a flat array."""
    threads = threads_together(x.gpu)
    now = _pass(x.shape, x.steps, outer, kind, x.dtype, dtype, threads)
    out = x.like((now.rows, now.spans), dtype)
    if not out.size:
        return out
    if now.shared:
        grid = min(out.size, 1 << 16)
        x.gpu.launch_blocks(now.kernel, grid, threads, out, x, *now.numbers)
    else:
        x.gpu.launch(now.kernel, now.rows, out, x, *now.numbers)
    return out if now.spans == 1 else _combined(out, 1, kind, dtype)


@dataclass(frozen=True)
class Pass:
    """One pass of a reduction: ``rows`` rows in ``spans`` spans each, by a thread or a block."""

    kernel: Kernel
    rows: int
    spans: int
    shared: bool
    numbers: tuple[np.uint32, ...]
    """The last arguments of the kernel."""


@lru_cache(maxsize=4096)
def _pass(
    shape: Any, strides: Any, outer: int, kind: str, dtype: np.dtype, out: np.dtype, threads: int
) -> Pass:
    """How rows of that layout are combined; ``threads`` of a block would share a row."""
    n, m = math.prod(shape[:outer]), math.prod(shape[outer:])
    if n * m > MOST_ELEMENTS:
        raise errors.devices.too_large(shape)
    rows, (row_steps,) = layout.collapse(shape[:outer], (strides[:outer],))
    columns, (steps,) = layout.collapse(shape[outer:], (strides[outer:],))
    shared = m >= LONG_ROW and (n < BUSY or not steps or steps[-1] == 1)
    spans = -(-m // SPAN) if shared and n < BUSY else 1
    dims = max(len(rows), 1), max(len(columns), 1)
    made = kernel(kind, dtype, out, *dims, threads if shared else 0)
    length = min(SPAN, m) if spans > 1 else m
    sizes = (n * spans, m, spans, length) if shared else (n, m)
    numbers = (*sizes, *rows[1:], *columns[1:], *(row_steps or (0,)), *(steps or (0,)))
    return Pass(made, n, spans, shared, tuple(map(np.uint32, numbers)))


THREADS = 256


def threads_together(gpu: Gpu) -> int:
    """How many threads of a block combine what they found; a few in the simulator."""
    return THREADS if gpu.runtime.shape_for(THREADS, THREADS)[1] == THREADS else 2


@lru_cache(maxsize=4096)
def _result_dtype(kind: str, dtype: np.dtype) -> np.dtype:
    return getattr(np, kind).reduce(np.ones(1, dtype)).dtype


def _identity(kind: str, real: str) -> str:
    """The text of the element that changes nothing."""
    if kind in ("maximum", "minimum"):
        if real.startswith("float"):
            return f"{real}({'-' if kind == 'maximum' else ''}inf)"
        info = np.iinfo(real)
        return f"{real}({info.min if kind == 'maximum' else info.max})"
    return f"{real}({int(kind in ('multiply', 'logical_and'))})"


@lru_cache(maxsize=4096)
def kernel(
    kind: str, dtype: np.dtype, out: np.dtype, rows: int, columns: int, threads: int
) -> Kernel:
    """The kernel that combines rows; with ``threads`` above 0, that many share a row.

    ``rows`` and ``columns`` are the numbers of dimensions that are kept and that are reduced.

    >>> print(kernel("add", np.dtype("f4"), np.dtype("f4"), 1, 1, 0).text)
    @device
    def combine(a, b):
        return a + b
    <BLANKLINE>
    def kernel(out, x, n, m, x_s0, y_s0):
        i = uint32(uint32(cuda.blockIdx.x) * uint32(cuda.blockDim.x) + uint32(cuda.threadIdx.x))
        step = uint32(uint32(cuda.gridDim.x) * uint32(cuda.blockDim.x))
        while i < n:
            x_at = uint32(i * x_s0)
            total = float32(0)
            j = uint32(0)
            while j < m:
                y_at = uint32(j * y_s0)
                total = combine(total, float32(x[uint32(x_at + y_at)]))
                j = uint32(j + 1)
            out[i] = float32(total)
            i = uint32(i + step)
    <BLANKLINE>
    """
    real = computed_in(out)
    value = "x[uint32(x_at + y_at)]"
    logical = kind.startswith("logical") or out.kind == "b"
    value = f"uint8(1) if {value} != 0 else uint8(0)" if logical else f"{real}({value})"
    sizes = [f"n{d}" for d in range(1, rows)] + [f"m{d}" for d in range(1, columns)]
    strides = [f"x_s{d}" for d in range(rows)] + [f"y_s{d}" for d in range(columns)]
    inner = "".join(
        f"            {line}\n" for line in offsets(["y"], columns, index="j", sizes="m")
    )
    loop = (
        f"{inner}            total = combine(total, {value})\n"
    )  # fmt: skip
    text = f"@device\ndef combine(a, b):\n    return {COMBINE[kind]}\n\n"
    if not threads:
        text += f"def kernel({', '.join(['out', 'x', 'n', 'm', *sizes, *strides])}):\n{THREAD}"
        text += "    while i < n:\n"
        text += "".join(f"        {line}\n" for line in offsets(["x"], rows))
        text += f"        total = {_identity(kind, real)}\n        j = uint32(0)\n"
        text += f"        while j < m:\n{loop}            j = uint32(j + 1)\n"
        text += f"        out[i] = {c_type(out)}(total)\n        i = uint32(i + step)\n"
        more = 2
    else:
        names = ["out", "x", "n", "m", "spans", "length", *sizes, *strides]
        text += f"def kernel({', '.join(names)}):\n"
        text += f"    shared = cuda.shared.array({threads}, {real})\n"
        text += "    thread = uint32(cuda.threadIdx.x)\n    b = uint32(cuda.blockIdx.x)\n"
        text += "    while b < n:\n        i = uint32(b // spans)\n"
        text += "".join(f"        {line}\n" for line in offsets(["x"], rows))
        text += "        first = uint32(uint32(b - uint32(i * spans)) * length)\n"
        text += "        last = uint32(min(uint32(first + length), m))\n"
        text += f"        total = {_identity(kind, real)}\n        j = uint32(first + thread)\n"
        text += f"        while j < last:\n{loop}            j = uint32(j + {threads})\n"
        text += textwrap.indent(tree("total", "shared", "combine", threads), " " * 8)
        text += f"        if thread == 0:\n            out[b] = {c_type(out)}(shared[0])\n"
        text += "        cuda.syncthreads()\n        b = uint32(b + uint32(cuda.gridDim.x))\n"
        more = 4
    numbers = ("uint32",) * (more + len(sizes) + len(strides))
    return Kernel(text, (f"{c_type(out)}*", f"{c_type(dtype)}*", *numbers))


def tree(total: str, shared: str, combine: str, threads: int) -> str:
    """Lines that leave the combination of all threads' ``total`` in ``shared[0]``.

    They need ``thread``, the number of the thread in its block.
    """
    return f"""\
{shared}[thread] = {total}
cuda.syncthreads()
half = uint32({threads // 2})
while half > 0:
    if thread < half:
        {shared}[thread] = {combine}({shared}[thread], {shared}[uint32(thread + half)])
    cuda.syncthreads()
    half = uint32(half // uint32(2))
"""


# -- made of reductions ---------------------------------------------------------------------------


def mean(x: CudaArray, axis: Any = None, keepdims: bool = False) -> CudaArray:
    total = reduce(x, "add", axis, keepdims)
    count = math.prod([x.shape[d] for d in _axes(axis, x.ndim)])
    return total / (x.dtype.type(count) if x.dtype.kind == "f" else count)


def variance(x: CudaArray, axis: Any = None, keepdims: bool = False, ddof: float = 0) -> CudaArray:
    centred = x - mean(x, axis, keepdims=True)
    count = math.prod([x.shape[d] for d in _axes(axis, x.ndim)])
    total = reduce(centred * centred, "add", axis, keepdims)
    return total / total.dtype.type(max(count - ddof, 0))


def arg_extreme(
    x: CudaArray, kind: str, axis: int | None = None, keepdims: bool = False
) -> CudaArray:
    """The position of the largest or smallest element along an axis; of equals, the first."""
    if axis is None:
        shape = (1,) * x.ndim if keepdims else ()
        return arg_extreme(x.ravel(), kind, 0).reshape(shape)
    axis %= x.ndim
    extreme = reduce(x, kind, axis, keepdims=True)
    n = x.shape[axis]
    places = x.sent(np.arange(n)).reshape([n if d == axis else 1 for d in range(x.ndim)])
    found = xp.where((x == extreme) | (x != x), places, n)
    return reduce(found, "minimum", axis, keepdims)


def _axes(axis: Any, ndim: int) -> tuple[int, ...]:
    if axis is None:
        return tuple(range(ndim))
    axes = (axis,) if isinstance(axis, (int, np.integer)) else tuple(axis)
    return tuple(sorted([int(a) % ndim for a in axes])) if ndim else ()
