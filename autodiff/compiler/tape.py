"""Graphs of single numbers: recorded as a tape, and written out as a program.

A short tape becomes one line per operation, forward and backward. A long one, such as the 65,818
operations of a small network made of `Scalar`, becomes what the engine itself is: a loop over the
operations, and a loop over them in reverse. Its operations are numbers in arrays.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from autodiff import errors
from autodiff.compiler.expressions import expression, rule_expression
from autodiff.scalar import Scalar
from autodiff.source import user_line

__all__ = ["LONG", "Tape", "tape_source"]

LONG = 200
"""A tape with more operations is written as loops."""


@dataclass
class Tape:
    """What happened to single numbers: slots for values, and one operation per later slot."""

    leaves: list[Scalar | float] = field(default_factory=list)
    operations: list[tuple[Any, tuple[int, ...], dict[str, Any]]] = field(default_factory=list)
    slots: dict[int, int] = field(default_factory=dict)
    """By the identity of a leaf or of a result, where its value is; results count from 1, down."""
    seeds: list[tuple[int, float]] = field(default_factory=list)
    """Backward passes that ran: from which slot, with which gradient."""
    resets: dict[int, Any] = field(default_factory=dict)
    """Slots of leaves whose ``.grad`` was assigned to, and what."""
    made_by: dict[int, Scalar] = field(default_factory=dict)
    kept: list[Any] = field(default_factory=list)

    def slot(self, x: Any) -> int:
        """Where the value of an operand is: 0 and up for leaves, below 0 for results."""
        if not isinstance(x, Scalar):
            self.leaves.append(float(x))
            return len(self.leaves) - 1
        if id(x) not in self.slots:
            if x._source is not None:
                raise errors.compiler.history_outside(())
            self.leaves.append(x)
            self.kept.append(x)
            self.slots[id(x)] = len(self.leaves) - 1
        return self.slots[id(x)]

    def applied(self, op: Any, inputs: tuple[Any, ...], settings: dict[str, Any], out: Any) -> None:
        if not isinstance(out, Scalar):
            raise errors.compiler.value_read("a truth value or a number", user_line())
        operands = tuple([self.slot(x) for x in inputs])
        self.operations.append((op, operands, settings))
        self.slots[id(out)] = -len(self.operations)
        self.made_by[id(out._source)] = out
        self.kept.append(out)

    def set_grad(self, x: Scalar, g: Any) -> None:
        """Note that a leaf gets another ``.grad``, before the backward pass adds to it."""
        if self.seeds:
            raise errors.compiler.several_passes(user_line())
        self.resets[self.slot(x)] = g

    def backward(self, seeds: dict[Any, Any]) -> None:
        if self.seeds:
            raise errors.compiler.several_passes(user_line())
        for edge, g in seeds.items():
            x = edge if isinstance(edge, Scalar) else self.made_by[id(edge)]
            self.seeds.append((self.slot(x), float(getattr(g, "value", g))))

    def place(self, slot: int) -> int:
        """A slot as a position in one array: leaves first, then results in order."""
        return slot if slot >= 0 else len(self.leaves) - slot - 1


def tape_source(
    tape: Tape, outputs: list[int], wanted: list[int], names: dict[int, str], title: str
) -> tuple[str, dict[str, Any]]:
    """The program of a tape, and the arrays it reads. ``outputs`` and ``wanted`` are slots.

    It defines ``forward(values)``, which fills in all results, and ``backward(values, gradients)``.
    """
    if len(tape.operations) > LONG:
        return _loops(tape, title)
    return _lines(tape, outputs, wanted, names, title)


HEADER = '''"""{title}, as one call of it was recorded: {count} operations on single numbers.

