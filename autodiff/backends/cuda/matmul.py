"""Matrix products on the GPU, with a bias and an activation that cost no pass of their own.

With AUTODIFF_CUBLAS=1 cuBLAS does those that it proved quicker at, in float32 and float64; what is
captured for replay is left to our kernel.
"""

from __future__ import annotations

import math
from functools import lru_cache, partial
from typing import Any

import numpy as np

from autodiff import errors
from autodiff.backends.cuda import elementwise, layout, tiles
from autodiff.backends.cuda.array import CudaArray, check_together, xp
from autodiff.backends.cuda.cublas import FUNCTIONS, Gemm
from autodiff.backends.cuda.elementwise import MOST_ELEMENTS
from autodiff.backends.cuda.kernel import Kernel
from autodiff.op import OPS, Elementwise

__all__ = ["kernel", "matmul"]


def matmul(
    x: CudaArray,
    y: CudaArray,
    bias: CudaArray | None = None,
    activation: type[Elementwise] | None = None,
    settings: tuple[tuple[str, Any], ...] = (),
    out: CudaArray | None = None,
) -> CudaArray:
    """``activation(x @ y + bias)`` as one kernel; ``x @ y`` as NumPy defines it.

    Args:
        bias: one number per column of the result.
        activation: an elementwise op of one argument, with values for its settings, such as
            ``OPS["LeakyRelu"]`` with ``(("slope", 0.1),)``.
        out: a contiguous array of the result's shape and dtype to write it into.
    """
    first = x if isinstance(x, CudaArray) else y
    check_together(first, x, y, *([] if bias is None else [bias]))
    if x.ndim == 1 or y.ndim == 1:
        rows, columns = x if x.ndim > 1 else x[None], y if y.ndim > 1 else y[:, None]
        result = matmul(rows, columns, bias, activation, settings)
        shape = (*result.shape[:-2], *x.shape[-2:-1], *(y.shape[-1:] if y.ndim > 1 else ()))
        return result.reshape(shape)
    m, k, n = x.shape[-2], x.shape[-1], y.shape[-1]
    if y.shape[-2] != k:
        raise ValueError(f"matmul: shapes {x.shape} and {y.shape} do not fit")
    batch = layout.broadcast_shapes(x.shape[:-2], y.shape[:-2])
    dtype = np.result_type(x.dtype, y.dtype)
    if out is None:
        out = x.like((*batch, m, n), dtype)
    elif out.shape != (*batch, m, n):
        raise ValueError(
            f"matmul: a result of shape {(*batch, m, n)} does not fit into {out.shape}"
        )
    for array in (x, y, out):
        if array.size > MOST_ELEMENTS:
            raise errors.devices.too_large(array.shape)
    if out.size:
        _launch(out, x, y, bias, None if activation is None else (activation, settings))
    return out


def _launch(
    out: CudaArray, x: CudaArray, y: CudaArray, bias: Any, activation: tiles.Activation | None
) -> None:
    *batch, m, n = out.shape
    x, y = _in_batches(x, tuple(batch)), _in_batches(y, tuple(batch))
    if len(layout.collapse(tuple(batch), (x.steps[:-2], y.steps[:-2]))[0]) > 2:
        x, y = x.copy(), y.copy()  # so that the dimensions of the batch lie one behind the other
    sizes, steps = layout.collapse(tuple(batch), (x.steps[:-2], y.steps[:-2]))
    missing = 2 - len(sizes)
    sizes, (x_steps, y_steps) = (1,) * missing + sizes, [(0,) * missing + s for s in steps]
    ours = partial(_by_tiles, out, x, y, bias, activation, sizes, x_steps, y_steps)
    gemm, blas = None, None if x.gpu.is_capturing else x.gpu.blas
    k = x.shape[-1]
    if blas and k and sizes[0] == 1 and x.dtype == y.dtype and x.dtype.name in FUNCTIONS:
        gemm = Gemm.of(x.steps[-2:], y.steps[-2:], (m, k, n), x_steps[1], y_steps[1], sizes[1])
    if blas is None or gemm is None:
        ours()
    else:
        theirs = partial(_by_cublas, gemm, out, x, y, bias, activation)
        extras = (bias is not None, activation)
        blas.run(gemm, out.dtype.name, extras, {"kernel": ours, "cuBLAS": theirs})


