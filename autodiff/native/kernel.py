"""Kernels: compiled loops that are written once for arrays of any size and dtype."""

from __future__ import annotations

import functools
import hashlib
import importlib
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np

from autodiff.compiled_files import folder
from autodiff.native.machine_code import Function, MachineCode, Sequence
from autodiff.native.makers import makers
from autodiff.native.parameter import Parameter

__all__ = ["Kernel", "OfNumba", "in_turn", "kernel"]

MAKING = threading.RLock()
"""Held while machine code is made or loaded: threads that share a loop need it at the same time."""


class Kernel:
    """A function of whole numbers (declared as int) and then arrays, into which it writes.

    It is compiled for the dtypes of the arrays, and for the numbers that it finds where it was
    defined. The arrays have to be C-contiguous, each always with as many dimensions: nothing checks
    that. It makes no arrays itself.
    """

    def __init__(self, function: Callable[..., None], fastmath: Iterable[str], apart: bool) -> None:
        functools.update_wrapper(self, function)
        self.function, self.fastmath, self.apart = function, sorted(fastmath), apart
        self.numbers = list(function.__annotations__.values()).count("int")
        self.made: dict[Any, Function] = {}

    def __call__(self, *arguments: Any) -> None:
        arrays = arguments[self.numbers :]
        self.made_for(arrays).run(*arguments[: self.numbers], arrays)

    def made_for(self, arrays: tuple[np.ndarray, ...]) -> Function:
        """The machine code for such arrays."""
        return self.made.get(tuple([a.dtype for a in arrays])) or self._make(arrays)

    def _make(self, arrays: tuple[np.ndarray, ...]) -> Function:
        kind = tuple([a.dtype for a in arrays])
        parameters = [Parameter(None, np.dtype(np.intp))] * self.numbers
        parameters += [Parameter((None,) * a.ndim, a.dtype) for a in arrays]
        with MAKING:
            if kind not in self.made:
                code = MachineCode.at(self._path(parameters), lambda: self._compiled(parameters))
                self.made[kind] = Function(code, self.numbers)
        return self.made[kind]

    def _compiled(self, parameters: list[Parameter]) -> MachineCode:
        from autodiff.native.numba_code import kernel_code

        return kernel_code(self.function, parameters, self.fastmath, self.apart)

    def _path(self, parameters: list[Parameter]) -> Path:
        """The file for this text, these numbers from around it and these parameters."""
        source = Path(self.function.__code__.co_filename).read_text("utf-8")
        around = [cell.cell_contents for cell in self.function.__closure__ or ()]
        kinds = [str(parameter) for parameter in parameters]
        what = f"{self.function.__name__} {around} {kinds} {self.fastmath} {self.apart}"
        text = "\n".join([makers(Path(__file__)), source, what])
        key = hashlib.sha256(text.encode()).hexdigest()[:24]
        return folder() / f"kernel_{self.function.__name__}_{key}.o"


def in_turn(*calls: tuple[Any, ...]) -> None:
    """Run kernels, each given with its arguments, one after the other without Python's lock."""
    given: list[Any] = []
    for called, *arguments in calls:
        arrays = tuple(arguments[called.numbers :])
        given += (called.made_for(arrays).address, *arguments[: called.numbers], arrays)
    _sequence(tuple([called.numbers for called, *_ in calls]))(*given)


@functools.cache
def _sequence(counts: tuple[int, ...]) -> Sequence:
    return Sequence(counts)


class OfNumba:
    """A function of Numba's, for the text of a kernel: looked up when Numba asks for its type."""

    def __init__(self, module: str, name: str) -> None:
        self.module, self.name = module, name

    def __call__(self, *arguments: Any) -> Any:
        raise NotImplementedError(f"Only compiled code can call {self.name}.")

    @property
    def _numba_type_(self) -> Any:
        from autodiff.native.numba_code import type_of

        return type_of(getattr(importlib.import_module(self.module), self.name))


def kernel(function: Any = None, *, fastmath: Iterable[str] = (), apart: bool = False) -> Any:
    """Decorator: compile a function for each kind of arrays that it meets.

    Every operation is rounded by itself, as NumPy does it, but for what ``fastmath`` allows.
    Division is NumPy's. ``apart`` promises that no two arrays share memory.
    """
    if function is None:
        return functools.partial(kernel, fastmath=fastmath, apart=apart)
    return Kernel(function, fastmath, apart)
