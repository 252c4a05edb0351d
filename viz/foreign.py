"""Stepping through the backward pass of other engines.

Nodes that can be called run their part of the pass: PyTorch's do, and so do those of an adapter.
The loop here is the one of `autodiff.graph.backward_steps`, in words that any node understands.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from autodiff.steps import Step, Write
from viz.structure import Structure, is_leaf, read

__all__ = ["is_ours", "steps_of"]


def is_ours(x: Any) -> bool:
    """Whether ``x`` is a Scalar or a Tensor of this project."""
    return type(x).__module__.partition(".")[0] == "autodiff" or hasattr(x, "_source")


def steps_of(x: Any, gradient: Any = None) -> Iterator[Step]:
    """The backward pass from ``x``; nothing is freed and no ``.grad`` changes.

    Raises:
        RuntimeError: there is nothing to differentiate, or ``x`` has several elements and no
            ``gradient`` was given, or the graph was already freed.
    """
    structure = read(x)
    root = len(structure) - 1
    if x.grad_fn is None:
        raise RuntimeError("nothing computed this value, so there is no backward pass to show.")
    pending: dict[tuple[int, int], Any] = {(root, 0): _seed(x, gradient)}
    for index, place in enumerate(reversed(range(len(structure)))):
        node = structure.nodes[place]
        gradients = _arrived(pending, place)
        if all(g is None for g in gradients):
            continue
        if is_leaf(node):
            (g,) = gradients
            before = node.variable.grad
            yield Step(index, node, g, (Write(node, before, g, _sum(before, g)),))
        else:
            writes = tuple(_send(structure, place, node(*gradients), pending))
            first = next(g for g in gradients if g is not None)
            yield Step(index, node, first, writes)


def _seed(x: Any, gradient: Any) -> Any:
    if gradient is not None:
        return gradient
    if getattr(x, "shape", ()) not in ((), (1,)):
        raise RuntimeError(
            "grad can be implicitly created only for scalar outputs.\n"
            "  Fix: pass `gradient`, the vector of the vector-Jacobian product."
        )
    return x.new_ones(x.shape) if hasattr(x, "new_ones") else 1.0


def _arrived(pending: dict[tuple[int, int], Any], place: int) -> list[Any]:
    """What arrived at each output of a node, None for outputs that nothing came back to."""
    last = max((nr for at, nr in pending if at == place), default=0)
    return [pending.pop((place, nr), None) for nr in range(last + 1)]


def _send(
    structure: Structure, place: int, result: Any, pending: dict[tuple[int, int], Any]
) -> Iterator[Write | None]:
    contributions = result if isinstance(result, tuple) else (result,)
    for operand, contribution in zip(structure.operands[place], contributions, strict=False):
        if operand is None or contribution is None:
            yield None
            continue
        target, nr = structure.nodes[operand[0]], operand[1]
        contribution = _summed_to_shape(contribution, target, nr)
        before = pending.get(operand)
        pending[operand] = _sum(before, contribution)
        yield Write(target, before, contribution, pending[operand])


def _summed_to_shape(contribution: Any, target: Any, nr: int) -> Any:
    """A contribution without the broadcasting of its operand, which PyTorch's engine undoes."""
    if is_leaf(target):
        shape = getattr(target.variable, "shape", None)
    else:
        about_outputs = getattr(target, "_input_metadata", ())
        shape = about_outputs[nr].shape if nr < len(about_outputs) else None
    if shape is None or not hasattr(contribution, "sum_to_size"):
        return contribution
    return contribution.sum_to_size(shape)


def _sum(before: Any, contribution: Any) -> Any:
    return contribution if before is None else before + contribution
