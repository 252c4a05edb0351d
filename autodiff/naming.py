"""PyTorch's names of arguments and of results.

Here the operands are called ``x`` and ``y``, as in mathematics; PyTorch calls them ``input`` and
``other``, and takes NumPy's ``axis`` and ``keepdims`` as well.
"""

from __future__ import annotations

import functools
import inspect
import re
from collections import namedtuple
from collections.abc import Callable
from typing import Any

from autodiff import errors
from autodiff.recording import Recording

__all__ = ["named_results", "pytorch_names", "renamed", "snake_case"]

NAMES = {
    "A": "x", "input": "x", "input1": "x1", "input2": "x2", "tensor": "x",
    "other": "y", "exponent": "y", "mat2": "y",
    "axis": "dim", "axis0": "dim0", "axis1": "dim1", "keepdims": "keepdim",
    "fill_value": "value", "split_size_or_sections": "split_size", "src": "source",
}  # fmt: skip
"""PyTorch's and NumPy's names of arguments, and ours."""

INPUTS = {"x": "input", "y": "other", "x1": "input1", "x2": "input2", "target": "target"}
"""Arguments that are tensors, and PyTorch's names of them; ``y`` may be a number in some."""


def pytorch_names(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function, also with PyTorch's names of its arguments, and with ``out=``.

    One that takes any keyword sees to the names itself, and stays as it is: a wrapper costs time.

    >>> import autodiff as ad
    >>> ad.std(input=ad.tensor([1.0, 2.0, 3.0]), axis=0)
    tensor(1.)
    >>> ad.flip(ad.tensor([1, 2]), dims=(0,))
    tensor([2, 1])
    """
    if function.__code__.co_flags & inspect.CO_VARKEYWORDS:
        return function
    parameters = inspect.signature(function).parameters.values()
    listed = next((p.name for p in parameters if p.kind is p.VAR_POSITIONAL), None)

    @functools.wraps(function)
    def call(*args: Any, **settings: Any) -> Any:
        try:
            if not settings:
                return function(*args)
            settings = renamed(function, settings)
            out = settings.pop("out", None)
            if listed in settings:
                args = (*args, settings.pop(listed))
            result = function(*args, **settings)
            return result if out is None else _written(out, result)
        except Exception as error:
            _check_tensors(function, args, error)
            raise

    return call


def _check_tensors(function: Callable[..., Any], args: tuple[Any, ...], error: Exception) -> None:
    """Explain what went wrong where an array, a list or a number stands in a tensor's place."""
    names = inspect.signature(function).parameters
    for position, (name, x) in enumerate(zip(names, args, strict=False), 1):
        number = name == "y" and not isinstance(error, AttributeError)
        allowed = (Recording, int, float) if number else Recording
        if name in INPUTS and not isinstance(x, allowed):
            raise errors.functions.not_a_tensor(
                function.__name__, INPUTS[name], position, x
            ) from None


def renamed(function: Callable[..., Any], settings: dict[str, Any]) -> dict[str, Any]:
    """The settings under the names that ``function`` has for them.

    Raises:
        TypeError: it has no such argument.
    """
    known = _parameters(function)
    found: dict[str, Any] = {}
    for name, value in settings.items():
        ours = name if name in known else NAMES.get(name, name)
        if (ours not in known and ours != "out") or ours in found:
            raise errors.functions.unexpected_argument(function.__name__, name)
        found[ours] = value
    return found


@functools.cache
def _parameters(function: Callable[..., Any]) -> set[str]:
    parameters = inspect.signature(function).parameters.values()
    return {p.name for p in parameters if p.kind is not p.VAR_KEYWORD}


def _written(out: Any, result: Any) -> Any:
    """The results, written into the tensors ``out``."""
    if isinstance(result, tuple):
        return type(result)(*map(_written, out, result))
    return out.copy_(result)


@functools.cache
def named_results(name: str, *fields: str) -> Callable[..., Any]:
    """The type of what a function with several results returns: a tuple with names.

    >>> named_results("max", "values", "indices")(3.0, 1)
    autodiff.return_types.max(
    values=3.0,
    indices=1)
    """

    def text(self: Any) -> str:
        parts = ",\n".join(f"{field}={value!r}" for field, value in zip(fields, self, strict=True))
        return f"autodiff.return_types.{name}(\n{parts})"

    kind = namedtuple(name, fields)  # type: ignore[misc]
    kind.__repr__ = text  # type: ignore[method-assign]
    kind.__reduce__ = lambda self: (_restored, (name, fields, *self))  # type: ignore
    return kind


def _restored(name: str, fields: tuple[str, ...], *values: Any) -> Any:
    """Named results from a pickle, or from another process."""
    return named_results(name, *fields)(*values)


def snake_case(name: str) -> str:
    """The name of a class as that of a function.

    >>> snake_case("LogSigmoid")
    'log_sigmoid'
    """
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()
