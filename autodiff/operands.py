"""The operands of an elementwise op: brought to one dtype, and why they do not fit together."""

from __future__ import annotations

from typing import Any

import numpy as np

from autodiff import dtypes, errors
from autodiff.arrays import ARRAYS
from autodiff.op import OPS, Elementwise, Op
from autodiff.ops import choice

__all__ = ["explain", "likeness", "promoted"]


def promoted(op: Any, values: list[Any]) -> list[Any]:
    """The operands in the dtype that PyTorch computes in."""
    operands = values[1:] if op is choice.Where else values
    wanted = dtypes.result_dtype(operands)
    if op.floating and wanted.kind != "f":
        wanted = dtypes.get_default_dtype().numpy
    op.refuse(values, wanted)
    if wanted.kind in op.not_for:
        raise errors.numbers.not_for_dtype(op.function_name, dtypes.from_numpy(wanted))
    cast = [
        v.astype(wanted, copy=False) if isinstance(v, ARRAYS) else _cast_number(v, wanted)
        for v in operands
    ]
    return [values[0], *cast] if op is choice.Where else cast


def _cast_number(x: Any, dtype: np.dtype) -> Any:
    try:
        return dtype.type(x)
    except OverflowError:  # -1 in uint8 is 255
        return np.asarray(x).astype(dtype)[()]


def likeness(value: Any) -> tuple[Any, Any]:
    """Shape and dtype of an input, for giving its gradient the same."""
    return (value.shape, value.dtype) if isinstance(value, ARRAYS) else ((), None)


def explain(op: type[Op], values: list[Any], error: Exception) -> None:
    """Explain a failed elementwise op: shapes that do not fit, or elements it is not for."""
    if not issubclass(op, Elementwise):
        return
    arrays = [v for v in values if isinstance(v, ARRAYS)]
    shapes = [v.shape for v in arrays]
    for i in range(1, len(shapes)):
        try:
            np.broadcast_shapes(*shapes[: i + 1])
        except ValueError:
            raise errors.shapes.broadcast_shapes(shapes[i - 1], shapes[i]) from None
    if isinstance(error, TypeError):
        raise errors.numbers.not_for_dtype(
            op.function_name, dtypes.from_numpy(dtypes.result_dtype(values))
        ) from None
    if op is OPS["Pow"]:
        raise errors.numbers.negative_integer_power() from None
