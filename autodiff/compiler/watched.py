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

from autodiff.arrays import ARRAYS
from autodiff.compiler.program import replaced
from autodiff.device import CPU, device
from autodiff.grad_mode import mode
from autodiff.random import Generator
from autodiff.tensor import Tensor
from autodiff.variable import Variable

__all__ = ["Watching", "followed", "noted", "plain", "recorder", "watching_values"]

ENGINE = {
    f"autodiff.{name}"
    for name in (
        "casts", "checked", "compiler.trace", "described", "generate", "graph", "growing", "hooks",
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
    """An array as its own kind, which nobody watches."""
    return x.plain() if isinstance(x, Watching) else x


def followed(array: Any) -> Any:
    """The array as a `Watching` one of the same memory."""
    if isinstance(array, np.ndarray):
        return array.view(Watched)
    from autodiff.compiler.watched_on_gpu import WatchedOnGpu

    return WatchedOnGpu.following(array)


class Watching:
    """What arrays have in common that tell the recording what is computed from them."""

    def plain(self) -> Any:
        """The same array, unwatched."""
        raise NotImplementedError

    def __array_ufunc__(
        self, ufunc: np.ufunc, method: str, *inputs: Any, out: Any = None, **settings: Any
    ) -> Any:
        function = ufunc if method == "__call__" else getattr(ufunc, method)
        if out is not None:
            out = tuple(plain(x) for x in out)
            result = function(*(plain(x) for x in inputs), out=out, **replaced(settings, plain))
        else:
            result = function(*(plain(x) for x in inputs), **replaced(settings, plain))
        return noted(function, inputs, settings, result)

    def __array_function__(self, function: Any, types: Any, args: Any, settings: Any) -> Any:
        result = function(*replaced(tuple(args), plain), **replaced(settings, plain))
        return noted(function, args, settings, result)

    def __getitem__(self, key: Any) -> Any:
        return noted(_getitem, (self, key), {}, plain(self)[replaced(key, plain)])

    def __iter__(self) -> Iterator[Any]:
        return (self[i] for i in range(len(self)))  # type: ignore[arg-type]

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


class Watched(Watching, np.ndarray):
    """A view of an array in the host's memory that is followed."""

    def plain(self) -> np.ndarray:
        return self.view(np.ndarray)


def _getitem(x: Any, key: Any) -> Any:
    return x[key]


def noted(function: Any, args: Any, settings: Any, result: Any) -> Any:
    tracer = recorder()
    return result if tracer is None else tracer.computed(function, args, settings, result)


def _method(name: str) -> Callable[..., Any]:
    numpys = getattr(np.ndarray, name)

    def method(self: Any, *args: Any, **settings: Any) -> Any:
        own = getattr(plain(self), name)
        result = own(*replaced(args, plain), **replaced(settings, plain))
        return noted(numpys, (self, *args), settings, result)

    return method


METHODS = (
    "all", "any", "argmax", "argmin", "argsort", "astype", "copy", "cumsum", "max", "mean", "min",
    "nonzero", "prod", "ravel", "repeat", "reshape", "sum", "take", "transpose",
)  # fmt: skip
"""Methods that are followed; others give arrays that the recording does not know."""

for _name in METHODS:
    setattr(Watching, _name, _method(_name))


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
        if (tracer := recorder()) and isinstance(array, ARRAYS):
            tracer.born(array, x)

    def drawing_on(x: Generator, place: device) -> Any:
        own, tracer = unwatched(x, place), recorder()
        if tracer is None or isinstance(own, Drawing):
            return own
        return Drawing(own, x, place, tracer)

    def generator(x: Any) -> Any:
        own, tracer = x.__dict__["numpy"], recorder()
        return own if tracer is None else Drawing(own, x, CPU, tracer)

    def seed(x: Any, numpy: Any) -> None:
        x.__dict__["numpy"] = numpy

    unwatched = Generator.drawing_on
    try:
        Tensor.value = property(read, write)  # type: ignore[misc, assignment]
        Generator.numpy = property(generator, seed)  # type: ignore[misc, assignment]
        Generator.drawing_on = drawing_on  # type: ignore[method-assign, assignment]
        yield
    finally:
        for kind, name in ((Tensor, "value"), (Generator, "numpy")):
            if name in kind.__dict__:  # Ctrl-C may have come before it was there
                delattr(kind, name)
        Generator.drawing_on = unwatched  # type: ignore[method-assign]


class Drawing:
    """What draws random numbers on a device, so that each draw becomes a step of the program."""

    def __init__(self, own: Any, generator: Generator, place: device, tracer: Any) -> None:
        self._own, self._tracer = own, tracer
        self._about = (own, generator, place)

    def __getattr__(self, name: str) -> Any:
        if name == "bit_generator":
            return self._own.bit_generator
        return lambda *args, **settings: self._tracer.drawn(*self._about, name, args, settings)
