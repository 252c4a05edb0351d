"""What can be computed with a `CudaArray`: its operators, its methods, and NumPy's functions on it.

NumPy hands its functions over by two protocols: ufuncs come to ``__array_ufunc__``, and each is the
elementwise op that names it; other functions come to ``__array_function__``, which looks them up in
the table of `functions`. What is in neither raises an error that says how to go on.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autodiff import errors
from autodiff.backends.cuda import elementwise, functions, indexing, reduce, sorting
from autodiff.backends.cuda.array import CudaArray, xp
from autodiff.backends.cuda.matmul import matmul
from autodiff.backends.cuda.ops import IMPLEMENTED, RULES
from autodiff.op import OPS, Elementwise

__all__ = ["CudaArray"]

UFUNCS: dict[Any, Any] = {
    op.ufunc: op for op in OPS.values() if issubclass(op, Elementwise) and op.ufunc
} | {
    "divide": OPS["Div"], "power": OPS["Pow"], "sign": OPS["Sign"], "reciprocal": OPS["Reciprocal"],
    "isnan": OPS["Isnan"], "rint": OPS["Round"], "signbit": OPS["Signbit"],
}  # fmt: skip
"""The elementwise op that does what a ufunc does."""


def array_ufunc(
    self: CudaArray, ufunc: np.ufunc, method: str, *inputs: Any, out: Any = None, **settings: Any
) -> Any:
    name = ufunc.__name__
    if method == "__call__" and set(settings) <= {"dtype"}:
        _check_devices(self, inputs)
        if ufunc is np.matmul:
            return matmul(*inputs) if out is None else _product_into(out[0], *inputs)
        if name in UFUNCS:
            op = UFUNCS[name]
            if out is None and not settings:
                return elementwise.apply(op, *inputs)
            if out is not None:
                return elementwise.apply(op, *inputs, out=out[0])
            return elementwise.apply(op, *inputs).astype(settings["dtype"])
        raise errors.devices.function_not_on_device(f"numpy.{name}")
    if method == "reduce" and name in reduce.COMBINE:
        return reduce.reduce(
            inputs[0], name, settings.get("axis", 0), settings.get("keepdims", False)
        )
    if method == "accumulate" and name in sorting.SCANS:
        return sorting.accumulate(inputs[0], name, settings.get("axis", 0))
    if method == "at" and name in indexing.COMBINED:
        return indexing.combine_at(name, *inputs)
    raise errors.devices.function_not_on_device(f"numpy.{name}.{method}")


def _product_into(out: CudaArray, x: CudaArray, y: CudaArray) -> CudaArray:
    """``x @ y`` written into ``out``: at once, where that spoils nothing that is still read."""
    shares = any(out.block is z.block for z in (x, y))
    if shares or not out.is_contiguous or out.dtype != np.result_type(x.dtype, y.dtype):
        out[...] = matmul(x, y)
        return out
    return matmul(x, y, out=out)


def array_function(self: CudaArray, function: Any, kinds: Any, given: Any, named: Any) -> Any:
    found = functions.FUNCTIONS.get(function)
    if found is None:
        raise errors.devices.function_not_on_device(f"numpy.{function.__name__}")
    return found(*given, **named)


def _check_devices(self: CudaArray, values: Any) -> None:
    for x in values:
        if isinstance(x, np.ndarray) and x.ndim:
            raise errors.devices.different_devices(self.device, "cpu")


def implementation(self: CudaArray, op: Any) -> Callable[..., Any]:
    """The function that computes an op here: a kernel of its own, or the op's forward function."""
    special = IMPLEMENTED.get(op.__name__)
    if special is not None:
        return special

    def compute(*values: Any, **settings: Any) -> Any:
        try:
            if issubclass(op, Elementwise):
                return elementwise.apply(op, *values, **settings)
            return op.on_arrays(*values, **settings)
        except errors.devices.NotOnDeviceError as error:
            raise errors.devices.op_not_on_device(op.__name__, error.what) from None

    return compute


def rule(self: CudaArray, op: Any, argument: str) -> Callable[..., Any] | None:
    """The kernel that computes a gradient rule as a whole, if there is one."""
    return RULES.get((op.__name__, argument))


# -- operators ------------------------------------------------------------------------------------

