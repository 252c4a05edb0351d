"""The template of all kernels that add up products: tiles of both factors in shared memory.

``out[row, column]`` is the sum over the terms of ``x[row, term] * y[column, term]``. A block of
threads computes a tile of results and brings the terms into shared memory a few at a time. Each
thread keeps ``each`` x ``each`` results in registers, so that a number read from shared memory is
used several times: 8 x 8 results are 64 multiplications and additions for 16 numbers read. What x,
y and out are is left to those who fill in the template: matrices in `matmul`, images and the
windows over them in `convolution`.

Source: Volkov & Demmel, "Benchmarking GPUs to tune dense linear algebra" (2008).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from autodiff.backends.cuda.kernel import Kernel, c_type, computed_in
from autodiff.backends.cuda.scalars import device_functions
from autodiff.op import Elementwise

__all__ = ["LARGE", "SMALL", "Activation", "Factor", "Tile", "grid", "kernel", "tile_for"]

Activation = tuple[type[Elementwise], tuple[tuple[str, Any], ...]]
"""An elementwise op of one argument, and its settings."""


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

    @property
    def threads(self) -> int:
        return self.side**2


LARGE, SMALL, TINY = Tile(8, 8, 8), Tile(16, 1, 16), Tile(2, 2, 2)
"""For products that keep a device busy, for smaller ones, and for the simulator."""

BUSY = 128
"""From this many large tiles on the device is busy with them."""


def tile_for(gpu: Any, batches: int, m: int, n: int) -> Tile:
    """The tile for ``batches`` products of m rows and n columns."""
    if gpu.runtime.rows == TINY.side:
        return TINY
    tiles = batches * math.ceil(m / LARGE.size) * math.ceil(n / LARGE.size)
    return LARGE if tiles >= BUSY and min(m, n) > SMALL.size else SMALL


def grid(tile: Tile, batches: int, m: int, n: int) -> tuple[int, int]:
    """The blocks: one for each tile of a product, times the batches (beyond 32768 in turns)."""
    return math.ceil(m / tile.size) * math.ceil(n / tile.size), min(batches, 1 << 15)


@dataclass(frozen=True)
class Factor:
    """How a factor's element for one place (row or column) and one term is found.

    The lines may use ``{place}`` and ``{term}``; names that they define end in ``{p}`` or ``{t}``,
    because several places, or several terms, are looked at in turn.

    Args:
        along_depth: whether neighbours in memory are neighbouring terms; else, places. Threads
            that are neighbours read neighbours.
        at_place, at_term: lines about the place alone, and about the term alone.
        index: which element of the array it is.
        lines, inside: what both decide, and when there is an element; otherwise it counts as 0.
    """

    along_depth: bool
    at_place: tuple[str, ...]
    at_term: tuple[str, ...]
    index: str
    lines: tuple[str, ...] = ()
    inside: str = ""


def kernel(
    tile: Tile,
    dtypes: tuple[np.dtype, np.dtype, np.dtype],
    x: Factor,
    y: Factor,
    numbers: Sequence[str],
    start: Sequence[str],
    at_column: Sequence[str],
    index: str,
    bias: str = "",
    activation: Activation | None = None,
) -> Kernel:
    """A kernel with the parameters ``out, x, y[, bias], batches, m, n, k, *numbers``.

    Args:
        dtypes: of out, x and y; a bias has that of out.
        start: lines that begin batch ``b``: they define the ``first`` term and the ``last``, which
            is not taken any more.
        at_column: lines about ``{column}``; names that they define end in ``{j}``.
        index: the place in ``out`` of the result in ``row`` and ``{column}``.
        bias: whether the bias is one number per "row" or per "column" of the result.
        activation: what is applied to each result before it is written.
    """
    out, real, e = c_type(dtypes[0]), computed_in(dtypes[0]), range(tile.each)
    size, each, depth = tile.size, tile.each, tile.depth
    function, result = "", "{value}"
    if activation is not None:
        op, settings = activation
        name = f"{op.function_name}_"
        function = device_functions(op.forward, name, real, dict(settings)) + "\n"  # type: ignore[attr-defined]
        result = f"{name}({{value}})"
    given = ["out", "x", "y", *(["bias"] if bias else [])]
    names = ["batches", "m", "n", "k", *numbers]
    lines = [
        f"def kernel({', '.join(given + names)}):",
        f"    xs = cuda.shared.array({size * depth}, {real}, ALIGNED)",
        f"    ys = cuda.shared.array({size * depth}, {real}, ALIGNED)",
        "    t = uint32(cuda.threadIdx.x)",
        f"    ty = uint32(t // uint32({tile.side}))",
        f"    tx = uint32(t - uint32(ty * {tile.side}))",
        f"    across = uint32(uint32(n + {size - 1}) // uint32({size}))",
        "    down = uint32(uint32(cuda.blockIdx.x) // across)",
        f"    top_row = uint32(down * {size})",
        "    along = uint32(uint32(cuda.blockIdx.x) - uint32(down * across))",
        f"    top_column = uint32(along * {size})",
        "    b = uint32(cuda.blockIdx.y)",
        "    while b < batches:",
        *_indented(8, start),
        *(f"        c{i}_{j} = {real}(0)" for i in e for j in e),
        *_indented(8, _places("x", x, tile, "top_row")),
        *_indented(8, _places("y", y, tile, "top_column")),
        "        k0 = uint32(first)",
        "        while k0 < last:",
        *_indented(12, _load("x", x, tile, "m", real)),
        *_indented(12, _load("y", y, tile, "n", real)),
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
    ]
    for j in e:
        lines.append(f"        column{j} = uint32(top_column + uint32(uint32(tx * {each}) + {j}))")
        lines += _indented(8, [line.format(column=f"column{j}", j=j) for line in at_column])
        if bias == "column":
            lines.append(
                f"        bias{j} = {real}(bias[column{j}]) if column{j} < n else {real}(0)"
            )
    for i in e:
        lines.append(f"        row = uint32(top_row + uint32(uint32(ty * {each}) + {i}))")
        lines.append("        if row < m:")
        if bias == "row":
            lines.append("            added = " + f"{real}(bias[uint32(bias_at + row)])")
        for j in e:
            added = {"": "", "row": " + added", "column": f" + bias{j}"}[bias]
            value = result.format(value=f"c{i}_{j}{added}")
            place = index.format(column=f"column{j}", j=j)
            lines.append(f"            if column{j} < n:")
            lines.append(f"                out[{place}] = {out}({value})")
    lines += ["        b = uint32(b + uint32(cuda.gridDim.y))", ""]
    pointers = [f"{c_type(d)}*" for d in (*dtypes, *(dtypes[:1] if bias else ()))]
    return Kernel(function + "\n".join(lines), (*pointers, *["uint32"] * len(names)))


def _turns(x: Factor, tile: Tile) -> tuple[range, range]:
    """The places and the terms of a tile that each thread brings; one of them stays the same."""
    turns = range(tile.size * tile.depth // tile.threads)
    return (turns, range(1)) if x.along_depth else (range(1), turns)


def _places(x: str, factor: Factor, tile: Tile, start: str) -> list[str]:
    """The lines, before the loop over the terms, about the places that a thread looks at."""
    fast = tile.depth if factor.along_depth else tile.size
    other, same = ("place", "term") if factor.along_depth else ("term", "place")
    lines = [
        f"{x}_{other} = uint32(t // uint32({fast}))",
        f"{x}_{same} = uint32(t - uint32({x}_{other} * {fast}))",
    ]
    for p in _turns(factor, tile)[0]:
        name = f"{x}_place{p}"
        far = p * (tile.threads // fast)
        lines.append(f"{name} = uint32({start} + uint32({x}_place + {far}))")
        lines += [line.format(place=name, p=f"_{x}{p}") for line in factor.at_place]
    return lines


def _load(x: str, factor: Factor, tile: Tile, limit: str, real: str) -> list[str]:
    """The lines in which the threads bring one tile of a factor into shared memory."""
    places, terms = _turns(factor, tile)
    far = tile.threads // (tile.depth if factor.along_depth else tile.size)
    lines = []
    for q in terms:
        lines.append(f"{x}_term{q} = uint32(k0 + uint32({x}_term + {q * far}))")
        lines += [line.format(term=f"{x}_term{q}", t=f"_{x}{q}") for line in factor.at_term]
    for p in places:
        for q in terms:
            names = {"p": f"_{x}{p}", "t": f"_{x}{q}"}
            inside = f" and {factor.inside.format(**names)}" if factor.inside else ""
            at = f"uint32({x}_term + {q * far}) * {tile.size}"
            at = f"uint32(uint32({at}) + uint32({x}_place + {p * far}))"
            lines += [line.format(**names) for line in factor.lines]
            lines += [
                f"value = {real}(0)",
                f"if {x}_place{p} < {limit} and {x}_term{q} < last{inside}:",
                f"    value = {real}({x}[{factor.index.format(**names)}])",
                f"{x}s[{at}] = value",
            ]
    return lines


def _indented(indent: int, lines: Sequence[str]) -> list[str]:
    return [" " * indent + line for line in lines]
