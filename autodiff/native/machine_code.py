"""Machine code in files: when it is used again, and how a function is made of it."""

from __future__ import annotations

import contextlib
import ctypes
import functools
import hashlib
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import llvmlite.binding as llvm

from autodiff.compiled_files import write_whole

__all__ = ["Function", "MachineCode"]


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

    @classmethod
    def at(cls, path: Path, make: Callable[[], MachineCode]) -> MachineCode:
        """What the file holds, which is made and written first where it has to be.

        Without a place to write to, the code is this process's alone.
        """
        if not LOADS_ALONE:
            from autodiff.native import numba_code

            numba_code.get_ready()
        code = cls.load(path)
        if code is None:
            code = make()
            with contextlib.suppress(OSError):
                code.save(path)
        return code


class Function:
    """Machine code that can be called, with whole numbers and then the tuple of its arrays.

    One tuple, because ctypes needs 0.1 us for each argument. Python's lock is not held meanwhile.
    """

    def __init__(self, code: MachineCode, numbers: int) -> None:
        self.engine = _engine(code)
        pointer = ctypes.c_void_p
        given = [ctypes.c_ssize_t] * numbers
        kind = ctypes.CFUNCTYPE(None, pointer, pointer, *given, ctypes.py_object)
        run = kind(self.engine.get_function_address(code.symbol))
        self.run: Callable[..., None] = functools.partial(run, NOTHING, NOTHING)


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
