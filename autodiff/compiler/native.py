"""Loops of programs as machine code.

A loop's parameters have their shapes and dtypes written beside them. What Numba makes of it is kept
in a file beside the program.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from autodiff import errors
from autodiff.native.machine_code import Function, MachineCode
from autodiff.native.parameter import Parameter

__all__ = ["Loop", "loop"]


class Loop:
    """A function of a program that runs as machine code. It writes its results into arrays.

    Where it runs in parts, ``start`` and ``stop`` come first, and a last parameter ``totals`` is no
    argument: it holds the numbers that a call returns.
    """

    def __init__(self, function: Callable[..., None], any_order: bool) -> None:
        self.function, self.any_order = function, any_order
        self.parameters = [Parameter.of(x) for x in function.__annotations__.values()]
        self.has_totals = "totals" in function.__annotations__
        self.totals: Any = self.parameters[-1].shape or ()
        self.checked = False
        numbers = sum(p.shape is None for p in self.parameters)
        self.machine = Function(self._code(), numbers)
        self.run = self.machine.run

    def __call__(self, *arguments: Any) -> list[float]:
        if self.has_totals:
            return self._run_part(*arguments)
        if not self.checked:  # a program is made for arrays of one kind: what fits once fits always
            self._check(arguments)
        self.run(arguments)
        return []

    def _run_part(self, start: int, stop: int, *arrays: np.ndarray) -> list[float]:
        """Run a large loop from ``start`` to ``stop``; the totals of its sums over that part."""
        totals: Any = np.empty(self.totals)
        if not self.checked:
            self._check((start, stop, *arrays, totals))
        self.run(start, stop, (*arrays, totals))
        return totals.tolist()

    def _code(self) -> MachineCode:
        program = Path(self.function.__code__.co_filename)
        path = program.with_suffix(f".{self.function.__name__}.o")
        return MachineCode.at(path, self._compiled)

    def _compiled(self) -> MachineCode:
        from autodiff.compiler.numba_code import compiled

        return compiled(self.function, self.parameters, self.any_order)

    def _check(self, arguments: tuple[Any, ...]) -> None:
        for x, parameter in zip(arguments, self.parameters, strict=True):
            if not parameter.accepts(x):
                raise errors.compiler.not_as_recorded(self.function.__name__, parameter, x)
        self.checked = True


def loop(function: Any = None, *, any_order: bool = False) -> Any:
    """Decorator: compile a function whose parameters are declared as "float32[8]" or "int".

    Products and sums may be computed in one step; with ``any_order``, sums in whichever order is
    quickest. Division is NumPy's.
    """
    if function is None:
        return functools.partial(loop, any_order=any_order)
    return Loop(function, any_order)
