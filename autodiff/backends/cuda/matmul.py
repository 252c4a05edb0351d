"""Matrix products: tiles of both matrices in shared memory, and a small tile of results per thread.

Each thread keeps ``rows`` x ``columns`` results in registers, so that a number read from shared
memory is used several times. The kernel is written out in full for each size of tile: 8 x 8 results
per thread are 64 multiplications and additions for 16 numbers read.

Source: Volkov & Demmel, "Benchmarking GPUs to tune dense linear algebra" (2008).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from autodiff.backends.cuda import layout
from autodiff.backends.cuda.array import CudaArray, check_together
from autodiff.backends.cuda.kernel import Kernel, c_type, computed_in

__all__ = ["LARGE", "SMALL", "Tile", "kernel", "matmul"]


@dataclass(frozen=True)
class Tile:
    """``side`` x ``side`` threads with ``each`` x ``each`` results; ``depth`` terms at a time."""

    side: int
    each: int
    depth: int

    @property
    def size(self) -> int:
        """How many rows, and columns, of results a block computes."""
        return self.side * self.each


LARGE, SMALL, TINY = Tile(8, 8, 8), Tile(16, 1, 16), Tile(2, 2, 2)
"""For products that keep a device busy, for smaller ones, and for the simulator."""

BUSY = 128
"""From this many large tiles on the device is busy with them."""


def matmul(x: CudaArray, y: CudaArray, bias: CudaArray | None = None) -> CudaArray:
    """``x @ y`` as NumPy defines it, plus ``bias`` (one number per column of the result)."""
    first = x if isinstance(x, CudaArray) else y
    check_together(first, x, y, *([] if bias is None else [bias]))
    if x.ndim == 1 and y.ndim == 1:
        return matmul(x[None], y[:, None]).reshape(())
    if x.ndim == 1:
        return matmul(x[None], y)[..., 0, :]
    if y.ndim == 1:
        return matmul(x, y[:, None])[..., 0]
    m, k, n = x.shape[-2], x.shape[-1], y.shape[-1]
    if y.shape[-2] != k:
        raise ValueError(f"matmul: shapes {x.shape} and {y.shape} do not fit")
    batch = np.broadcast_shapes(x.shape[:-2], y.shape[:-2])
    x, y = _in_batches(x, batch), _in_batches(y, batch)
    dtype = np.result_type(x.dtype, y.dtype)
    out = x.like((*batch, m, n), dtype)
    if not out.size:
        return out
    sizes, (x_steps, y_steps) = _two_batches(batch, x, y)
    tile = _tile(x, math.prod(batch), m, n)
    made = kernel(
        x.dtype, y.dtype, dtype, tile, x.steps[-1] <= x.steps[-2], y.steps[-1] <= y.steps[-2],
        bias is not None,
    )  # fmt: skip
    if bias is not None and bias.steps != (1,):
        bias = bias.copy()
    grid = (-(-n // tile.size), -(-m // tile.size), min(math.prod(batch), 1 << 15))
    x.gpu.launch_blocks(
        made, grid, tile.side**2, out, x, y, *([bias] if bias is not None else []),
        math.prod(batch), sizes[1], m, n, k, *x_steps, *x.steps[-2:], *y_steps, *y.steps[-2:],
    )  # fmt: skip
    return out


def _tile(x: CudaArray, batches: int, m: int, n: int) -> Tile:
    if x.gpu.runtime.rows == TINY.side:
        return TINY
    tiles = batches * math.ceil(m / LARGE.size) * math.ceil(n / LARGE.size)
    return LARGE if tiles >= BUSY else SMALL


def _in_batches(x: CudaArray, batch: tuple[int, ...]) -> CudaArray:
    """The stack of matrices in the shape of the whole batch, without copying."""
    steps = layout.broadcast_strides(x.shape[:-2], x.steps[:-2], batch)
    return x.seen((*batch, *x.shape[-2:]), (*steps, *x.steps[-2:]))


def _two_batches(batch: tuple[int, ...], x: CudaArray, y: CudaArray) -> Any:
    """The dimensions of the batch as two, and the strides of both operands along them."""
    sizes, steps = layout.collapse(batch, (x.steps[:-2], y.steps[:-2]))
    if len(sizes) > 2:
        raise NotImplementedError("a batch whose dimensions do not merge into two")
    missing = 2 - len(sizes)
    return (1,) * missing + sizes, [(0,) * missing + s for s in steps]


@lru_cache(maxsize=512)
def kernel(
    x: np.dtype, y: np.dtype, out: np.dtype, tile: Tile,
    x_along_depth: bool, y_along_columns: bool, bias: bool,
) -> Kernel:  # fmt: skip
    """The kernel of a product.

    Args:
        x_along_depth, y_along_columns: whether neighbours in memory are neighbours along the terms
            of a sum (x), or along a row of the result (y): neighbouring threads read neighbours.
        bias: whether a vector is added to each row of the result.
    """
    real = computed_in(out)
    size, each, depth = tile.size, tile.each, tile.depth
    e = range(each)
    given = ["out", "x", "y", *(["bias"] if bias else [])]
    numbers = ["batches", "batches1", "m", "n", "k", "x_b0", "x_b1", "x_m", "x_k",
               "y_b0", "y_b1", "y_k", "y_n"]  # fmt: skip
    lines = [
        f"def kernel({', '.join(given + numbers)}):",
        f"    xs = cuda.shared.array({size * depth}, {real})",
        f"    ys = cuda.shared.array({size * depth}, {real})",
        "    t = uint32(cuda.threadIdx.x)",
        f"    ty = uint32(t // uint32({tile.side}))",
        f"    tx = uint32(t - uint32(ty * {tile.side}))",
        f"    row0 = uint32(uint32(cuda.blockIdx.y) * uint32({size}))",
        f"    column0 = uint32(uint32(cuda.blockIdx.x) * uint32({size}))",
        "    b = uint32(cuda.blockIdx.z)",
        "    while b < batches:",
        "        b0 = uint32(b // batches1)",
        "        b1 = uint32(b - uint32(b0 * batches1))",
        "        x_at = uint32(uint32(b0 * x_b0) + uint32(b1 * x_b1))",
        "        y_at = uint32(uint32(b0 * y_b0) + uint32(b1 * y_b1))",
        *(f"        c{i}_{j} = {real}(0)" for i in e for j in e),
        "        k0 = uint32(0)",
        "        while k0 < k:",
        *_load("x", "row0", "m", tile, real, x_along_depth),
        *_load("y", "column0", "n", tile, real, not y_along_columns),
        "            cuda.syncthreads()",
        "            d = uint32(0)",
        f"            while d < {depth}:",
        f"                at_x = uint32(uint32(d * {size}) + uint32(ty * {each}))",
        f"                at_y = uint32(uint32(d * {size}) + uint32(tx * {each}))",
        *(f"                x{i} = xs[uint32(at_x + {i})]" for i in e),
        *(f"                y{j} = ys[uint32(at_y + {j})]" for j in e),
        *(f"                c{i}_{j} += x{i} * y{j}" for i in e for j in e),
        "                d = uint32(d + 1)",
        "            cuda.syncthreads()",
        f"            k0 = uint32(k0 + {depth})",
        "        out_at = uint32(uint32(b * m) * n)",
    ]
    for i in e:
        lines.append(f"        row = uint32(row0 + uint32(uint32(ty * {each}) + {i}))")
        lines.append("        if row < m:")
        for j in e:
            added = f" + {real}(bias[column])" if bias else ""
            lines += [
                f"            column = uint32(column0 + uint32(uint32(tx * {each}) + {j}))",
                "            if column < n:",
                "                place = uint32(out_at + uint32(uint32(row * n) + column))",
                f"                out[place] = {c_type(out)}(c{i}_{j}{added})",
            ]
    lines += ["        b = uint32(b + uint32(cuda.gridDim.z))", ""]
    pointers = [f"{c_type(d)}*" for d in (out, x, y, *([out] if bias else []))]
    return Kernel("\n".join(lines), (*pointers, *["uint32"] * len(numbers)))


def _load(x: str, start: str, limit: str, tile: Tile, real: str, along_depth: bool) -> list[str]:
    """The lines in which the threads bring one tile of ``x`` into shared memory."""
    along = f"{x}_m" if x == "x" else f"{x}_n"
    threads, lines = tile.side**2, []
    for turn in range(tile.size * tile.depth // threads):
        lines.append(f"e = uint32(t + {turn * threads})")
        fast = tile.depth if along_depth else tile.size
        lines.append(f"q = uint32(e // uint32({fast}))")
        lines.append(f"r = uint32(e - uint32(q * {fast}))")
        where, term = ("q", "r") if along_depth else ("r", "q")
        lines += [
            f"place = uint32({start} + {where})",
            f"term = uint32(k0 + {term})",
            f"value = {real}(0)",
            f"if place < {limit} and term < k:",
            f"    value = {real}({x}[uint32({x}_at + uint32(uint32(place * {along})"
            f" + uint32(term * {x}_k)))])",
            f"{x}s[uint32(uint32({term} * {tile.size}) + {where})] = value",
        ]
    return [f"            {line}" for line in lines]
