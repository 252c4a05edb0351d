"""Loops over rows: softmax and its logarithm along the last dimension."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autodiff.compiler.lines import formula_of
from autodiff.compiler.loops import Loop, head_of
from autodiff.compiler.program import Step

__all__ = ["in_rows", "row_loop"]

LONGEST = 256
"""Of longer rows NumPy's vectors find the largest element sooner."""

LINES = {
    "Softmax": """
{out}[i, j] = {exp}({x}[i, j] - largest)
total += {out}[i, j]
scale = {dtype}(1 / total)
{out}[i, j] = {out}[i, j] * scale
""",
    "LogSoftmax": """
{out}[i, j] = {x}[i, j] - largest
total += {exp}({out}[i, j])
log_total = {dtype}(math.log(total))
{out}[i, j] = {out}[i, j] - log_total
""",
}
"""Two lines for each element, one for the row, and again one for each element."""


def in_rows(step: Any) -> bool:
    """Whether a step is computed by a loop over its rows."""
    if not isinstance(step, Step) or step.kind not in LINES:
        return False
    shape, dtype = step.out.shape, step.out.dtype
    if dtype not in (np.float32, np.float64) or step.args[0].dtype != dtype or not step.out.size:
        return False
    return step.settings["dim"] % len(shape) == len(shape) - 1 and shape[-1] <= LONGEST


def row_loop(name: str, step: Step) -> Loop:
    """The function that computes a step row by row.

    The largest element of a row is subtracted first, so that nothing overflows.
    """
    x, out = step.args[0], step.out
    rows, length = math.prod(out.shape[:-1]), out.shape[-1]
    called = x.name
    x.name = called.replace(".", "_")  # x.T is no name of a parameter
    exp = "exp" if out.dtype == np.float32 else "math.exp"
    named = {"x": x.name, "out": out.name, "exp": exp, "dtype": str(out.dtype)}
    shifted, summed, of_row, last = LINES[step.kind].format(**named).strip().splitlines()
    lines = [
        *head_of(name, [f"{v.name}: {v.dtype}[{rows}, {length}]" for v in (x, out)]),
        f"    for i in range({rows}):  # {formula_of(step)}",
        f"        largest = {x.name}[i, 0]",
        f"        for j in range(1, {length}):",
        f"            largest = max(largest, {x.name}[i, j])",
        "        total = 0.0",
        f"        for j in range({length}):",
        f"            {shifted}",
        f"            {summed}",
        f"        {of_row}",
        f"        for j in range({length}):",
        f"            {last}",
    ]
    x.name = called
    return Loop(name, "\n".join(["@loop", *lines]), [x], [out])
