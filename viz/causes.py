"""Which node made a gradient zero, infinite or not a number, and why it did.

Where the graph is whole the backward pass is stepped through, and the culprit is the node that got
a healthy gradient and sent on an unhealthy one. Where it is freed, the values that nodes keep tell
which of them can have done it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from viz.foreign import is_ours, steps_of
from viz.names import Names
from viz.structure import Structure, is_leaf, key_of, notes_of
from viz.values import on_host

__all__ = ["Cause", "first_cause"]


@dataclass
class Cause:
    """The culprit: what it is called, its line, why it does that, what helps, and its place."""

    label: str
    where: str
    reason: str
    fix: str
    lesson: str
    place: int


@dataclass
class Facts:
    """What is known of a node: its operation, values of its operands and its result, and its
    gradient ``g``; None where a value is not known any more. ``others`` are the operands that are
    not on the way."""

    op: str
    operands: list[Any]
    out: Any
    g: Any = None
    others: list[Any] = field(default_factory=list)


def first_cause(
    root: Any, structure: Structure, place: int, state: str, names: Names
) -> Cause | None:
    """The first node, counted from the result, after which the gradient on its way to ``place`` is
    "zero", "tiny", "nan" or "inf"; None where nothing is known that explains it."""
    on_the_way = _users(structure, place)
    if state in ("nan", "inf"):
        bad = _first_bad_value(structure, on_the_way)
        if bad is not None:
            return _cause(structure, bad, _facts(structure, bad, on_the_way), "value", names)
    if state == "tiny":
        return _from_values(structure, place, on_the_way, "zero", names)
    try:
        sent = _sent(root, structure)
    except RuntimeError:  # the graph is freed
        return _from_values(structure, place, on_the_way, state, names)
    for node in sorted(on_the_way, reverse=True):
        if node not in sent:
            continue
        g, contributions = sent[node]
        towards = [
            contribution
            for operand, contribution in zip(structure.operands[node], contributions, strict=False)
            if operand is not None and operand[0] in on_the_way | {place}
        ]
        if towards and _is(state, *towards) and not _is(state, g):
            facts = _facts(structure, node, on_the_way | {place}, g)
            return _cause(structure, node, facts, state, names)
    return None


def _users(structure: Structure, place: int) -> set[int]:
    """Every node that uses the value at ``place``, directly or through others."""
    users, found, stack = structure.users(), set(), [place]
    while stack:
        for user in users[stack.pop()]:
            if user not in found:
                found.add(user)
                stack.append(user)
    return found


def _sent(root: Any, structure: Structure) -> dict[int, tuple[Any, list[Any]]]:
    """For each node the gradient that arrives in a pass from ``root`` and what it sends on."""
    sent = {}
    for step in _steps(root):
        node = step.node
        key = key_of(node) if hasattr(node, "next_functions") else id(node)
        place = structure.places.get(key)
        if place is not None and structure.operands[place]:
            contributions = [w and _plain(w.contribution) for w in step.writes]
            sent[place] = (_plain(step.g), contributions)
    return sent


def _steps(root: Any) -> Iterator[Any]:
    shape = getattr(root, "shape", ())
    several = shape not in ((), (1,))
    if not is_ours(root):
        return steps_of(root, root.new_ones(shape) if several else None)
    from autodiff import ones
    from autodiff.autograd import backward_steps

    gradient = ones(*shape, dtype=root.dtype, device=root.device) if several else None
    return backward_steps(root, gradient, retain_graph=True, accumulate=False)


def _is(state: str, *values: Any) -> bool:
    """Whether all of these are zero, or any of them is not finite."""
    arrays = [np.asarray(on_host(value), dtype=np.float64) for value in values if value is not None]
    if state == "zero":
        return bool(arrays) and not any(array.any() for array in arrays)
    return any(not np.isfinite(array).all() for array in arrays)


def _first_bad_value(structure: Structure, on_the_way: set[int]) -> int | None:
    """The first node whose result is not finite although its operands are."""
    for place in sorted(on_the_way):
        facts = _facts(structure, place, on_the_way)
        made_here = not any(x is not None and _is("nan", x) for x in facts.operands)
        if facts.out is not None and _is("nan", facts.out) and made_here:
            return place
    return None


def _from_values(
    structure: Structure, start: int, on_the_way: set[int], state: str, names: Names
) -> Cause | None:
    """The node nearest to the result whose values explain the state."""
    for place in sorted(on_the_way, reverse=True):
        facts = _facts(structure, place, on_the_way | {start})
        if _told(facts, state) is not None:
            return _cause(structure, place, facts, state, names)
    return None


def _facts(structure: Structure, place: int, on_the_way: set[int], g: Any = None) -> Facts:
    node = structure.nodes[place]
    constants = getattr(node, "constants", None) or ()
    operands, others = [], []
    for position, operand in enumerate(structure.operands[place]):
        if operand is not None:
            value = _value(structure.nodes[operand[0]])
        else:
            value = _kept(constants[position] if position < len(constants) else None)
        operands.append(value)
        if operand is None or operand[0] not in on_the_way:
            others.append(value)
    name = node.name().rstrip("0123456789").removesuffix("Backward").lower()
    return Facts(name, operands, _value(node), g, others)


def _value(node: Any) -> Any:
    variable = node.variable if is_leaf(node) else None
    return _plain(variable) if variable is not None else _kept(getattr(node, "out", None))


def _kept(value: Any) -> Any:
    """A value, or what is left of a large one: itself or nothing."""
    return on_host(value.reference() if hasattr(value, "reference") else value)


def _plain(x: Any) -> Any:
    if hasattr(x, "parts"):
        x = next((part for part in x.parts if part is not None), None)
    if x is None or isinstance(x, (int, float, np.ndarray, np.generic)):
        return x
    if hasattr(x, "detach") and not hasattr(x, "value"):
        return x.detach().cpu().numpy()
    return on_host(getattr(x, "value", x))


def _cause(structure: Structure, place: int, facts: Facts, state: str, names: Names) -> Cause:
    node = structure.nodes[place]
    name = names.of_output(node)
    source = notes_of(node).get("source")
    reason, fix = _told(facts, state) or _unknown(facts, state)
    lesson = "deep" if state in ("zero", "tiny") else "functions"
    if state in ("nan", "inf") and facts.g is not None and np.any(np.asarray(facts.g) == 0):
        reason += (
            " The gradient that arrives there is 0, and 0 times infinity is nan: so a where() that "
            "hides a bad value in the forward pass lets it into the backward pass."
        )
        fix = (
            "make the operand harmless first, as in where(x > 0, x, 1.0), then apply the function."
        )
        lesson = "losses"
    label = f"{name} = {facts.op}(...)" if name else f"{facts.op}"
    return Cause(label, str(source) if source else "", reason, fix, lesson, place)


# -- what operations do ----------------------------------------------------------------------------

Told = tuple[str, str] | None


def _told(facts: Facts, state: str) -> Told:
    """Why this operation makes a gradient (for "value": a value) unwell; None if it does not."""
    explain = {"zero": _why_zero, "value": _why_bad_value}.get(state, _why_infinite)
    return explain(facts)


def _unknown(facts: Facts, state: str) -> tuple[str, str]:
    if state == "zero":
        return (
            f"the local derivative of {facts.op} is 0 there.",
            "look at its operands: viz.backward(loss) shows them.",
        )
    kind = "result" if state == "value" else "local derivative"
    return (
        f"the {kind} of {facts.op} is not finite there, although its operands are.",
        "look at its operands: viz.backward(loss) shows them.",
    )


def _known(value: Any, test: Callable[[np.ndarray], Any]) -> bool:
    """Whether a value is known and a test holds for all of its elements."""
    return value is not None and bool(np.all(test(np.asarray(value))))


def _some(value: Any, test: Callable[[np.ndarray], Any]) -> bool:
    return value is not None and bool(np.any(test(np.asarray(value))))


STEPS = ("round", "floor", "ceil", "trunc", "sign", "frac")


def _why_zero(facts: Facts) -> Told:
    op, out = facts.op, facts.out
    if op in ("relu", "relu6", "threshold") and _known(out, lambda v: v == 0):
        return (
            "every one of its inputs is at most 0, where relu is flat: a dead relu.",
            "lower the learning rate, start with smaller weights or a positive bias, or use "
            "leaky_relu, which is not flat.",
        )
    if op == "sigmoid" and _known(out, lambda v: (v < 1e-6) | (v > 1 - 1e-6)):
        return (
            "sigmoid is saturated: its inputs are so large that its result is 0 or 1, where it is "
            "flat.",
            "keep its inputs small (scale the data, start with smaller weights); for a loss use "
            "binary_cross_entropy_with_logits.",
        )
    if op == "tanh" and _known(out, lambda v: np.abs(v) > 1 - 1e-6):
        return (
            "tanh is saturated: its inputs are so large that its result is -1 or 1, where it is "
            "flat.",
            "keep its inputs small: scale the data, or start with smaller weights.",
        )
    if op == "softmax" and _known(out, lambda v: (v < 1e-6) | (v > 1 - 1e-6)):
        return (
            "softmax is saturated: one entry is 1 and the others are 0, where it is flat.",
            "give cross_entropy the logits, without a softmax before it.",
        )
    if op in STEPS:
        return f"{op} is a staircase: flat everywhere, with jumps.", "leave it out of the loss."
    if op in ("clamp", "hardtanh", "clampmin", "clampmax"):
        return "every input is outside the limits, where clamp is flat.", "widen the limits."
    if op == "mul" and any(_known(x, lambda v: v == 0) for x in facts.others):
        return "it is multiplied by 0.", "look at where the 0 comes from: a mask, an empty weight?"
    if op == "where":
        return "where() chose the other value everywhere.", "look at the condition."
    return None


def _why_infinite(facts: Facts) -> Told:
    op, operands = facts.op, facts.operands
    first = operands[0] if operands else None
    if op == "sqrt" and _some(first if first is not None else facts.out, lambda v: v == 0):
        return (
            "the derivative of sqrt(x) is 1 / (2 sqrt(x)), which is infinite at 0.",
            "add a small number under the root: (x + 1e-8).sqrt().",
        )
    if op in ("log", "log2", "log10") and _some(first, lambda v: v == 0):
        return (
            f"the derivative of {op}(x) at 0 is infinite: it goes like 1 / x.",
            "keep x above 0: (x + 1e-8).log(), or log_softmax in place of softmax and log.",
        )
    if op == "div" and len(operands) == 2 and _some(operands[1], lambda v: v == 0):
        return (
            "it divides by 0: the derivative of x / y is 1 / y.",
            "add a small number to the divisor, or leave those elements out before dividing.",
        )
    if op == "pow" and _some(first, lambda v: v == 0):
        return (
            "the derivative of x ** p at 0 is infinite for p < 1.",
            "add a small number to x first.",
        )
    if "norm" in op and _some(facts.out, lambda v: v == 0):
        return "a norm has a kink at 0.", "add a small number under the root."
    if op in ("acos", "asin") and _some(first, lambda v: np.abs(v) == 1):
        return f"the derivative of {op} is infinite at -1 and 1.", "clamp its input to less than 1."
    return None


def _why_bad_value(facts: Facts) -> Told:
    op, operands = facts.op, facts.operands
    first = operands[0] if operands else None
    if op in ("log", "log2", "log10", "log1p"):
        if _some(first, lambda v: v < 0):
            return (
                f"{op} of a negative number is nan.",
                "look at where the negative number comes from.",
            )
        return f"{op}(0) is -inf.", "keep x above 0: (x + 1e-8).log(), or use log_softmax."
    if op == "sqrt":
        return (
            "the root of a negative number is nan.",
            "clamp at 0 first; look at where it comes from.",
        )
    if op == "div":
        if len(operands) == 2 and _some(operands[0], lambda v: v == 0):
            return "0 / 0 is nan.", "add a small number to the divisor."
        return "it divides by 0.", "add a small number to the divisor."
    if op in ("exp", "exp2", "expm1", "sinh", "cosh"):
        largest = "" if first is None else f" of {np.max(first):.4g}"
        return (
            f"{op}{largest} is larger than the largest float: it overflows.",
            "keep its input small; softmax, logsumexp and cross_entropy do so by themselves.",
        )
    if op in ("pow", "mul", "square", "linear", "mm", "matmul", "add", "sum"):
        return (
            "the result is larger than the largest float: it overflows.",
            "lower the learning rate, clip the gradients, or scale the data.",
        )
    return None
