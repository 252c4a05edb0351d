"""An engine of the learner's own, compared with autodiff: value by value, gradient by gradient.

The other engine is a class whose instances hold one number, know ``+`` and ``*``, and have
``data``, ``grad`` and ``backward()``; see `viz.adapt` for engines that are built otherwise.

>>> from autodiff import Scalar
>>> class Value:
...     def __init__(self, data):
...         self.scalar = data if isinstance(data, Scalar) else Scalar(data)
...     def __add__(self, other):
...         return Value(self.scalar + getattr(other, "scalar", other))
...     __radd__ = __add__
...     def __mul__(self, other):
...         return Value(self.scalar * getattr(other, "scalar", other))
...     __rmul__ = __mul__
...     data = property(lambda self: self.scalar.item())
...     grad = property(lambda self: self.scalar.grad)
...     def backward(self):
...         self.scalar.backward(retain_graph=True)
>>> compare(Value, lambda a, b: a * b + a, 2.0, -3.0)
>>> compare(Value, lambda a: 2 * a, 2.0)
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from autodiff import Scalar
from lessons.checking import CheckError, expect, fail
from lessons.compare import close
from lessons.mutants import belief_behind
from viz.adapters import adapted

__all__ = ["PROGRAMS", "compare"]

Program = Callable[..., Any]


def product_and_sum(a, b, c):  # type: ignore[no-untyped-def]
    return a * b + c


def used_twice(a):  # type: ignore[no-untyped-def]
    return a * a + a


def with_constants(a):  # type: ignore[no-untyped-def]
    return 2.0 * a + a * 3.0 + 1.0


def twice_of_twice(a):  # type: ignore[no-untyped-def]
    b = a + a
    return b + b


def paths_of_different_length(a, b):  # type: ignore[no-untyped-def]
    c = a * b
    return c * (c * a) + b


def deep_chain(a):  # type: ignore[no-untyped-def]
    out = a
    for _ in range(3000):
        out = out + a
    return out


PROGRAMS: tuple[tuple[Program, tuple[float, ...]], ...] = (
    (product_and_sum, (2.0, -3.0, 10.0)),
    (used_twice, (3.0,)),
    (with_constants, (4.0,)),
    (twice_of_twice, (5.0,)),
    (paths_of_different_length, (2.0, 5.0)),
    (deep_chain, (1.0,)),
)
"""What every engine with ``+`` and ``*`` has to get right, from easy to hard."""


def compare(Value: Any, program: Program, *numbers: float, passes: int = 1) -> None:  # noqa: N803
    """Run ``program`` on both engines and compare its value and the gradients of its inputs.

    Args:
        Value: makes a value of the learner's engine from a float.
        program: a function of values; written in operators, it runs on either engine.
        numbers: one for each argument of ``program``.
        passes: how often ``backward()`` is called.

    Raises:
        CheckError: something differs. A wrong gradient is compared with the mutant engines, so
            the hint names the mistake; the picture shows both graphs where `viz` can draw theirs.
    """
    names = list(inspect.signature(program).parameters)
    ours, theirs = [Scalar(number) for number in numbers], [Value(number) for number in numbers]
    told = _told(program, names, numbers)
    right = program(*ours)
    out = _run(lambda: program(*theirs), told)
    expect(_data(out), right.item(), f"{told}: the value")
    for _ in range(passes):
        right.backward(retain_graph=True)
        _run(out.backward, f"{told}: backward()")
    wanted = [leaf.grad for leaf in ours]
    given = [_grad(leaf, f"{told}: {name}.grad") for leaf, name in zip(theirs, names, strict=True)]
    if close(given, wanted, 1e-6):
        return
    name, value, expected = next(
        (name, value, expected)
        for name, value, expected in zip(names, given, wanted, strict=True)
        if not close([value], [expected], 1e-6)
    )
    mutant = belief_behind(given, program(*ours), ours, passes, 1e-6)
    fail(
        f"{told}: {name}.grad is {value}, expected {expected}.",
        mutant.belief if mutant else "",
        _picture(out, right, dict(zip(names, ours, strict=True))),
    )


def _told(program: Program, names: list[str], numbers: tuple[float, ...]) -> str:
    """The program and its inputs, as in "used_twice with a = 3.0"."""
    inputs = ", ".join(f"{name} = {number}" for name, number in zip(names, numbers, strict=True))
    name = program.__name__.replace("_", " ")
    return f"{'the program' if name == '<lambda>' else name} with {inputs}"


def _run(step: Callable[[], Any], told: str) -> Any:
    try:
        return step()
    except RecursionError:
        raise CheckError(
            f"{told}: the recursion goes too deep.",
            "A graph may be thousands of operations deep. Walk it with a list of your own as a "
            "stack, not with a function that calls itself.",
        ) from None


def _data(value: Any) -> Any:
    return value.data if hasattr(value, "data") else adapted(value).value


def _grad(value: Any, told: str) -> float:
    g = value.grad if hasattr(value, "grad") else adapted(value).grad
    if not isinstance(g, (int, float)):
        fail(f"{told} is {g!r} and not a number.", "Does backward() reach this value?")
    return float(g)


def _picture(theirs: Any, ours: Any, names: dict[str, Any]) -> str:
    """Their graph beside ours, where theirs can be drawn and is small enough to be looked at."""
    import viz

    try:
        picture = viz.graph(theirs, limit=12)
    except (AttributeError, TypeError):
        return ""
    return f"expected:\n{viz.graph(ours, params=names, limit=12)}\n\nyours:\n{picture}"
