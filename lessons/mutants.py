"""Mutant engines: each runs the backward pass with one known bug, as a learner may do it by hand.

An answer that equals a mutant's gives away what its author believes, so that feedback can name the
misconception. Every mutant walks the nodes that autodiff recorded and asks them for their
vector-Jacobian products, so it works for Scalars and Tensors and for every op.

>>> from autodiff import Scalar
>>> a = Scalar(3.0)
>>> belief_behind([2 * 3.0 + 1], (a * a + a), [a])  # right: no mutant gives this
>>> belief_behind([3.0], (a * a + a), [a]).name
'overwrites'
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from autodiff.graph import Output, backward, topological_order
from lessons.compare import close, flat

__all__ = ["MUTANTS", "Mutant", "belief_behind", "true_gradients"]

VISITS = 10_000
"""Where plain recursion has visited this many nodes, nobody would have done it by hand."""

Gradients = dict[Any, Any]
"""By leaf, the gradient that a pass has left there."""


@dataclass(frozen=True)
class Mutant:
    """One bug: its name, what to tell who has it, and the engine that has it.

    ``run(root, seed, passes)`` gives the gradients of the leaves after so many backward passes.
    """

    name: str
    belief: str
    run: Callable[[Any, Any, int], Gradients]

    def answer(self, out: Any, leaves: Sequence[Any], passes: int = 1) -> list[float] | None:
        """The numbers that this mutant gives, or None where it cannot run on this graph."""
        try:
            gradients = self.run(out.edge, out.seed(None, False), passes)
            return flat([gradients[leaf] for leaf in leaves])
        except (ArithmeticError, KeyError, TypeError, ValueError):
            return None


def belief_behind(
    answer: Sequence[float], out: Any, leaves: Sequence[Any], passes: int = 1, within: float = 0.01
) -> Mutant | None:
    """The mutant that gives this answer for the gradients of ``leaves``, unless it is right."""
    truth = true_gradients(out, leaves, passes)
    if close(answer, truth, within):
        return None
    for mutant in MUTANTS:
        numbers = mutant.answer(out, leaves, passes)
        if numbers is not None and close(answer, numbers, within):
            return mutant
    return None


def true_gradients(out: Any, leaves: Sequence[Any], passes: int = 1) -> list[float]:
    """What autodiff itself leaves in ``.grad``; here nothing is written there.

    Raises:
        ValueError: no gradient arrives at one of the leaves.
    """
    gradients: Gradients = {}
    for _ in range(passes):
        backward({out.edge: out.seed(None, False)}, True, deliver=_adding_to(gradients))
    if any(leaf not in gradients for leaf in leaves):
        raise ValueError("no gradient arrives at one of these leaves: it has no number to predict")
    return flat([gradients[leaf] for leaf in leaves])


def _adding_to(gradients: Gradients) -> Callable[[Any, Any], None]:
    def deliver(leaf: Any, g: Any) -> None:
        gradients[leaf] = g if leaf not in gradients else gradients[leaf] + g

    return deliver


# -- the parts that mutants are made of ------------------------------------------------------------

Rule = Callable[[Any, Any], Sequence[Any]]
"""What a node sends to each of its inputs, given the gradient that has arrived."""


def _true_rule(node: Any, g: Any) -> Sequence[Any]:
    return node.vjp(g)


def _local(node: Any, g: Any) -> Sequence[Any]:
    """The local derivatives: what the node would send if the gradient at it were 1."""
    return node.vjp(g if isinstance(node, Output) else np.ones_like(g) * 1.0)


def _one_pass(
    root: Any,
    seed: Any,
    rule: Rule = _true_rule,
    combine: Callable[[Any, Any], Any] = lambda before, new: before + new,
    pending: Gradients | None = None,
) -> Gradients:
    """A backward pass with another rule, or another way to combine contributions."""
    pending = {} if pending is None else pending
    pending[root] = seed
    leaves: Gradients = {}
    for node in topological_order([root]):
        g = pending.get(node)
        if g is None:
            continue
        if not node.inputs:
            leaves[node] = g
            continue
        for x, sent in zip(node.inputs, rule(node, g), strict=True):
            if x is not None and sent is not None:
                pending[x] = sent if x not in pending else combine(pending[x], sent)
    return leaves


def _each_pass(**bug: Any) -> Callable[[Any, Any, int], Gradients]:
    """An engine whose single passes have a bug; across passes it adds up as it should."""

    def run(root: Any, seed: Any, passes: int) -> Gradients:
        leaves = _one_pass(root, seed, **bug)
        return {leaf: g * passes for leaf, g in leaves.items()}

    return run


# -- the bugs --------------------------------------------------------------------------------------


def _replaces(root: Any, seed: Any, passes: int) -> Gradients:
    return _one_pass(root, seed)


def _keeps_values_in_between(root: Any, seed: Any, passes: int) -> Gradients:
    kept: Gradients = {}
    for _ in range(passes):
        leaves = _one_pass(root, seed, pending=kept)
    return leaves


def _recursion(root: Any, seed: Any, passes: int) -> Gradients:
    """Each time something arrives at a node, all that it has so far is sent on at once."""
    collected: Gradients = {}
    arriving = [(root, seed)]
    visits = 0
    while arriving:
        node, g = arriving.pop()
        collected[node] = g if node not in collected else collected[node] + g
        visits += 1
        if visits > VISITS:
            raise ValueError("the recursion does not end in reasonable time")
        if node.inputs:
            sent = zip(node.inputs, node.vjp(collected[node]), strict=True)
            arriving += [(x, c) for x, c in sent if x is not None and c is not None][::-1]
    return {node: g * passes for node, g in collected.items() if not node.inputs}


def _too_early(root: Any, seed: Any, passes: int) -> Gradients:
    """Nodes in the order in which they are met: one may send before all has arrived at it."""
    pending, leaves = {root: seed}, set()
    waiting, met = [root], {root}
    while waiting:
        node = waiting.pop(0)
        if not node.inputs:
            leaves.add(node)
            continue
        for x, sent in zip(node.inputs, node.vjp(pending[node]), strict=True):
            if x is None or sent is None:
                continue
            pending[x] = sent if x not in pending else pending[x] + sent
            if x not in met:
                met.add(x)
                waiting.append(x)
    return {leaf: pending[leaf] * passes for leaf in leaves}


def _adds_along_paths(root: Any, seed: Any, passes: int) -> Gradients:
    def rule(node: Any, g: Any) -> Sequence[Any]:
        return [None if local is None else g + local for local in _local(node, g)]

    return _each_pass(rule=rule)(root, seed * 0.0, passes)


def _swapped(node: Any, g: Any) -> Sequence[Any]:
    sent = node.vjp(g)
    both = len(sent) == 2 and all(contribution is not None for contribution in sent)
    return sent[::-1] if both else sent


def _unsummed(node: Any, g: Any) -> Sequence[Any]:
    """What is sent without the sum that undoes broadcasting."""
    if not getattr(node, "broadcasts", False):
        return node.vjp(g)
    like = node.like
    try:
        node.like = None
        return node.vjp(g)
    finally:
        node.like = like


MINUS = ("Cos", "Div", "Neg", "Sub")
"""The ops whose last rule begins with a minus sign."""


def _loses_minus(node: Any, g: Any) -> Sequence[Any]:
    *others, last = node.vjp(g)
    minus = type(node).__name__ in MINUS and last is not None
    return [*others, -last if minus else last]


def _skips_last_rule(node: Any, g: Any) -> Sequence[Any]:
    sent = node.vjp(g)
    return [
        g if x is not None and not x.inputs and np.shape(g) == np.shape(c) else c
        for x, c in zip(node.inputs, sent, strict=True)
    ]


def _value_instead(root: Any, seed: Any, passes: int) -> Gradients:
    return {leaf: leaf.value for leaf in topological_order([root]) if not leaf.inputs}


MUTANTS = (
    Mutant(
        "starts anew",
        "These are the gradients of one pass. A backward pass does not clear .grad first: it adds "
        "to what earlier passes left there.",
        _replaces,
    ),
    Mutant(
        "keeps values in between",
        "Here the gradients of values in between were kept from one pass to the next, and sent on "
        "again. Only leaves keep their gradient; in between each pass starts with nothing.",
        _keeps_values_in_between,
    ),
    Mutant(
        "overwrites",
        "One contribution has replaced another. Where a value is used more than once, each use "
        "sends a contribution, and they add up.",
        _each_pass(combine=lambda before, new: new),
    ),
    Mutant(
        "keeps the first",
        "Only one of the contributions was counted. Where a value is used more than once, each use "
        "sends one, and they add up.",
        _each_pass(combine=lambda before, new: before),
    ),
    Mutant(
        "plain recursion",
        "Some contributions were sent on twice. A node that sends whenever something arrives sends "
        "the first contribution again with the second; it has to wait until all have arrived.",
        _recursion,
    ),
    Mutant(
        "sends too early",
        "A value sent its gradient on before all contributions had arrived, and the late ones were "
        "lost. It has to wait for every operation that used it: a topological order sees to that.",
        _too_early,
    ),
    Mutant(
        "no un-broadcasting",
        "This has the shape of the result. An input that was broadcast was used many times, so "
        "its contributions are summed back to its own shape.",
        _each_pass(rule=_unsummed),
    ),
    Mutant(
        "swaps the rules",
        "The rules of the two operands have changed places. The derivative of x * y with respect "
        "to x is y, the other one.",
        _each_pass(rule=_swapped),
    ),
    Mutant(
        "adds along a path",
        "Here the local derivatives along a path were added. Along a path they are multiplied; "
        "what is added are the contributions of different paths.",
        _adds_along_paths,
    ),
    Mutant(
        "forgets the upstream gradient",
        "These are the derivatives of the last operation alone. Each is still to be multiplied by "
        "the gradient that arrives from above.",
        _each_pass(rule=_local),
    ),
    Mutant(
        "forgets the inner derivative",
        "This is the gradient that arrives at the last operation. It is still to be multiplied by "
        "that operation's own local derivative.",
        _each_pass(rule=_skips_last_rule),
    ),
    Mutant(
        "loses the minus sign",
        "The size is right and a sign is not: what is subtracted, or divided by, is sent a "
        "gradient with a minus sign.",
        _each_pass(rule=_loses_minus),
    ),
    Mutant(
        "value instead of gradient",
        "These are the values themselves. The gradient says how fast the result changes when a "
        "value does.",
        _value_instead,
    ),
)
"""Every known bug; where two give the same numbers, the first is the likelier belief."""
