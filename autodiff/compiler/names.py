"""Names for the values of a program: the learner's own where there are any."""

from __future__ import annotations

import builtins
import inspect
import keyword
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from autodiff.compiler.loops import INDICES
from autodiff.compiler.program import Program, Step, Value
from autodiff.naming import snake_case
from autodiff.tensor import Tensor

__all__ = ["give_names", "locals_of", "named_tensors", "result_name", "surroundings"]

RESERVED = {
    "np", "math", "loop", "float32", "float64", "float16", "empty", "keep", "leaf", "write",
    "cos", "exp", "sin", "tanh", "forward", "backward", "ops", "optimizer", "share", "g",
    "cuda", "device", "half", "place", "shared", "step", "thread", "uint8", "uint32", *INDICES,
}  # fmt: skip

SHORT = {"Matmul": "product", "UnsafeView": "reshape", "SumTo": "sum", "Cast": "cast"}
"""Names of results where the op's own name would not help."""


@contextmanager
def locals_of(function: Callable[..., Any], found: dict[str, Any]) -> Iterator[None]:
    """Put the variables that ``function`` has when it returns into ``found``."""
    code = getattr(inspect.unwrap(function), "__code__", None)
    before = sys.gettrace()
    if code is None or before is not None:  # a debugger looks on: it goes first
        yield
        return

    frames: list[Any] = []

    def enter(frame: Any, event: str, argument: Any) -> None:
        if frame.f_code is code:
            frames.append(frame)  # who holds a frame has its variables after it returned, too
            sys.settrace(None)

    sys.settrace(enter)
    try:
        yield
    finally:
        sys.settrace(None)
    for frame in frames:
        found.update(frame.f_locals)


def surroundings(function: Callable[..., Any]) -> dict[str, Any]:
    """The variables outside of a function that it mentions, and the object it is a method of."""
    function = inspect.unwrap(function)
    owner = getattr(function, "__self__", None)
    function = getattr(function, "__func__", function)
    code = getattr(function, "__code__", None)
    if code is None:
        return {}
    known = getattr(function, "__globals__", {})
    found = {name: known[name] for name in _names_in(code) if name in known}
    cells = zip(code.co_freevars, function.__closure__ or (), strict=True)
    for name, cell in cells:
        try:
            found[name] = cell.cell_contents
        except ValueError:  # a variable that has no value yet
            continue
    return found if owner is None else found | {"self": owner}


def _names_in(code: Any) -> set[str]:
    names = set(code.co_names)
    for constant in code.co_consts:
        if hasattr(constant, "co_names"):
            names |= _names_in(constant)
    return names


def named_tensors(variables: Mapping[str, Any]) -> Iterator[tuple[str, Tensor]]:
    """The tensors that variables hold, with their names: in lists and modules by place."""
    modules = []
    for name, x in variables.items():
        if isinstance(x, Tensor):
            yield name, x
        elif isinstance(x, (list, tuple, dict)):
            parts = x.items() if isinstance(x, dict) else enumerate(x)
            for key, part in parts:
                if isinstance(part, Tensor):
                    yield f"{name}_{key}", part
        elif callable(getattr(x, "named_parameters", None)) and not isinstance(x, type):
            modules.append((name, x))
    for name, module in modules:
        tensors = [*module.named_parameters(), *module.named_buffers()]
        for path, tensor in tensors:
            yield path if len(modules) == 1 and not path[0].isdigit() else f"{name}.{path}", tensor


def give_names(program: Program) -> None:
    """Give every value of a program a name of its own that can stand in Python source."""
    taken = set(RESERVED) | set(keyword.kwlist) | set(dir(builtins))
    by_tensor: dict[Any, str] = {}

    def unique(name: str) -> str:
        name = re.sub(r"\W", "_", name) or "value"
        name = f"_{name}" if name[0].isdigit() else name
        stem, number = name, 2
        if name in taken and not (set(RESERVED) | set(dir(builtins))).isdisjoint({name}):
            name, number = f"{stem}_1", 2
        while name in taken:
            name, number = f"{stem}_{number}", number + 1
        taken.add(name)
        return name

    def name_of(value: Value, otherwise: str) -> None:
        key = (id(value.tensor), value.origin)
        if value.origin != "input" and value.tensor is not None and key in by_tensor:
            value.name = by_tensor[key]
            return
        value.name = unique(value.name or otherwise)
        by_tensor[key] = value.name

    outer = [v for step in program.everything for v in _mentioned(step)]
    for value in dict.fromkeys([*program.inputs, *outer]):
        if value.origin != "step" and value not in program.seeds:
            if value.origin == "grad":
                value.name = f"grad_{value.grad_of.name if value.grad_of else 'x'}"
            name_of(value, value.origin if value.origin != "outside" else "tensor")
    gradients: list[Value] = []
    for step in program.everything:
        for i, value in enumerate(step.outputs):
            if not value.name and value.grad_of is not None:
                gradients.append(value)
            else:
                value.name = unique(value.name or result_name(step, i))
    for value in program.seeds:
        value.name = unique(f"g_{value.grad_of.name if value.grad_of else 'out'}")
    # Where several gradients of one value are added up, the last one is the sum.
    for value in reversed(gradients):
        value.name = unique(f"g_{value.grad_of.name}" if value.grad_of else "g")


def _mentioned(step: Any) -> list[Value]:
    target = getattr(step, "target", None)
    return [*step.reads, *([target] if target is not None else [])]


def result_name(step: Step, i: int) -> str:
    """A name for output ``i`` of a step that has none of its own."""
    if i:
        return str(step.op.extras[i - 1]) if step.op is not None else "part"
    if step.op is None:
        return re.sub(r"^_", "", getattr(step.function, "__name__", "draw"))
    return SHORT.get(step.kind) or snake_case(step.kind)
