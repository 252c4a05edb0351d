"""Machine code of kernels, made by Numba; and what its makers share."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from llvmlite import ir
from numba import types
from numba.core.compiler import Flags, compile_extra
from numba.core.compiler_lock import global_compiler_lock
from numba.core.registry import cpu_target
from numba.np.arrayobj import make_array, populate_array
from numba.np.numpy_support import from_dtype

from autodiff.native.machine_code import ADDRESS, MachineCode
from autodiff.native.parameter import Parameter

__all__ = [
    "array_in", "array_type", "flags_for", "get_ready", "kernel_code", "machine_code", "type_of",
]  # fmt: skip

WORD = cpu_target.target_context.get_value_type(types.intp)


def get_ready() -> None:
    """Let Numba load all that it knows to compile, and what machine code may call."""
    cpu_target.typing_context.refresh()
    cpu_target.target_context.refresh()


def flags_for(fastmath: Iterable[str]) -> Any:
    """How loops are compiled that make no arrays, and that nobody but machine code calls."""
    flags: Any = Flags()
    flags.no_cpython_wrapper = flags.no_cfunc_wrapper = True
    flags.nrt = False
    flags.error_model = "numpy"
    flags.fastmath = set(fastmath)
    return flags


def type_of(x: Any) -> Any:
    """What Numba takes a function for."""
    return cpu_target.typing_context.resolve_value_type(x)


@global_compiler_lock
def kernel_code(
    function: Callable[..., None], parameters: list[Parameter], fastmath: Iterable[str], apart: bool
) -> MachineCode:
    """A function as machine code that takes its numbers, and the tuple of its arrays.

    ``apart`` promises that no two arrays share memory, which loops then need not find out. Only
    arguments can be known to lie apart, so the function stays one, which an entry calls.
    """
    get_ready()
    kinds = [types.intp if p.shape is None else array_type(p) for p in parameters]
    numbers = kinds.count(types.intp)
    context = cpu_target.target_context

    def add_entry(library: Any, body: Any, *_: Any) -> None:
        """In the place of what Numba would let C code call."""
        module = context.create_module("entry")
        words = [WORD] * numbers
        kind = ir.FunctionType(ir.VoidType(), [ADDRESS, ADDRESS, *words, ADDRESS])
        entry = ir.Function(module, kind, body.llvm_cfunc_wrapper_name)
        builder = ir.IRBuilder(entry.append_basic_block())
        _, _, *given, arrays = entry.args
        for i, parameter in enumerate(parameters[numbers:]):
            given.append(array_in(context, builder, arrays, i, parameter))
        callee = context.declare_function(module, body)
        conventions = context.call_conv
        conventions.call_function(builder, callee, body.restype, body.argtypes, given)
        builder.ret_void()
        library.add_ir_module(module)

    flags = flags_for(fastmath)
    flags.noalias, flags.no_cfunc_wrapper = apart, False
    own = context.subtarget(create_cfunc_wrapper=add_entry)
    typing = cpu_target.typing_context
    result = compile_extra(typing, own, function, tuple(kinds), types.none, flags, {})
    return machine_code(result.library, result.fndesc.llvm_cfunc_wrapper_name)


def array_type(parameter: Parameter) -> Any:
    """Numba's type of an array."""
    return types.Array(from_dtype(parameter.dtype), len(parameter.shape or ()), "C")


def array_in(context: Any, builder: Any, arrays: Any, i: int, parameter: Parameter) -> Any:
    """Code that reads an array's place and sizes from NumPy's object in a tuple."""

    def found(python_object: Any, place: int, what: Any) -> Any:
        at = builder.gep(python_object, [ir.Constant(WORD, place)])
        return builder.load(builder.bitcast(at, what.as_pointer()))

    # A tuple's items come behind its header and length. What NumPy keeps in its object, behind
    # Python's header: the address of the elements, the number of dimensions, the address of sizes.
    array = found(arrays, tuple.__basicsize__ + i * tuple.__itemsize__, ADDRESS)
    first, word = object.__basicsize__, WORD.width // 8
    shape = parameter.shape or ()
    sizes = found(array, first + 2 * word, ADDRESS)
    lengths = [
        found(sizes, d * word, WORD) if n is None else ir.Constant(WORD, n)
        for d, n in enumerate(shape)
    ]
    itemsize = ir.Constant(WORD, parameter.dtype.itemsize)
    strides = [itemsize][: len(shape)]
    for length in lengths[:0:-1]:
        strides.insert(0, builder.mul(strides[0], length))
    out = make_array(array_type(parameter))(context, builder)
    elements = builder.bitcast(found(array, first, ADDRESS), out.data.type)
    populate_array(out, elements, lengths, strides, itemsize, None)
    return out._getvalue()


def machine_code(library: Any, symbol: str) -> MachineCode:
    """What was compiled, as a file can hold it."""
    _, _, (code, _) = library.serialize_using_object_code()
    return MachineCode(code, symbol, tuple(_outside(library)))


def _outside(library: Any) -> list[str]:
    """The functions that the code calls but does not contain."""
    lines = library.get_llvm_str().splitlines()
    declared = [line.split("@")[1].split("(")[0] for line in lines if line.startswith("declare ")]
    return [name for name in declared if not name.startswith("llvm.")]
