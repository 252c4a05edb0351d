"""Reading and writing elements by keys: slices are views, arrays of positions pick and scatter."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Any

import numpy as np

from autodiff.backends.cuda import elementwise, layout
from autodiff.backends.cuda.array import CudaArray, xp
from autodiff.backends.cuda.elementwise import offsets
from autodiff.backends.cuda.kernel import THREAD, Kernel, c_type, computed_in
from autodiff.backends.cuda.sorting import sorted_with_places

__all__ = ["combine_at", "get_item", "nonzero", "set_item", "take_along", "scatter_along"]


# -- keys -----------------------------------------------------------------------------------------


def get_item(x: CudaArray, key: Any) -> CudaArray:
    view, picks = _split(x, key)
    if not picks:
        return view
    source, positions, shape, order = _picked(view, picks)
    out = x.like((positions.size, *source.shape[len(picks) :]))
    _move("gather", source, positions, out, len(picks))
    return out.reshape(shape).transpose(order) if order else out.reshape(shape)


def set_item(x: CudaArray, key: Any, value: Any) -> None:
    view, picks = _split(x, key)
    if not isinstance(value, CudaArray) and np.ndim(value):
        value = x.sent(np.asarray(value, x.dtype))
    if not picks:
        elementwise.copy_into(view, value)
        return
    source, positions, shape, order = _picked(view, picks)
    values = _values(x, value, shape, order)
    rest = source.shape[len(picks) :]
    _move("scatter", source, positions, values.reshape(positions.size, *rest), len(picks))


def combine_at(kind: str, x: CudaArray, key: Any, value: Any) -> None:
    """``x[key] += value`` (or ``*=``), where what is picked several times gets every value.

    Positions are sorted, and one thread combines what belongs to one element, in order: so the
    result is the same each time, without atomic operations.
    """
    view, picks = _split(x, key)
    if not picks:
        elementwise.copy_into(view, getattr(np, kind)(view, value))
        return
    source, positions, shape, order = _picked(view, picks)
    rest = source.shape[len(picks) :]
    values = _values(x, value, shape, order).reshape(positions.size, *rest)
    ordered, places = sorted_with_places(positions.reshape(1, -1))
    _move(kind, source, ordered.ravel(), values, len(picks), places.ravel())


def _values(x: CudaArray, value: Any, shape: Any, order: Any) -> CudaArray:
    """What is written, with the dimensions that the positions range over in front."""
    outer = tuple(shape[a] for a in order) if order else shape
    if not isinstance(value, CudaArray):
        value = xp.full_like(x, value, shape=())
    shown = value.seen(outer, layout.broadcast_strides(value.shape, value.steps, outer))
    return (shown.transpose(np.argsort(order).tolist()) if order else shown) + x.dtype.type(0)


def _split(x: CudaArray, key: Any) -> tuple[CudaArray, dict[int, CudaArray]]:
    """A key as a view of ``x``, and what remains: arrays that pick along dimensions of the view."""
    parts = list(key) if isinstance(key, tuple) else [key]
    parts = [x.sent(np.asarray(p)) if isinstance(p, (list, np.ndarray)) else p for p in parts]
    taken = sum(_dims_of(p) for p in parts)
    if taken > x.ndim:
        raise IndexError(f"too many indices: {taken} for an array of {x.ndim} dimensions")
    dots = [i for i, p in enumerate(parts) if p is ...]
    if not dots:
        dots, parts = [len(parts)], [*parts, ...]
    parts[dots[0] : dots[0] + 1] = [slice(None)] * (x.ndim - taken)
    shape: list[int] = []
    steps: list[int] = []
    picks: dict[int, CudaArray] = {}
    skip = d = 0
    for part in parts:
        if part is None:
            shape.append(1)
            steps.append(0)
            continue
        if isinstance(part, CudaArray) and part.dtype.kind == "b":
            if part.shape != x.shape[d : d + part.ndim]:
                raise IndexError(
                    f"boolean index of shape {part.shape} does not fit shape {x.shape}"
                )
            for positions in nonzero(part):
                picks[len(shape)] = positions
                shape.append(x.shape[d])
                steps.append(x.steps[d])
                d += 1
            continue
        n, step = x.shape[d], x.steps[d]
        d += 1
        if isinstance(part, slice):
            start, stop, stride = part.indices(n)
            if stride < 0:
                picks[len(shape)] = x.sent(np.arange(n)[part])
                shape.append(n)
                steps.append(step)
                continue
            shape.append(len(range(start, stop, stride)))
            steps.append(step * stride)
            skip += start * step
        elif isinstance(part, CudaArray):
            picks[len(shape)] = part
            shape.append(n)
            steps.append(step)
        else:
            i = int(part)
            if not -n <= i < n:
                raise IndexError(f"index {i} is out of bounds for axis {d - 1} with size {n}")
            skip += i % n * step
    return x.seen(tuple(shape), tuple(steps), skip if math.prod(shape) else 0), picks


def _dims_of(part: Any) -> int:
    if part is None or part is ...:
        return 0
    return part.ndim if isinstance(part, CudaArray) and part.dtype.kind == "b" else 1


def _picked(
    view: CudaArray, picks: dict[int, CudaArray]
) -> tuple[CudaArray, CudaArray, tuple[int, ...], list[int] | None]:
    """The view with the picked dimensions first, and the offsets of the picks in it.

    Also the shape of the result with the dimensions of the positions in front, and the order that
    puts them where NumPy puts them: in the place of neighbouring picked dimensions, else in front.
    """
    dims = list(picks)
    shape = np.broadcast_shapes(*(p.shape for p in picks.values()))
    rest = [d for d in range(view.ndim) if d not in picks]
    source = view.transpose((*dims, *rest))
    positions = None
    for d, index in picks.items():
        part = _offsets_of(index, view.shape[d], view.steps[d])
        positions = part if positions is None else positions + part
    assert positions is not None
    shown = layout.broadcast_strides(positions.shape, positions.steps, shape)
    positions = positions.seen(shape, shown).reshape(-1)
    before = dims[0] if dims == list(range(dims[0], dims[0] + len(dims))) else 0
    k = len(shape)
    order = [*range(k, k + before), *range(k), *range(k + before, k + len(rest))]
    outer = (*shape, *(view.shape[d] for d in rest))
    return source, positions, outer, order if before and k else None


def _offsets_of(index: CudaArray, size: int, step: int) -> CudaArray:
    """How far into memory each position leads; one out of range raises the device's flag."""
    out = index.like(index.shape, np.int64)
    if out.size:
        index.gpu.faults_possible = True
        packed = index if index.is_contiguous else index.copy()
        index.gpu.launch(_offsets_kernel(index.dtype), out.size, out, packed, Flag(index.gpu),
                         out.size, size, step)  # fmt: skip
    return out


