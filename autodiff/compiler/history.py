"""What became of each operation of a recorded call: computed in which loop, merged, or dropped."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from autodiff.compiler.lines import formula_of
from autodiff.compiler.names import result_name
from autodiff.compiler.outline import called, effect_part, loop_names, numbered
from autodiff.compiler.program import Accumulate, Optimize, Program, Step, Value

if TYPE_CHECKING:
    from autodiff.compiler.emit import Source

__all__ = ["Operation", "history_of"]


@dataclass(frozen=True)
class Operation:
    """An operation of the recorded call, or a value that it began with.

    ``kind``: "leaf", "constant", "op" or "effect". ``groups``: the numbers of those groups of the
    program (see `Part`) that compute it, and ``loops`` their names, "" for those that are no loop.
    Where there are none, ``fate`` says why.
    """

    id: str
    name: str
    kind: str
    function: str
    formula: str
    type: str
    operands: tuple[str, ...]
    backward: bool = False
    groups: tuple[int, ...] = ()
    loops: tuple[str, ...] = ()
    fate: str = ""


def history_of(program: Program, source: Source) -> list[Operation]:
    """The recorded operations in the order in which they ran."""
    return _History(program, source).operations


class _History:
    def __init__(self, program: Program, source: Source) -> None:
        self.program = program
        self.operations: list[Operation] = []
        self.ids: dict[Value, str] = {}
        self.names: set[str] = set()
        self.grads: list[str] = []
        steps = [(i, step) for i, group in numbered(source.groups) for step in group.steps]
        self.loops = loop_names(source)
        self.groups: dict[Value, list[int]] = {}
        self.makers: dict[Value, Step] = {}
        for number, step in steps:
            for value in step.outputs:
                self.groups.setdefault(value, []).append(number)
                self.makers[value] = step
        self.recorded = {v for step in program.recorded for v in (*step.outputs, *step.reads)}
        effects = iter([pair for pair in steps if not isinstance(pair[1], Step)])
        for step in program.recorded:
            for value in step.reads:
                self._add_leaf(value)
            if isinstance(step, Step):
                self._add(step)
            else:
                self._add_effect(*next(effects))

    def _add_leaf(self, value: Value) -> None:
        if value in self.ids or value.origin == "step":
            return
        kind = "constant" if value.origin == "constant" else "leaf"
        if kind == "constant" and value.size == 1:
            value.name = f"{value.array.item():g}"
        value.name = value.name or kind
        self.operations.append(Operation(self._id(value), value.name, kind, "", "", value.text, ()))

    def _add(self, step: Step) -> None:
        operands = tuple(dict.fromkeys(self.ids[v] for v in step.reads if v in self.ids))
        for i, value in enumerate(step.outputs):
            if not value.name or value not in self.makers:
                value.name = self._unused(value.name or result_name(step, i))
        function = result_name(step, 0)
        formula = formula_of(step) or called(step)
        for value in step.outputs:
            groups = self._groups(value)
            fate = "" if any(groups) else self._fate(value)
            self.operations.append(
                Operation(
                    self._id(value), value.name, "op", function, formula, value.text, operands,
                    step.backward, groups, tuple(self.loops[i] for i in groups), fate,
                )
            )  # fmt: skip

    def _add_effect(self, number: int, effect: Any) -> None:
        if isinstance(effect, Accumulate) and effect.value is None:
            return  # a gradient that is forgotten is no operation of the graph
        part = effect_part(effect, number, ())
        operands = tuple(self.ids[v] for v in effect.reads if v in self.ids)
        if isinstance(effect, Optimize):
            operands = tuple(self.grads)
        identity = f"o{len(self.operations)}"
        if isinstance(effect, Accumulate):
            self.grads.append(identity)
        self.operations.append(
            Operation(
                identity, part.name, "effect", "", "", part.type, operands,
                part.backward, (number,), ("",),
            )
        )  # fmt: skip

    def _id(self, value: Value) -> str:
        self.ids[value] = f"o{len(self.operations)}"
        return self.ids[value]

    def _unused(self, name: str) -> str:
        """The name, with a number behind it where the program or the graph has it already."""
        self.names = self.names or {v.name for v in self.makers}
        found, number = name, 2
        while found in self.names:
            found, number = f"{name}_{number}", number + 1
        self.names.add(found)
        return found

    def _groups(self, value: Value) -> tuple[int, ...]:
        """The groups that compute a value, with those of the parts it was split into."""
        found: set[int] = set()
        waiting = [value]
        while waiting:
            part = waiting.pop()
            found.update(self.groups.get(part, ()))
            step = self.makers.get(part)
            if step is not None:
                waiting += [v for v in step.reads if v not in self.recorded]
        return tuple(sorted(found - {0}))

    def _fate(self, value: Value) -> str:
        kept: Any = value
        while isinstance(kept, Value) and kept in self.program.became:
            kept = self.program.became[kept]
        if value in self.makers:
            return "only turned: no line of its own"
        if kept is value:
            return "dropped: not needed"
        if isinstance(kept, Value) and kept.origin != "constant":
            return f"the same as {kept.name}"
        return "computed in advance"
