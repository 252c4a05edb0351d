"""Recording a call, and making a program of it."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Any

import numpy as np

from autodiff import errors, graph
from autodiff.arrays import beside
from autodiff.compiler.cache import load
from autodiff.compiler.emit import emit
from autodiff.compiler.entry import Entry, Guard
from autodiff.compiler.names import give_names, locals_of, named_tensors, surroundings
from autodiff.compiler.node import CompiledBackward, connect
from autodiff.compiler.numbers import NumberEntry, number_entry
from autodiff.compiler.program import Place, Program, Value, replaced
from autodiff.compiler.runtime import keep_freed
from autodiff.compiler.simplify import simplify
from autodiff.compiler.trace import Recorder
from autodiff.compiler.watched import watching_values
from autodiff.device import CPU, device
from autodiff.scalar import Scalar
from autodiff.tensor import Tensor

__all__ = ["recorded"]


def recorded(
    function: Callable[..., Any], title: str, args: Any, kwargs: Any, tensors: list[Tensor]
) -> tuple[Entry | NumberEntry, Any]:
    """Run the function once under a recording; the program of that call, and its result."""
    for _, x in named_tensors(surroundings(function)):
        if any(x is y for y in tensors):
            raise errors.compiler.argument_from_outside(x.shape)
    recorder = Recorder()
    variables: dict[str, Any] = {}
    with watching_values():
        stand_ins = [_stand_in(x) for x in tensors]
        inputs = [recorder.argument(x) for x in stand_ins if isinstance(x, Tensor)]
        in_place_of = {id(x): y for x, y in zip(tensors, stand_ins, strict=True)}
        args, kwargs = replaced((args, kwargs), lambda x: in_place_of.get(id(x), x))
        with recorder, locals_of(function, variables):
            result = function(*args, **kwargs)
        if recorder.tape.kept:
            numbers = (tensors, stand_ins)
            program_of_numbers = number_entry(
                function, title, recorder.tape, result, numbers, (args, kwargs), variables
            )
            own = all(x is y for x, y in zip(tensors, stand_ins, strict=True))
            return program_of_numbers, result if own else program_of_numbers.run(tensors)
        outputs: list[Tensor] = []
        structure = replaced(result, functools.partial(_placed, outputs=outputs))
        _name(recorder, function, args, kwargs, variables)
        values = [recorder.of_tensor(x) for x in outputs]
        program = Program(
            title, inputs, values, recorder.steps, place=_place(recorder, inputs, outputs)
        )
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
    if program.place.type == "cpu":
        keep_freed(source.own_bytes)
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
    if isinstance(x, Scalar):
        return Scalar(x.value)
    return Tensor._wrap(x.value, requires_grad=True, version=x.version)


def _placed(x: Any, outputs: list[Tensor]) -> Any:
    if not isinstance(x, Tensor):
        return x
    outputs.append(x)
    return Place(len(outputs) - 1)


def _place(recorder: Recorder, inputs: list[Value], outputs: list[Tensor]) -> device:
    """The device that all tensors of a program are on."""
    tensors = [v.tensor for v in (*inputs, *recorder.outside)]
    places = list(dict.fromkeys(x.device for x in tensors or outputs))
    if len(places) > 1:
        raise errors.compiler.several_devices(places)
    return places[0] if places else CPU


def _record_backward(
    recorder: Recorder, program: Program, outputs: list[Tensor], wanted: list[Value]
) -> None:
    """Record how gradients of the outputs become gradients of what is wanted."""
    forward = list(recorder.steps)
    seeds: dict[Any, Any] = {}
    found: dict[Any, Any] = {}
    for x in outputs:
        g = Tensor._wrap(beside(x.value, np.ones(x.shape, x.value.dtype)))
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
    for variables in (given, surroundings(function), own):
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
