"""Folding: drawing a large graph by parts that stand for many nodes.

First come calls of modules deeper than asked for, then repetitions (of a loop's body, of equal
neurons), and at last what is farthest from the result. What is folded, and how much, is always
said in the picture.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from viz.scopes import Call
from viz.structure import Structure

__all__ = ["FOLD_ABOVE", "Part", "fold", "shortened"]

FOLD_ABOVE = 300
"""Graphs of more nodes than this are folded until at most this many boxes are left."""

LONGEST = 512
"""The longest body of a loop that is recognised, in nodes."""


@dataclass(slots=True)
class Part:
    """What becomes one box: a node ("node"), a call ("module"), repetitions ("fold"), or the rest
    ("left_out"). ``result`` is the place of the last node in it."""

    kind: str
    members: list[int]
    code: Any
    title: str = ""

    @property
    def result(self) -> int:
        return self.members[-1]


def fold(
    structure: Structure, calls: list[Call], depth: int | None, limit: int = FOLD_ABOVE
) -> list[Part]:
    """The parts to draw, in the order of computation.

    ``depth``: calls nested deeper than this become one box each. Without it, calls are collapsed
    only where the graph has more than ``limit`` nodes.
    """
    parts = _single_nodes(structure)
    if depth is not None:
        parts = _collapse(parts, calls, depth)
    elif len(parts) > limit:
        deepest = max((call.depth for call in calls), default=-1)
        for level in range(deepest, -1, -1):
            parts = _collapse(parts, calls, level)
            if len(parts) <= limit:
                break
    return shortened(parts, limit)


def shortened(parts: list[Part], limit: int) -> list[Part]:
    """At most ``limit`` parts, by folding repetitions and then by leaving out what comes first."""
    while len(parts) > limit:
        folded = _fold_repeats(parts)
        if len(folded) == len(parts):
            break
        parts = folded
    return parts if len(parts) <= limit else _leave_out(parts, limit)


def _single_nodes(structure: Structure) -> list[Part]:
    """Each node as a part; equal codes are the same operation on the same kinds of operands."""
    computed = [bool(operands) for operands in structure.operands]
    codes: dict[Any, Any] = {}
    parts = []
    for place, (node, operands) in enumerate(zip(structure.nodes, structure.operands, strict=True)):
        code = (node.name(), tuple([None if o is None else computed[o[0]] for o in operands]))
        parts.append(Part("node", [place], codes.setdefault(code, code)))
    return parts


def _collapse(parts: list[Part], calls: list[Call], depth: int) -> list[Part]:
    """The parts with each call at ``depth`` as one part, in the place of its result."""
    call_of: dict[int, Call] = {}
    for call in calls:
        if call.depth == depth:
            call_of.update(dict.fromkeys(call.members, call))
    collapsed = []
    for part in parts:
        home = call_of.get(part.result)
        if home is None:
            collapsed.append(part)
        elif part.result == home.result:
            code = (home.kind, len(home.members))
            collapsed.append(Part("module", sorted(home.members), code, home.title))
    return collapsed


def _fold_repeats(parts: list[Part]) -> list[Part]:
    """The parts with all but the first and the last of repeated stretches folded."""
    numbers: dict[Any, int] = {}
    places = [numbers.setdefault(part.code, len(numbers)) for part in parts]
    codes = np.array(places, dtype=np.min_scalar_type(len(numbers)))
    folded: list[Part] = []
    done = 0
    for start, period, count in _repetitions(codes):
        first, last = start + period, start + (count - 1) * period
        members = [place for part in parts[first:last] for place in part.members]
        body = tuple(part.code for part in parts[start:first])
        folded += parts[done:first]
        folded.append(
            Part("fold", sorted(members), (body, count), _told(parts[start:first], count))
        )
        done = last
    return folded + parts[done:]


def _repetitions(codes: np.ndarray) -> list[tuple[int, int, int]]:
    """Stretches (start, period, count) in which ``period`` codes come again and again.

    Those that fold the most are chosen, and they do not overlap.
    """
    found = []
    for period in range(1, min(LONGEST, len(codes) // 3) + 1):
        equal = np.zeros(len(codes) - period + 2, dtype=bool)
        np.equal(codes[:-period], codes[period:], out=equal[1:-1])
        edges = np.flatnonzero(equal[1:] != equal[:-1])
        starts, counts = edges[::2], (edges[1::2] - edges[::2]) // period + 1
        for run in np.flatnonzero(counts >= 4):
            start, count = int(starts[run]), int(counts[run])
            found.append(((count - 2) * period, start, period, count))
    found.sort(key=lambda run: (-run[0], run[2], run[1]))
    taken = np.zeros(len(codes), dtype=bool)
    chosen = []
    for _, start, period, count in found:
        place = slice(start, start + period * count)
        if not taken[place].any():
            taken[place] = True
            chosen.append((start, period, count))
    return sorted(chosen)


def _told(body: list[Part], count: int) -> str:
    names = [part.title or str(part.code[0]) for part in body if part.kind != "node"]
    names += [part.code[0].rstrip("0123456789") for part in body if part.kind == "node"]
    distinct = list(dict.fromkeys(n.removesuffix("Backward") for n in names))
    shown = ", ".join(distinct[:3]) + (", ..." if len(distinct) > 3 else "")
    return f"{count - 2} more of: {shown}"


def _leave_out(parts: list[Part], limit: int) -> list[Part]:
    """The last parts; one part stands for all those before them."""
    rest = [place for part in parts[:-limit] for place in part.members]
    return [Part("left_out", sorted(rest), None), *parts[-limit:]]
