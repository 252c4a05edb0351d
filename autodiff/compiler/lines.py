"""One step as a line of NumPy: what each op looks like, and how arguments are written."""

from __future__ import annotations

import re
from typing import Any

import numpy as np

from autodiff.compiler.program import Step, Value
from autodiff.op import Elementwise

__all__ = ["Text", "VIEWS", "formula_of", "is_turned_matrix"]

VIEWS = {"Reshape", "UnsafeView", "Squeeze", "Unsqueeze", "Permute", "Transpose", "T", "Expand"}
"""Ops whose result is their operand's memory, seen in another way."""


class Text:
    """Writes arguments, and collects what the source has to be given by name."""

    def __init__(self) -> None:
        self.bound: dict[str, Any] = {}

    def of(self, x: Any) -> str:
        """An argument as source."""
        if isinstance(x, Value):
            return x.name
        if isinstance(x, (bool, int, float, str, type(None))):
            return self._number(x) if isinstance(x, float) else repr(x)
        if isinstance(x, np.dtype):
            return f"np.{x}" if x != np.dtype(bool) else "bool"
        if isinstance(x, np.generic):
            return f"np.{x.dtype}({x.item()!r})" if np.isfinite(x) else self.bind(x, "number")
        if x is Ellipsis:
            return "..."
        if type(x) is tuple:
            inner = ", ".join(map(self.of, x))
            return f"({inner},)" if len(x) == 1 else f"({inner})"
        if type(x) is list:
            return f"[{', '.join(map(self.of, x))}]"
        if type(x) is dict:
            return "{" + ", ".join(f"{k!r}: {self.of(v)}" for k, v in x.items()) + "}"
        if type(x) is slice:
            return f"slice({self.of(x.start)}, {self.of(x.stop)}, {self.of(x.step)})"
        return self.bind(x, getattr(x, "__name__", type(x).__name__))

    def key(self, key: Any) -> str:
        """An index as it stands between brackets."""
        parts = key if type(key) is tuple else (key,)
        return ", ".join(self._slice(p) if type(p) is slice else self.of(p) for p in parts) or "()"

    def bind(self, x: Any, name: str) -> str:
        """A name under which the source finds an object that cannot be written."""
        for known, other in self.bound.items():
            if other is x or (hasattr(x, "__dataclass_fields__") and other == x):
                return known
        name = re.sub(r"\W", "_", name).strip("_").lower() or "thing"
        number = 1
        while f"{name}_{number}" in self.bound:
            number += 1
        self.bound[f"{name}_{number}"] = x
        return f"{name}_{number}"

    def _number(self, x: float) -> str:
        return repr(x) if np.isfinite(x) else f"float({str(x)!r})"

    def _slice(self, part: slice) -> str:
        start, stop, step = (
            "" if p is None else self.of(p) for p in (part.start, part.stop, part.step)
        )
        return f"{start}:{stop}" + (f":{step}" if step else "")

    def line(self, step: Step) -> tuple[str, bool]:
        """The expression that computes a step, and whether it is a line of NumPy's own.

        What no line is known for is computed by the op's own ``forward``.
        """
        if step.op is None:
            return self._function(step), True
        args = [self.of(x) for x in step.args]
        s = step.settings
        kind = step.kind
        if kind in ("Reshape", "UnsafeView", "Squeeze", "Unsqueeze"):
            return f"{args[0]}.reshape({self.of(step.out.shape)})", True
        if kind in ("Permute", "Transpose", "T"):
            return f"{args[0]}.transpose({self.of(s['dims'])})", True
        if kind == "Expand":
            return f"np.broadcast_to({args[0]}, {self.of(step.out.shape)})", True
        if kind in ("Matmul", "Mv", "Dot", "Vdot"):
            return f"{args[0]} @ {args[1]}", True
        if kind in ("Sum", "Mean") and step.out.dtype.kind == "f":
            dim = "" if s["dim"] is None else f"axis={self.of(s['dim'])}"
            keep = "keepdims=True" if s["keepdim"] else ""
            return f"{args[0]}.{kind.lower()}({', '.join(p for p in (dim, keep) if p)})", True
        if kind == "Cast":
            return f"{args[0]}.astype({self.of(step.out.dtype)})", True
        if kind == "Clone":
            return f"{args[0]}.copy({s.get('order', 'K')!r})", True
        if kind in ("Index", "IndexSelect", "Take"):
            return f"{args[0]}[{self.key(s['key'])}]", True
        if issubclass(step.op, Elementwise) and step.op.ufunc and not s:
            return f"np.{step.op.ufunc}({', '.join(args)})", True
        named = [f"{k}={self.of(v)}" for k, v in s.items()]
        return f"{self.computes(step)}({', '.join([*args, *named])})", False

    def computes(self, step: Step) -> str:
        """What computes a step that no line is known for: the op itself."""
        self.bound[step.kind] = step.op
        way = "on_arrays" if issubclass(step.op, Elementwise) else "forward"
        return f"{step.kind}.{way}"

    def source_of(self, draw: Any) -> str:
        """What draws random numbers."""
        return f"{self.bind(draw.generator, 'generator')}.numpy"

    def _function(self, step: Step) -> str:
        function: Any = step.function
        args = [self.of(x) for x in step.args]
        named = [f"{k}={self.of(v)}" for k, v in step.settings.items()]
        if hasattr(function, "generator"):
            owner = self.source_of(function)
            return f"{owner}.{function.name}({', '.join([*args, *named])})"
        name = function.__name__
        if name == "_getitem":
            return f"{args[0]}[{self.key(step.args[1])}]"
        if getattr(np.ndarray, name, None) is function:
            return f"{args[0]}.{name}({', '.join([*args[1:], *named])})"
        ufunc = getattr(function, "__self__", None)
        if isinstance(ufunc, np.ufunc):
            return f"np.{ufunc.__name__}.{name}({', '.join([*args, *named])})"
        if getattr(np, name, None) is function:
            return f"np.{name}({', '.join([*args, *named])})"
        return f"{self.bind(function, name)}({', '.join([*args, *named])})"


def is_turned_matrix(step: Step) -> bool:
    """Whether a step is the transpose of a matrix, which is written x.T wherever it is used."""
    return step.kind in ("Permute", "Transpose", "T") and step.settings["dims"] == (1, 0)


def formula_of(step: Step) -> str:
    """The op's formula on the names of this step's values."""
    if step.op is None:
        return ""
    names = {
        argument: x.name if isinstance(x, Value) else f"{x:g}" if isinstance(x, float) else str(x)
        for argument, x in zip(step.op.arguments, step.args, strict=False)
    }
    names |= {k: f"{v:g}" for k, v in step.settings.items() if isinstance(v, float)}
    pattern = "|".join(rf"\b{re.escape(name)}\b" for name in names)
    return re.sub(pattern, lambda found: names[found.group()], step.op.formula) if names else ""