{how}
"""

import math

import numpy as np
from numba import njit

from autodiff.compiler.runtime import LOOPS
'''


def _operations(tape: Tape) -> tuple[list[tuple[Any, dict[str, Any]]], np.ndarray]:
    """The different operations, and for each of the tape which one it is."""
    kinds: dict[Any, int] = {}
    distinct: list[tuple[Any, dict[str, Any]]] = []
    codes = np.empty(len(tape.operations), np.uint8)
    for i, (op, _, settings) in enumerate(tape.operations):
        key = (op, repr(settings))
        if key not in kinds:
            kinds[key] = len(distinct)
            distinct.append((op, settings))
        codes[i] = kinds[key]
    return distinct, codes


def _loops(tape: Tape, title: str) -> tuple[str, dict[str, Any]]:
    distinct, codes = _operations(tape)
    width = max(len(operands) for _, operands, _ in tape.operations)
    operands = np.zeros((width, len(codes)), np.int32)
    for i, (_, slots, _) in enumerate(tape.operations):
        for k, slot in enumerate(slots):
            operands[k, i] = tape.place(slot)
    names = ["x", "y", "z"][:width]
    arrays = {f"{name}_of": operands[k] for k, name in enumerate(names)} | {"operation": codes}
    first = len(tape.leaves)
    how = (
        f"Operation i reads the values at x_of[i]{' and y_of[i]' if width > 1 else ''}; its result "
        f"is value[{first} + i]. The numbers before\nare those that it starts from."
    )
    ahead, back = [], []
    for code, (op, settings) in enumerate(distinct):
        branch = f"{'if' if code == 0 else 'elif'} kind == {code}:"
        note = f"  # {op.formula}"
        own = names[: len(op.arguments)]
        result = scalar_expression(op, own, settings)
        ahead += [f"        {branch}{note}", f"            value[{first} + i] = {result}"]
        back += [f"        {branch}{note}"]
        for argument, name in zip(op.arguments, own, strict=True):
            rule = scalar_rule(op, argument, own, settings, f"value[{first} + i]")
            back.append(f"            grad[{name}_of[i]] += {rule}")
    reads = [f"        {name} = value[{name}_of[i]]" for name in names]
    count = len(codes)
    parameters = ", ".join(["operation", *(f"{name}_of" for name in names)])
    source = [
        HEADER.format(title=title, count=f"{count:,}", how=how),
        "",
        "@njit(**LOOPS)",
        f"def run_forward(value, {parameters}):",
        f"    for i in range({count}):",
        "        kind = operation[i]",
        *reads,
        *ahead,
        "",
        "",
        "@njit(**LOOPS)",
        f"def run_backward(value, grad, {parameters}):",
        f"    for i in range({count - 1}, -1, -1):",
        "        kind = operation[i]",
        *reads,
        f"        g = grad[{first} + i]",
        *back,
        "",
        "",
        "def forward(value):",
        f"    run_forward(value, {parameters})",
        "",
        "",
        "def backward(value, grad):",
        f"    run_backward(value, grad, {parameters})",
        "",
    ]
    return "\n".join(source), arrays


def _lines(
    tape: Tape, outputs: list[int], wanted: list[int], names: dict[int, str], title: str
) -> tuple[str, dict[str, Any]]:
    taken: set[str] = {"value", "grad", "math", "np", "njit", "g"}
    texts: dict[int, str] = {}

    def unique(name: str) -> str:
        number = 2
        found = name
        while found in taken:
            found, number = f"{name}_{number}", number + 1
        taken.add(found)
        return found

    for i, leaf in enumerate(tape.leaves):
        texts[i] = unique(names.get(i, "x")) if isinstance(leaf, Scalar) else repr(leaf)
    for i, (op, _, _) in enumerate(tape.operations):
        texts[-i - 1] = unique(names.get(-i - 1, op.function_name))
    used = {slot for _, operands, _ in tape.operations for slot in operands}
    load = [
        f"    {texts[i]} = value[{i}]"
        for i, leaf in enumerate(tape.leaves)
        if isinstance(leaf, Scalar) and i in used
    ]
    ahead = []
    for i, (op, operands, settings) in enumerate(tape.operations):
        own = [_operand(tape, texts, slot) for slot in operands]
        text = f"    {texts[-i - 1]} = {scalar_expression(op, own, settings)}"
        ahead.append(f"{text.ljust(44)}  # {_named(op, own)}")
    store = [
        f"    value[{tape.place(-i - 1)}] = {texts[-i - 1]}" for i in range(len(tape.operations))
    ]
    again = [
        f"    {texts[-i - 1]} = value[{tape.place(-i - 1)}]" for i in range(len(tape.operations))
    ]
    active = _active(tape, set(wanted))
    back: list[str] = []
    begun: set[int] = set()
    for slot in outputs:
        back.append(f"    g_{_plain(texts[slot])} = grad[{tape.place(slot)}]")
        begun.add(slot)
    for i in range(len(tape.operations) - 1, -1, -1):
        op, operands, settings = tape.operations[i]
        if -i - 1 not in begun:
            continue
        own = [_operand(tape, texts, slot) for slot in operands]
        for argument, slot in zip(op.arguments, operands, strict=True):
            if slot not in active:
                continue
            g = f"g_{_plain(texts[-i - 1])}"
            rule = scalar_rule(op, argument, own, settings, texts[-i - 1], g)
            sign = "+=" if slot in begun else "="
            begun.add(slot)
            text = f"    g_{_plain(texts[slot])} {sign} {rule}"
            note = f"d{texts[-i - 1]}/d{texts[slot]} of {_named(op, own)}"
            back.append(f"{text.ljust(44)}  # {note}")
    back += [f"    grad[{slot}] = g_{_plain(texts[slot])}" for slot in wanted if slot in begun]
    how = "value holds the numbers that it starts from, and then each result."
    source = [
        HEADER.format(title=title, count=len(tape.operations), how=how),
        "",
        "@njit(**LOOPS)",
        "def forward(value):",
        *load, "", *ahead, "", *store,
        "", "",
        "@njit(**LOOPS)",
        "def backward(value, grad):",
        *load, *again, "", *back,
        "",
    ]  # fmt: skip
    return "\n".join(source), {}


def _operand(tape: Tape, texts: dict[int, str], slot: int) -> Any:
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


def _plain(text: str) -> str:
    return text if text.isidentifier() else "number"


def _named(op: Any, operands: list[Any]) -> str:
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
