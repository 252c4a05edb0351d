"""Loops of programs as machine code: compiled by Numba once, and loaded from disk without it.

To import Numba and to let it find out types takes longer than to run most programs. A loop's
parameters have their shapes and dtypes written beside them, so that nothing is left to find out:
what Numba makes of it is kept in a file beside the program, and loaded by LLVM alone.
"""

from __future__ import annotations

import ctypes
import functools
import hashlib
import json
import math
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import llvmlite.binding as llvm
import numpy as np

from autodiff import errors
from autodiff.compiled_files import write_whole

__all__ = ["Loop", "MachineCode", "Parameter", "loop"]


@dataclass(frozen=True)
class Parameter:
    """What a parameter is declared as: an array of known shape and dtype, or a whole number."""

    shape: tuple[int, ...] | None
    dtype: np.dtype

    @classmethod
    def of(cls, declared: str) -> Parameter:
        """
        >>> Parameter.of("float32[64, 10]")
        Parameter(shape=(64, 10), dtype=dtype('float32'))
        """
        if declared == "int":
            return cls(None, np.dtype(np.intp))
        name, _, sizes = declared.rstrip("]").partition("[")
        return cls(tuple(map(int, sizes.split(","))), np.dtype(name))

    def __str__(self) -> str:
        return "int" if self.shape is None else f"{self.dtype}{list(self.shape)}"

    def accepts(self, x: Any) -> bool:
        """Whether the machine code may read ``x`` as what was declared."""
        if self.shape is None:
            return type(x) is int
        if not isinstance(x, np.ndarray):
            return False
        return x.dtype == self.dtype and x.size == math.prod(self.shape) and x.flags.c_contiguous


@dataclass(frozen=True)
class MachineCode:
    """Compiled code in an object file, the function in it, and what it needs from outside."""

    code: bytes
    symbol: str
    outside: tuple[str, ...]

    def save(self, path: Path) -> None:
        """Write it to a file, behind a line that says what it is."""
        head = {
            "cpu": _cpu(), "symbol": self.symbol, "outside": self.outside,
            "sha256": hashlib.sha256(self.code).hexdigest(),
        }  # fmt: skip
        write_whole(path, json.dumps(head).encode() + b"\n" + self.code)

    @classmethod
    def load(cls, path: Path) -> MachineCode | None:
        """What a file holds; None where there is none, or none that this machine can run."""
        try:
            head, _, code = path.read_bytes().partition(b"\n")
            known = json.loads(head)
            whole = known["sha256"] == hashlib.sha256(code).hexdigest()
            found = cls(code, known["symbol"], tuple(known["outside"]))
        except (OSError, ValueError, KeyError, TypeError):
            return None
        if not whole or known["cpu"] != _cpu():
            return None
        # LLVM ends the process where code needs a function that is not there.
        return found if all(map(llvm.address_of_symbol, found.outside)) else None


class Loop:
    """A function of a program that runs as machine code. It writes its results into arrays.

    Its machine code takes the tuple of its arrays: ctypes needs 0.1 us for each argument. Where it
    runs in parts, ``start`` and ``stop`` come first, and a last parameter ``totals`` is no
    argument: it holds the numbers that a call returns.
    """

    def __init__(self, function: Callable[..., None], any_order: bool) -> None:
        self.function, self.any_order = function, any_order
        self.parameters = [Parameter.of(x) for x in function.__annotations__.values()]
        self.has_totals = "totals" in function.__annotations__
        self.checked = False
        code = self._code()
        self.engine = _engine(code)
        numbers = [ctypes.c_ssize_t for p in self.parameters if p.shape is None]
        pointer = ctypes.c_void_p
        kind = ctypes.CFUNCTYPE(None, pointer, pointer, *numbers, ctypes.py_object)
        self.run = kind(self.engine.get_function_address(code.symbol))

    def __call__(self, *arguments: Any) -> list[float]:
        if self.has_totals:
            return self._run_part(*arguments)
        if not self.checked:  # a program is made for arrays of one kind: what fits once fits always
            self._check(arguments)
        self.run(NOTHING, NOTHING, arguments)
        return []

    def _run_part(self, start: int, stop: int, *arrays: np.ndarray) -> list[float]:
        """Run a large loop from ``start`` to ``stop``; the totals of its sums over that part."""
        totals = np.empty(self.parameters[-1].shape or ())
        if not self.checked:
            self._check((start, stop, *arrays, totals))
        self.run(NOTHING, NOTHING, start, stop, (*arrays, totals))
        return totals.tolist()

    def _code(self) -> MachineCode:
        program = Path(self.function.__code__.co_filename)
        path = program.with_suffix(f".{self.function.__name__}.o")
        code = MachineCode.load(path) if LOADS_ALONE else None
        if code is None:
            from autodiff.compiler.numba_code import compiled

            code = compiled(self.function, self.parameters, self.any_order)
            code.save(path)
        return code

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


LOADS_ALONE = sys.platform == "linux"
"""Where the functions that code needs are always there. Elsewhere, Numba brings some of them."""

_nothing = ctypes.create_string_buffer(16)
NOTHING = ctypes.addressof(_nothing)
"""Where a function that returns and raises nothing writes so."""


@functools.cache
def _target() -> Any:
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    return llvm.Target.from_default_triple()


@functools.cache
def _cpu() -> str:
    """The processor that code is made for, and what it can do."""
    return f"{llvm.get_host_cpu_name()} {llvm.get_host_cpu_features().flatten()}"


def _engine(code: MachineCode) -> Any:
    """The code in memory. It goes when the engine goes."""
    machine = _target().create_target_machine(codemodel="jitdefault", jit=True)
    engine = llvm.create_mcjit_compiler(llvm.parse_assembly(""), machine)
    engine.add_object_file(llvm.ObjectFileRef.from_data(code.code))
    engine.finalize_object()
    return engine
