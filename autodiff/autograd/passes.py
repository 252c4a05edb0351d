"""The three ways to run a backward pass: to the end, step by step, or for the gradients alone."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from autodiff import errors, graph, growing
from autodiff.autograd.graph import GradientEdge, entry_of
from autodiff.graph import Step
from autodiff.growing import next_pass
from autodiff.hooks import as_variable, run_after_accumulating
from autodiff.ops.join import stack
from autodiff.variable import Variable

__all__ = ["backward", "backward_steps", "grad"]


def backward(
    tensors: Any,
    grad_tensors: Any = None,
    retain_graph: bool | None = None,
    create_graph: bool = False,
    grad_variables: Any = None,
    inputs: Any = None,
) -> None:
    """Add the gradients of ``tensors`` to the ``.grad`` of the leaves they were computed from.

    Args:
        tensors: one variable, or several, to start from; or a `GradientEdge`.
        grad_tensors: for each, the vector of the vector-Jacobian product; None for single numbers.
        retain_graph: keep saved values; by default they are freed unless ``create_graph``.
        create_graph: record the pass, so that the gradients can be differentiated.
        grad_variables: the former name of ``grad_tensors``.
        inputs: accumulate into these variables, or the ones of these `GradientEdge`, only.

    Raises:
        RuntimeError: nothing to differentiate; a non-scalar without its vector; a freed graph.

    >>> import autodiff as ad
    >>> x = ad.tensor(2.0, requires_grad=True)
    >>> ad.autograd.backward([x * 3, x * 4])
    >>> x.grad
    tensor(7.)
    """
    if grad_variables is not None:
        warnings.warn(
            "`grad_variables` is deprecated. Use `grad_tensors` instead.",
            FutureWarning,
            stacklevel=2,
        )
        if grad_tensors is not None:
            raise errors.autograd.both_names_of_gradients()
        grad_tensors = grad_variables
    targets, deliver = None, None
    if inputs is not None:
        leaves = _accumulating(_listed(inputs))
        targets, deliver = set(leaves), _deliver_to(leaves, create_graph)
    retain_graph = create_graph if retain_graph is None else retain_graph
    seeds = _seeds(tensors, grad_tensors, create_graph)
    graph.backward(seeds, retain_graph, create_graph, targets, deliver)
    due = next_pass() % growing.interval == 0
    if due and not retain_graph and isinstance(tensors, Variable):
        growing.note_pass(tensors, *seeds)


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
    only_inputs: bool = True,
    allow_unused: bool | None = None,
    is_grads_batched: bool = False,
    materialize_grads: bool = False,
) -> Any:
    """The gradients of ``outputs`` with respect to ``inputs``, as values; no ``.grad`` changes.

    Args:
        outputs, inputs: variables, or places where gradients go: see `get_gradient_edge`. With a
            dictionary of inputs the result is one too; otherwise it is a tuple.
        grad_outputs: for each output, the vector of the vector-Jacobian product.
        retain_graph: keep saved values; by default they are freed unless ``create_graph``.
        create_graph: record the pass, so that the gradients can be differentiated.
        only_inputs: accepted for compatibility; nothing else is ever accumulated.
        allow_unused: give None for an input that the outputs do not depend on.
        is_grads_batched: the first dimension of each ``grad_outputs`` counts vectors. The pass
            runs once for each, and the gradients are stacked.
        materialize_grads: give zeros, not None, for an input the outputs do not depend on.

    Raises:
        RuntimeError: an input does not require grad, or (without ``allow_unused``) the outputs do
            not depend on it.
        ValueError: ``materialize_grads`` with ``allow_unused=False``.

    >>> import autodiff as ad
    >>> x = ad.tensor(3.0, requires_grad=True)
    >>> (dy,) = ad.autograd.grad(x**3, x, create_graph=True)
    >>> ad.autograd.grad(dy, x)
    (tensor(18.),)
    """
    if materialize_grads and allow_unused is False:
        raise errors.autograd.materialize_unused()
    if not only_inputs:
        warnings.warn(
            "only_inputs argument is deprecated and is ignored now (defaults to True). To "
            "accumulate gradient for other parts of the graph, please use backward.",
            FutureWarning,
            stacklevel=2,
        )
    if isinstance(inputs, dict):
        options = (retain_graph, create_graph, only_inputs, allow_unused, is_grads_batched)
        gradients = grad(outputs, list(inputs.values()), grad_outputs, *options, materialize_grads)
        return dict(zip(inputs, gradients, strict=True))
    inputs = _listed(inputs)
    entries = _entries(inputs)
    retain_graph = create_graph if retain_graph is None else retain_graph

    def run(vectors: Any, retain_graph: bool) -> dict[Any, Any]:
        found: dict[Any, Any] = {}
        seeds = _seeds(outputs, vectors, create_graph)
        graph.backward(seeds, retain_graph, create_graph, set(entries), found.__setitem__)
        return found

    if is_grads_batched:
        vectors = _listed(grad_outputs)
        runs = [run(each, True) for each in zip(*[list(v) for v in vectors], strict=True)]
        if not retain_graph:
            _release(outputs)
    else:
        runs = [run(grad_outputs, retain_graph)]
    result = []
    for i, (x, entry) in enumerate(zip(inputs, entries, strict=True)):
        gradients = [as_variable(found[entry]) for found in runs if entry in found]
        if gradients:
            result.append(stack(gradients) if is_grads_batched else gradients[0])
        elif materialize_grads:
            result.append(_zeros_like(x, len(runs) if is_grads_batched else None))
        elif allow_unused:
            result.append(None)
        else:
            raise errors.autograd.unused_input(i)
    return tuple(result)


def _entries(inputs: Sequence[Any]) -> list[Any]:
    """The engine's entry for each input.

    Raises:
        RuntimeError: one does not require grad.
    """
    entries = [entry_of(x) for x in inputs]
    if None in entries:
        raise errors.autograd.input_without_grad(entries.index(None))
    return entries


def _accumulating(inputs: Sequence[Any]) -> dict[Any, Any]:
    """By entry of the graph, the variable whose ``.grad`` is added to."""
    if not inputs:
        raise errors.autograd.no_inputs()
    variables = {}
    for x, entry in zip(inputs, _entries(inputs), strict=True):
        if isinstance(x, GradientEdge):
            if not isinstance(x.node, graph.AccumulateGrad):
                raise errors.autograd.accumulate_into_edge()
            x = x.node.variable
        variables[entry] = x
    return variables


def _deliver_to(variables: dict[Any, Any], create_graph: bool) -> Callable[[Any, Any], None]:
    def deliver(entry: Any, g: Any) -> None:
        x = variables[entry]
        x.accumulate(g, create_graph)
        if x.hooks:
            run_after_accumulating(x, g)

    return deliver


def _zeros_like(x: Any, count: int | None) -> Any:
    """The gradient of an unused input; ``count`` of them, stacked, where that is a number."""
    if isinstance(x, GradientEdge):
        x = _stand_in(x, entry_of(x))
    zeros = x.detach() * 0.0
    return zeros if count is None else stack([zeros] * count)


def _release(outputs: Any) -> None:
    """Free what the nodes behind ``outputs`` saved, as the last pass over them does."""
    for node in graph.topological_order(entry_of(x) for x in _listed(outputs)):
        if node.inputs:
            node.release()


def _listed(x: Any) -> Sequence[Any]:
    several = isinstance(x, (list, tuple, Iterator)) and not isinstance(x, GradientEdge)
    return list(x) if several else [x]


def _seeds(tensors: Any, gradients: Any, create_graph: bool) -> dict[Any, Any]:
    """The gradient to start with, for each node to start from."""
    if isinstance(tensors, Variable) and not isinstance(gradients, (list, tuple)):
        return dict([_seed(tensors, gradients, create_graph)])
    tensors = _listed(tensors)
    gradients = [None] * len(tensors) if gradients is None else _listed(gradients)
    if len(gradients) != len(tensors):
        raise errors.autograd.gradients_count(len(tensors), len(gradients))
    seeds: dict[Any, Any] = {}
    for x, gradient in zip(tensors, gradients, strict=True):
        edge, g = _seed(x, gradient, create_graph)
        seeds[edge] = seeds[edge] + g if edge in seeds else g
    return seeds


def _seed(x: Any, gradient: Any, create_graph: bool) -> tuple[Any, Any]:
    edge = x.edge if isinstance(x, Variable) else entry_of(x)
    if edge is None:
        raise errors.autograd.no_grad_fn()
    if isinstance(x, GradientEdge):
        x = _stand_in(x, edge)
    g = x.seed(gradient, create_graph)
    # A leaf keeps what it is given: it must not share it with the caller.
    return edge, g if edge.inputs else edge.own(g)


def _stand_in(edge: GradientEdge, entry: Any) -> Any:
    """A variable of the shape and dtype that the gradient at ``edge`` has."""
    if not entry.inputs:
        return entry
    out = getattr(entry, "out", None)
    if out is None or edge.output_nr:
        raise errors.autograd.gradient_edge_by_hand()
    return as_variable(out if isinstance(out, float) else np.zeros(out.shape, out.dtype))
