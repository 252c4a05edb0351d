"""Loops: a group of fused steps as one function for Numba."""

from __future__ import annotations

import math
from dataclasses import dataclass

from autodiff.compiler.fuse import Group, element, is_column_sum, is_sum
from autodiff.compiler.lines import formula_of
from autodiff.compiler.program import Step, Value

__all__ = ["INDICES", "Loop", "comment_of", "head_of", "loop_source"]

INDICES = ("i", "j", *(f"i{d}" for d in range(3, 65)))
"""Names of the indices of nested loops. No value of a program has one of them."""

WIDTH = 76
"""As wide may the line be that begins a loop."""

PARALLEL = 1 << 18
"""A loop over so many elements is worth the 50 us it takes to share it out."""


@dataclass
class Loop:
    """A loop's source, and the values it is called with: what it reads, then what it writes."""

    name: str
    source: str
    operands: list[Value]
    results: list[Value]
    size: int | None = None
    """How far the outer loop runs, where parts of it run on several processors."""
    totals: tuple[str, ...] = ()
    """Then: how each sum is finished once the parts are added up."""


def loop_source(name: str, group: Group, needed: set[Value]) -> Loop:
    """The function that runs a group; ``needed`` says which results others read."""
    assert group.shape is not None
    operands, results = group.operands(), group.results(needed)
    columns = [step.out for step in group.steps if is_column_sum(step)]
    dims = _merged(group.shape, [v.shape for v in (*operands, *columns)])
    sizes = [_product(group.shape, dim) for dim in dims]
    places = {v: _place(v, group.shape, dims) for v in operands}
    totals = {step.out for step in group.steps if is_sum(step) and step.out not in columns}
    parallel = math.prod(group.shape) >= PARALLEL and sizes[0] >= 64
    whole = ", ".join(INDICES[: len(dims)])
    head, body, tail, sums = [], [], [], []
    called = {v: v.name for v in operands}
    for value in operands:  # x.T is no name of a parameter
        value.name = value.name.replace(".", "_")
    declared = {}
    for value in [*operands, *results]:
        spanned = [n for n, d in zip(sizes, dims, strict=True) if _spans(value, group.shape, d)]
        declared[value] = spanned or [1]
        if parallel and _spans(value, group.shape, dims[0]):
            head.append(f"{value.name} = {value.name}[start:stop]")
    texts = {v: f"{v.name}{places[v]}" for v in operands}
    for step in group.steps:
        if step.out in columns:
            head.append(f"{step.out.name}[:] = 0")
            target = f"{step.out.name}{_place(step.out, group.shape, dims)}"
            body.append((f"{target} += {texts[step.args[0]]}", comment_of(step)))
            continue
        if is_sum(step):
            total = f"{step.out.name}_total"
            head.append(f"{total} = 0.0")
            body.append((f"{total} += {texts[step.args[0]]}", comment_of(step)))
            sums.append(total)
            place = "..." if parallel else 0
            tail.append(f"{step.out.name}[{place}] = {total}{_over(step)}")
            continue
        target = step.out.name + (f"[{whole}]" if step.out in results else "")
        arguments = [texts[x] if isinstance(x, Value) else "" for x in step.args]
        body.append((f"{target} = {element(step, arguments)}", comment_of(step)))
        texts[step.out] = target
    indent = "    "
    lines = [*head]
    for depth, (index, size) in enumerate(zip(INDICES, sizes, strict=False)):
        reach = "stop - start" if parallel and depth == 0 else size
        lines.append(f"{indent * depth}for {index} in range({reach}):")
    width = min(max(len(text) for text, _ in body), 60)
    for text, comment in body:
        note = f"  # {comment}" if comment else ""
        lines.append(f"{indent * len(sizes)}{text.ljust(width) if note else text}{note}")
    handed = [v for v in [*operands, *results] if not (parallel and v in totals)]
    parameters = [f"{v.name}: {v.dtype}{declared[v]}" for v in handed]
    if parallel:
        lines += [f"totals[{i}] = {total}" for i, total in enumerate(sums)]
        parameters = ["start: int", "stop: int", *parameters, f"totals: float64[{len(sums)}]"]
    else:
        lines += tail
    any_order = "(any_order=True)" if totals else ""
    source = [f"@loop{any_order}", *head_of(name, parameters)]
    for value in operands:
        value.name = called[value]
    text = "\n".join([*source, *(indent + line for line in lines)])
    if parallel:
        return Loop(name, text, operands, results, sizes[0], tuple(tail))
    return Loop(name, text, operands, results)


def comment_of(step: Step) -> str:
    """What stands behind the line of a step."""
    if step.kind == "Expand":
        return "the same for each element"
    return formula_of(step)


def _over(step: Step) -> str:
    """The division that makes a mean of a sum."""
    return f" / {step.args[0].size}" if step.kind == "Mean" else ""


def head_of(name: str, parameters: list[str]) -> list[str]:
    """The beginning of a function, on as many lines as it takes."""
    lines = [f"def {name}("]
    for i, parameter in enumerate(parameters):
        text = parameter + (", " if i < len(parameters) - 1 else "):")
        if len(lines[-1]) + len(text) > WIDTH:
            lines.append(" " * len(f"def {name}("))
        lines[-1] += text
    return [line.rstrip() for line in lines]


def _merged(shape: tuple[int, ...], operands: list[tuple[int, ...]]) -> list[list[int]]:
    """The dimensions in runs that one index can count, because every operand has all or none."""
    runs: list[list[int]] = []
    for dim in range(len(shape)):
        if shape[dim] == 1 and len(shape) > 1 and (runs or dim < len(shape) - 1):
            if runs:
                runs[-1].append(dim)
                continue
            runs.append([dim])
            continue
        spans = [_has(s, shape, dim) for s in operands]
        if runs:
            anchor = next((d for d in reversed(runs[-1]) if shape[d] != 1), None)
            if anchor is None or spans == [_has(s, shape, anchor) for s in operands]:
                runs[-1].append(dim)
                continue
        runs.append([dim])
    return runs


def _has(operand: tuple[int, ...], shape: tuple[int, ...], dim: int) -> bool:
    """Whether an operand has elements of its own along a dimension of the loop."""
    own = dim - (len(shape) - len(operand))
    return own >= 0 and operand[own] == shape[dim] != 1


def _spans(value: Value, shape: tuple[int, ...], run: list[int]) -> bool:
    return any(_has(value.shape, shape, d) for d in run)


def _place(value: Value, shape: tuple[int, ...], dims: list[list[int]]) -> str:
    """Where in an operand the element for the indices of the loop is."""
    if value.size == 1:
        return "[0]"
    found = [i for i, run in zip(INDICES, dims, strict=False) if _spans(value, shape, run)]
    return f"[{', '.join(found)}]"


def _product(shape: tuple[int, ...], dims: list[int]) -> int:
    size = 1
    for d in dims:
        size *= shape[d]
    return size
