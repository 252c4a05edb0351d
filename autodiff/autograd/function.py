"""Function: an operation of one's own, with a forward and a backward method."""

from __future__ import annotations

import functools
import inspect
import warnings
from collections.abc import Callable
from typing import Any

from autodiff import errors, observe
from autodiff.autograd.custom import FunctionNode, Kept
from autodiff.grad_mode import is_grad_enabled, mode, no_grad
from autodiff.variable import Variable

__all__ = ["Function", "FunctionCtx", "once_differentiable"]


class FunctionCtx:
    """What ``forward`` leaves for ``backward``: the ``ctx`` argument of both.

    Any attribute may be set on it. Tensors needed later go through `save_for_backward`, so that
    changes to them are noticed and derivatives of derivatives find their way.

    Attributes:
        needs_input_grad: for each input of ``forward``, whether its gradient is wanted.

    >>> import autodiff as ad
    >>> class Times(ad.autograd.Function):
    ...     @staticmethod
    ...     def forward(ctx, x, factor):
    ...         ctx.factor = factor
    ...         return x * factor
    ...
    ...     @staticmethod
    ...     def backward(ctx, g):
    ...         return g * ctx.factor, None
    >>> x = ad.tensor(2.0, requires_grad=True)
    >>> ad.autograd.grad(Times.apply(x, 3.0), x)
    (tensor(3.),)
    """

    def __init__(self, name: str, inputs: tuple[Any, ...]) -> None:
        self.needs_input_grad = tuple(isinstance(x, Variable) and x.requires_grad for x in inputs)
        self.to_save: tuple[Any, ...] = ()
        self.dirty_tensors: tuple[Any, ...] = ()
        self.non_differentiable: tuple[Any, ...] = ()
        self.materialize_grads = True
        self._name = name
        self._kept: list[Kept] | None = None

    def name(self) -> str:
        """The name of the node in the graph."""
        return self._name

    def save_for_backward(self, *tensors: Any) -> None:
        """Keep these for ``backward``, where ``ctx.saved_tensors`` gives them back.

        Inputs, results and values computed on the way may be kept, and None. Call it once.
        Other objects are kept as attributes: ``ctx.factor = factor``.
        """
        self.to_save = tensors

    @property
    def saved_tensors(self) -> tuple[Any, ...]:
        """What `save_for_backward` kept.

        Raises:
            RuntimeError: the graph was already freed, or a saved tensor was modified since.
        """
        if self._kept is None:
            raise errors.autograd.backward_twice(self._name)
        return tuple(kept.variable(self._name) for kept in self._kept)

    def mark_dirty(self, *tensors: Any) -> None:
        """Say that ``forward`` changed these inputs in place. They must be among its results."""
        self.dirty_tensors = tensors

    def mark_non_differentiable(self, *outputs: Any) -> None:
        """Say that no gradient flows through these results."""
        self.non_differentiable = outputs

    def set_materialize_grads(self, value: bool) -> None:
        """Whether results that no gradient came back to give ``backward`` zeros, or None."""
        self.materialize_grads = value


