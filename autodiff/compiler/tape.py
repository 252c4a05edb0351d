"""Graphs of single numbers: recorded as a tape, and written out as a program.

A short tape becomes one line per operation, forward and backward. A long one, such as the 65,818
operations of a small network made of `Scalar`, becomes what the engine itself is: a loop over the
operations, and a loop over them in reverse. Its operations are numbers in arrays.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from autodiff import errors
from autodiff.compiler.imports import headed
from autodiff.compiler.straight import lines_of, scalar_expression, scalar_rule
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


MODULES: dict[str, tuple[str, ...]] = {"autodiff.compiler.native": ("loop",)}


def _titled(title: str, count: int, how: str) -> str:
    operations = f"{count:,} operations on single numbers"
    return f'"""{title}, as one call of it was recorded: {operations}.\n\n{how}\n"""'


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
    size = first + count
    declared = [f"operation: uint8[{count}]", *(f"{name}_of: int32[{count}]" for name in names)]
    parameters = ", ".join(["operation", *(f"{name}_of" for name in names)])
    source = [
        "@loop",
        f"def run_forward(value: float64[{size}], {', '.join(declared)}):",
        f"    for i in range({count}):",
        "        kind = operation[i]",
        *reads,
        *ahead,
        "",
        "",
        "@loop",
        "def run_backward(",
        f"    value: float64[{size}], grad: float64[{size}],",
        f"    {', '.join(declared)},",
        "):",
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
    return headed(_titled(title, count, how), "\n".join(source), MODULES), arrays


def _lines(
    tape: Tape, outputs: list[int], wanted: list[int], names: dict[int, str], title: str
) -> tuple[str, dict[str, Any]]:
    lines = lines_of(tape, outputs, wanted, names)
    texts = lines.texts
    used = {slot for _, operands, _ in tape.operations for slot in operands}
    load = [
        f"    {texts[i]} = value[{i}]"
        for i, leaf in enumerate(tape.leaves)
        if isinstance(leaf, Scalar) and i in used
    ]
    ahead = [
        f"    {texts[-i - 1]} = {expression}".ljust(44) + f"  # {note}"
        for i, (expression, note) in enumerate(lines.ahead)
    ]
    results = [-i - 1 for i in range(len(tape.operations))]
    store = [f"    value[{tape.place(slot)}] = {texts[slot]}" for slot in results]
    again = [f"    {texts[slot]} = value[{tape.place(slot)}]" for slot in results]
    back = [f"    {lines.gradient(slot)} = grad[{tape.place(slot)}]" for slot in outputs]
    for slot, _, is_first, rule, note in lines.back:
        text = f"    {lines.gradient(slot)} {'=' if is_first else '+='} {rule}"
        back.append(f"{text.ljust(44)}  # {note}")
    begun = {slot for slot, *_ in lines.back} | set(outputs)
    back += [f"    grad[{slot}] = {lines.gradient(slot)}" for slot in wanted if slot in begun]
    values = f"float64[{len(tape.leaves) + len(tape.operations)}]"
    how = "value holds the numbers that it starts from, and then each result."
    source = [
        "@loop",
        f"def forward(value: {values}):",
        *load, "", *ahead, "", *store,
        "", "",
        "@loop",
        f"def backward(value: {values}, grad: {values}):",
        *load, *again, "", *back,
        "",
    ]  # fmt: skip
    titled = _titled(title, len(tape.operations), how)
    return headed(titled, "\n".join(source), MODULES), {}
