"""The engine: nodes, the order to visit them in, and the backward pass over them.

A *node* records one application of an op. Its ``inputs`` say where the gradient of each
argument goes next: to the node that computed that argument, to the leaf variable itself, or
nowhere (``None``). Following ``inputs`` from a result reaches everything it was computed from.

Gradients here are opaque: floats, arrays, or variables that record themselves. The engine only
adds them up and hands them on, so it needs no array library.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from operator import add
from typing import Any

from autodiff import observe
from autodiff.grad_mode import enable_grad, mode
from autodiff.hooks import HookedNode, run_after_accumulating, run_hooks
from autodiff.leaf import AccumulateGrad
from autodiff.steps import Step, Write

__all__ = [
    "AccumulateGrad", "Bundle", "Node", "Output", "Step", "Write", "backward", "backward_steps",
    "topological_order",
]  # fmt: skip


class Node(HookedNode):
    """One application of an op, as the backward pass sees it.

    ``inputs`` holds one entry per argument: a `Node`, a leaf variable, or None where no gradient
    is wanted. ``hooks`` are called with the complete gradient before it is passed on.

    >>> import autodiff as ad
    >>> node = (ad.Scalar(2.0) * ad.Scalar(3.0)).grad_fn
    >>> node.vjp(1.0)
    (3.0, 2.0)
    """

    __slots__ = ("inputs", "hooks", "__weakref__")

    inputs: tuple[Any, ...]
    hooks: dict[int, tuple[int, Callable[..., Any]]] | None

    def vjp(self, g: Any) -> Sequence[Any]:
        """The vector-Jacobian product: from the gradient of the output, one gradient per input."""
        raise NotImplementedError

    def differentiable_vjp(self, g: Any) -> Sequence[Any]:
        """`vjp` on variables that record themselves, for derivatives of derivatives."""
        raise NotImplementedError

    def push(self, g: Any, pending: dict[Any, Any], keep: bool) -> None:
        """Add what this node sends on to the ``pending`` gradients of its inputs.

        What it saved is let go of, unless ``keep``.
        """
        for x, contribution in zip(self.inputs, self.vjp(g), strict=True):
            if x is not None and contribution is not None:
                if contribution is g and not x.inputs:
                    contribution = x.own(g)
                before = pending.get(x)
                pending[x] = contribution if before is None else before + contribution
        if not keep:
            self.release()

    def release(self) -> None:
        """Let go of saved values; the node stays in the graph and can still be drawn."""

    def name(self) -> str:
        """PyTorch's name of the node."""
        return type(self).__name__ + "Backward0"

    @property
    def next_functions(self) -> tuple[tuple[Node | AccumulateGrad | None, int], ...]:
        """Per input, the node that receives its gradient and which of its outputs that input was.

        A leaf shows as an `AccumulateGrad` node.
        """
        return tuple(_as_function(x) for x in self.inputs)

    def __repr__(self) -> str:
        return f"<{self.name()}>"


class Output(Node):
    """One output of a node that has several: the place where its own gradient is summed."""

    __slots__ = ("node", "nr", "count")

    def __init__(self, node: Node, nr: int, count: int) -> None:
        self.node, self.nr, self.count = node, nr, count
        self.inputs = (node,)
        self.hooks = None

    def vjp(self, g: Any) -> Sequence[Any]:
        parts = [None] * self.count
        parts[self.nr] = g
        return (Bundle(parts),)

    differentiable_vjp = vjp

    def name(self) -> str:
        return f"{self.node.name()}[{self.nr}]"


class Bundle:
    """The gradients of all outputs of one node; outputs nothing flowed back to stay None."""

    __slots__ = ("parts",)

    def __init__(self, parts: list[Any]) -> None:
        self.parts = parts

    def __add__(self, other: Bundle) -> Bundle:
        return Bundle([p if q is None else q for p, q in zip(self.parts, other.parts, strict=True)])


def topological_order(roots: Iterable[Any]) -> list[Any]:
    """Every node and leaf reachable from ``roots``, each one before all of its inputs.

    A node may send its gradient on only when all of its consumers have delivered theirs; in this
    order they always have. A leaf with hooks comes as soon as it can, as somebody waits for it.
    The walk keeps its own stack, so depth is bounded by memory alone.
    """
    order: list[Any] = []
    awaited: set[Any] = set()
    seen = {None}
    finished = object()
    stack = list(roots)
    pop, push = stack.pop, stack.append
    while stack:
        node = pop()
        if node is finished:
            order.append(pop())
        elif node not in seen:
            seen.add(node)
            if inputs := node.inputs:
                push(node)
                push(finished)
                for x in inputs:
                    if x not in seen:
                        push(x)
            else:
                order.append(node)
                if node.hooks:
                    awaited.add(node)
    order.reverse()
    return _with_leaves_early(order, awaited) if awaited else order


