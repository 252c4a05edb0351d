"""Kernels: a group of fused steps as one kernel for a GPU, made of the ops' device functions."""

from __future__ import annotations

import math
import textwrap
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from autodiff.backends.cuda import layout
from autodiff.backends.cuda.elementwise import MOST_ELEMENTS, offsets, plan
from autodiff.backends.cuda.kernel import THREAD, Kernel, c_type
from autodiff.backends.cuda.reduce import tree
from autodiff.backends.cuda.scalars import UntranslatableError, device_name, translate
from autodiff.compiler.fuse import Group, dtype_of, is_sum, is_uniform
from autodiff.compiler.loops import comment_of
from autodiff.compiler.program import Step, Value

__all__ = ["GpuLoop", "element", "kernel_loop"]

EACH = 8
"""So many elements at least a thread adds up, where a loop computes sums."""

MOST_BLOCKS = 512


@dataclass
class GpuLoop:
    """A kernel, and the values it is called with: what it reads, then what it writes."""

    name: str
    kernel: Kernel
    operands: list[Value]
    results: list[Value]
    size: int
    sums: list[Value]
    """Results of which each of the blocks finds a part."""
    blocks: int = 0
    """How many blocks share a sum; 0 where there is none."""
    threads: int = 0

    @property
    def source(self) -> str:
        """The line of a program that makes it."""
        shared = f", blocks={self.blocks}, threads={self.threads}" if self.blocks else ""
        types = ", ".join(self.kernel.signature)
        text = f'"""\n{self.kernel.text}"""'
        return f'{self.name} = gpu.loop({self.size}, "{types}", {text}{shared})'


def element(step: Step, operands: list[str]) -> str | None:
    """One element of a step's result as an expression in a kernel, or None."""
    return _expression(step, operands, {})


