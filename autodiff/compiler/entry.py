"""Running a program: from tensors to its arrays, and from its arrays to tensors in the graph."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from autodiff import errors
from autodiff.arrays import as_array, device_of, in_order
from autodiff.compiler.emit import Source
from autodiff.compiler.history import Operation, history_of
from autodiff.compiler.node import CompiledBackward, connect
from autodiff.compiler.outline import Part, outline_of
from autodiff.compiler.program import Place, Program, replaced
from autodiff.grad_mode import mode
from autodiff.tensor import Tensor

__all__ = ["Entry", "Guard"]


@dataclass
class Entry:
    """One program, made for arguments of one kind."""

    program: Program
    source: Source
    forward: Callable[..., Any]
    backward: Callable[..., Any] | None
    structure: Any
    """The result, with the number of an output in the place of each tensor."""
    same: dict[int, Tensor]
    """Outputs that are tensors from outside themselves."""
    differentiable: list[int]
    spent: bool
    guards: list[Any]
    entry_grads: list[tuple[Tensor, bool]]
    lock: Any = field(default_factory=threading.RLock)
    """Held while the program runs, forward or backward: its buffers are made once."""

    def fits(self) -> bool:
        """Whether the world outside still is what the program was made for."""
        for guard in self.guards:
            if guard.tensor.value is not guard.array and not guard.renewed():
                return False
        return all((x._grad is None) == was_none for x, was_none in self.entry_grads)

    def outline(self) -> list[Part]:
        """The steps of the program as plain data."""
        return outline_of(self.source)

    def history(self) -> list[Operation]:
        """The operations of the recorded call as plain data, and what became of each."""
        return history_of(self.program, self.source)

    def run(self, tensors: list[Tensor]) -> Any:
        arrays = [in_order(x.value) for x in tensors]
        leaves = [tensors[self.program.inputs.index(v)] for v in self.source.leaves]
        out = self.forward(*arrays, *leaves)
        saved: Any = ()
        if self.backward is not None:
            out, saved = out
        results = [Tensor._wrap(x) for x in out]
        for i, x in self.same.items():
            results[i] = tensors[x] if isinstance(x, int) else x
        if self.differentiable and mode.enabled:
            self._connect(results, tensors, saved)
        return replaced(self.structure, lambda x: results[x.number] if type(x) is Place else x)

    def _connect(self, results: list[Tensor], tensors: list[Tensor], saved: Any) -> None:
        backward, program = self.backward, self.program
        edges = [
            tensors[program.inputs.index(v)].edge if v.origin == "input" else v.tensor.edge
            for v in program.wanted
        ]
        places = range(len(self.differentiable))
        pull: Any = None
        if not self.spent:
            assert backward is not None

            def pull(gradients: list[Any]) -> Any:
                given = [
                    _gradient_of(results[i].value, g)
                    for i, g in zip(self.differentiable, gradients, strict=True)
                ]
                with self.lock:
                    return backward(*saved, *given)

        node = CompiledBackward(edges, len(places), pull, self)
        connect(node, [results[i] for i in self.differentiable], places)


def _gradient_of(result: Any, g: Any) -> Any:
    """The gradient of a result as the backward program reads it: a hook may have changed it."""
    if g is None:
        return np.zeros_like(result)
    array = in_order(as_array(g))
    if array.shape != result.shape:
        raise errors.autograd.gradient_shape(array.shape, result.shape)
    return array if array.dtype == result.dtype else array.astype(result.dtype)


@dataclass
class Guard:
    """A tensor from outside, and what its memory has to be like."""

    tensor: Tensor
    array: Any

    def renewed(self) -> bool:
        """Whether other memory that it has now (by ``x.data = y``) is of the same kind."""
        array = self.tensor.value
        if array.shape != self.array.shape or array.dtype != self.array.dtype:
            return False
        if device_of(array) != device_of(self.array):
            return False
        if not array.flags.c_contiguous:
            return False
        self.array = array
        return True
