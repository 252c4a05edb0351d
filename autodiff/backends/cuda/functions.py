"""NumPy's functions on arrays of a GPU, for ``__array_function__``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autodiff.backends.cuda import elementwise, indexing, layout, reduce, sorting
from autodiff.backends.cuda.array import CudaArray, check_together, xp
from autodiff.backends.cuda.counting import COUNTING
from autodiff.backends.cuda.linalg import LINALG
from autodiff.op import OPS

__all__ = ["FUNCTIONS", "repeat", "take"]

FUNCTIONS: dict[Any, Callable[..., Any]] = {}
"""What runs here, by NumPy's function."""


def numpys(*functions: Any) -> Any:
    """Mark the implementation of NumPy's functions."""

    def mark(implementation: Any) -> Any:
        for function in functions:
            FUNCTIONS[function] = implementation
        return implementation

    return mark


FUNCTIONS[np.moveaxis] = np.moveaxis._implementation  # type: ignore[attr-defined]
FUNCTIONS.update(LINALG | COUNTING)

# -- making arrays --------------------------------------------------------------------------------


@numpys(np.empty_like)
def empty_like(x: CudaArray, dtype: Any = None, shape: Any = None, **_: Any) -> CudaArray:
    return x.like(x.shape if shape is None else shape, dtype)


@numpys(np.full_like)
def full_like(
    x: CudaArray, value: Any, dtype: Any = None, shape: Any = None, **_: Any
) -> CudaArray:
    out = empty_like(x, dtype, shape)
    elementwise.copy_into(out, value)
    return out


@numpys(np.zeros_like)
def zeros_like(x: CudaArray, dtype: Any = None, shape: Any = None, **_: Any) -> CudaArray:
    return full_like(x, 0, dtype, shape)


@numpys(np.ones_like)
def ones_like(x: CudaArray, dtype: Any = None, shape: Any = None, **_: Any) -> CudaArray:
    return full_like(x, 1, dtype, shape)


@numpys(np.copyto)
def copyto(out: CudaArray, x: Any) -> None:
    elementwise.copy_into(out, x)


# -- describing -----------------------------------------------------------------------------------

FUNCTIONS[np.shape] = lambda x: x.shape
FUNCTIONS[np.ndim] = lambda x: x.ndim
FUNCTIONS[np.size] = lambda x, axis=None: x.size if axis is None else x.shape[axis]


@numpys(np.result_type)
def result_type(*values: Any) -> np.dtype:
    return np.result_type(*(x.dtype if isinstance(x, CudaArray) else x for x in values))


@numpys(np.may_share_memory, np.shares_memory)
def shares_memory(x: CudaArray, y: CudaArray, **_: Any) -> bool:
    return isinstance(x, CudaArray) and isinstance(y, CudaArray) and x.block is y.block


@numpys(np.array_equal)
def array_equal(x: CudaArray, y: CudaArray) -> bool:
    return x.shape == y.shape and bool(xp.all(x == y))


# -- choosing -------------------------------------------------------------------------------------

WHERE: Any = OPS["Where"]


@numpys(np.where)
def where(condition: Any, x: Any = None, y: Any = None) -> Any:
    if x is None:
        return indexing.nonzero(condition)
    return elementwise.apply(WHERE, condition, x, y)


@numpys(np.clip)
def clip(x: CudaArray, low: Any = None, high: Any = None, out: Any = None) -> CudaArray:
    if low is not None:
        x = xp.maximum(x, low)
    return x if high is None else xp.minimum(x, high, out=out)


@numpys(np.nan_to_num)
def nan_to_num(
    x: CudaArray, copy: bool = True, nan: float = 0.0, posinf: Any = None, neginf: Any = None
) -> CudaArray:
    return elementwise.apply(OPS["NanToNum"], x, nan=nan, posinf=posinf, neginf=neginf)  # type: ignore[arg-type]


@numpys(np.round)
def round_(x: CudaArray, decimals: int = 0) -> CudaArray:
    return elementwise.apply(OPS["Round"], x, decimals=decimals)  # type: ignore[arg-type]


# -- reducing -------------------------------------------------------------------------------------


def _reduction(kind: str) -> Callable[..., CudaArray]:
    def implementation(
        x: CudaArray, axis: Any = None, dtype: Any = None, out: Any = None, keepdims: Any = False
    ) -> CudaArray:
        x = x if dtype is None else x.astype(dtype, copy=False)
        return reduce.reduce(x, kind, axis, keepdims is True)

    return implementation


for _numpy, _kind in {
    np.sum: "add", np.prod: "multiply", np.max: "maximum", np.min: "minimum", np.amax: "maximum",
    np.amin: "minimum", np.any: "logical_or", np.all: "logical_and",
}.items():  # fmt: skip
    FUNCTIONS[_numpy] = _reduction(_kind)

FUNCTIONS[np.mean] = lambda x, axis=None, keepdims=False: reduce.mean(x, axis, keepdims)


