"""Other people's engines: what a value of a student's own engine has to offer to be drawn.

An `Adapter` says how to ask a value for its number, its operands and the operation that made it,
and how to run the backward rule of one operation. With one, every function of `viz` works:

    >>> import viz
    >>> class Value:
    ...     def __init__(self, data, children=(), op=""):
    ...         self.data, self.grad, self.children, self.op = data, 0.0, children, op
    ...
    ...     def __mul__(self, other):
    ...         return Value(self.data * other.data, (self, other), "*")
    >>> viz.adapt(Value, operands=lambda v: v.children, op=lambda v: v.op)
    >>> a, b = Value(2.0), Value(3.0)
    >>> c = a * b
    >>> print(viz.graph(c))
    c = a * b  6.0
    ├─ a       leaf  2.0
    └─ b       leaf  3.0

micrograd's ``Value``, and engines written after it (``_prev``, ``_op``, ``_backward``), are known
already.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

__all__ = ["Adapted", "Adapter", "adapt", "adapted"]

SIGNS = {"+": "add", "-": "sub", "*": "mul", "/": "div", "@": "matmul"}


@dataclass(frozen=True)
class Adapter:
    """How to read the values of one engine. Each function takes a value of that engine.

    ``operands``: the values it was computed from, () for a leaf. ``op``: what made it, in a word
    or a sign. ``data``: its number or array. ``grad``: the gradient it has collected. ``vjp`` (with
    the gradient that arrives): what the operation sends to each operand; without it the backward
    pass cannot be stepped through.
    """

    operands: Callable[[Any], Sequence[Any]]
    op: Callable[[Any], str]
    data: Callable[[Any], Any] = lambda value: value.data
    grad: Callable[[Any], Any] = lambda value: value.grad
    vjp: Callable[[Any, Any], Sequence[Any]] | None = None


_ADAPTERS: dict[type, Adapter] = {}


def adapt(
    kind: type,
    operands: Callable[[Any], Sequence[Any]],
    op: Callable[[Any], str],
    data: Callable[[Any], Any] = lambda value: value.data,
    grad: Callable[[Any], Any] = lambda value: value.grad,
    vjp: Callable[[Any, Any], Sequence[Any]] | None = None,
) -> None:
    """Let every function of `viz` take values of type ``kind``; see `Adapter`.

    >>> import autodiff as ad
    >>> import viz
    >>> class Value:
    ...     def __init__(self, data, operands=()):
    ...         self.data, self.grad, self.operands = data, 0.0, operands
    ...     def __add__(self, other):
    ...         return Value(self.data + other.data, (self, other))
    >>> viz.adapt(Value, operands=lambda v: v.operands, op=lambda v: "+")
    >>> a, b = Value(2.0), Value(3.0)
    >>> print(viz.graph(a + b))
    #2 = a + b  5.0
    ├─ a        leaf  2.0
    └─ b        leaf  3.0
    """
    _ADAPTERS[kind] = Adapter(operands, op, data, grad, vjp)


def adapted(x: Any, world: World | None = None) -> Any:
    """``x`` as something with a ``grad_fn``: itself where it has one, or read by its adapter.

    Raises:
        TypeError: nothing is known about values of this type.
    """
    if hasattr(x, "grad_fn"):
        return x
    adapter = _adapter_of(x)
    if adapter is None:
        raise TypeError(
            f"viz cannot draw a {type(x).__name__}.\n"
            "  Why: it is neither a Scalar nor a Tensor, and has no grad_fn as PyTorch's have.\n"
            "  Fix: tell viz how to read it: viz.adapt(type(x), operands=..., op=...)."
        )
    return (World(adapter) if world is None else world).variable(x)


def _adapter_of(x: Any) -> Adapter | None:
    for kind in type(x).__mro__:
        if kind in _ADAPTERS:
            return _ADAPTERS[kind]
    return MICROGRAD if all(hasattr(x, name) for name in ("data", "_prev", "_backward")) else None


@dataclass
class World:
    """The values of one picture: the same value always becomes the same variable."""

    adapter: Adapter
    variables: dict[int, Adapted] = field(default_factory=dict)

    def variable(self, value: Any) -> Adapted:
        if id(value) not in self.variables:
            self.variables[id(value)] = Adapted(value, self)
        return self.variables[id(value)]

    def get(self, value: Any) -> Any:
        """The variable of a value that is in the picture, or the value itself."""
        return self.variables.get(id(value), value)


class Adapted:
    """A value of another engine, with the attributes by which `viz` reads values."""

    requires_grad = True
    retains_grad = True
    shape = ()

    def __init__(self, original: Any, world: World) -> None:
        self.original, self.world = original, world
        self.grad_fn = AdaptedNode(self) if world.adapter.operands(original) else None

    @property
    def value(self) -> Any:
        return self.world.adapter.data(self.original)

    @property
    def grad(self) -> Any:
        return self.world.adapter.grad(self.original) or None


class AdaptedNode:
    """The operation that made a value of another engine."""

    def __init__(self, variable: Adapted) -> None:
        self.made = variable
        self.adapter = variable.world.adapter
        sign = self.adapter.op(variable.original)
        self.op = "pow" if sign.startswith("**") else SIGNS.get(sign, sign.lower())
        count = len(self._operands)
        self.arguments = tuple("xyzuvw"[i] if i < 6 else f"x{i}" for i in range(count))
        self.formula = f"x {sign} y" if sign in SIGNS and count == 2 else ""
        if self.op == "pow":
            self.formula = f"x ** {sign[2:]}"

    @property
    def out(self) -> Any:
        return self.made.value

    @property
    def _operands(self) -> Sequence[Any]:
        return self.adapter.operands(self.made.original)

    @property
    def next_functions(self) -> tuple[tuple[Any, int], ...]:
        variables = [self.made.world.variable(operand) for operand in self._operands]
        return tuple((v.grad_fn or AdaptedLeaf(v), 0) for v in variables)

    def name(self) -> str:
        return f"{self.op.capitalize()}Backward"

    def __call__(self, g: Any) -> tuple[Any, ...]:
        if self.adapter.vjp is None:
            raise RuntimeError(
                "the backward pass of this engine cannot be stepped through.\n"
                "  Why: its adapter has no `vjp`.\n"
                "  Fix: viz.adapt(..., vjp=lambda value, g: the gradients of its operands)."
            )
        return tuple(self.adapter.vjp(self.made.original, g))


class AdaptedLeaf:
    """The end of a chain: a value that nothing computed."""

    __slots__ = ("variable",)
    next_functions: tuple[Any, ...] = ()

    def __init__(self, variable: Adapted) -> None:
        self.variable = variable

    def name(self) -> str:
        return "AccumulateGrad"


# -- micrograd -------------------------------------------------------------------------------------


def _operands_in_micrograd(value: Any) -> list[Any]:
    """The operands, which micrograd keeps as a set: ``x * x`` has ``x`` in it once.

    They come in the order of their numbers, so that pictures do not differ from run to run.
    """
    operands = sorted(value._prev, key=lambda operand: operand.data)
    return operands * 2 if len(operands) == 1 and value._op in ("+", "*") else operands


def _vjp_in_micrograd(value: Any, g: Any) -> list[Any]:
    """What the closure of one value adds to the gradients of its operands, which stay unchanged."""
    operands = _operands_in_micrograd(value)
    kept = [(v, v.grad) for v in (value, *value._prev)]
    try:
        for operand in value._prev:
            operand.grad = 0.0
        value.grad = g
        value._backward()
        often = {id(operand): operands.count(operand) for operand in operands}
        return [operand.grad / often[id(operand)] for operand in operands]
    finally:
        for v, grad in kept:
            v.grad = grad


MICROGRAD = Adapter(
    _operands_in_micrograd, lambda value: value._op or "leaf", vjp=_vjp_in_micrograd
)
