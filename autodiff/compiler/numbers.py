"""Calling a compiled function of single numbers (`Scalar`)."""

from __future__ import annotations

import inspect
import threading
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from autodiff.compiler.cache import load
from autodiff.compiler.history import Operation
from autodiff.compiler.names import surroundings
from autodiff.compiler.node import CompiledBackward
from autodiff.compiler.number_outline import number_history, number_outline
from autodiff.compiler.outline import Part
from autodiff.compiler.program import Place, replaced
from autodiff.compiler.tape import Tape, tape_source
from autodiff.grad_mode import mode
from autodiff.graph import Output
from autodiff.scalar import Scalar

__all__ = ["NumberEntry", "number_entry"]


@dataclass
class Text:
    """The text of a program."""

    text: str


@dataclass
class NumberEntry:
    """One program of single numbers: ``forward(values)`` and ``backward(values, gradients)``."""

    tape: Tape
    source: Text
    module: Any
    leaves: list[tuple[int, Any]]
    """Per slot that is read anew in each call: a Scalar from outside, or an argument's number."""
    wanted: list[int]
    structure: Any
    outputs: list[int]
    values: np.ndarray
    ends: list[int]
    """The slots whose gradients start the backward pass."""
    names: dict[int, str]
    lock: Any = field(default_factory=threading.RLock)
    """Held while the program runs: ``values`` is there once."""

    def fits(self) -> bool:
        """Nothing outside can make this program wrong: it reads its numbers in each call."""
        return True

    def outline(self) -> list[Part]:
        """The lines of the program as plain data."""
        return number_outline(self.tape, self.ends, self.wanted, self.names)

    def history(self) -> list[Operation]:
        """The recorded operations as plain data, and what became of each."""
        return number_history(self.tape, self.ends, self.wanted, self.names)

    def run(self, arguments: list[Any]) -> Any:
        scalars = [arguments[x] if type(x) is int else x for _, x in self.leaves]
        values = self.values
        values[: len(scalars)] = [x.value for x in scalars]
        self.module.forward(values)
        if self.tape.seeds:
            self._accumulate(scalars, values)
        results = [self._result(slot, scalars) for slot in self.outputs]
        live = [i for i, slot in enumerate(self.outputs) if slot < 0]
        if live and mode.enabled and self.wanted:
            self._connect([results[i] for i in live], [self.outputs[i] for i in live], scalars)
        return replaced(self.structure, lambda x: results[x.number] if type(x) is Place else x)

    def _result(self, slot: int, scalars: list[Scalar]) -> Scalar:
        if slot >= 0:
            return scalars[slot]
        return Scalar(float(self.values[self.tape.place(slot)]), requires_grad=False)

    def _accumulate(self, scalars: list[Scalar], values: np.ndarray) -> None:
        grad = np.zeros(len(values))
        for slot, g in self.tape.seeds:
            grad[self.tape.place(slot)] += g
        self.module.backward(values, grad)
        resets = self.tape.resets
        for slot, g in zip(self.wanted, grad[self.wanted].tolist(), strict=True):
            leaf = scalars[slot]
            before = resets.get(slot, leaf._grad)
            leaf._grad = g if before is None else before + g

    def _connect(self, results: list[Scalar], slots: list[int], scalars: list[Scalar]) -> None:
        values, spent = self.values.copy(), bool(self.tape.seeds)

        def pull(gradients: list[Any]) -> list[float]:
            grad = np.zeros(len(values))
            for slot, g in zip(slots, gradients, strict=True):
                grad[self.tape.place(slot)] += 0.0 if g is None else g
            self.module.backward(values, grad)
            return grad[self.wanted].tolist()

        edges = [scalars[slot].edge for slot in self.wanted]
        node = CompiledBackward(edges, len(results), None if spent else pull, self)
        for nr, x in enumerate(results):
            x._source = node if node.count == 1 else Output(node, nr, node.count)
            x._requires_grad = True


def number_entry(
    function: Any,
    title: str,
    tape: Tape,
    result: Any,
    arguments: tuple[list[Any], list[Any]],
    given: tuple[Any, Any],
    variables: dict[str, Any],
) -> NumberEntry:
    """The program of a recorded tape. ``arguments``: those of the call, and their stand-ins."""
    outputs: list[int] = []

    def placed(x: Any) -> Any:
        if not isinstance(x, Scalar):
            return x
        outputs.append(tape.slot(x))
        return Place(len(outputs) - 1)

    structure = replaced(result, placed)
    _leaves_first(tape)
    leaves = [(i, x) for i, x in enumerate(tape.leaves) if isinstance(x, Scalar)]
    wanted = [i for i, x in leaves if x._requires_grad]
    names = _names(tape, function, given, variables)
    ends = [slot for slot, _ in tape.seeds] or [slot for slot in outputs if slot < 0]
    ends = list(dict.fromkeys(ends))
    text, arrays = tape_source(tape, ends, wanted, names, title)
    module = load(text)
    module.__dict__.update(arrays)
    values = np.zeros(len(tape.leaves) + len(tape.operations))
    for i, x in enumerate(tape.leaves):
        values[i] = x.value if isinstance(x, Scalar) else x
    stand_ins = {id(x): i for i, x in enumerate(arguments[1])}
    read = [(i, stand_ins.get(id(x), x)) for i, x in leaves]
    return NumberEntry(
        tape, Text(text), module, read, wanted, structure, outputs, values, ends, names
    )


def _leaves_first(tape: Tape) -> None:
    """Put the leaves that are read in each call before the constants."""
    order = sorted(range(len(tape.leaves)), key=lambda i: not isinstance(tape.leaves[i], Scalar))
    new = {old: i for i, old in enumerate(order)}

    def moved(slot: int) -> int:
        return new[slot] if slot >= 0 else slot

    tape.leaves = [tape.leaves[i] for i in order]
    tape.operations = [
        (op, tuple([moved(s) for s in slots]), settings) for op, slots, settings in tape.operations
    ]
    tape.slots = {key: moved(slot) for key, slot in tape.slots.items()}
    tape.seeds = [(moved(slot), g) for slot, g in tape.seeds]
    tape.resets = {moved(slot): g for slot, g in tape.resets.items()}


def _names(tape: Tape, function: Any, given: Any, variables: dict[str, Any]) -> dict[int, str]:
    """What the program calls its numbers, by slot."""
    args, kwargs = given
    try:
        parameters = dict(inspect.signature(function).bind(*args, **kwargs).arguments)
    except (TypeError, ValueError):
        parameters = {}
    names: dict[int, str] = {}
    for known in (parameters, surroundings(function), variables):
        for name, x in known.items():
            parts = enumerate(x) if isinstance(x, (list, tuple)) else [(None, x)]
            for i, part in parts:
                if isinstance(part, Scalar) and id(part) in tape.slots:
                    text = name if i is None else f"{name}_{i}"
                    names.setdefault(tape.slots[id(part)], text)
    return names
