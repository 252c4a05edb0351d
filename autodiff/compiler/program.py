"""A program: one recorded call of a function, as a list of steps on named values."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from autodiff.arrays import ARRAYS
from autodiff.device import CPU, device

__all__ = [
    "Accumulate",
    "Place",
    "Optimize",
    "Program",
    "Step",
    "Value",
    "Write",
    "each_array",
    "each_value",
    "replaced",
]


@dataclass(frozen=True)
class Place:
    """The place of an output in the structure of the results."""

    number: int


@dataclass(eq=False)
class Value:
    """An array of the program: an input, a tensor from outside, a constant, or a step's result.

    ``origin`` is "input", "outside", "grad" (the ``.grad`` that a tensor from outside already
    had), "constant" or "step". ``tensor`` is the tensor from outside; ``array`` a constant's.
    """

    shape: tuple[int, ...]
    dtype: np.dtype
    origin: str = "step"
    name: str = ""
    tensor: Any = None
    array: Any = None
    on_host: bool = True
    grad_of: Value | None = None
    """For a gradient in the backward pass: the value it is the gradient of."""

    @property
    def size(self) -> int:
        return int(np.prod(self.shape, dtype=np.int64))

    @property
    def text(self) -> str:
        """The dtype and shape, as comments show them."""
        return f"{self.dtype} {list(self.shape)}"


@dataclass(eq=False)
class Step:
    """One computation: ``op``'s forward, or (without an op) a NumPy function, on values."""

    op: Any
    function: Callable[..., Any]
    args: tuple[Any, ...]
    settings: dict[str, Any]
    outputs: list[Value]
    backward: bool = False
    note: str = ""
    """Where the step was written, for a comment."""

    @property
    def reads(self) -> list[Value]:
        return list(each_value((self.args, self.settings)))

    @property
    def out(self) -> Value:
        return self.outputs[0]

    @property
    def kind(self) -> str:
        """The name of the op, or nothing."""
        return "" if self.op is None else self.op.__name__


@dataclass(eq=False)
class Effect:
    """Something a program does to the world outside, in its place among the steps."""

    outputs: list[Value] = field(default_factory=list, init=False)
    backward: bool = field(default=False, init=False)
    op: Any = field(default=None, init=False)


@dataclass(eq=False)
class Write(Effect):
    """The memory of a tensor from outside gets new elements."""

    target: Value
    value: Value

    @property
    def reads(self) -> list[Value]:
        return [self.value]


@dataclass(eq=False)
class Accumulate(Effect):
    """``target.grad`` becomes ``value`` (None: no gradient), or grows by it."""

    target: Value
    value: Value | None
    onto: Value | None = None

    @property
    def reads(self) -> list[Value]:
        return [v for v in (self.value, self.onto) if v is not None]


@dataclass(eq=False)
class Optimize(Effect):
    """An optimizer's step. ``grads``: the gradients it reads, already in place."""

    optimizer: Any

    @property
    def reads(self) -> list[Value]:
        return []


@dataclass
class Program:
    """What a call computed: from ``inputs`` by ``steps`` to ``outputs``.

    Where the outputs can be differentiated, ``seeds`` are their gradients, which start the backward
    pass in ``backward``, and ``gradients`` what it finds for each of ``wanted``.
    """

    name: str
    inputs: list[Value]
    outputs: list[Value]
    steps: list[Any]
    seeds: list[Value] = field(default_factory=list)
    backward: list[Any] = field(default_factory=list)
    wanted: list[Value] = field(default_factory=list)
    gradients: list[Value | None] = field(default_factory=list)
    recorded: list[Any] = field(default_factory=list)
    """The steps as they were recorded, before anything was simplified."""
    became: dict[Value, Any] = field(default_factory=dict)
    """What took the place of a recorded value: an equal one, a constant, or a number."""
    place: device = CPU
    """The device that it runs on."""

    @property
    def everything(self) -> list[Any]:
        return [*self.steps, *self.backward]


def each_value(structure: Any) -> Iterator[Value]:
    """Every value in nested arguments."""
    if isinstance(structure, Value):
        yield structure
    elif isinstance(structure, (tuple, list)):
        for part in structure:
            yield from each_value(part)
    elif isinstance(structure, dict):
        for part in structure.values():
            yield from each_value(part)
    elif isinstance(structure, slice):
        yield from each_value((structure.start, structure.stop, structure.step))


def each_array(structure: Any) -> Iterator[Any]:
    """Every array in nested arguments."""
    if isinstance(structure, ARRAYS):
        yield structure
    elif isinstance(structure, (tuple, list)):
        for part in structure:
            yield from each_array(part)
    elif isinstance(structure, dict):
        for part in structure.values():
            yield from each_array(part)


def replaced(structure: Any, change: Callable[[Any], Any]) -> Any:
    """Nested arguments with ``change`` applied to each part that is no container."""
    if type(structure) in (tuple, list):
        return type(structure)(replaced(part, change) for part in structure)
    if type(structure) is dict:
        return {k: replaced(part, change) for k, part in structure.items()}
    if type(structure) is slice:
        return slice(
            *(replaced(p, change) for p in (structure.start, structure.stop, structure.step))
        )
    return change(structure)
