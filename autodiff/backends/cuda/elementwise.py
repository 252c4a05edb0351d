"""One kernel for each elementwise op and each combination of dtypes, made from one template."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from autodiff import errors
from autodiff.backends.cuda import layout
from autodiff.backends.cuda.array import CudaArray, check_together
from autodiff.backends.cuda.kernel import THREAD, Kernel, c_type
from autodiff.backends.cuda.scalars import UntranslatableError, device_functions, device_name
from autodiff.op import OPS, Elementwise

__all__ = ["apply", "copy_into", "offsets", "plan", "prepare"]

MOST_ELEMENTS = (1 << 31) - 1
"""Positions are 32-bit numbers in kernels: twice as fast, and 2**31 elements are 8 GiB."""


@dataclass(frozen=True)
class Prepared:
    """How to compute an op for operands of certain layouts: worked out once, then launched."""

    kernel: Kernel | None
    """None where there are no elements."""
    shape: tuple[int, ...]
    dtype: np.dtype
    size: int
    numbers: tuple[np.uint32, ...]
    """The last arguments of the kernel."""


def apply(
    op: type[Elementwise], *operands: Any, out: CudaArray | None = None, **settings: Any
) -> CudaArray:
    """Apply an elementwise op to arrays of one device and numbers, broadcast to each other.

    Args:
        out: an array to write the result into, cast to its dtype.
    """
    return _applied(op, operands, out, tuple(settings.items()))


def copy_into(out: CudaArray, x: Any) -> None:
    """Write ``x``, an array of the device or a number, into ``out``; broadcasts and casts."""
    if isinstance(x, CudaArray):
        x = CudaArray.of(x, out.gpu.index)
        if layout.broadcast_shapes(x.shape, out.shape) != out.shape:
            raise ValueError(f"could not broadcast from shape {x.shape} into {out.shape}")
    _applied(None, (x,), out, ())


def _applied(op: Any, operands: Any, out: CudaArray | None, settings: tuple[Any, ...]) -> CudaArray:
    first: Any = next((x for x in operands if isinstance(x, CudaArray)), out)
    described = []
    for x in operands:
        if isinstance(x, CudaArray):
            described.append((x.dtype, x.shape, x.steps))
            if x.gpu is not first.gpu:
                check_together(first, x)
        else:
            described.append(_kind(x, first))
    target = None if out is None else (out.dtype, out.shape, out.steps)
    prepared = prepare(op, tuple(described), target, *settings)
    if out is None:
        out = CudaArray.empty(prepared.shape, prepared.dtype, first.gpu)
    if prepared.kernel is not None:
        first.gpu.launch(
            prepared.kernel, prepared.size, out, *operands, prepared.size, *prepared.numbers
        )
    return out


@lru_cache(maxsize=1 << 14)
def prepare(op: Any, operands: tuple[Any, ...], out: Any, *settings: Any) -> Prepared:
    """What `Prepared` says, for an op (or None, to copy) and descriptions of operands and result.

    An array is described by its dtype, its shape and its strides; a number by its type.
    """
    arrays = [x for x in operands if isinstance(x, tuple)]
    kinds = tuple([x[0] if isinstance(x, tuple) else x for x in operands])
    if op is None:
        compute = dtype = out[0]
    else:
        compute, dtype = plan(op, kinds, *settings)
    shape = np.broadcast_shapes(*[shape for _, shape, _ in arrays])
    if out is None:
        out = (dtype, shape, layout.contiguous(shape))
    elif np.broadcast_shapes(shape, out[1]) != out[1]:
        raise ValueError(f"non-broadcastable output operand {out[1]} for {shape}")
    dtype, shape, steps = out
    n = math.prod(shape)
    if n > MOST_ELEMENTS:
        raise errors.devices.too_large(shape)
    if n == 0:
        return Prepared(None, shape, dtype, 0, ())
    dtypes = tuple([x[0] if isinstance(x, tuple) else None for x in operands])
    in_order = layout.is_contiguous(shape, steps) and all(
        s == shape and layout.is_contiguous(s, t) for _, s, t in arrays
    )
    if in_order:
        return Prepared(kernel(op, dtypes, compute, settings, dtype, 0), shape, dtype, n, ())
    shown = (steps, *[layout.broadcast_strides(s, t, shape) for _, s, t in arrays])
    sizes, strides = layout.collapse(shape, shown)
    sizes, strides = sizes or (1,), tuple([s or (0,) for s in strides])
    numbers = [*sizes[1:], *[step for s in strides for step in s]]
    made = kernel(op, dtypes, compute, settings, dtype, len(sizes))
    return Prepared(made, shape, dtype, n, tuple(map(np.uint32, numbers)))


# -- dtypes ---------------------------------------------------------------------------------------


def _kind(x: Any, beside: CudaArray) -> Any:
    """What decides the dtype: that of an array or a NumPy number, the type of Python's."""
    if isinstance(x, (np.generic, np.ndarray)):
        if x.ndim:
            raise errors.devices.different_devices(beside.device, "cpu")
        return x.dtype
    return type(x)


