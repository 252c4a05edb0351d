"""The public functions of ops: what `autodiff` exports, and what becomes a method of Tensor."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from autodiff import errors
from autodiff.naming import pytorch_names
from autodiff.recording import Recording

if TYPE_CHECKING:
    from autodiff.op import Elementwise

__all__ = ["FUNCTIONS", "IN_PLACE", "METHODS", "function_of", "public"]

FUNCTIONS: dict[str, Callable[..., Any]] = {}
"""Public functions by name; `autodiff` exports them."""

METHODS: dict[str, Callable[..., Any]] = {}
"""Public functions that are also methods of `Tensor`."""

IN_PLACE: dict[str, Callable[..., Any]] = {}
"""Public functions by the name of the method that writes their result into the tensor itself."""


def public(
    function: Callable[..., Any] | None = None,
    *,
    method: bool = True,
    only_method: bool = False,
    in_place: bool = False,
    aliases: Sequence[str] = (),
) -> Any:
    """Export a function as ``autodiff.<name>`` and, unless ``method`` is False, as a method.

    ``only_method``: PyTorch has the method alone. ``in_place``: there is a method ``name_`` that
    writes the result into the tensor itself. ``aliases``: other names of the same function. Under
    each, the arguments have PyTorch's names besides their own.
    """
    if function is None:
        return lambda f: public(
            f, method=method, only_method=only_method, in_place=in_place, aliases=aliases
        )
    named = pytorch_names(function)
    if not only_method:
        named.__module__ = "autodiff"  # where pickle finds it
    for name in (function.__name__, *aliases):
        if not only_method:
            FUNCTIONS[name] = named
        if method:
            METHODS[name] = named
        if in_place:
            IN_PLACE[f"{name}_"] = named
    return function


def function_of(op: type[Elementwise]) -> Callable[..., Any]:
    """The public function of an elementwise op."""

    def function(*inputs: Any, **settings: Any) -> Any:
        if settings:
            inputs = _with_named_inputs(op, inputs, settings)
            if "out" in settings:
                out = settings.pop("out")
                return out.copy_(function(*inputs, **settings))
        count = len(op.arguments)
        if len(inputs) != count or settings:
            inputs, settings = inputs[:count], _all_settings(op, inputs, settings)
        if isinstance(inputs[0], Recording):
            return inputs[0]._apply(op, inputs, settings)
        return op.apply(*inputs, **settings)

    function.__name__ = function.__qualname__ = op.function_name
    function.__module__ = op.__module__
    function.__doc__ = f"{inspect.getdoc(op)}\n\nFormula: ``{op.formula}``."
    function.__signature__ = _signature_of(op)  # type: ignore[attr-defined]
    return function


def _signature_of(op: type[Elementwise]) -> inspect.Signature:
    """What help() shows for the function of an elementwise op: PyTorch's names of its arguments."""
    inputs = op.keywords[: len(op.arguments)]
    settings = {**op.defaults, "out": None}
    return inspect.Signature(
        [inspect.Parameter(x, inspect.Parameter.POSITIONAL_OR_KEYWORD) for x in inputs]
        + [
            inspect.Parameter(x, inspect.Parameter.KEYWORD_ONLY, default=default)
            for x, default in settings.items()
        ]
    )


def _with_named_inputs(
    op: type[Elementwise], inputs: tuple[Any, ...], settings: dict[str, Any]
) -> tuple[Any, ...]:
    """The inputs with those that were given by PyTorch's names, which are taken from settings."""
    for keyword in op.keywords[len(inputs) : len(op.arguments)]:
        if keyword in settings:
            inputs = (*inputs, settings.pop(keyword))
    return inputs


def _all_settings(
    op: type[Elementwise], given: tuple[Any, ...], settings: dict[str, Any]
) -> dict[str, Any]:
    """The settings with those that were given by position after the inputs, as in clamp(0, 1)."""
    count = len(op.arguments)
    if len(given) < count:
        raise errors.functions.missing_argument(op.function_name, op.keywords[len(given)])
    if len(given) > count + len(op.defaults):
        most = count + len(op.defaults)
        raise errors.functions.too_many_arguments(op.function_name, len(given), most)
    for name in settings:
        if name not in op.defaults:
            raise errors.functions.unexpected_argument(op.function_name, name)
    return settings | dict(zip(op.defaults, given[count:], strict=False))
