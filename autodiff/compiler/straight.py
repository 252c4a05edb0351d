"""A short tape as straight-line code: what each number is called, and how it is computed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from autodiff import errors
from autodiff.compiler.expressions import expression, rule_expression
from autodiff.scalar import Scalar

if TYPE_CHECKING:
    from autodiff.compiler.tape import Tape

__all__ = ["Lines", "lines_of", "named", "operand", "scalar_expression", "scalar_rule", "texts_of"]


@dataclass
class Lines:
    """The lines of a short program: what each slot is called, and how it is computed.

    ``ahead`` has an expression and a comment for each operation, in order. ``back`` has what adds
    to the gradients: the slot, the slot of the operation that it comes through, whether it is the
    first that arrives, an expression and a comment.
    """

    texts: dict[int, str]
    ahead: list[tuple[str, str]]
    back: list[tuple[int, int, bool, str, str]]

    def gradient(self, slot: int) -> str:
        """What the gradient of a slot is called."""
        text = self.texts[slot]
        return f"g_{text if text.isidentifier() else 'number'}"


def lines_of(tape: Tape, outputs: list[int], wanted: list[int], names: dict[int, str]) -> Lines:
    """The lines that a tape becomes. ``outputs``: the slots whose gradients start the pass."""
    texts = texts_of(tape, names)
    ahead = []
    for op, operands, settings in tape.operations:
        own = [operand(tape, texts, slot) for slot in operands]
        ahead.append((scalar_expression(op, own, settings), named(op, own)))
    lines = Lines(texts, ahead, [])
    active = _active(tape, set(wanted))
    begun = set(outputs)
    for i in range(len(tape.operations) - 1, -1, -1):
        op, operands, settings = tape.operations[i]
        if -i - 1 not in begun:
            continue
        own = [operand(tape, texts, slot) for slot in operands]
        for argument, slot in zip(op.arguments, operands, strict=True):
            if slot not in active:
                continue
            g = lines.gradient(-i - 1)
            rule = scalar_rule(op, argument, own, settings, texts[-i - 1], g)
            note = f"d{texts[-i - 1]}/d{texts[slot]} of {named(op, own)}"
            lines.back.append((slot, -i - 1, slot not in begun, rule, note))
            begun.add(slot)
    return lines


def texts_of(tape: Tape, names: dict[int, str]) -> dict[int, str]:
    """What each slot is called: names of the learner's, names of ops, numbers as they are."""
    taken: set[str] = {"value", "grad", "math", "np", "loop", "g"}
    texts: dict[int, str] = {}
    counts: dict[str, int] = {}

    def unique(name: str) -> str:
        found = name
        while found in taken:
            counts[name] = counts.get(name, 1) + 1
            found = f"{name}_{counts[name]}"
        taken.add(found)
        return found

    for i, leaf in enumerate(tape.leaves):
        texts[i] = unique(names.get(i, "x")) if isinstance(leaf, Scalar) else repr(leaf)
    for i, (op, _, _) in enumerate(tape.operations):
        texts[-i - 1] = unique(names.get(-i - 1, op.function_name))
    return texts


def operand(tape: Tape, texts: dict[int, str], slot: int) -> Any:
    """The name of an operand, or the number that it is."""
    constant = slot >= 0 and not isinstance(tape.leaves[slot], Scalar)
    return tape.leaves[slot] if constant else texts[slot]


def _active(tape: Tape, wanted: set[int]) -> set[int]:
    """The slots through which a gradient flows to what is wanted."""
    active = set(wanted)
    for i, (_, operands, _) in enumerate(tape.operations):
        if active.intersection(operands):
            active.add(-i - 1)
    return active


def named(op: Any, operands: list[Any]) -> str:
    """The op's formula on its operands."""
    names = {
        argument: f"{x:g}" if isinstance(x, float) else x
        for argument, x in zip(op.arguments, operands, strict=True)
    }
    pattern = "|".join(rf"\b{name}\b" for name in names)
    return re.sub(pattern, lambda found: names[found.group()], op.formula)


FLOAT = np.dtype(np.float64)


def scalar_expression(op: Any, operands: list[Any], settings: dict[str, Any]) -> str:
    """The op on single numbers, as an expression.

    Raises:
        NotFollowedError: it is no expression.
    """
    text = expression(op, list(operands), op.defaults | settings, FLOAT)
    if text is None:
        raise errors.compiler.no_expression(op.__name__)
    return text


def scalar_rule(
    op: Any, argument: str, operands: list[Any], settings: dict[str, Any], out: str, g: str = "g"
) -> str:
    """One gradient rule of an op on single numbers, as an expression."""
    if argument not in op.rules:
        return "0.0"
    if op.__name__ == "Pow":
        x, y = operands
        if argument == "x" and isinstance(y, float):
            power = f"{y} * {x}" if y == 2 else f"{y} * {expression(op, [x, y - 1.0], {}, FLOAT)}"
            return f"{g} * ({power})" if y else "0.0"
        if argument == "x":
            return f"0.0 if {y} == 0.0 else {g} * ({y} * math.pow({x}, {y} - 1.0))"
        return f"0.0 if {x} == 0.0 and {y} >= 0.0 else {g} * ({out} * math.log({x}))"
    names: dict[str, Any] = dict(zip(op.arguments, operands, strict=True))
    names |= {"g": g, "out": out} | op.defaults | settings
    text = rule_expression(op.rules[argument], names, FLOAT)
    if text is None:
        raise errors.compiler.no_expression(op.__name__)
    return text