OPERATORS = {
    "add": "Add", "sub": "Sub", "mul": "Mul", "truediv": "Div", "pow": "Pow", "mod": "Remainder",
    "floordiv": "FloorDivide", "and": "BitwiseAnd", "or": "BitwiseOr", "xor": "BitwiseXor",
    "lshift": "BitwiseLeftShift", "rshift": "BitwiseRightShift",
}  # fmt: skip
COMPARISONS = {"eq": "Eq", "ne": "Ne", "lt": "Lt", "le": "Le", "gt": "Gt", "ge": "Ge"}


def _understood(x: Any) -> bool:
    return isinstance(x, (CudaArray, int, float, np.generic, np.ndarray))


def _operator(name: str, reflected: bool = False, in_place: bool = False) -> Any:
    op: Any = OPS[name]

    def method(self: CudaArray, other: Any) -> Any:
        if not _understood(other):
            return NotImplemented
        _check_devices(self, (other,))
        if reflected:
            return elementwise.apply(op, other, self)
        return elementwise.apply(op, self, other, out=self if in_place else None)

    return method


def _unary(name: str) -> Any:
    op: Any = OPS[name]
    return lambda self: elementwise.apply(op, self)


# -- methods --------------------------------------------------------------------------------------


def astype(self: CudaArray, dtype: Any, copy: bool = True) -> CudaArray:
    if np.dtype(dtype) == self.dtype and not copy:
        return self
    out = self.like(self.shape, dtype)
    elementwise.copy_into(out, self)
    return out


def copied(self: CudaArray, order: str = "C") -> CudaArray:
    return astype(self, self.dtype)


def _reduction(kind: str) -> Any:
    def method(
        self: CudaArray, axis: Any = None, keepdims: bool = False, initial: Any = None
    ) -> CudaArray:
        if initial is None:
            return reduce.reduce(self, kind, axis, keepdims)
        if not self.size:
            return xp.full_like(
                self, initial, shape=np.empty(self.shape).sum(axis, keepdims=keepdims).shape
            )
        return getattr(np, kind)(reduce.reduce(self, kind, axis, keepdims), initial)

    return method


def _extreme(kind: str) -> Any:
    def method(self: CudaArray, axis: Any = None, keepdims: bool = False) -> CudaArray:
        return reduce.arg_extreme(self, kind, axis, keepdims)

    return method


def total(self: CudaArray, axis: Any = None, dtype: Any = None, keepdims: bool = False) -> Any:
    x = self if dtype is None else astype(self, dtype, copy=False)
    return reduce.reduce(x, "add", axis, keepdims)


def iterate(self: CudaArray) -> Any:
    return iter([self[i] for i in range(len(self))])


def fill(self: CudaArray, value: Any) -> None:
    elementwise.copy_into(self, value)


METHODS: dict[str, Any] = {
    "__array_ufunc__": array_ufunc, "__array_function__": array_function,
    "implementation": implementation, "rule": rule, "astype": astype, "copy": copied, "fill": fill,
    "sum": total, "prod": _reduction("multiply"), "max": _reduction("maximum"),
    "min": _reduction("minimum"), "any": _reduction("logical_or"),
    "all": _reduction("logical_and"), "mean": reduce.mean, "argmax": _extreme("maximum"),
    "argmin": _extreme("minimum"), "argsort": sorting.argsort,
    "var": lambda self, axis=None, ddof=0, keepdims=False: reduce.variance(
        self, axis, keepdims, ddof
    ),
    "nonzero": indexing.nonzero, "take": functions.take, "repeat": functions.repeat,
    "__getitem__": indexing.get_item, "__setitem__": indexing.set_item, "__iter__": iterate,
    "__matmul__": matmul, "__neg__": _unary("Neg"), "__abs__": _unary("Abs"),
    "__invert__": _unary("BitwiseNot"), "__pos__": lambda self: self, "__hash__": None,
}  # fmt: skip

for _name, _op in OPERATORS.items():
    METHODS[f"__{_name}__"] = _operator(_op)
    METHODS[f"__r{_name}__"] = _operator(_op, reflected=True)
    METHODS[f"__i{_name}__"] = _operator(_op, in_place=True)
for _name, _op in COMPARISONS.items():
    METHODS[f"__{_name}__"] = _operator(_op)
for _name, _method in METHODS.items():
    setattr(CudaArray, _name, _method)
