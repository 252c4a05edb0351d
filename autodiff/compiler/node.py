"""The place of a compiled call in a larger graph: one node, whose rule is the backward program."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from autodiff import errors
from autodiff.errors.teaching import about
from autodiff.graph import Bundle, Node, Output
from autodiff.tensor import Tensor

__all__ = ["CompiledBackward", "connect"]


class CompiledBackward(Node):
    """One call of a compiled function. ``pull`` turns the gradients of its results into those of
    its inputs; it is gone once it has run, unless the graph was to be kept."""

    __slots__ = ("pull", "count", "title", "program")

    def __init__(
        self, inputs: Sequence[Any], count: int, pull: Callable[..., Any] | None, program: Any
    ) -> None:
        self.inputs, self.count, self.pull = tuple(inputs), count, pull
        self.program = program
        self.hooks = None

    def vjp(self, g: Any) -> Sequence[Any]:
        if self.pull is None:
            raise about(errors.autograd.backward_twice(self.name()), self)
        gradients = g.parts if isinstance(g, Bundle) else [g]
        return self.pull(gradients)

    def differentiable_vjp(self, g: Any) -> Sequence[Any]:
        raise errors.compiler.differentiated_twice()

    def release(self) -> None:
        self.pull = None

    @property
    def is_released(self) -> bool:
        return self.pull is None

    def name(self) -> str:
        return "CompiledBackward0"


def connect(node: CompiledBackward, results: Sequence[Tensor], places: Sequence[int]) -> None:
    """Make ``results`` the outputs of ``node`` at the given places."""
    for x, nr in zip(results, places, strict=True):
        x._source = node if node.count == 1 else Output(node, nr, node.count)
        x._requires_grad = True