def _with_leaves_early(order: list[Any], leaves: set[Any]) -> list[Any]:
    """The same order, with each of these leaves right after the last node that sends to it."""
    last = {x: node for node in order for x in node.inputs if x in leaves}
    after: dict[Any, list[Any]] = {}
    for leaf, node in last.items():
        after.setdefault(node, []).append(leaf)
    early = []
    for node in order:
        if node not in last:
            early.append(node)
            early += after.get(node, ())
    return early


def backward_steps(
    seeds: Mapping[Any, Any],
    retain_graph: bool = False,
    create_graph: bool = False,
    targets: set[Any] | None = None,
    deliver: Callable[[Any, Any], None] | None = None,
    watched: bool = True,
) -> Iterator[Step]:
    """Run the backward pass, yielding each `Step` as it happens.

    Args:
        seeds: the gradient to start with, for each node (or leaf) to start from.
        retain_graph: keep saved values, so that the graph can be differentiated again.
        create_graph: record the pass itself, so that its results can be differentiated.
        targets: visit only what leads to these nodes or leaves, and deliver their gradients.
            By default every leaf is a target.
        deliver: what to do with a target and its gradient. By default a leaf adds it to ``.grad``.
        watched: yield the steps. When False nothing is yielded, and the whole pass runs at the
            first ``next()``.
    """
    pending = dict(seeds)
    order = topological_order(pending)
    visited = None
    if targets is not None:
        order = _leading_to(targets, order)
        visited = set(order)
    sum_of = enable_grad()(add) if create_graph else add
    plain = not (create_graph or observe.watching())
    if plain and not watched and targets is None:
        _run_unwatched(order, pending, retain_graph, deliver)
        return
    index = 0

    for node in order:
        g = pending.pop(node, None)
        if g is None:
            continue
        if node.hooks:
            g = run_hooks(node, g, create_graph, order)
        inputs = node.inputs
        writes: list[Write | None] | None = [] if watched else None

        if not inputs if targets is None else node in targets:
            before = node.grad_snapshot() if watched and not inputs else None
            if deliver is None:
                # What was shown must not change when `.grad` does.
                node.accumulate(node.own(g) if watched else g, create_graph)
                if node.hooks:
                    run_after_accumulating(node, g)
            else:
                deliver(node, g)
            if writes is not None and not inputs:
                writes.append(Write(node, before, g, g if before is None else before + g))

        if inputs:
            contributions = node.vjp(g) if plain else observe.vjp(node, g, create_graph)
            if visited is not None:
                inputs = [x if x in visited else None for x in inputs]
            for x, contribution in zip(inputs, contributions):  # noqa: B905 - strict costs time
                if x is None or contribution is None:
                    if writes is not None:
                        writes.append(None)
                    continue
                if contribution is g and not x.inputs:
                    # A leaf keeps what it is given: it must not share it with another.
                    contribution = x.own(g)
                before = pending.get(x)
                after = contribution if before is None else sum_of(before, contribution)
                pending[x] = after
                if writes is not None:
                    writes.append(Write(x, before, contribution, after))
            if not retain_graph:
                node.release()

        if writes is not None:
            yield Step(index, node, g, tuple(writes))
        index += 1


def _run_unwatched(
    order: list[Any],
    pending: dict[Any, Any],
    retain_graph: bool,
    deliver: Callable[[Any, Any], None] | None,
) -> None:
    """The loop of `backward_steps` where nobody looks: each node adds what it sends on itself."""
    take = pending.pop
    for node in order:
        g = take(node, None)
        if g is None:
            continue
        if node.hooks:
            g = run_hooks(node, g, False, order)
        if node.inputs:
            node.push(g, pending, retain_graph)
        elif deliver is not None:
            deliver(node, g)
        else:
            node.accumulate(g)
            if node.hooks:
                run_after_accumulating(node, g)


def backward(
    seeds: Mapping[Any, Any],
    retain_graph: bool = False,
    create_graph: bool = False,
    targets: set[Any] | None = None,
    deliver: Callable[[Any, Any], None] | None = None,
) -> None:
    """Run the whole backward pass: `backward_steps` with nobody watching."""
    for observer in mode.observers:
        seeds, create_graph, deliver = observer.backward(seeds, create_graph, deliver)
    for _ in backward_steps(seeds, retain_graph, create_graph, targets, deliver, False):
        raise AssertionError("an unwatched pass yields no steps")


def _leading_to(targets: set[Any], order: list[Any]) -> list[Any]:
    """The part of ``order`` from which some target can be reached."""
    leads: set[Any] = set()
    for node in reversed(order):
        if node in targets or any(x in leads for x in node.inputs):
            leads.add(node)
    return [node for node in order if node in leads]


def _as_function(x: Any) -> tuple[Any, int]:
    if isinstance(x, Output):
        return (x.node, x.nr)
    if x is None or isinstance(x, Node):
        return (x, 0)
    return (AccumulateGrad(x), 0)
