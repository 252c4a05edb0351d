"""Softmax, its logarithm, the loss of classes, and their gradients: one kernel each.

What is added up along a row is added up in a tree, or where rows are short and many by one thread
alone; so results are the same each time.
"""

from __future__ import annotations

import math
import textwrap
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from autodiff import errors
from autodiff.backends.cuda.array import CudaArray, check_together
from autodiff.backends.cuda.elementwise import MOST_ELEMENTS
from autodiff.backends.cuda.indexing import Flag
from autodiff.backends.cuda.kernel import THREAD, Kernel, c_type, computed_in
from autodiff.backends.cuda.reduce import (
    BUSY,
    COMBINE,
    LONG_ROW,
    SPAN,
    reduce,
    threads_together,
    tree,
)

__all__ = ["PASSES", "log_softmax", "log_softmax_gradient", "loss_gradient", "loss_kernel",
           "loss_of_classes", "row_kernel", "softmax", "softmax_gradient"]  # fmt: skip


@dataclass(frozen=True)
class Pass:
    """What is computed for each row: numbers that describe the row, then each result from them.

    Args:
        given: the names of the arrays.
        totals: the name of each number, how it is combined, and what of.
        result: the result for an element.
    """

    given: tuple[str, ...]
    totals: tuple[tuple[str, str, str], ...]
    result: str


EXPONENTIALS = (("largest", "maximum", "x"), ("total", "add", "exp(x - largest)"))
PASSES = {
    "softmax": Pass(("x",), EXPONENTIALS, "exp(x - largest) / total"),
    "log_softmax": Pass(("x",), EXPONENTIALS, "x - largest - log(total)"),
    "softmax_gradient": Pass(("g", "y"), (("total", "add", "g * y"),), "y * (g - total)"),
    "log_softmax_gradient": Pass(("g", "y"), (("total", "add", "g"),), "g - exp(y) * total"),
}


def softmax(x: CudaArray, *, dim: int) -> CudaArray:
    return _along_rows("softmax", dim, x)


def log_softmax(x: CudaArray, *, dim: int) -> CudaArray:
    return _along_rows("log_softmax", dim, x)


def softmax_gradient(g: CudaArray, out: CudaArray, dim: int) -> CudaArray:
    return _along_rows("softmax_gradient", dim, g, out)


def log_softmax_gradient(g: CudaArray, out: CudaArray, dim: int) -> CudaArray:
    return _along_rows("log_softmax_gradient", dim, g, out)


def _along_rows(kind: str, dim: int, *given: CudaArray) -> CudaArray:
    first = given[0]
    check_together(*given)
    dtype = np.exp(np.ones(0, first.dtype)).dtype  # of floats for integers too
    arrays = [x if x.is_contiguous and x.dtype == dtype else x.astype(dtype) for x in given]
    out = first.like(first.shape, dtype)
    if out.size > MOST_ELEMENTS:
        raise errors.devices.too_large(out.shape)
    if not out.size:
        return out
    length = first.shape[dim] if first.ndim else 1
    inner = math.prod(first.shape[dim + 1 :])
    rows, gpu = out.size // length, out.gpu
    numbers = (rows, length, inner)
    if length >= LONG_ROW and (inner == 1 or rows < BUSY):
        threads = threads_together(gpu)
        made = row_kernel(kind, dtype, threads)
        gpu.launch_blocks(made, min(rows, 1 << 16), threads, out, *arrays, *numbers)
    else:
        gpu.launch(row_kernel(kind, dtype, 0), rows, out, *arrays, *numbers)
    return out


@lru_cache(maxsize=64)
def row_kernel(kind: str, dtype: np.dtype, threads: int) -> Kernel:
    """The kernel of one of the `PASSES`; with ``threads`` above 0, that many share a row.

    The elements of a row lie ``inner`` apart.

    >>> print(row_kernel("log_softmax_gradient", np.dtype("f4"), 0).text)
    @device
    def add(a, b):
        return a + b
    <BLANKLINE>
    def kernel(out, g_, y_, n, length, inner):
        i = uint32(uint32(cuda.blockIdx.x) * uint32(cuda.blockDim.x) + uint32(cuda.threadIdx.x))
        step = uint32(uint32(cuda.gridDim.x) * uint32(cuda.blockDim.x))
        while i < n:
            before = uint32(i // inner)
            among = uint32(i - uint32(before * inner))
            start = uint32(uint32(before * uint32(length * inner)) + among)
            total = float32(0)
            j = uint32(0)
            while j < length:
                at = uint32(start + uint32(j * inner))
                g = float32(g_[at])
                y = float32(y_[at])
                total = add(total, g)
                j = uint32(j + 1)
            j = uint32(0)
            while j < length:
                at = uint32(start + uint32(j * inner))
                g = float32(g_[at])
                y = float32(y_[at])
                out[at] = float32(g - exp(y) * total)
                j = uint32(j + 1)
            i = uint32(i + step)
    <BLANKLINE>
    """
    work, real = PASSES[kind], computed_in(dtype)
    loads = [f"{x} = {real}({x}_[at])" for x in work.given]
    body = [
        "before = uint32(i // inner)",
        "among = uint32(i - uint32(before * inner))",
        "start = uint32(uint32(before * uint32(length * inner)) + among)",
    ]
    for name, how, value in work.totals:
        identity = f"{real}(-inf)" if how == "maximum" else f"{real}(0)"
        body += [
            f"{name} = {identity}",
            *_loop([*loads, f"{name} = {how}({name}, {value})"], threads),
        ]
        if threads:
            body += tree(name, "shared", how, threads).splitlines()
            body += [f"{name} = shared[0]", "cuda.syncthreads()"]
    body += _loop([*loads, f"out[at] = {c_type(dtype)}({work.result})"], threads)
    functions = [f"@device\ndef {how}(a, b):\n    return {COMBINE[how]}\n\n"
                 for how in dict.fromkeys(how for _, how, _ in work.totals)]  # fmt: skip
    given = ", ".join(f"{x}_" for x in work.given)
    text = "".join(functions) + f"def kernel(out, {given}, n, length, inner):\n"
    if threads:
        text += f"    shared = cuda.shared.array({threads}, {real})\n"
        text += "    thread = uint32(cuda.threadIdx.x)\n    i = uint32(cuda.blockIdx.x)\n"
        text += "    step = uint32(cuda.gridDim.x)\n"
    else:
        text += THREAD
    text += "    while i < n:\n" + textwrap.indent("\n".join(body), " " * 8)
    text += "\n        i = uint32(i + step)\n"
    return Kernel(text, (*[f"{c_type(dtype)}*"] * (1 + len(work.given)), *["uint32"] * 3))


