"""What an op is: one class that declares a forward function and a gradient rule per argument.

    class Mul(Elementwise):
        '''The product of two values.'''

        formula = "x * y"
        ufunc = "multiply"

        def forward(x, y):
            return x * y

        def grad_x(g, y):
            return g * y

        def grad_y(g, x):
            return g * x

Positional arguments of ``forward`` are the differentiable inputs; keyword-only arguments are
settings. ``grad_x(g, ...)`` turns ``g``, the gradient of the output, into the gradient of ``x``.
The names a rule asks for decide what is saved for the backward pass:

- an input (``x``) or ``out``, or one of the ``extras`` that ``forward`` returns after ``out``:
  saved values, freed after the backward pass;
- ``x_shape``, ``x_dtype``: only the shape or the dtype of that input is kept;
- a setting (``dim``).

Rules are written in ordinary operators and in the functions of `autodiff.ops`. On floats they
compute floats and on arrays arrays; on variables they record themselves, which is all that
higher derivatives need.

With ``whole_rules`` another device may compute a rule in one piece, in a kernel of its own, rather
than operator by operator.

An instance of the class is the node of the graph: the record of one application.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from typing import Any, ClassVar

import numpy as np

from autodiff import errors
from autodiff.arrays import ARRAYS, DeviceArray, implementation
from autodiff.errors.teaching import about
from autodiff.generate import define, push_source, rules_source, vjp_source
from autodiff.grad_mode import enable_grad
from autodiff.graph import Node
from autodiff.hooks import as_variable
from autodiff.naming import snake_case
from autodiff.packed import Packed
from autodiff.public import function_of, public
from autodiff.recording import Recording

__all__ = ["OPS", "Elementwise", "Op"]

OPS: dict[str, type[Op]] = {}
"""Every op by class name; the suite tests each one."""

PYTORCH_NAMES = {"self": "x", "other": "y", "exponent": "y", "result": "out"}
"""PyTorch's names of saved values, as in ``node._saved_self``."""


class _Slotted(type(Node)):  # type: ignore[misc]
    """Gives a class no ``__dict__`` unless it asks for one: there is a node for every operation."""

    def __new__(
        cls, name: str, bases: tuple[type, ...], namespace: dict[str, Any], **kwargs: Any
    ) -> Any:
        namespace.setdefault("__slots__", ())
        return super().__new__(cls, name, bases, namespace, **kwargs)