class Flag:
    """The device's flag as an argument of a kernel."""

    def __init__(self, gpu: Any) -> None:
        self.block, self.offset = gpu.fault, 0


@lru_cache(maxsize=64)
def _offsets_kernel(dtype: np.dtype) -> Kernel:
    text = f"""\
def kernel(out, index, fault, n, size, stride):
{THREAD}    while i < n:
        place = int64(index[i])
        if place < 0:
            place += size
        if place < 0 or place >= size:
            fault[0] = 1
            place = int64(0)
        out[i] = place * stride
        i = uint32(i + step)
"""
    return Kernel(text, ("int64*", f"{c_type(dtype)}*", "int32*", "uint32", "int64", "int64"))


# -- moving elements ------------------------------------------------------------------------------

MOVES = {"gather": "y[y_at] = {y}(x[place])", "scatter": "x[place] = {x}(y[y_at])"}
COMBINED = {"add": "+", "multiply": "*"}


def _move(
    kind: str,
    x: CudaArray,
    positions: CudaArray,
    y: CudaArray,
    picked: int,
    places: CudaArray | None = None,
) -> None:
    """Move slices between ``x`` and ``y``: slice i of ``y`` and that of ``x`` at positions[i].

    ``picked`` dimensions of ``x`` are those that the positions lead into; the others, and those of
    ``y`` after its first, range over a slice.
    """
    if not y.size:
        return
    rest = x.shape[picked:]
    sizes, (x_steps, y_steps) = layout.collapse(rest, (x.steps[picked:], y.steps[1:]))
    sizes, x_steps, y_steps = sizes or (1,), x_steps or (0,), y_steps or (0,)
    made = _move_kernel(kind, x.dtype, y.dtype, len(sizes))
    extra = [places] if places is not None else []
    x.gpu.launch(made, y.size, x, y, positions, *extra, positions.size, y.steps[0],
                 math.prod(rest), *sizes[1:], *x_steps, *y_steps)  # fmt: skip