@numpys(np.var)
def var(x: CudaArray, axis: Any = None, *_: Any, ddof: float = 0, keepdims: bool = False) -> Any:
    return reduce.variance(x, axis, keepdims, ddof)


@numpys(np.argmax)
def argmax(x: CudaArray, axis: Any = None, out: Any = None, *, keepdims: bool = False) -> Any:
    return reduce.arg_extreme(x, "maximum", axis, keepdims)


@numpys(np.argmin)
def argmin(x: CudaArray, axis: Any = None, out: Any = None, *, keepdims: bool = False) -> Any:
    return reduce.arg_extreme(x, "minimum", axis, keepdims)


@numpys(np.count_nonzero)
def count_nonzero(x: CudaArray, axis: Any = None, *, keepdims: bool = False) -> CudaArray:
    return reduce.reduce(x != 0, "add", axis, keepdims)


@numpys(np.nansum)
def nansum(x: CudaArray, axis: Any = None, *_: Any, keepdims: bool = False) -> CudaArray:
    return reduce.reduce(where(x == x, x, 0), "add", axis, keepdims)


@numpys(np.linalg.norm)
def norm(x: CudaArray, ord: Any = None, axis: Any = None, keepdims: bool = False) -> CudaArray:
    """The norm of vectors; matrices have more of them, which are not here."""
    size = abs(x)
    if ord is None or ord == 2:
        return xp.sqrt(reduce.reduce(size * size, "add", axis, keepdims))
    if abs(ord) == np.inf:
        return reduce.reduce(size, "maximum" if ord > 0 else "minimum", axis, keepdims)
    if ord == 0:
        return count_nonzero(x, axis, keepdims=keepdims).astype(x.dtype)
    return reduce.reduce(size**ord, "add", axis, keepdims) ** (1 / ord)


# -- shapes ---------------------------------------------------------------------------------------

FUNCTIONS[np.reshape] = lambda x, shape, **_: x.reshape(shape)
FUNCTIONS[np.transpose] = lambda x, axes=None: x.transpose(*([] if axes is None else [axes]))
FUNCTIONS[np.swapaxes] = lambda x, a, b: x.swapaxes(a, b)
FUNCTIONS[np.squeeze] = lambda x, axis=None: x.squeeze(axis)
FUNCTIONS[np.ravel] = lambda x, order="C": x.ravel()
FUNCTIONS[np.copy] = lambda x, **_: x.copy()
FUNCTIONS[np.atleast_1d] = lambda x: x if x.ndim else x.reshape(1)


@numpys(np.broadcast_to)
def broadcast_to(x: CudaArray, shape: Any, subok: bool = False) -> CudaArray:
    shape = tuple(shape)
    if layout.broadcast_shapes(x.shape, shape) != shape:
        raise ValueError(f"cannot broadcast {x.shape} to {shape}")
    return x.seen(shape, layout.broadcast_strides(x.shape, x.steps, shape))


@numpys(np.expand_dims)
def expand_dims(x: CudaArray, axis: Any) -> CudaArray:
    axes = (axis,) if isinstance(axis, int) else tuple(axis)
    ndim = x.ndim + len(axes)
    added = [a % ndim for a in axes]
    return x[tuple(None if d in added else slice(None) for d in range(ndim))]


@numpys(np.diagonal)
def diagonal(x: CudaArray, offset: int = 0, axis1: int = 0, axis2: int = 1) -> CudaArray:
    a, b = axis1 % x.ndim, axis2 % x.ndim
    rows, columns = x.shape[a] - max(-offset, 0), x.shape[b] - max(offset, 0)
    n = max(min(rows, columns), 0)
    rest = [d for d in range(x.ndim) if d not in (a, b)]
    skip = max(-offset, 0) * x.steps[a] + max(offset, 0) * x.steps[b] if n else 0
    shape = (*[x.shape[d] for d in rest], n)
    return x.seen(shape, (*[x.steps[d] for d in rest], x.steps[a] + x.steps[b]), skip)


@numpys(np.flip)
def flip(x: CudaArray, axis: Any = None) -> CudaArray:
    axes = range(x.ndim) if axis is None else (axis,) if isinstance(axis, int) else axis
    for a in axes:
        x = x[(slice(None),) * (a % x.ndim) + (np.arange(x.shape[a])[::-1],)]
    return x


@numpys(np.roll)
def roll(x: CudaArray, shift: Any, axis: Any = None) -> CudaArray:
    if axis is None:
        return roll(x.ravel(), shift, 0).reshape(x.shape)
    shifts, axes = np.broadcast_arrays(shift, axis)
    for s, a in zip(shifts.ravel().tolist(), axes.ravel().tolist(), strict=True):
        cut = x.shape[a] - s % max(x.shape[a], 1)
        before = (slice(None),) * (a % x.ndim)
        x = concatenate([x[(*before, slice(cut, None))], x[(*before, slice(cut))]], a)
    return x


