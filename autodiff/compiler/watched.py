"""Arrays that a recording follows where a program computes with them outside of ops.

A loss that looks up class weights, or dropout that scales its mask, computes on arrays between its
ops. While a call is recorded, arrays read from tensors are `Watched`: what NumPy does with them
becomes a step of the program too.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from autodiff.compiler.program import replaced
from autodiff.grad_mode import mode
from autodiff.random import Generator
from autodiff.tensor import Tensor
from autodiff.variable import Variable

__all__ = ["Watched", "plain", "watching_values"]

ENGINE = {
    f"autodiff.{name}"
    for name in (
        "checked", "compiler.trace", "generate", "graph", "growing", "hooks",
        "observe", "op", "optim.optimizer", "printing", "tensor", "trail", "variable", "views",
    )
}  # fmt: skip
"""Modules that may hold the arrays themselves: what they do is seen in other ways."""

_slot: Any = Variable.__dict__["value"]


def recorder() -> Any:
    """The recording that sees what this thread does now, or None."""
    for observer in mode.observers:
        if hasattr(observer, "computed"):
            return observer
    return None


def plain(x: Any) -> Any:
    """An array as NumPy's own kind."""
    return x.view(np.ndarray) if isinstance(x, Watched) else x


class Watched(np.ndarray):
    """A view of an array that tells the recording what is computed from it."""

    def __array_ufunc__(
        self, ufunc: np.ufunc, method: str, *inputs: Any, out: Any = None, **settings: Any
    ) -> Any:
        function = ufunc if method == "__call__" else getattr(ufunc, method)
        if out is not None:
            out = tuple(plain(x) for x in out)
            result = function(*(plain(x) for x in inputs), out=out, **replaced(settings, plain))
        else:
            result = function(*(plain(x) for x in inputs), **replaced(settings, plain))
        return _noted(function, inputs, settings, result)

    def __array_function__(self, function: Any, types: Any, args: Any, settings: Any) -> Any:
        result = function(*replaced(tuple(args), plain), **replaced(settings, plain))
        return _noted(function, args, settings, result)

    def __getitem__(self, key: Any) -> Any:
        return _noted(_getitem, (self, key), {}, plain(self)[replaced(key, plain)])

    def __iter__(self) -> Iterator[Any]:
        return (self[i] for i in range(len(self)))

    def item(self, *args: Any) -> Any:
        if tracer := recorder():
            tracer.read(self, "item()")
        return plain(self).item(*args)

    def tolist(self) -> Any:
        if tracer := recorder():
            tracer.read(self, "tolist()")
        return plain(self).tolist()

    def __bool__(self) -> bool:
        # A check that raises may look; a gradient rule that looks decides something.
        if (tracer := recorder()) and tracer.in_rule:
            tracer.read(self, "a truth value")
        return bool(plain(self))

    def __float__(self) -> float:
        return float(self.item())

    def __int__(self) -> int:
        return int(self.item())

    __index__ = __int__


def _getitem(x: Any, key: Any) -> Any:
    return x[key]


def _noted(function: Any, args: Any, settings: Any, result: Any) -> Any:
    tracer = recorder()
    return result if tracer is None else tracer.computed(function, args, settings, result)


def _method(name: str) -> Callable[..., Any]:
    on_plain = getattr(np.ndarray, name)

    def method(self: Any, *args: Any, **settings: Any) -> Any:
        result = on_plain(plain(self), *replaced(args, plain), **replaced(settings, plain))
        return _noted(on_plain, (self, *args), settings, result)

    return method


for _name in (
    "all", "any", "argmax", "argmin", "argsort", "astype", "copy", "cumsum", "max", "mean", "min",
    "nonzero", "prod", "ravel", "repeat", "reshape", "sum", "take", "transpose",
):  # fmt: skip
    setattr(Watched, _name, _method(_name))


@contextmanager
def watching_values() -> Iterator[None]:
    """While this is entered, recorded code outside of the engine reads `Watched` arrays."""

    def read(x: Any) -> Any:
        array = _slot.__get__(x)
        if sys._getframe(1).f_globals.get("__name__") in ENGINE:
            return array
        tracer = recorder()
        return array if tracer is None else tracer.watched(array, x)

    def write(x: Any, array: Any) -> None:
        array = plain(array)
        _slot.__set__(x, array)
        if (tracer := recorder()) and isinstance(array, np.ndarray):
            tracer.born(array, x)

    def generator(x: Any) -> Any:
        tracer = recorder()
        return x.__dict__["numpy"] if tracer is None else Drawing(x, tracer)

    def seed(x: Any, numpy: Any) -> None:
        x.__dict__["numpy"] = numpy

    Tensor.value = property(read, write)  # type: ignore[misc, assignment]
    Generator.numpy = property(generator, seed)  # type: ignore[misc, assignment]
    try:
        yield
    finally:
        del Tensor.value, Generator.numpy  # type: ignore[misc]


class Drawing:
    """A random generator whose draws become steps of the program."""

    def __init__(self, generator: Generator, tracer: Any) -> None:
        self._generator, self._tracer = generator, tracer

    def __getattr__(self, name: str) -> Any:
        if name == "bit_generator":
            return self._generator.__dict__["numpy"].bit_generator
        return lambda *args, **settings: self._tracer.drawn(self._generator, name, args, settings)
