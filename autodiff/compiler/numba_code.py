"""Machine code of a loop, made by Numba. The only module of the compiler that imports it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from llvmlite import ir
from numba import njit, types
from numba.core.compiler import Flags, compile_extra
from numba.core.compiler_lock import global_compiler_lock
from numba.core.registry import cpu_target
from numba.extending import intrinsic
from numba.np.arrayobj import make_array, populate_array
from numba.np.numpy_support import from_dtype

from autodiff.compiler.native import MachineCode, Parameter

__all__ = ["compiled"]


@global_compiler_lock
def compiled(
    function: Callable[..., None], parameters: list[Parameter], any_order: bool
) -> MachineCode:
    """The function as machine code that takes NumPy's array objects themselves."""
    flags: Any = Flags()
    flags.no_cpython_wrapper = flags.no_cfunc_wrapper = True
    flags.nrt = False  # a loop makes no arrays
    flags.error_model = "numpy"
    flags.fastmath = {"contract", "reassoc"} if any_order else {"contract"}
    cpu_target.typing_context.refresh()
    cpu_target.target_context.refresh()
    arguments = [types.intp if p.shape is None else types.voidptr for p in parameters]
    result = compile_extra(
        cpu_target.typing_context, cpu_target.target_context, _entry(function, parameters),
        tuple(arguments), types.none, flags, {},
    )  # fmt: skip
    _, _, (code, _) = result.library.serialize_using_object_code()
    return MachineCode(code, result.fndesc.llvm_func_name, tuple(_outside(result.library)))


def _entry(function: Callable[..., None], parameters: list[Parameter]) -> Callable[..., None]:
    """The function with views of its arrays: ``def entry(a0, a1): loop(view0(a0), view1(a1))``."""
    known: dict[str, Any] = {"loop": njit(function, inline="always")}
    passed = []
    for i, parameter in enumerate(parameters):
        known[f"view{i}"] = _view(parameter)
        passed.append(f"a{i}" if parameter.shape is None else f"view{i}(a{i})")
    names = ", ".join(f"a{i}" for i in range(len(parameters)))
    exec(f"def entry({names}): loop({', '.join(passed)})", known)
    return known["entry"]


def _view(parameter: Parameter) -> Any:
    """What makes an array of the declared shape of the address of a NumPy array object."""
    shape, dtype = parameter.shape or (), parameter.dtype
    kind = types.Array(from_dtype(dtype), len(shape), "C")
    strides = [dtype.itemsize * int(np.prod(shape[d + 1 :])) for d in range(len(shape))]

    @intrinsic
    def view(typing_context: Any, address: Any) -> Any:
        def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            # The first thing that NumPy keeps in its object, behind Python's header, is the
            # address of the elements.
            header = ir.Constant(ir.IntType(64), object.__basicsize__)
            place = builder.gep(arguments[0], [header])
            out = make_array(kind)(context, builder)
            elements = builder.load(builder.bitcast(place, out.data.type.as_pointer()))
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