def _by_cublas(
    gemm: Gemm, out: CudaArray, x: CudaArray, y: CudaArray, bias: Any, activation: Any
) -> None:
    out.gpu.blas.multiply(gemm, out.dtype.name, out.address, x.address, y.address)  # type: ignore[union-attr]
    if bias is not None:
        elementwise.apply(OPS["Add"], out, bias, out=out)  # type: ignore[arg-type]
    if activation is not None:
        elementwise.apply(activation[0], out, out=out, **dict(activation[1]))


def _by_tiles(
    out: CudaArray, x: CudaArray, y: CudaArray, bias: Any, activation: tiles.Activation | None,
    sizes: tuple[int, ...], x_steps: tuple[int, ...], y_steps: tuple[int, ...],
) -> None:  # fmt: skip
    batches, m, n, k = math.prod(sizes), *out.shape[-2:], x.shape[-1]
    tile = tiles.tile_for(x.gpu, batches, m, n)
    made = kernel(
        x.dtype, y.dtype, out.dtype, tile, x.steps[-1] <= x.steps[-2], y.steps[-1] <= y.steps[-2],
        bias is not None, activation,
    )  # fmt: skip
    x.gpu.launch_blocks(
        made, tiles.grid(tile, batches, m, n), tile.threads,
        out, x, y, *([] if bias is None else [_fitting(bias, out)]), batches, m, n, k,
        sizes[1], *x_steps, *x.steps[-2:], *y_steps, *y.steps[-2:],
    )  # fmt: skip


def _in_batches(x: CudaArray, batch: tuple[int, ...]) -> CudaArray:
    """The stack of matrices in the shape of the whole batch, without copying."""
    if x.shape[:-2] == batch:
        return x
    return xp.broadcast_to(x, (*batch, *x.shape[-2:]))


def _fitting(bias: CudaArray, out: CudaArray) -> CudaArray:
    """The bias as a contiguous array of the result's dtype."""
    if bias.steps == (1,) and bias.dtype == out.dtype:
        return bias
    return bias.astype(out.dtype)


@lru_cache(maxsize=512)
def kernel(
    x: np.dtype, y: np.dtype, out: np.dtype, tile: tiles.Tile, x_along_depth: bool,
    y_along_columns: bool, bias: bool, activation: tiles.Activation | None = None,
) -> Kernel:  # fmt: skip
    """The kernel of a product.

    Args:
        x_along_depth, y_along_columns: whether neighbours in memory are neighbours along the terms
            of a sum (x), or along a row of the result (y).
        bias: whether a vector is added to each row of the result.
    """
    return tiles.kernel(
        tile,
        (out, x, y),
        _matrix("x", "x_m", "x_k", x_along_depth),
        _matrix("y", "y_n", "y_k", not y_along_columns),
        ["batches1", "x_b0", "x_b1", "x_m", "x_k", "y_b0", "y_b1", "y_k", "y_n"],
        start=[
            "first = uint32(0)",
            "last = k",
            "b0 = uint32(b // batches1)",
            "b1 = uint32(b - uint32(b0 * batches1))",
            "x_at = uint32(uint32(b0 * x_b0) + uint32(b1 * x_b1))",
            "y_at = uint32(uint32(b0 * y_b0) + uint32(b1 * y_b1))",
            "out_at = uint32(uint32(b * m) * n)",
        ],
        at_column=[],
        index="uint32(out_at + uint32(uint32(row * n) + {column}))",
        bias="column" if bias else "",
        activation=activation,
    )


def _matrix(x: str, place: str, term: str, along_depth: bool) -> tiles.Factor:
    """A matrix with those strides from place to place and from term to term."""
    return tiles.Factor(
        along_depth,
        at_place=(f"from{{p}} = uint32({x}_at + uint32({{place}} * {place}))",),
        at_term=(f"far{{t}} = uint32({{term}} * {term})",),
        index="uint32(from{p} + far{t})",
    )
