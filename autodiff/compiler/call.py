"""Calling a compiled function: look up the program for these arguments, or record a new one."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from autodiff import errors, graph
from autodiff.compiler.cache import load
from autodiff.compiler.emit import Source, emit
from autodiff.compiler.names import give_names, locals_of, named_tensors, surroundings
from autodiff.compiler.node import CompiledBackward, connect
from autodiff.compiler.program import Program, Value, replaced
from autodiff.compiler.runtime import in_order
from autodiff.compiler.simplify import simplify
from autodiff.compiler.trace import Recorder
from autodiff.compiler.watched import watching_values
from autodiff.grad_mode import mode
from autodiff.tensor import Tensor

__all__ = ["Compiled"]

PLAIN = (int, float, bool, str, bytes, complex, type(None), type(Ellipsis))


class Compiled:
    """A function that is recorded when it is first called, and then runs as a program.

    ``source`` is the program of the last call as Python source; ``function`` what was compiled.
    """

    def __init__(self, function: Callable[..., Any]) -> None:
        self.function = function
        self.name = getattr(function, "__name__", type(function).__name__)
        functools.update_wrapper(self, function, updated=())
        self.entries: dict[Any, list[Entry]] = {}
        self.last: Entry | None = None
        self._modules = _modules_of(function)

    @property
    def source(self) -> str:
        """The program of the latest call, as Python source.

        Raises:
            RuntimeError: the function was not called yet.
        """
        if self.last is None:
            raise errors.compiler.not_called(self.name)
        return self.last.source.text

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if mode.observers:  # whoever watches wants to see the ops themselves
            return self.function(*args, **kwargs)
        tensors: list[Tensor] = []
        key = (
            _signature(args, tensors),
            _signature(kwargs, tensors) if kwargs else None,
            mode.enabled,
            tuple([m.training for m in self._modules]),
        )
        for entry in self.entries.get(key, ()):
            if entry.fits():
                self.last = entry
                return entry.run(tensors)
        entry, result = _recorded(self, args, kwargs, tensors)
        self.entries.setdefault(key, []).append(entry)
        self.last = entry
        return result

    def __repr__(self) -> str:
        return f"<compiled {self.name}>"


@dataclass
class Entry:
    """One program, made for arguments of one kind."""

    program: Program
    source: Source
    forward: Callable[..., Any]
    backward: Callable[..., Any] | None
    structure: Any
    """The result, with the number of an output in the place of each tensor."""
    same: dict[int, Tensor]
    """Outputs that are tensors from outside themselves."""
    differentiable: list[int]
    spent: bool
    guards: list[Any]
    entry_grads: list[tuple[Tensor, bool]]

    def fits(self) -> bool:
        """Whether the world outside still is what the program was made for."""
        for guard in self.guards:
            if guard.tensor.value is not guard.array and not guard.renewed():
                return False
        return all((x._grad is None) == was_none for x, was_none in self.entry_grads)

    def run(self, tensors: list[Tensor]) -> Any:
        arrays = [in_order(x.value) for x in tensors]
        leaves = [tensors[self.program.inputs.index(v)] for v in self.source.leaves]
        out = self.forward(*arrays, *leaves)
        saved: Any = ()
        if self.backward is not None:
            out, saved = out
        results = [Tensor._wrap(x) for x in out]
        for i, x in self.same.items():
            results[i] = tensors[x] if isinstance(x, int) else x
        if self.differentiable and mode.enabled:
            self._connect(results, tensors, saved)
        return replaced(self.structure, lambda x: results[x.number] if type(x) is Place else x)

    def _connect(self, results: list[Tensor], tensors: list[Tensor], saved: Any) -> None:
        backward, program = self.backward, self.program
        edges = [
            tensors[program.inputs.index(v)].edge if v.origin == "input" else v.tensor.edge
            for v in program.wanted
        ]
        places = range(len(self.differentiable))
        pull: Any = None
        if not self.spent:
            assert backward is not None

            def pull(gradients: list[Any]) -> Any:
                given = [
                    np.zeros_like(results[i].value) if g is None else in_order(np.asarray(g))
                    for i, g in zip(self.differentiable, gradients, strict=True)
                ]
                return backward(*saved, *given)

        node = CompiledBackward(edges, len(places), pull, self)
        connect(node, [results[i] for i in self.differentiable], places)


@dataclass(frozen=True)
class Place:
    """The place of an output in the structure of the results."""

    number: int


@dataclass
class Guard:
    """A tensor from outside, and what its memory has to be like."""

    tensor: Tensor
    array: np.ndarray

    def renewed(self) -> bool:
        """Whether other memory that it has now (by ``x.data = y``) is of the same kind."""
        array = self.tensor.value
        if array.shape != self.array.shape or array.dtype != self.array.dtype:
            return False
        if not array.flags.c_contiguous:
            return False
        self.array = array
        return True


def _modules_of(function: Any) -> list[Any]:
    """The modules that a function uses: whether they are in training decides what it does."""
    found: list[Any] = []
    holders = [function, *surroundings(function).values()]
    for x in holders:
        if callable(getattr(x, "modules", None)) and not isinstance(x, type):
            found += [m for m in x.modules() if hasattr(m, "training")]
    return found


def _signature(x: Any, tensors: list[Tensor]) -> Any:
    """What a program is made for: shapes and dtypes of tensors, other arguments themselves."""
    if isinstance(x, Tensor):
        array = x.value
        first = next((i for i, y in enumerate(tensors) if y.value is array), None)
        tensors.append(x)
        return array.shape, array.dtype, x._requires_grad, x._source is None, first
    if isinstance(x, PLAIN):
        return type(x), x
    if isinstance(x, (tuple, list)):
        return type(x), tuple([_signature(part, tensors) for part in x])
    if isinstance(x, dict):
        return tuple([(k, _signature(part, tensors)) for k, part in x.items()])
    try:
        hash(x)
    except TypeError:
        raise errors.compiler.argument(type(x).__name__) from None
    return x


def _recorded(
    compiled: Compiled, args: Any, kwargs: Any, tensors: list[Tensor]
) -> tuple[Entry, Any]:
    """Run the function once under a recording; the program of that call, and its result."""
    recorder = Recorder()
    variables: dict[str, Any] = {}
    with watching_values():
        stand_ins = [_stand_in(x) for x in tensors]
        inputs = [recorder.argument(x) for x in stand_ins]
        in_place_of = {id(x): y for x, y in zip(tensors, stand_ins, strict=True)}
        args, kwargs = replaced((args, kwargs), lambda x: in_place_of.get(id(x), x))
        with recorder, locals_of(compiled.function, variables):
            result = compiled.function(*args, **kwargs)
        outputs: list[Tensor] = []
        structure = replaced(result, functools.partial(_placed, outputs=outputs))
        _name(recorder, compiled.function, args, kwargs, variables)
        values = [recorder.of_tensor(x) for x in outputs]
        program = Program(compiled.name, inputs, values, recorder.steps)
        same: dict[int, Any] = {}
        for i, x in enumerate(outputs):
            number = next((n for n, y in enumerate(stand_ins) if y is x), None)
            if number is not None:
                same[i] = number
            elif values[i].tensor is x:
                same[i] = x
        open_ends = [i for i, x in enumerate(outputs) if x._source is not None and i not in same]
        edges = [outputs[i].edge for i in open_ends]
        spent = any(getattr(n, "is_released", False) for n in graph.topological_order(edges))
        wanted = [
            v
            for v in (*inputs, *recorder.outside)
            if v.tensor is not None and v.tensor.requires_grad
        ]
        wanted = list({id(v.tensor): v for v in wanted}.values())
        if open_ends and not spent:
            _record_backward(recorder, program, [outputs[i] for i in open_ends], wanted)
        program.wanted = wanted
    simplify(program)
    give_names(program)
    source = emit(program)
    module = load(source.text)
    module.__dict__.update(source.bound)
    entry = Entry(
        program,
        source,
        module.forward,
        getattr(module, "backward", None),
        structure,
        same,
        open_ends,
        spent,
        [Guard(v.tensor, v.tensor.value) for v in recorder.outside],
        [(v.tensor, was_none) for v, was_none in recorder.entry_grads.values()],
    )
    if open_ends and any(x is not y for x, y in zip(tensors, stand_ins, strict=True)):
        _bridge(entry, outputs, tensors, stand_ins)
    result = replaced(structure, lambda x: outputs[x.number] if type(x) is Place else x)
    return entry, result


def _stand_in(x: Tensor) -> Tensor:
    """What the function gets in place of an argument with a history: a leaf of the same memory."""
    if x._source is None:
        return x
    return Tensor._wrap(x.value, requires_grad=True, version=x.version)


def _placed(x: Any, outputs: list[Tensor]) -> Any:
    if not isinstance(x, Tensor):
        return x
    outputs.append(x)
    return Place(len(outputs) - 1)


def _record_backward(
    recorder: Recorder, program: Program, outputs: list[Tensor], wanted: list[Value]
) -> None:
    """Record how gradients of the outputs become gradients of what is wanted."""
    forward = list(recorder.steps)
    seeds: dict[Any, Any] = {}
    found: dict[Any, Any] = {}
    for x in outputs:
        g = Tensor._wrap(np.ones(x.shape, x.value.dtype))
        program.seeds.append(recorder.seed(g, recorder.of_tensor(x)))
        edge = x.edge
        seeds[edge] = g
    recorder.steps.clear()
    with recorder:
        targets = {v.tensor for v in wanted}
        graph.backward(seeds, True, False, targets, found.__setitem__)
        program.gradients = [
            recorder.value_of(found[v.tensor]) if v.tensor in found else None for v in wanted
        ]
    for step in recorder.steps:
        step.backward = True
    program.steps, program.backward = forward, list(recorder.steps)


def _name(
    recorder: Recorder, function: Any, args: Any, kwargs: Any, variables: dict[str, Any]
) -> None:
    """Give values the names that the program has for them."""
    try:
        given = dict(inspect.signature(function).bind(*args, **kwargs).arguments)
    except (TypeError, ValueError):
        given = {}
    own = {k: x for k, x in variables.items() if k not in given}
    values: list[Value | None]
    for variables in (given, own, surroundings(function)):
        for name, x in named_tensors(variables):
            values = [v for v in recorder.outside if v.tensor is x] or [recorder.known(x.value)]
            for value in values:
                if value is not None and not value.name:
                    value.name = name


def _bridge(
    entry: Entry, outputs: list[Tensor], tensors: list[Tensor], stand_ins: list[Tensor]
) -> None:
    """Connect the results of the recorded call, which ran on stand-ins, to the larger graph."""
    recorded = [Tensor._wrap(x.value, True, x._source) for x in outputs]
    edges = []
    for value in entry.program.wanted:
        number = next((n for n, y in enumerate(stand_ins) if y is value.tensor), None)
        edges.append(value.tensor.edge if number is None else tensors[number].edge)

    def pull(gradients: list[Any]) -> Any:
        found: dict[Any, Any] = {}
        ends = zip(entry.differentiable, gradients, strict=True)
        seeds = {recorded[i].edge: g for i, g in ends if g is not None}
        targets = {v.tensor for v in entry.program.wanted}
        graph.backward(seeds, False, False, targets, found.__setitem__)
        return [found.get(v.tensor) for v in entry.program.wanted]

    places = range(len(entry.differentiable))
    node = CompiledBackward(edges, len(places), None if entry.spent else pull, entry)
    connect(node, [outputs[i] for i in entry.differentiable], places)
