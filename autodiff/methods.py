"""How ops become methods and operators of scalars and tensors, with their fast paths in front."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial, update_wrapper, wraps
from typing import TYPE_CHECKING, Any

import numpy as np

from autodiff import trail
from autodiff.arrays import as_array
from autodiff.generate import define, fast_source
from autodiff.grad_mode import everywhere, mode
from autodiff.op import OPS, Elementwise, Op
from autodiff.ops import arithmetic as a
from autodiff.ops import comparison as c
from autodiff.ops import division as d
from autodiff.ops.aliases import ALIASES
from autodiff.ops.roots import Pow
from autodiff.public import FUNCTIONS, IN_PLACE, METHODS
from autodiff.recording import SMALL, keepsake, record_some
from autodiff.views import become, note_view, reshape_in_place

if TYPE_CHECKING:
    from autodiff.tensor import Tensor
    from autodiff.variable import Variable

__all__ = ["OPERATORS", "attach_elementwise", "attach_methods"]

OPERATORS: dict[str, type[Elementwise]] = {
    "add": a.Add, "sub": a.Sub, "mul": a.Mul, "truediv": d.Div, "pow": Pow,
}  # fmt: skip
"""The operators that have a generated path, and an in-place form."""

IN_PLACE_OPERATORS = OPERATORS | {
    "floordiv": d.FloorDivide, "mod": d.Remainder, "and": c.BitwiseAnd, "or": c.BitwiseOr,
    "xor": c.BitwiseXor, "lshift": c.BitwiseLeftShift, "rshift": c.BitwiseRightShift,
}  # fmt: skip


def attach_methods(kind: type[Tensor]) -> None:
    """Give tensors every public function that is also a method, and the in-place forms."""
    for name, function in METHODS.items():
        if name not in kind.__dict__:
            setattr(kind, name, function)
    for name, function in IN_PLACE.items():
        setattr(kind, name, _in_place_form(function, name))
    attach_elementwise(kind)
    for op in OPS.values():
        if _is_plain(op):
            op.fast = staticmethod(_fast_with_settings(op, kind))
        if issubclass(op, Elementwise) and op.exported and op.in_place:
            setattr(kind, f"{op.function_name}_", _in_place(op, f"{op.function_name}_"))
    for alias, name in ALIASES.items():
        setattr(kind, f"{alias}_", getattr(kind, f"{name}_"))
    for name, op in IN_PLACE_OPERATORS.items():
        setattr(kind, f"__i{name}__", _in_place(op, f"__i{name}__"))


def _in_place(op: type[Elementwise], name: str) -> Callable[..., Any]:
    function = FUNCTIONS[op.function_name]

    def method(self: Tensor, *others: Any, **settings: Any) -> Tensor:
        return become(self, function(self, *others, **settings))

    method.__name__ = name
    method.__doc__ = f"`{op.function_name}`, written into this tensor's own memory."
    return method


def _in_place_form(function: Callable[..., Any], name: str) -> Callable[..., Any]:
    """The method that lets a tensor become the result of a function: its values, or a view."""

    def method(self: Tensor, *others: Any, **settings: Any) -> Tensor:
        result = function(self, *others, **settings)
        if result is self:
            return self
        return become(self, result) if result.base is None else reshape_in_place(self, result)

    method.__name__ = method.__qualname__ = name
    method.__doc__ = f"`{function.__name__}`, in place: this tensor becomes the result."
    return method


def _is_plain(op: type[Op]) -> bool:
    """Whether an op (not an elementwise one) takes one tensor or two and gives one tensor."""
    return (
        op.differentiable
        and len(op.arguments) <= 2
        and not (op.broadcasts or op.variadic or op.extras)
    )


def _fast_with_settings(op: type[Op], kind: type[Tensor]) -> Callable[..., Any]:
    """What makes the straight-line version of an op, when the op is first applied."""

    def general(*inputs_and_settings: Any) -> Any:
        *inputs, settings = inputs_and_settings
        return kind._apply_generally(op, tuple(inputs), settings)

    def first(*inputs_and_settings: Any) -> Any:
        op.fast = staticmethod(fast_path(op, kind, general, note_view=note_view))
        return op.fast(*inputs_and_settings)

    return first


def attach_elementwise(kind: type[Variable]) -> None:
    """Give a kind of variable every elementwise op as a method, each with its fast path."""
    methods = {
        op.function_name: op for op in OPS.values() if issubclass(op, Elementwise) and op.exported
    }
    methods |= {alias: methods[name] for alias, name in ALIASES.items() if name in methods}
    for name, op in methods.items():
        general = FUNCTIONS[op.function_name]
        if general is op.function and _has_fast_path(op):
            _attach(kind, name, general, partial(_fast, op, kind, general))
        else:
            setattr(kind, name, general)
    for name, operator in (OPERATORS | {"neg": a.Neg}).items():
        general = getattr(kind, f"__{name}__")
        _attach(kind, f"__{name}__", general, partial(_fast, operator, kind, general))
    for name, operator in OPERATORS.items():
        general = getattr(kind, f"__r{name}__")
        make = partial(_fast_reflected, operator, kind, general)
        _attach(kind, f"__r{name}__", general, make)


def _attach(
    kind: type[Variable], name: str, general: Callable[..., Any], make: Callable[[], Any]
) -> None:
    """A method that is made when it is first called: to make all of them takes 0.1 s."""
    made = cache(make)

    @wraps(general)
    def first(*args: Any, **settings: Any) -> Any:
        if kind.__dict__[name] is first:
            setattr(kind, name, made())
        return made()(*args, **settings)

    setattr(kind, name, first)


def _has_fast_path(op: type[Elementwise]) -> bool:
    return op.differentiable and not op.takes_settings and len(op.arguments) <= 2


def _fast(
    op: type[Elementwise], kind: type[Variable], general: Callable[..., Any]
) -> Callable[..., Any]:
    """``general`` with a straight-line version of its commonest cases in front of it."""
    names: dict[str, Any] = {}
    if len(op.arguments) == 2:
        names["with_number"] = fast_path(op, kind, general, number=op.arguments[1])
    function = fast_path(op, kind, general, **names)
    return update_wrapper(function, general)


def _fast_reflected(
    op: type[Elementwise], kind: type[Variable], general: Callable[..., Any]
) -> Callable[..., Any]:
    """The method for ``number op variable``, with its straight-line version."""
    fast = fast_path(op, kind, general, number=op.arguments[0], reflected=True)

    def reflected(self: Any, other: Any) -> Any:
        return (fast if type(other) is float or type(other) is int else general)(self, other)

    return reflected


def fast_path(
    op: type[Op],
    kind: type[Variable],
    general: Callable[..., Any],
    number: str | None = None,
    reflected: bool = False,
    **names: Any,
) -> Callable[..., Any]:
    """The function of `fast_source`, with what its source refers to."""
    compute = op.forward if kind.__name__ == "Scalar" else op.on_arrays  # type: ignore[attr-defined]
    namespace: dict[str, Any] = {
        kind.__name__: kind, "asarray": as_array, "compute": compute, "general": general,
        "everywhere": everywhere, "keepsake": keepsake, "mode": mode, "ndarray": np.ndarray,
        "new": object.__new__, "nothing": {}, "op": op, "record_some": record_some, "small": SMALL,
        "trail": trail, "note_unrecorded": trail.note_unrecorded,
        **names,
    }  # fmt: skip
    return define(fast_source(op, kind.__name__, number, reflected), "apply", namespace)
