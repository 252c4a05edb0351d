"""The outline of a program of single numbers, and what became of each recorded operation."""

from __future__ import annotations

import re
from collections import Counter

from autodiff.compiler.history import Operation
from autodiff.compiler.outline import Part
from autodiff.compiler.straight import Lines, lines_of, named, operand, texts_of
from autodiff.compiler.tape import LONG, Tape
from autodiff.scalar import Scalar

__all__ = ["number_history", "number_outline"]

FORWARD, BACKWARD = 1, 2
"""The numbers of the two functions that a program of numbers consists of."""


def number_outline(
    tape: Tape, outputs: list[int], wanted: list[int], names: dict[int, str]
) -> list[Part]:
    """The parts of a program of numbers; see `lines_of` for its arguments."""
    if len(tape.operations) > LONG:
        return _of_loops(tape)
    lines = lines_of(tape, outputs, wanted, names)
    texts = lines.texts
    parts = [
        Part(texts[i], "leaf", "", "", ())
        for i, leaf in enumerate(tape.leaves)
        if isinstance(leaf, Scalar)
    ]
    for i, ((_, formula), (_, slots, _)) in enumerate(
        zip(lines.ahead, tape.operations, strict=True)
    ):
        reads = tuple(dict.fromkeys(texts[s] for s in slots if _is_named(tape, s)))
        parts.append(Part(texts[-i - 1], "op", formula, "", reads, "forward", group=FORWARD))
    return parts + _backward(tape, lines, outputs, wanted)


def _backward(tape: Tape, lines: Lines, outputs: list[int], wanted: list[int]) -> list[Part]:
    """One part for each gradient: the sum of all that arrives."""
    sums: dict[int, list[str]] = {}
    for slot, _, _, rule, _ in lines.back:
        sums.setdefault(slot, []).append(rule)
    begin = dict(tape.seeds)
    known = {text for slot, text in lines.texts.items() if _is_named(tape, slot)}
    known |= {lines.gradient(slot) for slot in (*sums, *outputs)}
    parts = []
    if sums:
        for slot in outputs:
            g, kind = lines.gradient(slot), "op" if slot in begin else "leaf"
            formula = f"{begin[slot]:g}" if slot in begin else ""
            place = ("backward", True, True, BACKWARD) if slot in begin else ("", True, True, 0)
            parts.append(Part(g, kind, formula, "", (), *place))
    for slot in sorted(sums, key=lambda slot: (slot >= 0, slot)):
        formula = " + ".join(sums[slot])
        reads = tuple(dict.fromkeys(w for w in re.findall(r"[A-Za-z_]\w*", formula) if w in known))
        parts.append(
            Part(lines.gradient(slot), "op", formula, "", reads, "backward", True, True, 2)
        )
    if tape.seeds:
        for number, slot in enumerate((s for s in wanted if s in sums), BACKWARD + 1):
            name, g = f"{lines.texts[slot]}.grad", lines.gradient(slot)
            parts.append(Part(name, "effect", "", "", (g,), "", True, True, number))
    return parts


def _of_loops(tape: Tape) -> list[Part]:
    """A long tape is two loops over its operations: a part for each kind of them."""
    counts = Counter(op for op, _, _ in tape.operations)
    values = f"{len(tape.leaves):,} numbers"
    parts = [Part(values, "leaf", "", "", ())]
    forward, backward = [], []
    for op, count in counts.items():
        name, formula = op.function_name, f"{op.formula}  ({count:,} times)"
        forward.append(Part(name, "op", formula, "", (values,), "forward", group=FORWARD))
        rules = f"adds to the gradient of {' and '.join(op.arguments)}  ({count:,} times)"
        backward.append(Part(f"g_{name}", "op", rules, "", (name,), "backward", True, True, 2))
    return parts + forward + backward[::-1]


def number_history(
    tape: Tape, outputs: list[int], wanted: list[int], names: dict[int, str]
) -> list[Operation]:
    """The recorded operations; the backward pass over numbers is the engine's own, not recorded."""
    texts = texts_of(tape, names)
    flowing = _with_gradient(tape, outputs, set(wanted))
    found = [
        Operation(str(i), texts[i], "leaf", "", "", "", ())
        for i, leaf in enumerate(tape.leaves)
        if isinstance(leaf, Scalar)
    ]
    for i, (op, slots, _) in enumerate(tape.operations):
        slot = -i - 1
        reads = tuple(str(s) for s in dict.fromkeys(slots) if _is_named(tape, s))
        formula = named(op, [operand(tape, texts, s) for s in slots])
        groups = (FORWARD, BACKWARD) if slot in flowing else (FORWARD,)
        found.append(
            Operation(
                str(slot),
                texts[slot],
                "op",
                op.function_name,
                formula,
                "",
                reads,
                groups=groups,
                loops=("forward", "backward")[: len(groups)],
            )
        )
    return found


def _with_gradient(tape: Tape, outputs: list[int], wanted: set[int]) -> set[int]:
    """The operations that a gradient flows through."""
    active, reached = set(wanted), set(outputs)
    for i, (_, slots, _) in enumerate(tape.operations):
        if active.intersection(slots):
            active.add(-i - 1)
    for i in range(len(tape.operations) - 1, -1, -1):
        if -i - 1 in reached:
            reached.update(tape.operations[i][1])
    return {slot for slot in active & reached if slot < 0}


def _is_named(tape: Tape, slot: int) -> bool:
    """Whether a slot is more than a number that the program wrote down."""
    return slot < 0 or isinstance(tape.leaves[slot], Scalar)
