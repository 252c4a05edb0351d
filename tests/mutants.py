"""Gradient rules with one mistake each: what the tests of an op must notice.

Run as a program, this reports how many of all mutants survive the finite differences of the table
of cases:

    python -m tests.mutants
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

import autodiff as ad
from autodiff.autograd import gradcheck
from autodiff.op import OPS, Elementwise, Op, _written_when_called
from tests.cases import CASES, Case

__all__ = ["Mutant", "cases_of", "mutants_of", "noticed", "planted", "survivors_of"]

Rule = Callable[..., Any]


class Mutant:
    """A gradient rule with a mistake; ``bites`` once it has given another result than the rule."""

    def __init__(self, op: type[Op], argument: str, mistake: str) -> None:
        self.op, self.argument, self.mistake, self.bites = op, argument, mistake, False
        self._right = op.rules[argument]
        names = list(inspect.signature(self._right).parameters)
        self._saved = [i for i, name in enumerate(names) if name in op.saves]
        listed = ", ".join(names)  # the names of a rule's parameters decide what is saved
        namespace: dict[str, Any] = {"wrong": self._wrong}
        exec(f"def rule({listed}):\n    return wrong({listed})", namespace)
        self.rule: Rule = namespace["rule"]

    def _wrong(self, *given: Any) -> Any:
        right = self._right(*given)
        bit, self.bites = self.bites, True  # a mistake that makes the rule fail bites too
        wrong = MISTAKES[self.mistake](self._right, given, self._saved)
        self.bites = bit or not _same(right, wrong)
        return wrong

    def __str__(self) -> str:
        return f"{self.op.__name__}: {self.mistake} in the gradient of {self.argument}"


def wrong_sign(rule: Rule, given: tuple[Any, ...], saved: list[int]) -> Any:
    return _each(lambda g: -g, rule(*given))


def wrong_factor(rule: Rule, given: tuple[Any, ...], saved: list[int]) -> Any:
    return _each(lambda g: g * 1.5, rule(*given))


def wrong_saved_value(rule: Rule, given: tuple[Any, ...], saved: list[int]) -> Any:
    """Each saved array has moved on by one element, as after a write that nobody noticed."""
    return rule(*[_moved_on(v) if i in saved else v for i, v in enumerate(given)])


MISTAKES: dict[str, Callable[[Rule, tuple[Any, ...], list[int]], Any]] = {
    "wrong sign": wrong_sign,
    "wrong factor": wrong_factor,
    "wrong saved value": wrong_saved_value,
}


def _each(change: Callable[[Any], Any], gradient: Any) -> Any:
    """``change`` of a gradient, or of each one where a rule gives a list of them."""
    if isinstance(gradient, (list, tuple)):
        return [_each(change, g) for g in gradient]
    return None if gradient is None else change(gradient)


def _moved_on(value: Any) -> Any:
    if isinstance(value, np.ndarray) and value.size > 1:
        return np.roll(value.reshape(-1), 1).reshape(value.shape)
    return value


def _same(right: Any, wrong: Any) -> bool:
    if isinstance(right, (list, tuple)):
        return all(_same(a, b) for a, b in zip(right, wrong, strict=True))
    return right is None or np.array_equal(right, wrong)


def mutants_of(op: type[Op]) -> Iterator[Mutant]:
    """Every rule of an op with every mistake."""
    for argument in op.rules:
        for mistake in MISTAKES:
            yield Mutant(op, argument, mistake)


@contextmanager
def planted(op: type[Op], argument: str, rule: Rule) -> Iterator[None]:
    """The op with another rule for one argument."""
    right = op.rules[argument]
    _set(op, argument, rule)
    try:
        yield
    finally:
        _set(op, argument, right)


@contextmanager
def without_unbroadcasting(op: type[Op]) -> Iterator[None]:
    """The op with gradients left in the shape of the result."""
    from autodiff import op as declarations

    right = declarations._conform
    declarations._conform = lambda node, gradients: gradients
    _generate_anew(op)
    try:
        yield
    finally:
        declarations._conform = right
        _generate_anew(op)


def _set(op: type[Op], argument: str, rule: Rule) -> None:
    op.rules[argument] = rule
    _generate_anew(op)


def _generate_anew(op: type[Op]) -> None:
    for name in ("rules_on", "vjp", *(() if op.variadic else ("push",))):
        setattr(op, name, _written_when_called(op, name))


def noticed(op: type[Op]) -> bool:
    """Whether finite differences disagree with the gradient in one of the op's cases."""
    return any(not _passes(case) for case in cases_of(op))


def cases_of(op: type[Op]) -> list[Case]:
    return [case for case in CASES if OPS[case.op] is op and case.exact]


def _passes(case: Case) -> bool:
    inputs = [ad.tensor(x, requires_grad=True) for x in case.inputs("float64")]
    try:
        return gradcheck(lambda *xs: case.call(ad, *xs), inputs, raise_exception=False)
    except (RuntimeError, ValueError, TypeError, IndexError):
        return False  # gradients of a shape that fits nowhere


def survivors_of(op: type[Op]) -> tuple[int, list[str]]:
    """How many mutants of an op gave a wrong gradient, and those that nothing noticed."""
    count, survivors = 0, []
    for mutant in mutants_of(op):
        with planted(op, mutant.argument, mutant.rule):
            alive = not noticed(op)
        count += mutant.bites
        if alive and mutant.bites:
            survivors.append(str(mutant))
    if issubclass(op, Elementwise) and len(op.rules) > 1:
        count += 1
        with without_unbroadcasting(op):
            if not noticed(op):
                survivors.append(f"{op.__name__}: no un-broadcasting")
    return count, survivors


def main() -> None:
    counts, survivors = zip(*(survivors_of(op) for op in OPS.values() if cases_of(op)), strict=True)
    told = [survivor for of_one in survivors for survivor in of_one]
    print(f"{sum(counts)} mutants of {len(counts)} ops, {len(told)} survive")
    print(*told, sep="\n")


if __name__ == "__main__":
    main()
