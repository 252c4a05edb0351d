"""Machine code of a loop, made by Numba. The only module of the compiler that imports it."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from llvmlite import binding, ir
from numba import njit, types
from numba.core.compiler import Flags, compile_extra
from numba.core.compiler_lock import global_compiler_lock
from numba.core.registry import cpu_target
from numba.extending import intrinsic
from numba.np.arrayobj import make_array, populate_array
from numba.np.numpy_support import from_dtype

from autodiff.compiler.native import MachineCode, Parameter
from autodiff.compiler.near import near_version

__all__ = ["compiled"]

ADDRESS = ir.IntType(8).as_pointer()


@global_compiler_lock
def compiled(
    function: Callable[..., None], parameters: list[Parameter], any_order: bool
) -> MachineCode:
    """The function as machine code that takes its numbers, and the tuple of its arrays."""
    flags: Any = Flags()
    flags.no_cpython_wrapper = flags.no_cfunc_wrapper = True
    flags.nrt = False  # a loop makes no arrays
    flags.error_model = "numpy"
    flags.fastmath = {"contract", "reassoc"} if any_order else {"contract"}
    cpu_target.typing_context.refresh()
    cpu_target.target_context.refresh()
    numbers = [types.intp for p in parameters if p.shape is None]
    with _full_vectors():
        result = compile_extra(
            cpu_target.typing_context, cpu_target.target_context, _entry(function, parameters),
            (*numbers, types.voidptr), types.none, flags, {},
        )  # fmt: skip
    _, _, (code, _) = result.library.serialize_using_object_code()
    return MachineCode(code, result.fndesc.llvm_func_name, tuple(_outside(result.library)))


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


def _entry(function: Callable[..., None], parameters: list[Parameter]) -> Callable[..., None]:
    """``def entry(n0, n1, arrays): loop(n0, n1, view0(arrays), view1(arrays))``.

    Or ``near(...) or loop(...)``: see `near`.
    """
    known: dict[str, Any] = {"loop": njit(function, inline="always")}
    numbers = [f"n{i}" for i, parameter in enumerate(parameters) if parameter.shape is None]
    passed = list(numbers)
    for i, parameter in enumerate(parameters[len(numbers) :]):
        known[f"view{i}"] = _view(i, parameter)
        passed.append(f"view{i}(arrays)")
    call = f"loop({', '.join(passed)})"
    near = near_version(function)
    if near is not None:
        known["near"] = njit(near, inline="always")
        call = f"if not near({', '.join(passed)}): {call}"
    exec(f"def entry({', '.join([*numbers, 'arrays'])}):\n    {call}", known)
    return known["entry"]


def _view(i: int, parameter: Parameter) -> Any:
    """What makes an array of the declared shape of the array at place ``i`` of a tuple."""
    shape, dtype = parameter.shape or (), parameter.dtype
    kind = types.Array(from_dtype(dtype), len(shape), "C")
    strides = [dtype.itemsize * int(np.prod(shape[d + 1 :])) for d in range(len(shape))]

    @intrinsic
    def view(typing_context: Any, arrays: Any) -> Any:
        def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            def pointer_in(python_object: Any, place: int) -> Any:
                found = builder.gep(python_object, [ir.Constant(ir.IntType(64), place)])
                return builder.load(builder.bitcast(found, ADDRESS.as_pointer()))

            # A tuple's items come behind its header and length; the first thing that NumPy keeps
            # in its object, behind Python's header, is the address of the elements.
            array = pointer_in(arguments[0], tuple.__basicsize__ + i * tuple.__itemsize__)
            out = make_array(kind)(context, builder)
            elements = builder.bitcast(pointer_in(array, object.__basicsize__), out.data.type)
            number = [context.get_constant(types.intp, n) for n in (*shape, *strides)]
            populate_array(
                out, elements, number[: len(shape)], number[len(shape) :],
                context.get_constant(types.intp, dtype.itemsize), None,
            )  # fmt: skip
            return out._getvalue()

        return kind(types.voidptr), code

    return view


def _outside(library: Any) -> list[str]:
    """The functions that the code calls but does not contain."""
    lines = library.get_llvm_str().splitlines()
    declared = [line.split("@")[1].split("(")[0] for line in lines if line.startswith("declare ")]
    return [name for name in declared if not name.startswith("llvm.")]
