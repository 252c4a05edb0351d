"""Scalar: the same graph as a Tensor's, over one Python float."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from autodiff import autograd, errors, observe, trail
from autodiff.generate import PLAIN, WANTED
from autodiff.grad_mode import mode
from autodiff.leaf import accumulating
from autodiff.methods import attach_elementwise
from autodiff.op import Op
from autodiff.recording import recorder
from autodiff.variable import Variable

__all__ = ["Scalar"]

NUMBERS = (float, int, bool)


class Scalar(Variable):
    """One Python float with a place in the graph. It requires grad unless told otherwise.

    Args:
        value: the number.
        requires_grad: whether operations on it are recorded.

    After ``backward()`` its ``grad`` is a plain float. With ``create_graph=True`` it is a Scalar,
    so that it can be differentiated again. The elementwise functions (``exp``, ``log``, ``tanh``,
    ``relu``, ...) are methods too.

    >>> from autodiff import Scalar
    >>> x = Scalar(3.0)
    >>> y = x * x + 2 * x
    >>> y.backward()
    >>> x.grad
    8.0
    """

    __slots__ = ()

    def __init__(self, value: float = 0.0, requires_grad: bool = True) -> None:
        if isinstance(value, Variable) or not isinstance(value, NUMBERS):
            value = _as_float(value)
        self.value = float(value)
        self._requires_grad = requires_grad
        self._grad = None
        self.hooks = None
        self._source = None

    @property
    def data(self) -> float:
        """The number itself; assigning to it changes the value without recording anything."""
        if mode.observers:
            observe.tell("read", self, "the number")
        return self.value

    @data.setter
    def data(self, value: float) -> None:
        self.value = float(value)

    def item(self) -> float:
        """The number as a Python float.

        >>> import autodiff as ad
        >>> ad.Scalar(3.0).item()
        3.0
        """
        if mode.observers:
            observe.tell("read", self, "item()")
        if trail.following and self._requires_grad:
            trail.note_cut(self, "item()")
        return self.value

    def detach(self) -> Scalar:
        """The same number, cut off from the graph.

        >>> import autodiff as ad
        >>> x = ad.Scalar(3.0)
        >>> (x * x.detach()).backward()  # as for 3 * x
        >>> x.grad
        3.0
        """
        result = Scalar(self.value, requires_grad=False)
        if trail.following and self._requires_grad:
            trail.note_cut(self, "detach()", result)
        return result

    def backward(
        self,
        gradient: float | Scalar | None = None,
        retain_graph: bool | None = None,
        create_graph: bool = False,
        inputs: Any = None,
    ) -> None:
        """Add d(self)/d(leaf) to the ``.grad`` of every leaf this value was computed from.

        Raises:
            RuntimeError: nothing to differentiate, or the graph was already freed.

        >>> import autodiff as ad
        >>> x = ad.Scalar(3.0)
        >>> (x * x).backward()
        >>> x.grad
        6.0
        """
        autograd.backward(self, gradient, retain_graph, create_graph, inputs=inputs)

    def accumulate(self, g: Any, create_graph: bool = False) -> None:
        with accumulating:
            before = self._grad
            self._grad = g if before is None else before + g
            if trail.following and before is not None:
                trail.note_sum(self, before)

    def seed(self, gradient: Any, create_graph: bool) -> Any:
        g = 1.0 if gradient is None else gradient
        if create_graph:
            return self._as_variable(g)
        return g.value if isinstance(g, Scalar) else float(g)

    @staticmethod
    def _as_variable(g: Any) -> Scalar:
        return g if isinstance(g, Scalar) else Scalar(g, requires_grad=False)

    @staticmethod
    def _apply(op: type[Op], inputs: tuple[Any, ...], settings: dict[str, Any]) -> Any:
        if mode.observers:
            return observe.apply(Scalar, op, inputs, settings)
        values = [x.value if type(x) is Scalar else x for x in inputs]
        try:
            out = op.forward(*values, **settings)  # type: ignore[attr-defined]
        except (ZeroDivisionError, OverflowError, ValueError):
            out = _ieee(op, values, settings)
        if not op.differentiable:
            return out
        result = Scalar.__new__(Scalar)
        result.value = out
        result._grad = result.hooks = result._source = None
        result._requires_grad = False
        if mode.enabled:
            edges: list[Any] = []
            key = 1
            for x in inputs:
                edge = None
                if type(x) is Scalar:
                    edge = x._source or (x if x._requires_grad else None)
                edges.append(edge)
                key = 3 * key + (PLAIN if edge is None else WANTED)
            if record := op.recorders.get(-key) or recorder(op, -key):
                result._source = record(inputs, edges, values, out, (), settings, result)
                result._requires_grad = True
        elif trail.following:
            trail.note_unrecorded(op, inputs, result)
        return result

    @staticmethod
    def _from_graph(value: Any, edge: Any) -> Any:
        """A saved value as a Scalar that continues the graph at ``edge``."""
        if isinstance(edge, Scalar):
            return edge
        if edge is None:
            return value
        result = Scalar(value)
        result._source = edge
        return result

    def __reduce__(self) -> Any:
        return Scalar, (self.value, self._requires_grad)

    def __deepcopy__(self, memo: dict[int, Any]) -> Scalar:
        if self._source is not None:
            raise errors.leaves.non_leaf_copied()
        copy = Scalar(self.value, self._requires_grad)
        copy._grad = deepcopy(self._grad, memo)
        memo[id(self)] = copy
        return copy

    def __float__(self) -> float:
        if mode.observers:
            observe.tell("read", self, "a Python number")
        return self.value

    def __int__(self) -> int:
        return int(float(self))

    def __bool__(self) -> bool:
        return bool(float(self))

    def __format__(self, spec: str) -> str:
        return format(self.value, spec) if spec else repr(self)

    def __repr__(self) -> str:
        if self._source is not None:
            return f"Scalar({self.value!r}, grad_fn={self.grad_fn!r})"
        return (
            f"Scalar({self.value!r})"
            if self.requires_grad
            else f"Scalar({self.value!r}, requires_grad=False)"
        )


Scalar._operands = (Scalar, *NUMBERS)
attach_elementwise(Scalar)


def _as_float(value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        raise errors.numbers.not_a_number(value) from None


def _ieee(op: type[Op], values: list[Any], settings: dict[str, Any]) -> float:
    """What IEEE arithmetic answers where Python raises: 1/0 is inf, log(-1) is nan."""
    import numpy as np

    with np.errstate(all="ignore"):
        return float(op.on_arrays(*[np.float64(v) for v in values], **settings))