def kernel_loop(name: str, group: Group, needed: set[Value], threads: int) -> GpuLoop:
    """The kernel that runs a group; ``needed`` says which results others read.

    ``threads`` of a block work together on a sum.
    """
    assert group.shape is not None
    operands, results = group.operands(), group.results(needed)
    sums = [step.out for step in group.steps if is_sum(step)]
    size = math.prod(group.shape)
    places = {v: _name(v) for v in (*operands, *results)}
    at, before, inside = _positions(group.shape, operands, places)
    functions: dict[str, str] = {}
    texts = {v: _loaded(v, f"{places[v]}[{at[v]}]") for v in operands}
    start, body, end = [], [], []
    for step in group.steps:
        if is_sum(step):
            real = c_type(step.out.dtype)
            total = f"{step.out.name}_total"
            start.append(f"{total} = {real}(0)")
            body.append((f"{total} += {texts[step.args[0]]}", comment_of(step)))
            end.append(_summed(step, total, real, threads))
            functions["add_up"] = "@device\ndef add_up(a, b):\n    return a + b\n"
            continue
        arguments = [texts[x] if isinstance(x, Value) else "" for x in step.args]
        value = _expression(step, arguments, functions)
        body.append((f"{step.out.name} = {value}", comment_of(step)))
        texts[step.out] = step.out.name
        if step.out in results:
            kept = step.out.name
            stored = f"uint8(1) if {kept} else uint8(0)" if step.out.dtype == bool else kept
            body.append((f"{places[step.out]}_out[i] = {stored}", ""))
    parameters = [places[v] for v in operands]
    parameters += [places[v] if v in sums else f"{places[v]}_out" for v in results]
    width = min(max(len(text) for text, _ in body), 60)
    lines = [f"{text.ljust(width)}  # {note}" if note else text for text, note in body]
    text = "\n".join(functions.values())
    text += f"\ndef kernel({', '.join(parameters)}):\n{THREAD}"
    text += textwrap.indent("".join(f"{line}\n" for line in [*before, *start]), "    ")
    text += f"    while i < uint32({size}):\n"
    text += textwrap.indent("".join(f"{line}\n" for line in [*inside, *lines]), " " * 8)
    text += "        i = uint32(i + step)\n"
    if sums:
        text += "    thread = uint32(cuda.threadIdx.x)\n"
        text += textwrap.indent("".join(end), "    ")
    signature = tuple(f"{c_type(v.dtype)}*" for v in (*operands, *results))
    kernel = Kernel(text.lstrip("\n"), signature)
    if not sums:
        return GpuLoop(name, kernel, operands, results, size, sums)
    blocks = min(-(-size // (threads * EACH)), MOST_BLOCKS)
    return GpuLoop(name, kernel, operands, results, size, sums, blocks, threads)


def _positions(
    shape: tuple[int, ...], operands: list[Value], places: dict[Value, str]
) -> tuple[dict[Value, str], list[str], list[str]]:
    """The index of each operand's element; what a thread works out before its loop, and in it."""
    shown = [layout.broadcast_strides(v.shape, layout.contiguous(v.shape), shape) for v in operands]
    sizes, (own, *steps) = layout.collapse(shape, (layout.contiguous(shape), *shown))
    at: dict[Value, str] = {}
    before: list[str] = []
    broadcast: list[str] = []
    for v, strides in zip(operands, steps, strict=True):
        at[v] = "0" if v.size == 1 else "i" if strides == own else f"{places[v]}_at"
        if at[v] not in ("0", "i"):
            broadcast.append(places[v])
            before += [f"{places[v]}_s{d} = uint32({s})" for d, s in enumerate(strides)]
    if not broadcast:
        return at, [], []
    before = [f"n{d} = uint32({sizes[d]})" for d in range(1, len(sizes))] + before
    return at, before, offsets(broadcast, len(sizes))


def _summed(step: Step, total: str, real: str, threads: int) -> str:
    """Lines that add up the totals of a block's threads."""
    shared = f"{step.out.name}_shared"
    over = f" / {real}({step.args[0].size})" if step.kind == "Mean" else ""
    text = f"{shared} = cuda.shared.array({threads}, {real})\n"
    text += tree(total, shared, "add_up", threads)
    text += f"if thread == 0:\n    {step.out.name}[cuda.blockIdx.x] = {shared}[0]{over}\n"
    return text


def _name(value: Value) -> str:
    return value.name.replace(".", "_")  # x.T is no name of a parameter


def _loaded(value: Value, text: str) -> str:
    return f"({text} != 0)" if value.dtype == bool else text


# -- single steps ---------------------------------------------------------------------------------


def _expression(step: Step, operands: list[str], functions: dict[str, str]) -> str | None:
    """A step as an expression; the device functions that it calls are put into ``functions``."""
    if math.prod(step.out.shape) > MOST_ELEMENTS:
        return None
    if step.kind == "Expand":
        return operands[0]
    if step.kind == "Cast":
        return f"{step.out.dtype}({operands[0]})" if step.out.dtype.kind == "f" else None
    if not is_uniform(step) or any(isinstance(v, Value) for v in step.settings.values()):
        return None
    op, settings = step.op, tuple((step.op.defaults | step.settings).items())
    kinds = tuple([x.dtype if isinstance(x, (Value, np.generic)) else type(x) for x in step.args])
    compute, out = plan(op, kinds, *settings)
    if compute != dtype_of(step) or out != step.out.dtype:
        return None
    real = compute.name
    try:
        name, texts = _device_functions(op, real, settings)
    except UntranslatableError:
        return None
    functions.update(texts)
    pairs = zip(step.args, operands, strict=True)
    given = [text if isinstance(x, Value) else _number(x, real) for x, text in pairs]
    return f"{name}({', '.join(given)})"


@lru_cache(maxsize=4096)
def _device_functions(op: Any, real: str, settings: tuple[Any, ...]) -> tuple[str, dict[str, str]]:
    """The name of the device function of an op, and the texts of all that it needs."""
    name = device_name(op.function_name, real)
    if settings:  # the numbers are a part of the text
        values = "_".join(str(value) for _, value in settings)
        values = values.replace("-", "minus").replace("+", "")
        name += "_" + "".join(c if c.isalnum() else "_" for c in values)
    texts: dict[str, str] = {}
    translate(op.forward, name, real, dict(settings), texts)
    return name, texts


def _number(x: Any, real: str) -> str:
    if real == "bool":
        return repr(bool(x))
    text = repr(x.item() if isinstance(x, np.generic) else x)
    return f"{real}({text})"