def _loop(lines: list[str], threads: int) -> list[str]:
    """Lines for each element of a row that is a thread's."""
    first, step = ("thread", threads) if threads else ("uint32(0)", 1)
    inside = ["at = uint32(start + uint32(j * inner))", *lines, f"j = uint32(j + {step})"]
    return [f"j = {first}", "while j < length:", *(f"    {line}" for line in inside)]


# -- the loss of classes --------------------------------------------------------------------------


def loss_of_classes(x: CudaArray, *, target: CudaArray, scale: CudaArray) -> CudaArray:
    """Minus the sum of ``scale * x[target]``: x (N, C), target and scale (N,) -> ().

    A block takes on up to 16,384 rows; several blocks' sums are added up in a second pass.
    """
    check_together(x, target, scale)
    n, classes = x.shape
    blocks, threads = max(math.ceil(n / SPAN), 1), threads_together(x.gpu)
    out = x.like((blocks,))
    x.gpu.faults_possible = True
    x.gpu.launch_blocks(
        loss_kernel(x.dtype, threads), blocks, threads,
        out, _packed(x), _packed(target), _packed(scale.astype(x.dtype, copy=False)), Flag(x.gpu),
        n, classes, SPAN,
    )  # fmt: skip
    return out.reshape(()) if blocks == 1 else reduce(out, "add")


@lru_cache(maxsize=8)
def loss_kernel(dtype: np.dtype, threads: int) -> Kernel:
    real, kind = computed_in(dtype), c_type(dtype)
    text = f"""\
@device
def add(a, b):
    return a + b

def kernel(out, x, target, scale, fault, n, classes, span):
    shared = cuda.shared.array({threads}, {real})
    thread = uint32(cuda.threadIdx.x)
    first = uint32(uint32(cuda.blockIdx.x) * span)
    last = uint32(min(uint32(first + span), n))
    total = {real}(0)
    i = uint32(first + thread)
    while i < last:
        place = target[i]
        if place < 0 or place >= int64(classes):
            fault[0] = 1
        else:
            value = {real}(x[uint32(uint32(i * classes) + uint32(place))])
            total -= value * {real}(scale[i])
        i = uint32(i + {threads})
{textwrap.indent(tree("total", "shared", "add", threads), "    ")}\
    if thread == 0:
        out[cuda.blockIdx.x] = {kind}(shared[0])
"""
    return Kernel(text, (f"{kind}*", f"{kind}*", "int64*", f"{kind}*", "int32*", *["uint32"] * 3))


def loss_gradient(g: CudaArray, x_shape: Any, target: CudaArray, scale: CudaArray) -> CudaArray:
    """The gradient of x: minus ``g * scale`` at the right class of each row, 0 elsewhere."""
    out = g.like(x_shape)
    if out.size:
        scale = _packed(scale.astype(g.dtype, copy=False))
        made = loss_gradient_kernel(g.dtype)
        g.gpu.launch(made, out.size, out, g, _packed(target), scale, out.size, x_shape[1])
    return out


@lru_cache(maxsize=8)
def loss_gradient_kernel(dtype: np.dtype) -> Kernel:
    real, kind = computed_in(dtype), c_type(dtype)
    text = f"""\
def kernel(out, g, target, scale, n, classes):
{THREAD}    while i < n:
        row = uint32(i // classes)
        value = {real}(0)
        if target[row] == int64(uint32(i - uint32(row * classes))):
            value = -{real}(g[0]) * {real}(scale[row])
        out[i] = {kind}(value)
        i = uint32(i + step)
"""
    return Kernel(text, (f"{kind}*", f"{kind}*", "int64*", f"{kind}*", "uint32", "uint32"))


def _packed(x: CudaArray) -> CudaArray:
    return x if x.is_contiguous else x.copy()