@numpys(np.rot90)
def rot90(x: CudaArray, k: int = 1, axes: Any = (0, 1)) -> CudaArray:
    a, b = axes
    if k % 4 == 2:
        return flip(x, (a, b))
    return flip(x, b).swapaxes(a, b) if k % 4 == 1 else flip(x.swapaxes(a, b), b) if k % 4 else x


@numpys(np.trace)
def trace(x: CudaArray) -> CudaArray:
    return reduce.reduce(diagonal(x), "add", -1)


@numpys(np.concatenate)
def concatenate(arrays: Any, axis: int | None = 0, **_: Any) -> CudaArray:
    if axis is None:
        arrays, axis = [x.ravel() for x in arrays], 0
    first = next(x for x in arrays if isinstance(x, CudaArray))
    check_together(first, *arrays)
    axis %= first.ndim
    shape = list(first.shape)
    shape[axis] = sum(x.shape[axis] for x in arrays)
    out = first.like(shape, result_type(*arrays))
    start = 0
    for x in arrays:
        end = start + x.shape[axis]
        out[(slice(None),) * axis + (slice(start, end),)] = x
        start = end
    return out


@numpys(np.stack)
def stack(arrays: Any, axis: int = 0, **_: Any) -> CudaArray:
    axis %= arrays[0].ndim + 1
    return concatenate([expand_dims(x, axis) for x in arrays], axis)


@numpys(np.tile)
def tile(x: CudaArray, reps: Any) -> CudaArray:
    reps = (reps,) if isinstance(reps, int) else tuple(reps)
    reps = (1,) * (x.ndim - len(reps)) + reps
    shape = (1,) * (len(reps) - x.ndim) + x.shape
    pairs = [m for r, n in zip(reps, shape, strict=True) for m in (r, n)]
    single = [m for n in shape for m in (1, n)]
    whole = [r * n for r, n in zip(reps, shape, strict=True)]
    return broadcast_to(x.reshape(single), pairs).reshape(whole)


@numpys(np.repeat)
def repeat(x: CudaArray, repeats: Any, axis: int | None = None) -> CudaArray:
    if axis is None:
        x, axis = x.ravel(), 0
    if isinstance(repeats, CudaArray):
        repeats = repeats.to_cpu()
    return take(x, np.repeat(np.arange(x.shape[axis]), repeats), axis)


@numpys(np.take)
def take(x: CudaArray, index: Any, axis: int | None = None, **_: Any) -> CudaArray:
    if axis is None:
        return x.ravel()[index]
    return x[(slice(None),) * (axis % x.ndim) + (index,)]


def _triangle(lower: bool) -> Callable[..., CudaArray]:
    def implementation(x: CudaArray, k: int = 0) -> CudaArray:
        mask = np.tri(x.shape[-2], x.shape[-1], k if lower else k - 1, dtype=bool)
        kept = x.sent(mask if lower else ~mask)
        return where(kept, x, x.dtype.type(0))

    return implementation


FUNCTIONS[np.tril], FUNCTIONS[np.triu] = _triangle(True), _triangle(False)

# -- positions and order --------------------------------------------------------------------------


@numpys(np.take_along_axis)
def take_along_axis(x: CudaArray, index: Any, axis: int | None = -1) -> CudaArray:
    if axis is None:
        return take_along_axis(x.ravel(), index, 0)
    index = index if isinstance(index, CudaArray) else x.sent(index)
    axis %= x.ndim
    shape = [
        n if d == axis else m for d, (n, m) in enumerate(zip(index.shape, x.shape, strict=True))
    ]
    return indexing.take_along(x, broadcast_to(index, shape), axis)


FUNCTIONS[np.nonzero] = indexing.nonzero
FUNCTIONS[np.flatnonzero] = lambda x: indexing.nonzero(x.ravel())[0]
FUNCTIONS[np.argwhere] = lambda x: stack(indexing.nonzero(x), 1)
FUNCTIONS[np.argsort] = sorting.argsort
FUNCTIONS[np.sort] = sorting.sort
FUNCTIONS[np.dot] = lambda x, y: x @ y


def _scan(kind: str) -> Callable[..., CudaArray]:
    def implementation(x: CudaArray, axis: Any = None, dtype: Any = None, **_: Any) -> CudaArray:
        if axis is None:
            x, axis = x.ravel(), 0
        return sorting.accumulate(x, kind, axis, dtype)

    return implementation


FUNCTIONS[np.cumsum], FUNCTIONS[np.cumprod] = _scan("add"), _scan("multiply")


@numpys(np.unravel_index)
def unravel_index(flat: CudaArray, shape: Any) -> tuple[CudaArray, ...]:
    places = []
    for n in reversed(shape):
        places.append(flat % n)
        flat = flat // n
    return tuple(reversed(places))


@numpys(np.outer)
def outer(x: CudaArray, y: CudaArray) -> CudaArray:
    return x.reshape(-1, 1) * y.reshape(1, -1)
