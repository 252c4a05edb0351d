"""The outline of a program: its steps as plain data, for whoever draws it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from autodiff.compiler.lines import formula_of, is_turned_matrix
from autodiff.compiler.program import Accumulate, Optimize, Step, Value

if TYPE_CHECKING:
    from autodiff.compiler.emit import Source
    from autodiff.compiler.fuse import Group

__all__ = ["Part", "called", "effect_part", "loop_names", "numbered", "outline_of"]


@dataclass(frozen=True)
class Part:
    """One value or effect of a program.

    ``kind``: "leaf" for what comes from outside, "constant", "op", or "effect". ``group`` is the
    number of the loop or line that computes it, from 1 in the order in which they run; ``loop``
    the name of that loop, or nothing; ``kept`` whether its elements are written to memory.
    """

    name: str
    kind: str
    formula: str
    type: str
    operands: tuple[str, ...]
    loop: str = ""
    kept: bool = True
    backward: bool = False
    group: int = 0


def outline_of(source: Source) -> list[Part]:
    """The parts of a program in the order in which they run."""
    parts: dict[str, Part] = {}
    loops = iter(source.loops)
    for number, group in numbered(source.groups):
        loop = next(loops) if group.loop else None
        for step in group.steps:
            for value in step.reads:
                if value.origin not in ("step", "seed"):
                    kind = "constant" if value.origin == "constant" else "leaf"
                    parts.setdefault(value.name, Part(value.name, kind, "", value.text, ()))
            if isinstance(step, Step):
                kept = loop is None or step.out in loop.results
                name = "" if loop is None else loop.name
                for part in _parts_of(step, name, kept, number):
                    parts.setdefault(part.name, part)
            else:
                grads = tuple(name for name in parts if name.endswith(".grad"))
                part = effect_part(step, number, grads)
                parts.setdefault(part.name, part)
    return list(parts.values())


def loop_names(source: Source) -> dict[int, str]:
    """The name of the loop that each group is, by its number; "" for one that is no loop."""
    loops = iter(source.loops)
    return {i: next(loops).name if group.loop else "" for i, group in numbered(source.groups)}


def numbered(groups: list[Group]) -> Iterator[tuple[int, Group]]:
    """The groups with their numbers: 0 for a transpose, which is no line but x.T where it is used.

    The others count from 1.
    """
    number = 0
    for group in groups:
        is_line = not all(isinstance(s, Step) and is_turned_matrix(s) for s in group.steps)
        number += is_line
        yield number if is_line else 0, group


def _parts_of(step: Step, loop: str, kept: bool, group: int) -> list[Part]:
    operands = tuple(dict.fromkeys(v.name.removesuffix(".T") for v in step.reads))
    formula = formula_of(step) or called(step)
    return [
        Part(v.name, "op", formula, v.text, operands, loop, kept, step.backward, group)
        for v in step.outputs
        if not v.name.endswith(".T")
    ]


def called(step: Step) -> str:
    """A step without a formula as a call."""
    name = getattr(step.function, "__name__", "draw").lstrip("_")
    return f"{name}({', '.join(dict.fromkeys(v.name for v in step.reads))})"


def effect_part(effect: Any, group: int, grads: tuple[str, ...]) -> Part:
    """What a program does to the world outside; ``grads``: the gradients it wrote so far."""
    if isinstance(effect, Optimize):
        name = f"{type(effect.optimizer).__name__}.step()"
        return Part(name, "effect", "", "", grads, group=group)
    target: Value = effect.target
    value = effect.value
    grad = ".grad" if isinstance(effect, Accumulate) else ""
    operands = () if value is None else (value.name.removesuffix(".T"),)
    name = f"{target.name}{grad}{' = None' if value is None else ''}"
    return Part(name, "effect", "", target.text, operands, backward=bool(grad), group=group)
