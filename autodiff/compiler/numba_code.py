"""Machine code of a program's loop. The only module of the compiler that imports Numba."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

from llvmlite import binding
from numba import njit, types
from numba.core.compiler import compile_extra
from numba.core.compiler_lock import global_compiler_lock
from numba.core.registry import cpu_target
from numba.extending import intrinsic

from autodiff.compiler.near import near_version
from autodiff.native.machine_code import MachineCode
from autodiff.native.numba_code import array_in, array_type, flags_for, get_ready, machine_code
from autodiff.native.parameter import Parameter

__all__ = ["compiled"]

MOST_INLINED = 30
"""Calls with more arguments hand over a tuple, which Numba does not inline."""


@global_compiler_lock
def compiled(
    function: Callable[..., None], parameters: list[Parameter], any_order: bool
) -> MachineCode:
    """The function as machine code that takes its numbers, and the tuple of its arrays.

    It becomes a part of its entry, so that its loops know the sizes of its arrays.
    """
    get_ready()
    fastmath = {"contract", "reassoc"} if any_order else {"contract"}
    flags = flags_for(fastmath)
    numbers = [types.intp for p in parameters if p.shape is None]
    entry = _entry(function, parameters, fastmath)
    with _full_vectors():
        result = compile_extra(
            cpu_target.typing_context, cpu_target.target_context, entry,
            (*numbers, types.voidptr), types.none, flags, {},
        )  # fmt: skip
    return machine_code(result.library, result.fndesc.llvm_func_name)


@contextlib.contextmanager
def _full_vectors() -> Iterator[None]:
    """Let the narrowest type of a loop decide how many numbers a vector holds.

    Otherwise the widest does, and a sum in float64 halves the vectors of all float32 operations.
    """
    binding.set_option("", "-vectorizer-maximize-bandwidth=true")
    try:
        yield
    finally:
        binding.set_option("", "-vectorizer-maximize-bandwidth=false")


def _entry(
    function: Callable[..., None], parameters: list[Parameter], fastmath: set[str]
) -> Callable[..., None]:
    """``def entry(n0, n1, arrays): loop(n0, n1, view0(arrays), view1(arrays))``.

    Or ``near(...) or loop(...)``: see `near`.
    """
    inline = "always" if len(parameters) <= MOST_INLINED else "never"
    alike: dict[str, Any] = {
        "inline": inline,
        "error_model": "numpy",
        "fastmath": fastmath,
        "_nrt": False,
    }
    known: dict[str, Any] = {"loop": njit(function, **alike)}
    numbers = [f"n{i}" for i, parameter in enumerate(parameters) if parameter.shape is None]
    passed = list(numbers)
    for i, parameter in enumerate(parameters[len(numbers) :]):
        known[f"view{i}"] = _view(i, parameter)
        passed.append(f"view{i}(arrays)")
    call = f"loop({', '.join(passed)})"
    near = near_version(function)
    if near is not None:
        known["near"] = njit(near, **alike)
        call = f"if not near({', '.join(passed)}): {call}"
    exec(f"def entry({', '.join([*numbers, 'arrays'])}):\n    {call}", known)
    return known["entry"]


def _view(i: int, parameter: Parameter) -> Any:
    """What makes an array of the declared kind of the array at place ``i`` of a tuple."""

    @intrinsic
    def view(typing_context: Any, arrays: Any) -> Any:
        def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            return array_in(context, builder, arguments[0], i, parameter)

        return array_type(parameter)(types.voidptr), code

    return view