class Op(Node, metaclass=_Slotted):
    """Base of all ops. See the module's docstring for how to declare one."""

    __slots__ = ("saved", "settings", "like", "guards", "constants", "out")

    saved: tuple[Any, ...] | None
    settings: dict[str, Any]
    like: Any
    guards: tuple[tuple[list[int], int], ...]
    constants: tuple[Any, ...] | None
    out: Any

    formula: ClassVar[str]
    extras: ClassVar[tuple[str, ...]] = ()
    differentiable: ClassVar[bool] = True
    broadcasts: ClassVar[bool] = False
    whole_rules: ClassVar[bool] = False

    arguments: ClassVar[tuple[str, ...]]
    variadic: ClassVar[bool]
    takes_settings: ClassVar[bool]
    defaults: ClassVar[dict[str, Any]]
    rules: ClassVar[dict[str, Callable[..., Any]]]
    saves: ClassVar[tuple[str, ...]]
    needs_shapes: ClassVar[bool]
    rules_on: Callable[..., Sequence[Any]]
    recorders: ClassVar[dict[int, Callable[..., Op] | None]]
    on_arrays: ClassVar[Callable[..., Any]]
    fast: ClassVar[Callable[..., Any] | None] = None

    def __init_subclass__(cls, abstract: bool = False, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if not abstract:
            _declare(cls)
            OPS[cls.__name__] = cls

    @classmethod
    def apply(cls, *inputs: Any, **settings: Any) -> Any:
        """Apply the op, recording it when an input is a variable that requires grad.

        Plain floats and arrays give plain results: gradient rules call ops this way.
        """
        if len(inputs) == 1 and type(inputs[0]) is np.ndarray:
            return cls.on_arrays(inputs[0], **settings)
        for x in inputs:
            if isinstance(x, Recording):
                return x._apply(cls, inputs, settings)
        return cls.compute(*inputs, **settings)

    @classmethod
    def compute(cls, *values: Any, **settings: Any) -> Any:
        """Compute the result for plain values, recording nothing."""
        return implementation(cls, values)(*values, **settings)

    def differentiable_vjp(self, g: Any) -> Sequence[Any]:
        self.check_saved()
        with enable_grad():
            return self.rules_on(g, self.saved_variables(type(g)))

    def check_saved(self) -> None:
        """Raise unless what was saved is still there and unchanged."""
        if self.saved is None:
            raise about(errors.autograd.backward_twice(self.name()), self)
        for version, count in self.guards:
            if version[0] != count:
                now, *changed_at = version
                source = self.metadata.get("source")
                changed = errors.autograd.changed_since_saved(
                    self.name(), now, count, source, *changed_at[:1]
                )
                raise about(changed, self)

    def saved_variables(self, kind: Any) -> tuple[Any, ...]:
        """The saved values as variables that are connected to the graph again."""
        variables = []
        assert self.saved is not None
        for name, value in zip(self.saves, self.saved, strict=True):
            if value is None or name in self.extras:
                variables.append(value)
            else:
                variables.append(kind._from_graph(value, self._edge_of(name)))
        return tuple(variables)

    def _edge_of(self, name: str) -> Any:
        """Where the gradient of the saved value ``name`` goes."""
        return self if name == "out" else self.inputs[self.arguments.index(name)]

    def _saved_variable(self, name: str, value: Any) -> Any:
        """A saved value as users see it: arrays as tensors, connected to the graph."""
        if isinstance(value, (*ARRAYS, np.generic)):
            edge = None if name in self.extras else self._edge_of(name)
            return as_variable(value)._from_graph(value, edge)
        return value

    def release(self) -> None:
        if self.saves:
            self.saved = None

    def pack_saved(self, pack: Callable[[Any], Any], unpack: Callable[[Any], Any]) -> None:
        """Keep what ``pack`` makes of the saved values; nothing watches over them any more."""
        if self.saved:
            self.saved = Packed(self.saved, pack, unpack)  # type: ignore[assignment]
            self.guards = ()

    @property
    def is_released(self) -> bool:
        return self.saved is None

    def __getattr__(self, name: str) -> Any:
        # PyTorch's spelling of saved values: node._saved_self, node._saved_result, ...
        if name.startswith("_saved_"):
            wanted = name.removeprefix("_saved_")
            wanted = PYTORCH_NAMES.get(wanted, wanted)
            if wanted in self.saves:
                if self.saved is None:
                    raise errors.autograd.backward_twice(self.name())
                return self._saved_variable(wanted, self.saved[self.saves.index(wanted)])
        raise AttributeError(f"{type(self).__name__!r} has no attribute {name!r}")


class Elementwise(Op, abstract=True):
    """An op on single numbers, applied to each element of its broadcast inputs.

    ``forward`` is a plain function of floats. For whole arrays ``ufunc`` names the array library's
    function that does the same, or ``arrays`` computes it; with neither, ``forward`` itself runs
    on arrays. Gradients are summed back to the shape of each input centrally, so rules never
    think about broadcasting. With ``floating`` integers become floats first, as in exp(2);
    ``not_for`` lists the kinds of dtypes ("b", "i", "u", "f") that the op is not for. Ops that
    PyTorch does not have under a name of their own are not ``exported``, and without ``in_place``
    there is no method ``name_`` that writes the result into the tensor itself.
    """

    __slots__ = ()

    ufunc: ClassVar[str | None] = None
    floating: ClassVar[bool] = False
    not_for: ClassVar[str] = ""
    exported: ClassVar[bool] = True
    in_place: ClassVar[bool] = True
    keywords: ClassVar[tuple[str, ...]] = ("input", "other")
    function_name: ClassVar[str]
    function: ClassVar[Callable[..., Any]]
    broadcasts = True

    def __init_subclass__(cls, abstract: bool = False, **kwargs: Any) -> None:
        super().__init_subclass__(abstract=abstract, **kwargs)
        if not abstract:
            if cls.ufunc is not None:
                cls.on_arrays = staticmethod(getattr(np, cls.ufunc))
            elif "arrays" in cls.__dict__:
                cls.on_arrays = staticmethod(cls.__dict__["arrays"])
            cls.function_name = snake_case(cls.__name__)
            cls.function = staticmethod(function_of(cls))
            if cls.exported:
                public(cls.function)

    @staticmethod
    def refuse(values: Sequence[Any], dtype: np.dtype) -> None:
        """Raise where these values, to be computed in ``dtype``, make no sense to the op."""

    @classmethod
    def compute(cls, *values: Any, **settings: Any) -> Any:
        """Compute the result for plain floats or for arrays, recording nothing."""
        for x in values:
            # NumPy's own floats are left to NumPy: unlike Python's they follow IEEE arithmetic.
            if type(x) is not float and (
                isinstance(x, np.float64) or not isinstance(x, (float, int))
            ):
                return implementation(cls, values)(*values, **settings)
        try:
            return cls.forward(*values, **settings)  # type: ignore[attr-defined]
        except (ArithmeticError, ValueError):  # where IEEE arithmetic has an answer: inf or nan
            with np.errstate(all="ignore"):
                return float(cls.on_arrays(*[np.float64(v) for v in values], **settings))


def _declare(cls: type[Op]) -> None:
    """Read a declaration: its arguments, its rules, and what they need to have saved."""
    forward = _inherited(cls, "forward")
    assert forward is not None
    parameters = inspect.signature(forward).parameters.values()
    cls.arguments = tuple(p.name for p in parameters if p.kind is not p.KEYWORD_ONLY)
    cls.variadic = any(p.kind is p.VAR_POSITIONAL for p in parameters)
    settings = {p.name for p in parameters if p.kind is p.KEYWORD_ONLY}
    cls.defaults = {p.name: p.default for p in parameters if p.default is not p.empty}
    cls.takes_settings = bool(settings)
    cls.forward = cls.on_arrays = staticmethod(forward)  # type: ignore[attr-defined]
    cls.rules, cls.recorders = {}, {}
    needed: list[str] = []
    for argument in cls.arguments:
        rule = _inherited(cls, f"grad_{argument}")
        if rule is None:
            continue
        cls.rules[argument] = rule
        setattr(cls, f"grad_{argument}", staticmethod(rule))
        needed += [name for name in inspect.signature(rule).parameters if name not in needed]
    saveable = {*cls.arguments, "out", *cls.extras}
    shapes = {f"{argument}_{kind}" for argument in cls.arguments for kind in ("shape", "dtype")}
    unknown = set(needed) - saveable - shapes - settings - {"g"}
    if unknown:
        raise TypeError(f"{cls.__name__}: a gradient rule asks for unknown names {sorted(unknown)}")
    cls.saves = tuple(name for name in needed if name in saveable)
    cls.needs_shapes = any(name in shapes for name in needed)
    cls.differentiable = bool(cls.rules)
    for name in ("rules_on", "vjp", *(() if cls.variadic else ("push",))):
        setattr(cls, name, _written_when_called(cls, name))


def _written_when_called(cls: type[Op], name: str) -> Any:
    """A method that, the first time it is called, puts its generated version in its place."""

    def method(node: Op, *arguments: Any) -> Any:
        setattr(cls, name, _generated(cls, name))
        return getattr(node, name)(*arguments)

    return method


def _generated(cls: type[Op], name: str) -> Callable[..., Any]:
    rules = {a: _placed_rule(cls, a) if cls.whole_rules else rule for a, rule in cls.rules.items()}
    namespace: dict[str, Any] = {f"grad_{a}": rule for a, rule in rules.items()}
    namespace["ieee_vjp"] = _ieee_vjp
    if name == "push":
        source, names = push_source(cls)
        return define(source, name, namespace | names | {"push_generally": Node.push})
    namespace["conform"] = _conform
    if name == "vjp":
        return define(vjp_source(cls), name, namespace)
    return define(rules_source(cls), "rules", namespace)


def _placed_rule(cls: type[Op], argument: str) -> Callable[..., Any]:
    """A rule that is computed as a whole where the gradient is on a device that can."""
    rule = cls.rules[argument]

    def placed(g: Any, *saved: Any) -> Any:
        whole = g.rule(cls, argument) if isinstance(g, DeviceArray) else None
        return (whole or rule)(g, *saved)

    return placed


def _inherited(cls: type[Op], name: str) -> Any:
    """A function of the declaration, the op's own or that of the op it derives from."""
    function = inspect.getattr_static(cls, name, None)
    return function.__func__ if isinstance(function, staticmethod) else function


def _conform(node: Op, gradients: tuple[Any, ...]) -> tuple[Any, ...]:
    """Undo broadcasting and promotion: give each gradient its input's shape and dtype."""
    from autodiff.ops.shape import conform

    return tuple(
        g if g is None else conform(g, shape, dtype)
        for g, (shape, dtype) in zip(gradients, node.like or (), strict=True)
    )


def _ieee_vjp(node: Op, g: Any) -> tuple[Any, ...]:
    """The gradients where Python's floats raise (1/0) and IEEE arithmetic has an answer (inf)."""

    def lift(v: Any) -> Any:
        return np.float64(v) if isinstance(v, float) else v

    with np.errstate(all="ignore"):
        gradients = node.rules_on(lift(g), tuple(lift(v) for v in node.saved or ()))
    return tuple(None if gradient is None else float(gradient) for gradient in gradients)
