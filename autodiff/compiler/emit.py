"""The program as source: a Python module to read, to run, and for Numba to compile."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from autodiff.compiler.buffers import Buffers, last_uses, plan
from autodiff.compiler.fuse import Group, element, fused, is_sum
from autodiff.compiler.imports import headed
from autodiff.compiler.lines import VIEWS, Text, formula_of, is_turned_matrix
from autodiff.compiler.loops import loop_source
from autodiff.compiler.program import (
    Accumulate,
    Optimize,
    Program,
    Step,
    Value,
    Write,
    each_value,
)  # fmt: skip
from autodiff.compiler.rows import in_rows, row_loop
from autodiff.compiler.trace import Pull

__all__ = ["Source", "emit"]

MODULES = {
    "numpy": ("empty", "float32", "float64"),
    "autodiff.compiler.mathematics": ("cos", "exp", "sin", "tanh"),
    "autodiff.compiler.native": ("loop",),
    "autodiff.compiler.runtime": (
        "Room", "add_to_grad", "in_order", "in_parts", "set_grad", "write",
    ),
}  # fmt: skip
"""What programs use, and where it is."""

WIDTH = 56
"""The column in which comments begin."""


@dataclass
class Source:
    """A program's text, and the objects that it finds under names."""

    text: str
    bound: dict[str, Any]
    inputs: list[Value]
    leaves: list[Value]
    """Inputs whose tensors, not only their arrays, are handed over."""
    groups: list[Group]
    loops: list[Any]
    own_bytes: int
    """What the arrays take that are made anew in each call."""


class Part:
    """The lines of one function."""

    def __init__(self) -> None:
        self.lines: list[tuple[str, str]] = []

    def add(self, text: str, comment: str = "") -> None:
        self.lines.append((text, comment))

    def title(self, text: str) -> None:
        if self.lines:
            self.add("")
        self.add(f"# {text}")

    def text(self, indent: str = "    ") -> str:
        shown = []
        for text, comment in self.lines:
            line = indent + text if text else ""
            shown.append(f"{line.ljust(WIDTH)}  # {comment}" if comment else line)
        return "\n".join(shown)


def emit(program: Program) -> Source:
    """Write a program out. Its values have their names already."""
    if program.place.type == "cuda":
        from autodiff.compiler.emit_gpu import GpuWriter

        return GpuWriter(program).source()
    return Writer(program).source()


