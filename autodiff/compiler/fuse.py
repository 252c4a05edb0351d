"""Fusing: which steps share one loop over their elements.

A loop over a shape holds elementwise steps of that shape and sums over all of it. Its results
need not be written to memory unless something outside of the loop reads them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from autodiff.compiler.expressions import expression
from autodiff.compiler.program import Optimize, Step, Value, Write
from autodiff.op import Elementwise

__all__ = [
    "Element",
    "Group",
    "dtype_of",
    "element",
    "fused",
    "is_column_sum",
    "is_sum",
    "is_uniform",
]

FLOATS = (np.dtype(np.float32), np.dtype(np.float64))
FUSED = (*FLOATS, np.dtype(bool))


@dataclass(eq=False)
class Group:
    """Steps that run as one loop over ``shape``; or a single step, or an effect, without one."""

    steps: list[Any]
    shape: tuple[int, ...] | None = None
    after: set[Group] = field(default_factory=set)
    """The groups that have to run before this one."""
    closed: bool = False
    """Whether the loop takes no further steps."""

    @property
    def loop(self) -> bool:
        return self.shape is not None

    def results(self, needed: set[Value]) -> list[Value]:
        """What the loop has to write to memory: what others need."""
        return [v for step in self.steps for v in step.outputs if v in needed]

    def operands(self) -> list[Value]:
        """What the loop reads from memory."""
        made = {v for step in self.steps for v in step.outputs}
        found: dict[Value, None] = {}
        for step in self.steps:
            found.update(dict.fromkeys(v for v in step.reads if v not in made))
        return list(found)


Element = Callable[[Step, list[str]], str | None]


def fused(
    steps: list[Any],
    results: list[Value],
    element: Element,
    alone: Callable[[Any], bool] = lambda step: False,
) -> list[Group]:
    """The steps in groups, in an order in which they can run; ``results`` are asked for after.

    ``element`` writes one element of a step's result as an expression, or says None; ``alone``
    says whether a step that is none of single elements is a loop by itself.
    """
    groups: list[Group] = []
    maker: dict[Value, Group] = {}
    readers: dict[int, list[Group]] = {}
    barrier: Group | None = None
    for bundle in _bundles(steps, set(results), element):
        step = bundle[-1]
        inside = {v for part in bundle for v in part.outputs}
        reads = [v for part in bundle for v in part.reads if v not in inside]
        before = {maker[v] for v in reads if v in maker}
        if barrier is not None:
            before.add(barrier)
        shape = _loop_shape(step, element)
        fitting = [
            g for g in reversed(groups) if shape is not None and g.shape == shape and not g.closed
        ]
        group = next((g for g in fitting if _may_join(reads, g, before, barrier)), None)
        if group is None:
            closed = shape is None and alone(step)
            group = Group([], step.out.shape if closed else shape, closed=closed)
            groups.append(group)
        there = {v for part in group.steps for v in part.outputs}
        group.steps += [part for part in bundle if not part.outputs or part.outputs[0] not in there]
        group.after |= before - {group}
        for value in step.outputs:
            maker[value] = group
        for value in reads:
            if value.tensor is not None:
                readers.setdefault(id(value.tensor), []).append(group)
        if isinstance(step, Write):
            group.after |= set(readers.get(id(step.target.tensor), ())) - {group}
        if isinstance(step, Optimize):
            group.after |= set(groups) - {group}
            barrier = group
        elif not isinstance(step, Step):
            group.after |= {
                g for g in groups if g is not group and not isinstance(g.steps[0], Step)
            }
    return _ordered(groups)


CHEAP = {"Add", "Sub", "Mul", "Neg", "Square", "Cast", "Reciprocal"}


def _bundles(steps: list[Any], results: set[Value], element: Element) -> list[list[Any]]:
    """The steps, cheap ones together with those who ask for them.

    The backward pass of relu asks where its result is not 0, that of tanh for 1 - tanh². To compute
    that again costs less than to keep it, so it becomes a part of each loop that needs it.
    """
    waiting: dict[Value, Step] = {}
    flowing: set[Value] = set()
    bundles: list[list[Any]] = []

    def with_waiting(step: Any, shape: Any) -> list[Any]:
        bundle = []
        for value in step.reads:
            asked = waiting.get(value)
            if asked is None:
                continue
            if shape is not None and value.shape == shape:
                bundle += with_waiting(asked, shape)
            else:  # it has to be in memory after all
                del waiting[value]
                bundles.append(with_waiting(asked, value.shape))
        return [*dict.fromkeys(bundle), step]

    for step in steps:
        if _is_cheap(step, flowing, element) and step.out not in results:
            waiting[step.out] = step
        else:
            bundles.append(with_waiting(step, _loop_shape(step, element)))
            if step.backward:
                flowing.update(step.outputs)
    return bundles


def _is_cheap(step: Any, flowing: set[Value], element: Element) -> bool:
    """Whether a step is a comparison, or of the backward pass and free of its gradients."""
    if _loop_shape(step, element) is None:
        return False
    if step.out.dtype.kind == "b":
        return True
    return step.backward and step.kind in CHEAP and flowing.isdisjoint(step.reads)


def _may_join(reads: list[Value], group: Group, before: set[Group], barrier: Group | None) -> bool:
    """Whether steps that read these values can run inside of a loop that was begun before."""
    if barrier is not None and barrier not in _reachable({group}):
        return False
    sums = {part.out for part in group.steps if is_sum(part) or is_column_sum(part)}
    # A sum is complete when its loop has ended.
    return sums.isdisjoint(reads) and group not in _reachable(before - {group})


def _reachable(groups: set[Group]) -> set[Group]:
    """These groups and everything that has to run before them."""
    seen: set[Group] = set()
    stack = list(groups)
    while stack:
        group = stack.pop()
        if group not in seen:
            seen.add(group)
            stack += group.after
    return seen


def _ordered(groups: list[Group]) -> list[Group]:
    """Each group after those it needs, otherwise in the order of their first steps."""
    order: list[Group] = []
    done: set[Group] = set()
    for root in groups:
        stack = [(root, False)]
        while stack:
            group, ready = stack.pop()
            if group in done:
                continue
            if ready:
                done.add(group)
                order.append(group)
            else:
                stack.append((group, True))
                rank = {g: i for i, g in enumerate(groups)}
                stack += [
                    (g, False) for g in sorted(group.after, key=rank.__getitem__, reverse=True)
                ]
    return order


def _loop_shape(step: Any, element: Element) -> tuple[int, ...] | None:
    """The shape a step can loop over, or None where it is no matter of single elements."""
    if not isinstance(step, Step) or step.op is None or len(step.outputs) != 1:
        return None
    if any(v.dtype not in FUSED for v in (*step.reads, step.out)):
        return None
    if is_column_sum(step):
        (x,) = step.args
        fits = 0 < x.size <= COLUMNS_UP_TO and element(step, ["x"]) is not None
        return x.shape if fits else None
    if is_sum(step):
        (x,) = step.args
        whole = step.settings["dim"] is None or len(step.settings["dim"]) == len(x.shape)
        return x.shape if whole and x.shape and x.size else None
    if not step.out.shape or not step.out.size:
        return None
    return step.out.shape if element(step, ["x"] * len(step.args)) is not None else None


COLUMNS_UP_TO = 1 << 16
"""The sums of larger columns are better left to NumPy, and the loop to several threads."""


def is_sum(step: Any) -> bool:
    return isinstance(step, Step) and step.kind in ("Sum", "Mean")


def is_column_sum(step: Any) -> bool:
    """Whether a step adds up the rows of a matrix, as for the gradient of a bias."""
    if not isinstance(step, Step) or step.kind not in ("Sum", "SumTo"):
        return False
    shape = step.args[0].shape
    return len(shape) == 2 and step.out.shape == shape[1:] and _sums_rows(step)


def _sums_rows(step: Step) -> bool:
    return step.kind == "SumTo" or step.settings["dim"] == (0,)


def element(step: Step, operands: list[str]) -> str | None:
    """One element of a step's result as an expression; ``operands`` for the values among its args.

    None where there is no such expression.
    """
    if step.kind == "Expand" or is_column_sum(step):
        return operands[0]
    if step.kind == "Cast":
        return f"{step.out.dtype}({operands[0]})" if step.out.dtype.kind == "f" else None
    if not is_uniform(step):
        return None
    args = [t if isinstance(x, Value) else x for x, t in zip(step.args, operands, strict=True)]
    settings = step.op.defaults | step.settings
    return expression(step.op, args, settings, dtype_of(step))


def is_uniform(step: Step) -> bool:
    """Whether a step is an elementwise op on arrays of one dtype, and on numbers."""
    if not issubclass(step.op, Elementwise) or any(x is None for x in step.args):
        return False
    return any(isinstance(x, Value) for x in step.args) and len(_dtypes(step)) <= 1


def dtype_of(step: Step) -> np.dtype:
    """The dtype of the arrays that a uniform step computes with."""
    return next(iter(_dtypes(step)), step.out.dtype)


def _dtypes(step: Step) -> set[np.dtype]:
    return {v.dtype for v in step.reads if not (step.kind == "Where" and v is step.args[0])}
