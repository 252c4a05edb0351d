"""The three ways to run a backward pass: to the end, step by step, or for the gradients alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from autodiff import errors, graph
from autodiff.graph import Step
from autodiff.growing import note_pass

__all__ = ["backward", "backward_steps", "grad"]


def backward(
    tensors: Any,
    grad_tensors: Any = None,
    retain_graph: bool | None = None,
    create_graph: bool = False,
    *,
    inputs: Any = None,
) -> None:
    """Add the gradients of ``tensors`` to the ``.grad`` of the leaves they were computed from.

    Args:
        tensors: one variable or several to start from.
        grad_tensors: for each, the vector of the vector-Jacobian product; None for single numbers.
        retain_graph: keep saved values; by default they are freed unless ``create_graph``.
        create_graph: record the pass, so that the gradients can be differentiated.
        inputs: accumulate into these variables only.

    Raises:
        RuntimeError: nothing to differentiate; a non-scalar without its vector; a freed graph.

    >>> import autodiff as ad
    >>> x = ad.tensor(2.0, requires_grad=True)
    >>> ad.autograd.backward([x * 3, x * 4])
    >>> x.grad
    tensor(7.)
    """
    targets, deliver = None, None
    if inputs is not None:
        inputs = _listed(inputs)
        if not inputs:
            raise errors.autograd.no_inputs()
        by_edge = {x.edge: x for x in inputs}
        if None in by_edge:
            raise errors.autograd.input_without_grad([x.edge for x in inputs].index(None))
        targets, deliver = set(by_edge), lambda edge, g: by_edge[edge].accumulate(g, create_graph)
    retain_graph = create_graph if retain_graph is None else retain_graph
    seeds = _seeds(tensors, grad_tensors, create_graph)
    graph.backward(seeds, retain_graph, create_graph, targets, deliver)
    if not retain_graph and len(seeds) == 1:
        note_pass(tensors, *seeds)


def backward_steps(
    tensors: Any,
    grad_tensors: Any = None,
    retain_graph: bool | None = None,
    create_graph: bool = False,
    *,
    accumulate: bool = True,
) -> Iterator[Step]:
    """The backward pass, one `Step` at a time: the same pass as `backward`, watched.

    Nothing happens until the next step is asked for, and stopping early leaves the rest undone.

    Args:
        accumulate: add to the leaves' ``.grad`` as `backward` does. With False the pass only
            shows what would flow.

    >>> import autodiff as ad
    >>> x = ad.Scalar(3.0)
    >>> for step in ad.autograd.backward_steps(x * x):
    ...     print(step.index, step.node, step.g)
    0 <MulBackward0> 1.0
    1 Scalar(3.0) 6.0
    """
    return graph.backward_steps(
        _seeds(tensors, grad_tensors, create_graph),
        retain_graph=create_graph if retain_graph is None else retain_graph,
        create_graph=create_graph,
        deliver=None if accumulate else lambda leaf, g: None,
    )


def grad(
    outputs: Any,
    inputs: Any,
    grad_outputs: Any = None,
    retain_graph: bool | None = None,
    create_graph: bool = False,
    allow_unused: bool = False,
) -> tuple[Any, ...]:
    """The gradients of ``outputs`` with respect to ``inputs``, as values; no ``.grad`` changes.

    Raises:
        RuntimeError: an input does not require grad, or (without ``allow_unused``) the outputs do
            not depend on it.

    >>> import autodiff as ad
    >>> x = ad.tensor(3.0, requires_grad=True)
    >>> (dy,) = ad.autograd.grad(x**3, x, create_graph=True)
    >>> ad.autograd.grad(dy, x)
    (tensor(18.),)
    """
    inputs = _listed(inputs)
    edges = [x.edge for x in inputs]
    for i, edge in enumerate(edges):
        if edge is None:
            raise errors.autograd.input_without_grad(i)
    found: dict[Any, Any] = {}
    graph.backward(
        _seeds(outputs, grad_outputs, create_graph),
        retain_graph=create_graph if retain_graph is None else retain_graph,
        create_graph=create_graph,
        targets=set(edges),
        deliver=found.__setitem__,
    )
    for i, edge in enumerate(edges):
        if edge not in found and not allow_unused:
            raise errors.autograd.unused_input(i)
    return tuple(
        x._as_variable(found[edge]) if edge in found else None
        for x, edge in zip(inputs, edges, strict=True)
    )


def _listed(x: Any) -> Sequence[Any]:
    return x if isinstance(x, (list, tuple)) else [x]


def _seeds(tensors: Any, gradients: Any, create_graph: bool) -> dict[Any, Any]:
    """The gradient to start with, for each node to start from."""
    if not isinstance(tensors, (list, tuple)):
        return dict([_seed(tensors, gradients, create_graph)])
    gradients = [None] * len(tensors) if gradients is None else _listed(gradients)
    if len(gradients) != len(tensors):
        raise errors.autograd.gradients_count(len(tensors), len(gradients))
    seeds: dict[Any, Any] = {}
    for x, gradient in zip(tensors, gradients, strict=True):
        edge, g = _seed(x, gradient, create_graph)
        seeds[edge] = seeds[edge] + g if edge in seeds else g
    return seeds


def _seed(x: Any, gradient: Any, create_graph: bool) -> tuple[Any, Any]:
    edge = x.edge
    if edge is None:
        raise errors.autograd.no_grad_fn()
    g = x.seed(gradient, create_graph)
    # A leaf keeps what it is given: it must not share it with the caller.
    return edge, g if edge.inputs else edge.own(g)
