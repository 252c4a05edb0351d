"""Variable: what a Scalar and a Tensor share, a value with a place in the graph."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from autodiff import errors, observe
from autodiff.grad_mode import mode
from autodiff.graph import Node, Output
from autodiff.hooks import AFTER, RETAIN, Handle
from autodiff.op import Op
from autodiff.ops import arithmetic as a
from autodiff.ops import comparison as c
from autodiff.ops import division as d
from autodiff.ops.roots import Pow
from autodiff.recording import Recording

__all__ = ["Handle", "Variable"]


def _operators(op: type[Op]) -> tuple[Callable[..., Any], Callable[..., Any]]:
    """The methods for ``self op other`` and ``other op self``."""

    def forward(self: Any, other: Any) -> Any:
        if not isinstance(other, self._operands):
            return NotImplemented
        return self._apply(op, (self, other), {})

    def reflected(self: Any, other: Any) -> Any:
        if not isinstance(other, self._operands):
            return NotImplemented
        return self._apply(op, (other, self), {})

    return forward, reflected


class Variable(Recording):
    """A value, whether it requires a gradient, the gradient, and the node that computed it.

    A variable is a *leaf* when no recorded operation made it. As the end point of a graph it
    answers the few questions the engine asks of a node: `inputs`, `hooks`, `accumulate`, `own`.
    """

    __slots__ = ("value", "_requires_grad", "_grad", "hooks", "_source", "__weakref__")

    value: Any
    _grad: Any
    _requires_grad: bool
    hooks: dict[int, tuple[int, Callable[..., Any]]] | None
    _source: Node | None

    inputs = ()

    @property
    def grad(self) -> Any:
        """The sum of the gradients that arrived here, or None before the first."""
        if mode.observers:
            observe.tell("read", self, "the gradient")
        return self._grad

    @grad.setter
    def grad(self, g: Any) -> None:
        self._grad = g
        if mode.observers:
            observe.tell("set_grad", self, g)

    @property
    def requires_grad(self) -> bool:
        """Whether operations on this value are recorded."""
        return self._requires_grad

    @requires_grad.setter
    def requires_grad(self, value: bool) -> None:
        self._requires_grad = value

    # -- the graph ----------------------------------------------------------------------------

    @property
    def grad_fn(self) -> Node | None:
        """The node that computed this value, or None for a leaf."""
        source = self._source
        return source.node if isinstance(source, Output) else source

    @property
    def output_nr(self) -> int:
        """Which output of ``grad_fn`` this is."""
        return self._source.nr if isinstance(self._source, Output) else 0

    @property
    def is_leaf(self) -> bool:
        """True when no recorded operation made this value: gradients accumulate here."""
        return self._source is None

    @property
    def edge(self) -> Any:
        """Where a gradient with respect to this value goes: its node, itself, or nowhere."""
        return self._source or (self if self._requires_grad else None)

    @staticmethod
    def _as_variable(g: Any) -> Any:
        """A gradient of the engine (plain, or already a variable) as a variable of this kind."""
        raise NotImplementedError

    @staticmethod
    def _from_graph(value: Any, edge: Any) -> Any:
        """A saved value as a variable whose gradient goes to ``edge``."""
        raise NotImplementedError

    def seed(self, gradient: Any, create_graph: bool) -> Any:
        """The gradient that a backward pass from this value starts with."""
        raise NotImplementedError

    def own(self, g: Any) -> Any:
        """``g`` as something this leaf may keep without sharing it."""
        return g

    def accumulate(self, g: Any, create_graph: bool = False) -> None:
        """Add ``g`` to ``.grad``."""
        raise NotImplementedError

    def grad_snapshot(self) -> Any:
        """A copy of ``.grad`` that later additions leave alone, or None."""
        return self._grad

    if TYPE_CHECKING:
        # The ops become methods when the class is complete: see `autodiff.methods`.
        def __getattr__(self, name: str) -> Any: ...

    # -- hooks --------------------------------------------------------------------------------

    def register_hook(self, hook: Callable[[Any], Any]) -> Handle:
        """Call ``hook(grad)`` whenever the gradient of this value is complete.

        A value that the hook returns takes the gradient's place.

        Raises:
            RuntimeError: this value does not require grad.

        >>> import autodiff as ad
        >>> x = ad.tensor(3.0, requires_grad=True)
        >>> y = x * x
        >>> handle = y.register_hook(lambda g: g * 10)
        >>> y.backward()
        >>> x.grad
        tensor(60.)
        """
        edge = self.edge
        if edge is None:
            raise errors.autograd.hook_without_grad()

        as_variable = self._as_variable  # and not self: a hook must not keep its tensor alive

        def on_gradient(g: Any, create_graph: bool, order: Any) -> Any:
            replacement = hook(as_variable(g))
            if replacement is None or create_graph:
                return replacement
            return replacement.value if isinstance(replacement, Variable) else replacement

        return Handle(edge, on_gradient)

    def register_post_accumulate_grad_hook(self, hook: Callable[[Any], None]) -> Handle:
        """Call ``hook(leaf)`` whenever a gradient has been added to the ``.grad`` of this leaf.

        Raises:
            RuntimeError: this value does not require grad, or is not a leaf.

        >>> import autodiff as ad
        >>> x = ad.tensor(3.0, requires_grad=True)
        >>> handle = x.register_post_accumulate_grad_hook(lambda x: print(x.grad))
        >>> (x * x).backward()
        tensor(6.)
        """
        if not self.requires_grad:
            raise errors.autograd.hook_without_grad()
        if self._source is not None:
            raise errors.autograd.post_accumulate_hook_on_non_leaf()
        leaf = weakref.ref(self)
        return Handle(self, lambda g: hook(leaf()), AFTER)

    def retain_grad(self) -> None:
        """Keep the gradient of this intermediate value in ``.grad``, as a leaf does.

        >>> import autodiff as ad
        >>> x = ad.tensor(3.0, requires_grad=True)
        >>> y = x * x
        >>> y.retain_grad()
        >>> (y * 2).backward()
        >>> y.grad
        tensor(2.)
        """
        if self._source is None or self.retains_grad:
            return
        variable = weakref.ref(self)

        def keep(g: Any, create_graph: bool, order: Any) -> None:
            self = variable()
            if self is not None:
                self.accumulate(self.own(g), create_graph)

        keep.keeps_grad_of = variable  # type: ignore[attr-defined]
        Handle(self._source, keep, RETAIN)

    def _stop_retaining_grad(self) -> None:
        hooks = (self._source.hooks or {}) if self._source is not None else {}
        for key, (_, hook) in list(hooks.items()):
            if getattr(hook, "keeps_grad_of", lambda: None)() is self:
                del hooks[key]

    @property
    def retains_grad(self) -> bool:
        """True when `retain_grad` was asked of this intermediate value."""
        hooks = (self._source.hooks or {}) if self._source is not None else {}
        return any(
            getattr(hook, "keeps_grad_of", lambda: None)() is self for _, hook in hooks.values()
        )

    # -- operators ----------------------------------------------------------------------------

    _operands: tuple[type, ...]  # what may stand on the other side of an operator

    __hash__ = object.__hash__

    __add__, __radd__ = _operators(a.Add)
    __sub__, __rsub__ = _operators(a.Sub)
    __mul__, __rmul__ = _operators(a.Mul)
    __truediv__, __rtruediv__ = _operators(d.Div)
    __floordiv__, __rfloordiv__ = _operators(d.FloorDivide)
    __mod__, __rmod__ = _operators(d.Remainder)
    __pow__, __rpow__ = _operators(Pow)
    __eq__, _ = _operators(c.Eq)  # type: ignore[assignment]
    __ne__, _ = _operators(c.Ne)  # type: ignore[assignment]
    __lt__, __gt__ = _operators(c.Lt)[0], _operators(c.Gt)[0]
    __le__, __ge__ = _operators(c.Le)[0], _operators(c.Ge)[0]

    __and__, __rand__ = _operators(c.BitwiseAnd)
    __or__, __ror__ = _operators(c.BitwiseOr)
    __xor__, __rxor__ = _operators(c.BitwiseXor)
    __lshift__, __rlshift__ = _operators(c.BitwiseLeftShift)
    __rshift__, __rrshift__ = _operators(c.BitwiseRightShift)

    def __invert__(self) -> Any:
        return self._apply(c.BitwiseNot, (self,), {})

    def __neg__(self) -> Any:
        return self._apply(a.Neg, (self,), {})

    def __pos__(self) -> Any:
        return self

    def __abs__(self) -> Any:
        return self._apply(a.Abs, (self,), {})
