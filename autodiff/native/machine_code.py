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
from llvmlite import ir

from autodiff.compiled_files import write_whole

__all__ = ["ADDRESS", "Function", "MachineCode", "Sequence"]

ADDRESS = ir.IntType(8).as_pointer()


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
        self.engine = _engine("", code.code)
        self.address = self.engine.get_function_address(code.symbol)
        pointer = ctypes.c_void_p
        given = [ctypes.c_ssize_t] * numbers
        kind = ctypes.CFUNCTYPE(None, pointer, pointer, *given, ctypes.py_object)
        self.run: Callable[..., None] = functools.partial(kind(self.address), NOTHING, NOTHING)


class Sequence:
    """Code that calls several functions, which take so many whole numbers, one after the other.

    To take back Python's lock, a thread may have to wait: here it does so once for all of them. A
    call has the address, the numbers and the tuple of arrays of each function in turn.
    """

    def __init__(self, counts: tuple[int, ...]) -> None:
        word, void = ir.IntType(8 * ctypes.sizeof(ctypes.c_ssize_t)), ir.VoidType()
        kinds = [ir.FunctionType(void, [ADDRESS, ADDRESS, *[word] * n, ADDRESS]) for n in counts]
        given = [each for n in counts for each in (ADDRESS, *[word] * n, ADDRESS)]
        module = ir.Module()
        entry = ir.Function(module, ir.FunctionType(void, given), "sequence")
        builder = ir.IRBuilder(entry.append_basic_block())
        nothing = builder.inttoptr(ir.Constant(word, NOTHING), ADDRESS)
        arguments = iter(entry.args)
        for kind, n in zip(kinds, counts, strict=True):
            function = builder.bitcast(next(arguments), kind.as_pointer())
            builder.call(function, [nothing, nothing, *[next(arguments) for _ in range(n + 1)]])
        builder.ret_void()
        self.engine = _engine(str(module))
        types: list[Any] = []
        for n in counts:
            types += [ctypes.c_void_p, *[ctypes.c_ssize_t] * n, ctypes.py_object]
        self.run = ctypes.CFUNCTYPE(None, *types)(self.engine.get_function_address("sequence"))

    def __call__(self, *given: Any) -> None:
        self.run(*given)


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


def _engine(text: str, code: bytes = b"") -> Any:
    """Code in memory, from LLVM's text and from an object file. It goes when the engine goes."""
    machine = _target().create_target_machine(codemodel="jitdefault", jit=True)
    engine = llvm.create_mcjit_compiler(llvm.parse_assembly(text), machine)
    if code:
        engine.add_object_file(llvm.ObjectFileRef.from_data(code))
    engine.finalize_object()
    return engine
