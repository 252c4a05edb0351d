"""The node of a `Function` in the graph, and what its ``save_for_backward`` keeps."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autodiff import errors
from autodiff.grad_mode import enable_grad, is_grad_enabled, no_grad
from autodiff.graph import Bundle, Node, Output
from autodiff.ops.shape import conform
from autodiff.packed import pack_tensor, unpack_tensor
from autodiff.recording import keepsake
from autodiff.variable import Variable

__all__ = ["FunctionNode", "Kept"]


class Kept:
    """One value that ``save_for_backward`` keeps, with the count of writes it has seen.

    A result is kept without its history: its node keeps it, so it must not keep its node.
    """

    def __init__(self, x: Any, entry: Any = None) -> None:
        self.kept = x if entry is None else x.detach()
        self.entry = entry and weakref.ref(entry)
        self.version = getattr(x, "version", (0,))[0]
        self.unpack: Callable[[Any], Any] | None = None

    def variable(self, name: str) -> Any:
        """The value, connected to the graph as it was when it was kept."""
        if self.unpack is not None:
            x = unpack_tensor(self.kept, self.unpack)
            edge = self.entry()
            # The leaf itself, not the copy of it, is what can be differentiated again.
            return x._from_graph(x.value, edge) if is_grad_enabled() and edge is not None else x
        x = self.kept
        version = getattr(x, "_version", 0)
        if version != self.version:
            raise errors.autograd.changed_since_saved(name, version, self.version)
        if self.entry is None:
            return x
        connected = x._from_graph(x.value, self.entry())
        if hasattr(x, "version"):
            connected.version = x.version
        return connected

    def pack(self, pack: Callable[[Any], Any], unpack: Callable[[Any], Any]) -> None:
        if not hasattr(self.kept, "version"):  # None, and Scalars: nothing to save memory on
            return
        edge = self.kept.edge
        if self.entry is None:
            self.entry = weakref.ref(edge) if edge is not None else lambda: None
        self.kept, self.unpack = pack_tensor(self.kept.detach(), pack), unpack


class FunctionNode(Node):
    """One application of a `Function`. What its author set on ctx can be read here as well."""

    __slots__ = ("function", "ctx", "like", "outputs", "out", "constants", "settings")

    formula = ""
    saves = saved = ()

    def __init__(self, function: Any, ctx: Any, inputs: tuple[Any, ...]) -> None:
        self.function, self.ctx = function, ctx
        self.inputs = tuple(x.edge if isinstance(x, Variable) else None for x in inputs)
        self.like = tuple(_likeness(x) for x in inputs)
        self.hooks = self.constants = self.out = None
        self.settings: dict[str, Any] = {}
        self.outputs: list[tuple[Any, Any, Any]] = []

    def __getattr__(self, name: str) -> Any:
        if name in FunctionNode.__slots__ or name == "_metadata":
            raise AttributeError(name)
        return getattr(self.ctx, name)

    def name(self) -> str:
        return f"{self.function.__name__}Backward"

    @property
    def is_released(self) -> bool:
        return self.ctx._kept is None

    def release(self) -> None:
        if self.ctx._kept:
            self.ctx._kept = None

    def pack_saved(self, pack: Callable[[Any], Any], unpack: Callable[[Any], Any]) -> None:
        for kept in self.ctx._kept:
            kept.pack(pack, unpack)

    # -- forward ------------------------------------------------------------------------------

    def connect(self, results: tuple[Any, ...], inputs: tuple[Any, ...]) -> tuple[Any, ...]:
        """The results of ``forward`` as variables whose gradients come to this node."""
        ctx = self.ctx
        self._check_dirty(results, inputs)
        entries: list[Any] = []
        outputs: list[Any] = []
        for nr, x in enumerate(results):
            self.outputs.append(_likeness(x))
            entry = None
            if _is_differentiable(x) and not _among(x, ctx.non_differentiable):
                entry = self if len(results) == 1 else Output(self, nr, len(results))
                self.out = keepsake(x.value)
                taken = _among(x, inputs) or _among(x, outputs)
                x = self._continue(x, entry, dirty=_among(x, ctx.dirty_tensors), taken=taken)
            entries.append(entry)
            outputs.append(x)
        ctx._kept = [
            Kept(x, next((e for e, out in zip(entries, outputs, strict=True) if x is out), None))
            for x in ctx.to_save
        ]
        ctx.to_save = ctx.dirty_tensors = ctx.non_differentiable = ()
        return tuple(outputs)

    def _check_dirty(self, results: tuple[Any, ...], inputs: tuple[Any, ...]) -> None:
        for x in self.ctx.dirty_tensors:
            if not _among(x, results):
                raise errors.functions.dirty_not_returned()
            if x.requires_grad and x.is_leaf:
                raise errors.in_place.in_place_on_leaf()

    def _continue(self, x: Any, entry: Any, dirty: bool, taken: bool) -> Any:
        """The result ``x`` with its gradient going to ``entry``."""
        if not dirty and not taken:
            x._source, x._requires_grad = entry, True
            return x
        result = type(x)._from_graph(x.value, entry)
        if hasattr(x, "version"):
            from autodiff.views import mark_written, take_history

            result.version, result.base = x.version, x if x.base is None else x.base
            if dirty:
                result.base = None
                mark_written(x)
                return take_history(x, result)
        return result

    # -- backward -----------------------------------------------------------------------------

    def vjp(self, g: Any) -> Sequence[Any]:
        with no_grad():
            gradients = self._call_backward(g)
        # A learner's backward may return one tensor twice, or one that it keeps: copy them all.
        return [x.own(x.value) if isinstance(x, Variable) else x for x in gradients]

    def differentiable_vjp(self, g: Any) -> Sequence[Any]:
        with enable_grad():
            return self._call_backward(g)

    def _call_backward(self, g: Any) -> list[Any]:
        parts = g.parts if isinstance(g, Bundle) else [g]
        gradients = [
            self._zeros(nr) if part is None else self.outputs[nr][0]._as_variable(part)
            for nr, part in enumerate(parts)
        ]
        result = self._backward()(self.ctx, *gradients)
        result = list(result) if isinstance(result, (tuple, list)) else [result]
        count = len(self.inputs)
        while len(result) > count and result[-1] is None:
            result.pop()
        if len(result) != count:
            raise errors.functions.wrong_number_of_gradients(self.name(), count, len(result))
        return [self._checked(i, x) for i, x in enumerate(result)]

    def _backward(self) -> Callable[..., Any]:
        from autodiff.autograd.function import Function

        if self.function.vjp is Function.vjp:
            return self.function.backward
        if self.function.backward is not Function.backward:
            raise errors.functions.backward_and_vjp()
        return self.function.vjp

    def _zeros(self, nr: int) -> Any:
        kind, shape, dtype = self.outputs[nr]
        if kind is None or not self.ctx.materialize_grads:
            return None
        return kind._as_variable(0.0 if shape is None else np.zeros(shape, dtype.numpy))

    def _checked(self, i: int, x: Any) -> Any:
        """A gradient in the shape and dtype of its input, summed where the input was broadcast."""
        kind, shape, dtype = self.like[i]
        if x is None:
            return None
        if kind is None:
            raise errors.functions.gradient_of_non_variable(self.name(), i)
        if not isinstance(x, Variable):
            if not (isinstance(x, (int, float)) and shape is None):
                raise errors.functions.not_a_gradient(type(x).__name__)
            x = kind._as_variable(float(x))
        if self.inputs[i] is None or shape is None:
            return x
        try:
            fits = np.broadcast_shapes(x.shape, shape) == x.shape
        except ValueError:
            fits = False
        if not fits:
            raise errors.functions.wrong_gradient_shape(self.name(), i, x.shape, shape)
        return conform(x, shape, dtype.numpy)


def _likeness(x: Any) -> tuple[Any, Any, Any]:
    """The kind of a variable with its shape and dtype; a single number has neither."""
    kind = type(x) if isinstance(x, Variable) else None
    return kind, getattr(x, "shape", None), getattr(x, "dtype", None)


def _is_differentiable(x: Any) -> bool:
    return isinstance(x, Variable) and getattr(getattr(x, "dtype", None), "is_floating_point", True)


def _among(x: Any, others: Sequence[Any]) -> bool:
    return any(x is y for y in others)
