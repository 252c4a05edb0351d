"""Function: an operation of one's own, with a forward and a backward method."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from autodiff import errors
from autodiff.grad_mode import enable_grad, mode, no_grad
from autodiff.graph import Bundle, Node, Output
from autodiff.ops.shape import conform
from autodiff.variable import Variable

__all__ = ["Function", "FunctionContext"]


class FunctionContext(Node):
    """What ``forward`` leaves for ``backward``, and the node of the graph: the ``ctx`` argument.

    Any attribute may be set on it. Tensors needed later go through `save_for_backward`, so that
    changes to them are noticed.
    """

    # No __slots__: learners set attributes of their own on ctx.
    formula = ""
    constants = None
    like: tuple[Any, ...] = ()
    out: Any = None
    kind: type[Variable]

    def __init__(self, function: type[Function], inputs: Sequence[Any]) -> None:
        self.function = function
        self.inputs = tuple(x.edge if isinstance(x, Variable) else None for x in inputs)
        self.needs_input_grad = tuple(edge is not None for edge in self.inputs)
        self.hooks = None
        self.settings: dict[str, Any] = {}
        self.not_differentiable: tuple[Any, ...] = ()
        self.materialize_grads = True
        self.outputs: list[tuple[Any, Any]] = []
        self._kept: tuple[Any, ...] | None = ()
        self._versions: tuple[Any, ...] = ()

    def save_for_backward(self, *values: Any) -> None:
        """Keep these for ``backward``, where ``ctx.saved_tensors`` gives them back."""
        self._kept = values
        self._versions = tuple(getattr(x, "_version", 0) for x in values)

    @property
    def saved_tensors(self) -> tuple[Any, ...]:
        """What `save_for_backward` kept.

        Raises:
            RuntimeError: the graph was already freed, or a saved tensor was modified since.
        """
        if self._kept is None:
            raise errors.autograd.backward_twice(self.name())
        for x, version in zip(self._kept, self._versions, strict=True):
            if getattr(x, "_version", 0) != version:
                raise errors.autograd.changed_since_saved(self.name(), x._version, version)
        return self._kept

    def mark_non_differentiable(self, *outputs: Any) -> None:
        """No gradient flows through these outputs."""
        self.not_differentiable = outputs

    def set_materialize_grads(self, value: bool) -> None:
        """Whether outputs that no gradient came back to give ``backward`` zeros, or None."""
        self.materialize_grads = value

    def release(self) -> None:
        if self._kept:
            self._kept = None

    @property
    def is_released(self) -> bool:
        return self._kept is None

    def name(self) -> str:
        return f"{self.function.__name__}Backward"

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
            self._zeros(nr) if part is None else self.kind._as_variable(part)
            for nr, part in enumerate(parts)
        ]
        result = self.function.backward(self, *gradients)
        result = list(result) if isinstance(result, (tuple, list)) else [result]
        while len(result) > len(self.inputs) and result[-1] is None:
            result.pop()
        if len(result) != len(self.inputs):
            raise errors.autograd.wrong_number_of_gradients(
                self.name(), len(self.inputs), len(result)
            )
        return [
            x if x is None or shape is None else self._conform(i, x, shape, dtype)
            for i, (x, (shape, dtype)) in enumerate(zip(result, self.like, strict=True))
        ]

    def _zeros(self, nr: int) -> Any:
        if not self.materialize_grads:
            return None
        shape, dtype = self.outputs[nr]
        return self.kind._as_variable(0.0 if shape is None else np.zeros(shape, dtype.numpy))

    def _conform(self, i: int, x: Any, shape: Any, dtype: Any) -> Any:
        """A gradient in the shape and dtype of its input, summed where the input was broadcast."""
        try:
            fits = np.broadcast_shapes(x.shape, shape) == x.shape
        except ValueError:
            fits = False
        if not fits:
            raise errors.autograd.wrong_gradient_shape(self.name(), i, x.shape, shape)
        return conform(x, shape, dtype.numpy)

    def _connect(self, outputs: list[Any]) -> list[Any]:
        """The outputs of ``forward`` as variables whose gradients go to this node."""
        connected = []
        self.outputs = [_likeness(x) for x in outputs]
        for nr, x in enumerate(outputs):
            if _is_differentiable(x) and not any(x is y for y in self.not_differentiable):
                self.kind, self.out = type(x), x.value
                source = self if len(outputs) == 1 else Output(self, nr, len(outputs))
                x = type(x)._from_graph(x.value, source)
            connected.append(x)
        return connected


class Function:
    """Base of operations of one's own: static methods ``forward`` and ``backward``.

    ``forward(ctx, *inputs)`` computes, ``backward(ctx, *gradients)`` returns one gradient per
    input, None for those without. Call it through ``apply``.

    >>> import autodiff as ad
    >>> class Cube(ad.autograd.Function):
    ...     @staticmethod
    ...     def forward(ctx, x):
    ...         ctx.save_for_backward(x)
    ...         return x**3
    ...
    ...     @staticmethod
    ...     def backward(ctx, g):
    ...         (x,) = ctx.saved_tensors
    ...         return g * 3 * x**2
    >>> x = ad.tensor(2.0, requires_grad=True)
    >>> Cube.apply(x).backward()
    >>> x.grad
    tensor(12.)
    """

    @staticmethod
    def forward(ctx: Any, *inputs: Any) -> Any:
        """Compute the result. Operations in here are not recorded."""
        raise NotImplementedError("a Function needs a static method forward(ctx, *inputs)")

    @staticmethod
    def backward(ctx: Any, *gradients: Any) -> Any:
        """From the gradient of each output, the gradient of each input."""
        raise NotImplementedError("a Function needs a static method backward(ctx, *gradients)")

    @classmethod
    def apply(cls, *inputs: Any) -> Any:
        """Run ``forward`` and put it into the graph."""
        ctx = FunctionContext(cls, inputs)
        with no_grad():
            result = cls.forward(ctx, *inputs)
        if not mode.enabled or not any(ctx.needs_input_grad):
            return result
        ctx.like = tuple(_likeness(x) for x in inputs)
        outputs = ctx._connect(list(result) if isinstance(result, tuple) else [result])
        return tuple(outputs) if isinstance(result, tuple) else outputs[0]


def _likeness(x: Any) -> tuple[Any, Any]:
    """The shape and dtype of a tensor; a single number has neither."""
    return getattr(x, "shape", None), getattr(x, "dtype", None)


def _is_differentiable(x: Any) -> bool:
    return isinstance(x, Variable) and getattr(getattr(x, "dtype", None), "is_floating_point", True)