class Writer:
    """Writes a program for the CPU; what another device does differently is in a subclass."""

    modules = MODULES
    places_products = True
    """Whether the products of matrices can be written into memory that is there already."""

    def __init__(self, program: Program) -> None:
        self.program, self.text = program, self.text_for(program)
        used = {v for step in program.backward for v in step.reads}
        results = [*each_value((program.outputs, program.gradients)), *used]
        self.forward = fused(program.steps, results, self.element, self.alone)
        gradients = list(each_value(program.gradients))
        self.backward = fused(program.backward, gradients, self.element, self.alone)
        self.loops: list[Any] = []
        self.saved = self._saved()
        exported = [*program.outputs, *program.gradients, *self.saved]
        exported += [s.value for s in program.everything if isinstance(s, Accumulate) and s.value]
        self.exported = set(each_value(exported))
        self.needed = self._needed(exported)
        groups = [*self.forward, *self.backward]
        self.buffers: Buffers = plan(groups, set(exported), self.needed, self.places_products)
        self.taken: set[Value] = set()
        self.leaves: list[Value] = []

    def text_for(self, program: Program) -> Text:
        return Text()

    def opening(self) -> list[str]:
        """What a program begins with, behind its imports."""
        return []

    def element(self, step: Step, operands: list[str]) -> str | None:
        """One element of a step's result, where it can be computed in a loop."""
        return element(step, operands)

    def alone(self, step: Any) -> bool:
        """Whether a step is a loop by itself."""
        return in_rows(step)

    def rooms(self) -> list[Value]:
        """Values that are handed out, in memory that is kept."""
        return self.buffers.rooms()

    def constant(self, value: Value) -> Any:
        """What the program finds under the name of a constant."""
        return value.array

    def source(self) -> Source:
        main = self._function(self.forward, self.program.outputs)
        parts = self.opening()
        back = self._backward_function() if self.program.seeds else None
        parts += [loop.source + "\n" for loop in self.loops]
        if made := self.buffers.source():
            parts.append(made + "\n")
        if rooms := self.rooms():
            lines = [f"room_{v.name} = Room({self.text.of(v.shape)}, {v.dtype})" for v in rooms]
            about = "# Memory for what is handed out, made again only while somebody holds it."
            parts.append("\n".join([about, *lines]) + "\n")
        names = [v.name for v in self.program.inputs] + [f"leaf_{v.name}" for v in self.leaves]
        parts.append(f"def forward({', '.join(names)}):\n{main}\n")
        if back is not None:
            parts.append(back + "\n")
        program = "\n\n".join(part.rstrip("\n") + "\n" for part in parts)
        text = headed(self._title(), program, self.modules)
        outside = {v.name: v for v in self._outside() if v.origin != "constant"}
        bound = dict(self.text.bound)
        for value in self._outside():
            if value.origin == "constant":
                bound[value.name] = self.constant(value)
        bound |= {f"leaf_{v.name}": v.tensor for v in outside.values() if v.origin == "outside"}
        bound |= {f"leaf_{v.grad_of.name}": v.tensor for v in outside.values() if v.grad_of}
        groups = [*self.forward, *self.backward]
        own = sum(v.size * v.dtype.itemsize for v in self._made(groups))
        return Source(text, bound, self.program.inputs, self.leaves, groups, self.loops, own)

    # -- what is needed where -----------------------------------------------------------------

    def _saved(self) -> list[Value]:
        """What the backward pass reads of the forward pass."""
        own = {v for step in self.program.backward for v in step.outputs} | set(self.program.seeds)
        read = [v for step in self.program.backward for v in step.reads]
        read += list(each_value(self.program.gradients))
        return [v for v in dict.fromkeys(read) if v not in own and v.origin in ("step", "input")]

    def _needed(self, exported: list[Any]) -> set[Value]:
        """The values that something outside of the loop that makes them reads."""
        needed = set(each_value(exported))
        for group in [*self.forward, *self.backward]:
            made = {v for step in group.steps for v in step.outputs}
            needed.update(v for step in group.steps for v in step.reads if v not in made)
        return needed

    def _outside(self) -> list[Value]:
        values = [v for step in self.program.everything for v in step.reads]
        values += [s.target for s in self.program.everything if hasattr(s, "target")]
        values += list(each_value((self.program.outputs, self.program.gradients)))
        return [v for v in dict.fromkeys(values) if v.origin in ("outside", "constant", "grad")]

    # -- the text -----------------------------------------------------------------------------

    def _title(self) -> str:
        """What the program computes, from what."""
        program = self.program
        given = ", ".join(v.name for v in program.inputs)
        place = "" if program.place.type == "cpu" else f" on {program.place}"
        lines = [f'"""{program.name}({given}), as one call of it was recorded{place}.', ""]
        known = [(v.name, v.text, "argument") for v in program.inputs]
        known += [
            (v.name, v.text, "from outside") for v in self._outside() if v.origin == "outside"
        ]
        known += [(v.name, v.text, "result") for v in each_value(program.outputs)]
        rows = list(dict.fromkeys(known))
        width = max((len(name) for name, *_ in rows), default=0)
        middle = max((len(kind) for _, kind, _ in rows), default=0)
        lines += [f"{n.ljust(width)}  {k.ljust(middle)}  {what}" for n, k, what in rows]
        return "\n".join([*lines, '"""'])

    def _function(self, groups: list[Group], results: list[Value]) -> str:
        part = Part()
        read = dict.fromkeys(v for v in self._outside() if v.origin == "outside")
        names: set[str] = set()
        for value in read:
            if value.name not in names and self._is_read(value, groups):
                part.add(f"{value.name} = leaf_{value.name}.value")
            names.add(value.name)
        for value in self._outside():
            if value.origin == "grad":
                part.add(f"{value.name} = leaf_{value.grad_of.name}.grad.value")  # type: ignore[union-attr]
        self._groups(part, groups)
        if self.program.seeds:
            part.add("")
        returned = [self._exported(v) for v in results]
        saved = "".join(f"{v.name}, " for v in self.saved)
        if self.program.seeds:
            part.add(f"return ({''.join(f'{r}, ' for r in returned)}), ({saved})")
        elif returned:
            part.add(f"return ({''.join(f'{r}, ' for r in returned)})")
        else:
            part.add("return ()")
        return part.text()

    def _is_read(self, value: Value, groups: list[Group]) -> bool:
        same = {v for v in self._outside() if v.name == value.name}
        reads = {v for g in groups for step in g.steps for v in step.reads}
        reads |= set(each_value(self.program.outputs))
        reads |= {v for step in self.program.backward for v in step.reads}
        return bool(same & reads)

    def _backward_function(self) -> str:
        part = Part()
        for value in dict.fromkeys(v for v in self._outside() if v.origin == "outside"):
            if any(value in step.reads for step in self.program.backward):
                part.add(f"{value.name} = leaf_{value.name}.value")
        self._groups(part, self.backward)
        gradients = [self._exported(v) if v is not None else "None" for v in self.program.gradients]
        part.add(f"return ({''.join(f'{g}, ' for g in gradients)})")
        parameters = [v.name for v in self.saved] + [v.name for v in self.program.seeds]
        return f"def backward({', '.join(parameters)}):\n{part.text()}"

    def _made(self, groups: list[Group]) -> list[Value]:
        """The values that get memory anew in each call."""
        planned = self.buffers.placed - self.buffers.fresh.keys() | set(self.rooms())
        made = [
            v for g in groups for v in (g.results(self.needed) if g.loop else g.steps[0].outputs)
        ]
        return [v for v in made if v not in planned]

    def _groups(self, part: Part, groups: list[Group]) -> None:
        phase = None
        brief = set(self._made(groups)) - self.exported
        done = last_uses(groups, brief, self.exported)
        for place, group in enumerate(groups):
            step = group.steps[0]
            now = self._phase(group)
            if now != phase and now is not None:
                part.title(now)
            phase = now or phase
            if group.loop:
                self.loop(part, group)
            elif isinstance(step, Step):
                self._line(part, step)
            else:
                self._effect(part, step)
            if names := ", ".join(v.name for v, use in done.items() if use == place):
                part.add(f"del {names}", "frees memory")

    def _phase(self, group: Group) -> str | None:
        steps = [s for s in group.steps if isinstance(s, Step)]
        if not steps:
            return None
        kinds = {s.backward for s in steps}
        if len(kinds) == 2:
            return "forward and backward"
        return "backward" if kinds == {True} else "forward"

    def loop(self, part: Part, group: Group) -> None:
        name = f"loop_{len(self.loops) + 1}"
        if group.closed:
            loop = row_loop(name, group.steps[0])
        else:
            loop = loop_source(name, group, self.needed)
        self.loops.append(loop)
        for value in loop.results:
            self.allocate(part, value)
        read = [self._contiguous(v) for v in loop.operands]
        made = ", ".join(v.name for v in loop.results)
        if loop.size is None:
            arguments = ", ".join([*read, *(v.name for v in loop.results)])
            part.add(f"{loop.name}({arguments})", f"computes {made}")
            return
        totals = {step.out for step in group.steps if is_sum(step)}
        arrays = ", ".join([*read, *(v.name for v in loop.results if v not in totals)])
        sums = "".join(f"{total.split(' = ')[1].split(' / ')[0]}, " for total in loop.totals)
        left = f"{sums.rstrip()} = " if sums else ""
        part.add(
            f"{left}in_parts({loop.name}, {loop.size}, {arrays})",
            f"computes {made}",
        )
        for total in loop.totals:
            part.add(total)

    def _contiguous(self, value: Value) -> str:
        if value in self.buffers.in_order or value.size <= 1:
            return value.name
        return f"in_order({value.name})"

    def allocate(self, part: Part, value: Value) -> None:
        if value in self.rooms():
            part.add(f"{value.name} = room_{value.name}.take()")
        elif value in self.buffers.fresh:
            part.add(f"{value.name} = empty({self.text.of(value.shape)}, {value.dtype})")

    def _line(self, part: Part, step: Step) -> None:
        if is_turned_matrix(step) and step.out not in self.exported:
            step.out.name = f"{step.args[0].name}.T"
            return
        expression, known = self.text.line(step)
        comment = formula_of(step)
        if not known:
            comment = f"not fused: {comment}"
        names = ", ".join(v.name for v in step.outputs)
        if isinstance(step.function, Pull):
            part.add(f"{names}, = {expression}", "not fused: gradients that depend on values")
            return
        if step.kind == "Matmul" and step.out in self.buffers.placed:
            self.allocate(part, step.out)
            x, y = (self.text.of(x) for x in step.args)
            part.add(f"np.matmul({x}, {y}, out={names})", f"{names} = {comment}")
            return
        if len(step.outputs) == 1 and not step.out.shape and step.kind not in VIEWS:
            expression = self.as_array(expression)
        part.add(f"{names} = {expression}", comment if step.kind not in VIEWS else "")

    def _effect(self, part: Part, effect: Any) -> None:
        if isinstance(effect, Optimize):
            name = self.text.bind(effect.optimizer, type(effect.optimizer).__name__)
            part.title("update")
            part.add(f"{name}.step()")
            return
        target = effect.target
        leaf = f"leaf_{target.name}"
        if isinstance(effect, Write):
            if target.origin == "input":
                part.add(f"{target.name}[...] = {effect.value.name}")
                return
            place = f"leaf_{target.grad_of.name}.grad" if target.origin == "grad" else leaf
            part.add(
                f"write({place}, {effect.value.name})", f"{target.name}[...] = {effect.value.name}"
            )
            return
        if target.origin == "input" and target not in self.leaves:
            self.leaves.append(target)
        assert isinstance(effect, Accumulate)
        if effect.value is None:
            part.add(f"{leaf}.grad = None")
        elif effect.onto is not None:
            part.add(
                f"add_to_grad({leaf}, {effect.value.name})",
                f"{target.name}.grad = {effect.value.name}",
            )
        else:
            g = self._exported(effect.value)
            part.add(f"set_grad({leaf}, {g})", f"{target.name}.grad = {effect.value.name}")

    def _exported(self, value: Value) -> str:
        """A value for somebody outside, who must not share it with anybody else."""
        roots = self.buffers.roots(value)
        owned = all(root.origin == "step" for root in roots) and not roots & self.taken
        self.taken |= roots
        if owned and value in roots:
            return value.name
        return self.copied(value)

    def as_array(self, expression: str) -> str:
        """An array of what may be one of NumPy's numbers."""
        return f"np.asarray({expression})"

    def copied(self, value: Value) -> str:
        return f"np.array({value.name})"