class Function:
    """Base of operations of one's own: static methods ``forward`` and ``backward``.

    ``forward(ctx, *inputs)`` computes, ``backward(ctx, *gradients)`` returns one gradient per
    input, None for those without. Call it through ``apply``. In another form ``forward(*inputs)``
    takes no ctx, and ``setup_context(ctx, inputs, output)`` saves what ``backward`` needs.

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

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        warnings.warn(
            f"{type(self)} should not be instantiated: the methods of a Function are static. Call "
            f"{type(self).__name__}.apply(...).",
            DeprecationWarning,
            stacklevel=2,
        )

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        raise errors.functions.called_instance(type(self).__name__)

    @staticmethod
    def forward(*args: Any, **kwargs: Any) -> Any:
        """Compute the result. Operations in here are not recorded."""
        raise errors.functions.no_forward()

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple[Any, ...], output: Any) -> Any:
        """Save what ``backward`` needs, where ``forward`` is written without ctx."""
        raise NotImplementedError("setup_context is not implemented.")

    @staticmethod
    def backward(ctx: Any, *grad_outputs: Any) -> Any:
        """From the gradient of each output, the gradient of each input."""
        raise errors.functions.no_backward()

    vjp = backward

    @classmethod
    def apply(cls, *args: Any, **kwargs: Any) -> Any:
        """Run ``forward`` and put it into the graph.

        Raises:
            RuntimeError: an input marked as dirty is not among the results, or is a leaf that
                requires grad.
            TypeError: something else than a tensor or None was saved for backward.
        """
        if mode.observers:
            return observe.around(cls.__name__, lambda: cls._apply(args, kwargs))
        return cls._apply(args, kwargs)

    @classmethod
    def _apply(cls, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        separate = cls.setup_context is not Function.setup_context
        if kwargs or separate:
            args = _by_position(cls.forward, args, kwargs, skipped=0 if separate else 1)
        ctx = FunctionCtx(f"{cls.__name__}Backward", args)
        recorded = mode.enabled and any(ctx.needs_input_grad)
        node = FunctionNode(cls, ctx, args) if recorded else None
        with no_grad():
            if separate:
                result = cls.forward(*args)
                cls.setup_context(ctx, args, result)
            else:
                result = cls.forward(ctx, *args)
        _check_saved(ctx.to_save)
        if node is None:
            return result
        outputs = node.connect(result if isinstance(result, tuple) else (result,), args)
        if mode.observers:
            observe.made(node, outputs[0])
        return outputs if isinstance(result, tuple) else outputs[0]


def once_differentiable(backward: Callable[..., Any]) -> Callable[..., Any]:
    """Mark the ``backward`` of a `Function` as one whose result cannot be differentiated again.

    It then runs without recording, so it may leave the tensors' world, for NumPy for example, and
    a second derivative through it raises a RuntimeError instead of being silently wrong.

    >>> import autodiff as ad
    >>> from autodiff.autograd.function import once_differentiable
    >>> class Sin(ad.autograd.Function):
    ...     @staticmethod
    ...     def forward(ctx, x):
    ...         ctx.save_for_backward(x)
    ...         return x.sin()
    ...
    ...     @staticmethod
    ...     @once_differentiable
    ...     def backward(ctx, g):
    ...         (x,) = ctx.saved_tensors
    ...         return g * x.cos()
    >>> x = ad.tensor(0.0, requires_grad=True)
    >>> ad.autograd.grad(Sin.apply(x), x)
    (tensor(1.),)
    """

    @functools.wraps(backward)
    def wrapper(ctx: Any, *gradients: Any) -> Any:
        with no_grad():
            result = backward(ctx, *gradients)
        followed = [g for g in (*gradients, *ctx.saved_tensors) if isinstance(g, Variable)]
        if not is_grad_enabled() or not any(g.requires_grad for g in followed):
            return result
        results = result if isinstance(result, tuple) else (result,)
        ends = tuple(
            OnceDifferentiable.apply(g, *followed) if isinstance(g, Variable) else g
            for g in results
        )
        return ends if isinstance(result, tuple) else ends[0]

    return wrapper


class OnceDifferentiable(Function):
    """A gradient that cannot be differentiated: the place where the attempt to is refused."""

    @staticmethod
    def forward(ctx: Any, g: Any, *followed: Any) -> Any:
        return g

    @staticmethod
    def backward(ctx: Any, g: Any) -> Any:
        raise errors.functions.differentiated_twice()


def _by_position(
    forward: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any], skipped: int
) -> tuple[Any, ...]:
    """All arguments in the order in which ``forward`` lists them, defaults filled in."""
    try:
        bound = inspect.signature(forward).bind(*[None] * skipped, *args, **kwargs)
    except TypeError as error:
        raise TypeError(f"forward() {error}") from None
    bound.apply_defaults()
    return bound.args[skipped:]


def _check_saved(values: tuple[Any, ...]) -> None:
    for i, x in enumerate(values):
        if x is not None and not isinstance(x, Variable):
            raise errors.functions.saves_variables_only(i, type(x).__name__)