@lru_cache(maxsize=4096)
def plan(op: type[Elementwise], kinds: tuple[Any, ...], *settings: Any) -> tuple[Any, np.dtype]:
    """The dtype to compute in, and that of the result: what the CPU makes of empty arrays.

    >>> plan(OPS["Lt"], (np.dtype("float32"), float))
    (dtype('float32'), dtype('bool'))
    """
    examples = [np.ones(0, k) if isinstance(k, np.dtype) else k(1) for k in kinds]
    with np.errstate(all="ignore"):
        result = np.asarray(op.on_arrays(*examples, **dict(settings))).dtype
    values = examples[1:] if op is OPS["Where"] else examples
    common = np.result_type(*values)
    if result.kind == "f" and common.kind != "f":
        common = result
    if result.kind == "b" and common.kind in "iu" and _has_fractions(op, settings):
        common = np.dtype(np.float64)
    return common, result


def _has_fractions(op: type[Elementwise], settings: Any) -> bool:
    """Whether a setting is a float, as the tolerance of a comparison is."""
    return any(isinstance(value, float) for value in (op.defaults | dict(settings)).values())


# -- the template ---------------------------------------------------------------------------------


@lru_cache(maxsize=4096)
def kernel(
    op: type[Elementwise] | None,
    dtypes: tuple[np.dtype | None, ...],
    compute: np.dtype,
    settings: tuple[Any, ...],
    out: np.dtype,
    ndim: int,
) -> Kernel:
    """The kernel of an op; without an op the one that copies.

    Args:
        dtypes: of each operand; None for a number, which is given by value.
        compute: the dtype to compute in.
        ndim: how many dimensions of strides there are; 0 where everything is contiguous.

    >>> print(kernel(OPS["Exp"], (np.dtype("f4"),), np.dtype("f4"), (), np.dtype("f4"), 0).text)
    @device
    def exp_f32(x):
        return exp(x)
    <BLANKLINE>
    def kernel(out, x, n):
        i = uint32(uint32(cuda.blockIdx.x) * uint32(cuda.blockDim.x) + uint32(cuda.threadIdx.x))
        step = uint32(uint32(cuda.gridDim.x) * uint32(cuda.blockDim.x))
        while i < n:
            out[i] = float32(exp_f32(float32(x[i])))
            i = uint32(i + step)
    <BLANKLINE>
    """
    real = "float32" if compute == np.float16 else compute.name
    if op is None:
        names, function, text = ["x"], "", ""
    else:
        names, function = list(op.arguments), device_name(op.function_name, real)
        try:
            text = device_functions(op.forward, function, real, dict(settings))  # type: ignore[attr-defined]
        except UntranslatableError as error:
            raise errors.devices.op_not_on_device(op.__name__, str(error)) from None
    places = ["out", *(x for x, d in zip(names, dtypes, strict=True) if d is not None)]
    at = {x: f"{x}_at" for x in places} if ndim else dict.fromkeys(places, "i")
    loads = [
        _load(x, d, at.get(x), "bool" if op is OPS["Where"] and x == "condition" else real)
        for x, d in zip(names, dtypes, strict=True)
    ]
    sizes = [f"n{d}" for d in range(1, ndim)]
    strides = [f"{x}_s{d}" for x in places for d in range(ndim)]
    value = _store(f"{function}({', '.join(loads)})" if op else loads[0], out)
    lines = [
        f"def kernel({', '.join(['out', *names, 'n', *sizes, *strides])}):",
        THREAD + "    while i < n:",
        *(f"        {line}" for line in (offsets(places, ndim) if ndim else [])),
        f"        out[{at['out']}] = {value}",
        "        i = uint32(i + step)\n",
    ]
    by_value = "uint8" if compute.kind == "b" else real
    signature = [f"{c_type(out)}*"]
    signature += [f"{c_type(d)}*" if d is not None else by_value for d in dtypes]
    signature += ["uint32"] * (1 + len(sizes) + len(strides))
    return Kernel("\n".join([*([text] if text else []), *lines]), tuple(signature))


def offsets(places: list[str], ndim: int, index: str = "i", sizes: str = "n") -> list[str]:
    """Lines that turn a linear index into the offset of each array: ``x_at`` from ``x_s0``, ...

    >>> print("\\n".join(offsets(["x"], 2)))
    i_rest = uint32(i // n1)
    i_c1 = uint32(i - uint32(i_rest * n1))
    x_at = uint32(uint32(i_rest * x_s0) + uint32(i_c1 * x_s1))
    """
    lines, rest = [], index
    coordinates = []
    for d in range(ndim - 1, 0, -1):
        left = f"{index}_rest" + "_" * (ndim - 1 - d)
        lines.append(f"{left} = uint32({rest} // {sizes}{d})")
        lines.append(f"{index}_c{d} = uint32({rest} - uint32({left} * {sizes}{d}))")
        coordinates.append(f"{index}_c{d}")
        rest = left
    coordinates = [rest, *reversed(coordinates)]
    for x in places:
        total = ""
        for d, c in enumerate(coordinates):
            part = f"uint32({c} * {x}_s{d})"
            total = part if not total else f"uint32({total} + {part})"
        lines.append(f"{x}_at = {total}")
    return lines


def _load(x: str, dtype: np.dtype | None, at: str | None, real: str) -> str:
    value = x if dtype is None else f"{x}[{at}]"
    return f"{value} != 0" if real == "bool" else f"{real}({value})"


def _store(value: str, dtype: np.dtype) -> str:
    if dtype.kind == "b":
        return f"uint8(1) if {value} else uint8(0)"
    return f"{dtype.name}({value})"
