"""A step of an optimizer on all parameters of a group, as one kernel.

The kernel gets the addresses of all arrays. Each block works on a stretch of one parameter, which
it finds by its own number, and each of its threads then updates elements one after the other: every
array is read once and written once. Parameters stay where they are in memory.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from typing import Any

import numpy as np

from autodiff.backends.cuda.array import CudaArray
from autodiff.backends.cuda.kernel import Kernel

__all__ = [
    "ADADELTA", "ADAGRAD", "ADAM", "AMSGRAD", "MOMENTUM", "SGD", "Update", "fits", "rmsprop", "run",
]  # fmt: skip

STRETCH = 4096
"""How many elements a block updates."""

MOST_TOGETHER = 32
"""Parameters of one launch: a kernel can be given so many addresses."""


@dataclass(frozen=True)
class Update:
    """What happens to one element of ``x``, given its gradient ``g`` and its state.

    ``lines`` are a part of a kernel; before them, ``value`` is the gradient with the sign and the
    decay of the weights that all optimizers know: ``sign * g + decay * x``.
    """

    state: tuple[str, ...]
    numbers: tuple[str, ...]
    lines: tuple[str, ...]


SGD = Update((), ("lr",), ("x[i] = x[i] - lr * value",))
"""Formulas and sources are those of the optimizers of the same names in `autodiff.optim`."""

MOMENTUM = Update(
    ("velocity",),
    ("lr", "momentum", "share", "own", "ahead"),
    (
        "speed = momentum * velocity[i] + share * value",
        "velocity[i] = speed",
        "x[i] = x[i] - lr * (own * value + ahead * speed)",
    ),
)
"""``own`` and ``ahead`` say what a step is made of: with Nesterov of both."""

MEANS = (
    "first = beta1 * mean[i] + share1 * value",
    "second = beta2 * square[i] + share2 * (value * value)",
    "mean[i] = first",
    "square[i] = second",
)
RATES = ("beta1", "share1", "beta2", "share2", "unbias", "eps", "rate", "kept")

ADAM = Update(
    ("mean", "square"),
    RATES,
    (*MEANS, "x[i] = kept * x[i] - rate * (first / (sqrt(second) / unbias + eps))"),
)

AMSGRAD = Update(
    ("mean", "square", "largest"),
    RATES,
    (
        *MEANS,
        "second = second if second >= largest[i] or second != second else largest[i]",
        "largest[i] = second",
        "x[i] = kept * x[i] - rate * (first / (sqrt(second) / unbias + eps))",
    ),
)

ADAGRAD = Update(
    ("sum",),
    ("lr", "eps"),
    (
        "total = sum[i] + value * value",
        "sum[i] = total",
        "x[i] = x[i] - lr * (value / (sqrt(total) + eps))",
    ),
)

ADADELTA = Update(
    ("square", "steps"),
    ("lr", "rho", "share", "eps"),
    (
        "second = rho * square[i] + share * (value * value)",
        "square[i] = second",
        "size = sqrt(steps[i] + eps) / sqrt(second + eps) * value",
        "steps[i] = rho * steps[i] + share * (size * size)",
        "x[i] = x[i] - lr * size",
    ),
)


@cache
def rmsprop(centered: bool, momentum: bool) -> Update:
    """RMSprop: ``centered`` keeps the mean of the gradient too, ``momentum`` a velocity."""
    state, lines = ["square"], ["spread = alpha * square[i] + share * (value * value)"]
    lines.append("square[i] = spread")
    if centered:
        state.append("mean")
        lines += ["first = mean[i] + share * (value - mean[i])", "mean[i] = first"]
        lines.append("spread = spread - first * first")
    lines.append("size = value / (sqrt(spread) + eps)")
    if momentum:
        state.append("velocity")
        lines += ["size = momentum * velocity[i] + size", "velocity[i] = size"]
    numbers = ("lr", "alpha", "share", "eps", *(["momentum"] if momentum else []))
    return Update(tuple(state), numbers, (*lines, "x[i] = x[i] - lr * size"))


def fits(*arrays: Any) -> bool:
    """Whether a kernel can update these arrays of one parameter."""
    first = arrays[0]
    return first.dtype in (np.float32, np.float64) and all(
        a.is_contiguous and a.dtype == first.dtype and a.gpu is first.gpu for a in arrays
    )


def run(update: Update, rows: Sequence[Sequence[CudaArray]], numbers: dict[str, float]) -> None:
    """Update parameters of one dtype: each row is a parameter, its gradient, and its state."""
    rows = [row for row in rows if row[0].size]
    for start in range(0, len(rows), MOST_TOGETHER):
        part = rows[start : start + MOST_TOGETHER]
        gpu = part[0][0].gpu
        made = kernel(update, part[0][0].dtype.name, len(part))
        ends = list(accumulate(-(-row[0].size // STRETCH) for row in part))
        arrays = [array for row in part for array in row]
        sizes = [row[0].size for row in part]
        given = [numbers[name] for name in ("sign", "decay", *update.numbers)]
        threads = gpu.runtime.shape_for(STRETCH, THREADS)[1]
        gpu.launch_blocks(made, ends[-1], threads, *arrays, *sizes, *ends[:-1], *given)


THREADS = 256


@cache
def kernel(update: Update, real: str, count: int) -> Kernel:
    """The kernel that updates ``count`` parameters.

    >>> print(kernel(SGD, "float32", 2).text)
    def kernel(x0, g0, x1, g1, n0, n1, end0, sign, decay, lr):
        block = uint32(cuda.blockIdx.x)
        first = uint32(0)
        x, g, n = x0, g0, n0
        if block >= end0:
            x, g, n, first = x1, g1, n1, end0
        i = uint32(uint32(uint32(block - first) * 4096) + uint32(cuda.threadIdx.x))
        last = uint32(min(uint32(uint32(uint32(block - first) + 1) * 4096), n))
        while i < last:
            value = sign * g[i] + decay * x[i]
            x[i] = x[i] - lr * value
            i = uint32(i + uint32(cuda.blockDim.x))
    <BLANKLINE>
    """
    names = ("x", "g", *update.state)
    places = [f"{name}{k}" for k in range(count) for name in names]
    sizes = [f"n{k}" for k in range(count)]
    ends = [f"end{k}" for k in range(count - 1)]
    numbers = ["sign", "decay", *update.numbers]
    chosen = ", ".join((*names, "n"))
    text = f"""\
def kernel({", ".join([*places, *sizes, *ends, *numbers])}):
    block = uint32(cuda.blockIdx.x)
    first = uint32(0)
    {chosen} = {", ".join(f"{name}0" for name in (*names, "n"))}
"""
    for k in range(1, count):
        these = ", ".join(f"{name}{k}" for name in (*names, "n"))
        text += f"    if block >= end{k - 1}:\n        {chosen}, first = {these}, end{k - 1}\n"
    text += f"""\
    i = uint32(uint32(uint32(block - first) * {STRETCH}) + uint32(cuda.threadIdx.x))
    last = uint32(min(uint32(uint32(uint32(block - first) + 1) * {STRETCH}), n))
    while i < last:
        value = sign * g[i] + decay * x[i]
"""
    text += "".join(f"        {line}\n" for line in update.lines)
    text += "        i = uint32(i + uint32(cuda.blockDim.x))\n"
    whole = ["uint32"] * (len(sizes) + len(ends))
    return Kernel(text, (*[f"{real}*"] * len(places), *whole, *[real] * len(numbers)))
