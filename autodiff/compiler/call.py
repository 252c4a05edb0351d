"""Calling a compiled function: look up the program for these arguments, or record a new one."""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable
from typing import Any

from autodiff import errors
from autodiff.arrays import on_host
from autodiff.compiler.entry import Entry
from autodiff.compiler.history import Operation
from autodiff.compiler.names import surroundings
from autodiff.compiler.numbers import NumberEntry
from autodiff.compiler.outline import Part
from autodiff.compiler.record import recorded
from autodiff.grad_mode import mode
from autodiff.scalar import Scalar
from autodiff.tensor import Tensor

__all__ = ["Compiled"]

RECORDING = threading.RLock()
"""Held while a call is recorded: what watches arrays is there once for all threads."""

PLAIN = (int, float, bool, str, bytes, complex, type(None), type(Ellipsis))


class Compiled:
    """A function that is recorded when it is first called, and then runs as a program.

    ``source`` is the program of the last call as Python source; ``function`` what was compiled.
    """

    def __init__(self, function: Callable[..., Any]) -> None:
        self.function = function
        self.name = getattr(function, "__name__", type(function).__name__)
        functools.update_wrapper(self, function, updated=())
        self.entries: dict[Any, list[Entry | NumberEntry]] = {}
        self.last: Entry | NumberEntry | None = None
        self._modules = _modules_of(function)

    @property
    def source(self) -> str:
        """The program of the latest call, as Python source.

        Raises:
            RuntimeError: the function was not called yet.
        """
        if self.last is None:
            raise errors.compiler.not_called(self.name)
        return self.last.source.text

    @property
    def outline(self) -> list[Part]:
        """The steps of the latest call's program as plain data: see `viz.compiled`.

        Raises:
            RuntimeError: the function was not called yet.
        """
        if self.last is None:
            raise errors.compiler.not_called(self.name)
        return self.last.outline()

    @property
    def history(self) -> list[Operation]:
        """The operations of the recorded call, and what became of each: see `viz.compiled`.

        Raises:
            RuntimeError: the function was not called yet.
        """
        if self.last is None:
            raise errors.compiler.not_called(self.name)
        return self.last.history()

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if mode.observers:  # whoever watches wants to see the ops themselves
            return self.function(*args, **kwargs)
        tensors: list[Tensor] = []
        key = (
            _signature(args, tensors),
            _signature(kwargs, tensors) if kwargs else None,
            mode.enabled,
            tuple([m.training for m in self._modules]),
        )
        for entry in self.entries.get(key, ()):
            if entry.fits():
                self.last = entry
                with entry.lock:  # a program's buffers are one call's at a time
                    return entry.run(tensors)
        with RECORDING:
            if any(entry.fits() for entry in self.entries.get(key, ())):
                return self(*args, **kwargs)  # another thread recorded it meanwhile
            entry, result = recorded(self.function, self.name, args, kwargs, tensors)
            self.entries.setdefault(key, []).append(entry)
            self.last = entry
            return result

    def __repr__(self) -> str:
        return f"<compiled {self.name}>"


def _modules_of(function: Any) -> list[Any]:
    """The modules that a function uses: whether they are in training decides what it does."""
    found: list[Any] = []
    holders = [function, *surroundings(function).values()]
    for x in holders:
        if callable(getattr(x, "modules", None)) and not isinstance(x, type):
            found += [m for m in x.modules() if hasattr(m, "training")]
    return found


def _signature(x: Any, tensors: list[Tensor]) -> Any:
    """What a program is made for: shapes and dtypes of tensors, other arguments themselves."""
    if isinstance(x, Tensor):
        array = x.value
        first = next((i for i, y in enumerate(tensors) if y.value is array), None)
        tensors.append(x)
        place = None if on_host(array) else array.device
        return array.shape, array.dtype, place, x._requires_grad, x._source is None, first
    if isinstance(x, Scalar):
        tensors.append(x)  # type: ignore[arg-type]
        return Scalar, x._requires_grad, x._source is None
    if isinstance(x, PLAIN):
        return type(x), x
    if isinstance(x, (tuple, list)):
        return type(x), tuple([_signature(part, tensors) for part in x])
    if isinstance(x, dict):
        return tuple([(k, _signature(part, tensors)) for k, part in x.items()])
    try:
        hash(x)
    except TypeError:
        raise errors.compiler.argument(type(x).__name__) from None
    return x
