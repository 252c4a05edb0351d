"""The outline of a program: its steps as plain data, for whoever draws it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from autodiff.compiler.lines import formula_of
from autodiff.compiler.program import Accumulate, Optimize, Step, Value

if TYPE_CHECKING:
    from autodiff.compiler.emit import Source

__all__ = ["Part", "outline_of"]


@dataclass(frozen=True)
class Part:
    """One value or effect of a program.

    ``kind``: "leaf" for what comes from outside, "constant", "op", or "effect". ``loop`` is the
    loop that computes it, or nothing; ``kept`` whether its elements are written to memory.
    """

    name: str
    kind: str
    formula: str
    type: str
    operands: tuple[str, ...]
    loop: str = ""
    kept: bool = True
    backward: bool = False


def outline_of(source: Source) -> list[Part]:
    """The parts of a program in the order in which they run."""
    parts: dict[str, Part] = {}
    loops = iter(source.loops)
    for group in source.groups:
        loop = next(loops) if group.loop else None
        for step in group.steps:
            for value in step.reads:
                if value.origin not in ("step", "seed"):
                    kind = "constant" if value.origin == "constant" else "leaf"
                    parts.setdefault(value.name, Part(value.name, kind, "", value.text, ()))
            if isinstance(step, Step):
                kept = loop is None or step.out in loop.results
                name = "" if loop is None else loop.name
                for part in _parts_of(step, name, kept):
                    parts.setdefault(part.name, part)
            else:
                grads = tuple(name for name in parts if name.endswith(".grad"))
                part = _effect(step, grads)
                parts.setdefault(part.name, part)
    return list(parts.values())


def _parts_of(step: Step, loop: str, kept: bool) -> list[Part]:
    operands = tuple(dict.fromkeys(v.name.removesuffix(".T") for v in step.reads))
    formula = formula_of(step) or getattr(step.function, "__name__", "")
    return [
        Part(v.name, "op", formula, v.text, operands, loop, kept, step.backward)
        for v in step.outputs
        if not v.name.endswith(".T")
    ]


def _effect(effect: Any, grads: tuple[str, ...]) -> Part:
    if isinstance(effect, Optimize):
        name = f"{type(effect.optimizer).__name__}.step()"
        return Part(name, "effect", "", "", grads)
    target: Value = effect.target
    value = effect.value
    grad = ".grad" if isinstance(effect, Accumulate) else ""
    operands = () if value is None else (value.name.removesuffix(".T"),)
    return Part(f"{target.name}{grad}", "effect", "", target.text, operands, backward=bool(grad))