@lru_cache(maxsize=512)
def _move_kernel(kind: str, x: np.dtype, y: np.dtype, ndim: int) -> Kernel:
    sizes = [f"n{d}" for d in range(1, ndim)]
    strides = [f"{a}_s{d}" for a in ("x", "y") for d in range(ndim)]
    extra = ["places"] if kind in COMBINED else []
    names = ["x", "y", "positions", *extra, "count", "y_step", "length", *sizes, *strides]
    lines = [
        f"def kernel({', '.join(names)}):",
        THREAD + "    while i < uint32(count * length):",
        "        pick = uint32(i // length)",
        "        j = uint32(i - uint32(pick * length))",
        *(f"        {line}" for line in offsets(["x", "y"], ndim, index="j")),
        "        place = positions[pick] + x_at",
    ]
    if kind in MOVES:
        lines.append("        y_at = uint32(y_at + uint32(pick * y_step))")
        lines.append(f"        {MOVES[kind].format(x=c_type(x), y=c_type(y))}")
    else:
        real = computed_in(x)
        lines += [
            "        if pick == 0 or positions[uint32(pick - 1)] != positions[pick]:",
            f"            total = {real}(x[place])",
            "            k = pick",
            "            while k < count and positions[k] == positions[pick]:",
            "                at = uint32(y_at + uint32(places[k] * y_step))",
            f"                total {COMBINED[kind]}= {real}(y[at])",
            "                k = uint32(k + 1)",
            f"            x[place] = {c_type(x)}(total)",
        ]
    lines.append("        i = uint32(i + step)\n")
    pointers = [f"{c_type(x)}*", f"{c_type(y)}*", "int64*", *["int64*" for _ in extra]]
    numbers = ["uint32"] * (3 + len(sizes) + len(strides))
    return Kernel("\n".join(lines), (*pointers, *numbers))


# -- along one dimension --------------------------------------------------------------------------


def take_along(x: CudaArray, index: CudaArray, axis: int) -> CudaArray:
    """``out[..., i, ...] = x[..., index[..., i, ...], ...]``, in the shape of the index."""
    grid: list[Any] = [
        x.sent(np.arange(n)).reshape([n if e == d else 1 for e in range(x.ndim)])
        for d, n in enumerate(index.shape)
    ]
    grid[axis] = index
    return get_item(x, tuple(grid))


def scatter_along(x: CudaArray, index: CudaArray, axis: int, size: int) -> CudaArray:
    """Zeros with ``x`` added in along an axis: each result looks for what belongs to it.

    It takes time in proportion to ``size`` times the length of the index along the axis.
    """
    moved, where = xp.moveaxis(x, axis, -1), xp.moveaxis(index, axis, -1)
    m = where.shape[-1]
    rows = math.prod(where.shape[:-1])
    moved, where = moved.reshape(rows, m).copy(), where.reshape(rows, m).copy()
    out = x.like((moved.shape[0], size))
    if out.size:
        x.gpu.launch(_scatter_kernel(x.dtype), out.size, out, moved, where, out.size, size, m)
    shape = (*index.shape[:axis], *index.shape[axis + 1 :], size)
    return xp.moveaxis(out.reshape(shape), -1, axis)


@lru_cache(maxsize=64)
def _scatter_kernel(dtype: np.dtype) -> Kernel:
    real = computed_in(dtype)
    text = f"""\
def kernel(out, x, index, n, size, m):
{THREAD}    while i < n:
        row = uint32(i // size)
        place = uint32(i - uint32(row * size))
        first = uint32(row * m)
        total = {real}(0)
        j = uint32(0)
        while j < m:
            if index[uint32(first + j)] == place:
                total += {real}(x[uint32(first + j)])
            j = uint32(j + 1)
        out[i] = {c_type(dtype)}(total)
        i = uint32(i + step)
"""
    return Kernel(text, (f"{c_type(dtype)}*", f"{c_type(dtype)}*", "int64*", *["uint32"] * 3))


# -- where something holds ------------------------------------------------------------------------


def nonzero(x: CudaArray) -> tuple[CudaArray, ...]:
    """The positions of the elements that are not 0, one array per dimension.

    How many there are decides the shape of the result, so this waits for the device.
    """
    flags = (x != 0).ravel()
    ranks = xp.cumsum(flags)
    count = int(ranks[-1].item()) if flags.size else 0
    flat = x.like(count, np.int64)
    if count:
        x.gpu.launch(NONZERO, flags.size, flat, flags, ranks, flags.size)
    places = []
    for n in reversed(x.shape):
        places.append(flat % n)
        flat = flat // n
    return tuple(reversed(places))


NONZERO = Kernel(
    f"""\
def kernel(out, flags, ranks, n):
{THREAD}    while i < n:
        if flags[i] != 0:
            out[ranks[i] - 1] = i
        i = uint32(i + step)
""",
    ("int64*", "uint8*", "int64*", "uint32"),
)
