"""Memory: which values get a place that is made once, and which of them share one."""

from __future__ import annotations

from dataclasses import dataclass, field

from autodiff.compiler.fuse import Group
from autodiff.compiler.lines import VIEWS, is_turned_matrix
from autodiff.compiler.program import Step, Value

__all__ = ["Buffers", "last_uses", "plan"]


LARGE = 1 << 20
"""From so many bytes on, memory that comes anew from the system costs more than a look."""


@dataclass
class Buffers:
    """Where values live. ``placed``: those with a buffer or memory of their own.

    ``fresh``: memory made anew in each call, because somebody keeps it. ``in_order``: values whose
    elements lie in memory one after the other for certain.
    """

    placed: set[Value] = field(default_factory=set)
    fresh: dict[Value, None] = field(default_factory=dict)
    in_order: set[Value] = field(default_factory=set)
    made: list[tuple[Value, Value | None]] = field(default_factory=list)
    """Each buffer in the order of need, with the earlier one whose memory it takes over."""
    memory_of: dict[Value, set[Value]] = field(default_factory=dict)

    def rooms(self) -> list[Value]:
        """The values that get new memory in each call, and so much of it that it is kept."""
        return [v for v in self.fresh if v.size * v.dtype.itemsize >= LARGE]

    def roots(self, value: Value) -> set[Value]:
        """The values whose memory this one may show."""
        return self.memory_of.get(value, {value})

    def source(self) -> str:
        """The lines that make the buffers."""
        if not self.made:
            return ""
        lines = ["# Memory that is made once. Values that are never needed together share it."]
        for value, earlier in self.made:
            if earlier is None:
                made = f"empty({value.shape}, {value.dtype})"
            else:
                made = earlier.name
                if earlier.shape != value.shape:
                    made += f".reshape({value.shape})"
            lines.append(f"{value.name} = {made}")
        return "\n".join(lines)


def plan(
    groups: list[Group], exported: set[Value | None], needed: set[Value], products: bool
) -> Buffers:
    """Give every value that loops (and ``products`` of matrices) compute a place in memory."""
    buffers = Buffers()
    for group in groups:
        for step in group.steps:
            if isinstance(step, Step):
                _note_memory(step, group, buffers)
    last: dict[Value, int] = {}
    for place, group in enumerate(groups):
        for step in group.steps:
            for value in step.reads:
                for root in buffers.roots(value):
                    last[root] = place
    kept = {root for value in exported if value is not None for root in buffers.roots(value)}
    free: list[tuple[int, Value]] = []
    for place, group in enumerate(groups):
        _note_order(group.steps[0], buffers)
        for value in _placed(group, needed, products):
            buffers.placed.add(value)
            buffers.in_order.add(value)
            if value in kept:
                buffers.fresh[value] = None
                continue
            found = next(
                (
                    b
                    for b in free
                    if b[0] < place and b[1].size == value.size and b[1].dtype == value.dtype
                ),
                None,
            )
            buffers.made.append((value, None if found is None else found[1]))
            if found is not None:
                free.remove(found)
            free.append((last.get(value, place), value))
    return buffers


def last_uses(groups: list[Group], brief: set[Value], exported: set[Value]) -> dict[Value, int]:
    """For each large value among the ``brief`` ones, the last group that reads it.

    The variable of a function would keep it until the function returns.
    """
    last: dict[Value, int] = {}
    turned: dict[Value, Value] = {}
    """What is written x.T reads x."""
    for place, group in enumerate(groups):
        step = group.steps[0]
        read = [turned.get(v, v) for part in group.steps for v in part.reads]
        if isinstance(step, Step) and is_turned_matrix(step) and step.out not in exported:
            turned[step.out] = read[0]
            continue
        made = [v for part in group.steps for v in part.outputs if v in brief]
        last.update((v, place) for v in made if v.size * v.dtype.itemsize >= LARGE)
        last.update((v, place) for v in read if v in last)
    return last


def _placed(group: Group, needed: set[Value], products: bool) -> list[Value]:
    if group.loop:
        return group.results(needed)
    step = group.steps[0]
    is_product = isinstance(step, Step) and step.kind == "Matmul" and step.out.shape
    return [step.out] if products and is_product else []


def _note_memory(step: Step, group: Group, buffers: Buffers) -> None:
    for value in step.reads:
        if _comes_in_order(value):
            buffers.in_order.add(value)
    if group.loop or step.kind in ("Matmul", "Clone"):
        return
    roots = {root for x in step.reads for root in buffers.roots(x)}
    for value in step.outputs:
        view = step.kind in VIEWS or step.kind.startswith("Index")
        if view or value.shape:
            buffers.memory_of[value] = roots | (set() if step.kind in VIEWS else {value})


def _comes_in_order(value: Value) -> bool:
    """Whether a value from outside of the program always is in order: see `Entry` and `Guard`."""
    if value.origin == "outside":
        return bool(value.tensor.value.flags.c_contiguous)
    if value.origin == "constant":
        return bool(value.array.flags.c_contiguous)
    return value.origin in ("input", "seed")


def _note_order(step: Step, buffers: Buffers) -> None:
    reshapes = isinstance(step, Step) and step.kind in VIEWS - {
        "Permute",
        "Transpose",
        "T",
        "Expand",
    }
    if reshapes and step.reads[0] in buffers.in_order:
        buffers.in_order.add(step.out)
