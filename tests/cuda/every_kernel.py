"""Every kernel of the backend, by name: what `test_compiled` compiles.

Elementwise kernels are made of every op, the others by every function that makes kernels; each in
single precision and, as far as it is for them, in the other dtypes.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

import autodiff as ad
from autodiff.backends.cuda import (
    convolution,
    counting,
    elementwise,
    factor,
    indexing,
    jacobi,
    matmul,
    orthogonal,
    randomness,
    reduce,
    softmax,
    sorting,
    tiles,
    updates,
    window,
)
from autodiff.backends.cuda.kernel import Kernel
from autodiff.compiler import kernels
from autodiff.compiler.fuse import fused
from autodiff.op import OPS, Elementwise

F2, F4, F8, I8, BOOL = (np.dtype(d) for d in ("float16", "float32", "float64", "int64", "bool"))
NUMBERS = (F4, F8, F2, I8)

SETTINGS: dict[str, dict[str, Any]] = {"Clamp": {"min": 0.0, "max": 1.0}}

ACTIVATIONS: tuple[Any, ...] = (
    ("Relu", ()), ("Tanh", ()), ("Sigmoid", ()), ("Gelu", ()), ("LeakyRelu", (("slope", 0.1),)),
)  # fmt: skip

UPDATES = (
    updates.SGD, updates.MOMENTUM, updates.ADAM, updates.AMSGRAD, updates.ADAGRAD, updates.ADADELTA,
    updates.rmsprop(False, False), updates.rmsprop(True, True),
)  # fmt: skip

LAYOUTS = ((True, True), (True, False), (False, True), (False, False))


class Compiled(NamedTuple):
    """A kernel, and whether all of it is to be in single precision and 32 bits wide."""

    name: str
    kernel: Kernel
    single: bool


def every_kernel() -> Iterator[Compiled]:
    for name, kernel, single in (*_of_elementwise_ops(), *_of_one_dtype()):
        yield Compiled(name, kernel, single)
    for name, kernel in _of_programs():
        yield Compiled(name, kernel, True)
    for dtype in (*NUMBERS, BOOL):
        for name, kernel in _of_any_dtype(dtype):
            yield Compiled(f"{name}-{dtype}", kernel, dtype == F4)


def _of_elementwise_ops() -> Iterator[tuple[str, Kernel, bool]]:
    for op in OPS.values():
        if not issubclass(op, Elementwise):
            continue
        integers = "f" in op.not_for or op.__name__.startswith("Bitwise")
        kinds = [I8 if integers else F4] * len(op.arguments)
        if op is OPS["Where"]:
            kinds[0] = BOOL
        settings = op.defaults | SETTINGS.get(op.__name__, {})
        compute, out = elementwise.plan(op, tuple(kinds), *settings.items())
        for ndim in (0, 2):
            made = elementwise.kernel(op, tuple(kinds), compute, tuple(settings.items()), out, ndim)
            yield f"{op.__name__}-{ndim}", made, not integers


def _of_any_dtype(dtype: np.dtype) -> Iterator[tuple[str, Kernel]]:
    yield "cast-from", elementwise.kernel(None, (dtype,), F4, (), F4, 2)
    yield "cast-to", elementwise.kernel(None, (F4,), dtype, (), dtype, 0)
    for kind in reduce.COMBINE:
        if kind.startswith("logical") or dtype != BOOL:
            out = BOOL if kind.startswith("logical") else dtype
            for threads in (0, 256):
                made = reduce.kernel(kind, dtype, out, 1, 2, threads)
                yield f"{kind}-{threads}", made
    for move in ("gather", "scatter", *(indexing.COMBINED if dtype != BOOL else ())):
        yield move, indexing._move_kernel(move, dtype, dtype, 2)
    for side in ("left", "right"):
        yield f"search-{side}", counting.search_kernel(dtype, side)
    yield "merge", sorting._merge_kernel(dtype)
    if dtype == BOOL:
        return
    yield "scatter-along", indexing._scatter_kernel(dtype)
    for kind in sorting.SCANS:
        if not kind.startswith("logical"):
            yield f"scan-{kind}", sorting._scan_kernel(kind, dtype)
    yield from _of_matrices(dtype)
    if dtype != I8:
        for kind in softmax.PASSES:
            for threads in (0, 256):
                yield f"{kind}-{threads}", softmax.row_kernel(kind, dtype, threads)
        yield "loss", softmax.loss_kernel(dtype, 256)
        yield "loss_gradient", softmax.loss_gradient_kernel(dtype)
    for made in (window._unfold_kernel, window._fold_kernel, window._max_pool_kernel):
        yield made.__name__.strip("_"), made(dtype)


def _of_matrices(dtype: np.dtype) -> Iterator[tuple[str, Kernel]]:
    given = (dtype, dtype, dtype)
    for x_along_depth, y_along_columns in LAYOUTS:
        layout = (x_along_depth, y_along_columns, x_along_depth)  # with a bias where x is in rows
        name = "".join("NT"[not straight] for straight in layout[:2])
        yield f"matmul-16-{name}", matmul.kernel(*given, tiles.SMALL, *layout)
        if dtype == F4:
            yield f"matmul-64-{name}", matmul.kernel(*given, tiles.LARGE, *layout)
    for kh, kw in ((1, 1), (3, 3), (5, 2)) if dtype == F4 else ((3, 3),):
        for tile in (tiles.SMALL, tiles.LARGE) if dtype == F4 and kh == 3 else (tiles.SMALL,):
            name, window_given = f"{kh}x{kw}-{tile.size}", (dtype, tile, kh, kw)
            yield f"convolution-{name}", convolution.convolution_kernel(*window_given, kh == 3)
            yield f"convolution-weight-{name}", convolution.weight_kernel(*window_given)
    if dtype != I8:
        for op, settings in ACTIVATIONS:
            made = matmul.kernel(*given, tiles.SMALL, True, False, True, (OPS[op], settings))
            yield f"matmul-{op}", made
    if dtype == F4:
        made = matmul.kernel(*given, tiles.LARGE, True, False, True, (OPS["Relu"], ()))
        yield "matmul-64-Relu", made


def _of_one_dtype() -> Iterator[tuple[str, Kernel, bool]]:
    yield "offsets", indexing._offsets_kernel(I8), True
    yield "nonzero", indexing.NONZERO, True
    for dtype in (F4, F8):
        single = dtype == F4
        for number, update in enumerate(UPDATES):
            for count in (2, updates.MOST_TOGETHER) if single else (1,):
                made = updates.kernel(update, dtype.name, count)
                yield f"update-{number}-{count}-{dtype}", made, single
        for made in (
            factor.lu_kernel, factor.substitute_kernel, factor.cholesky_kernel,
            orthogonal.reflect_kernel, orthogonal.accumulate_kernel,
            jacobi.eigh_kernel, jacobi.svd_kernel,
        ):  # fmt: skip
            yield f"{made.__name__}-{dtype}", made(dtype), single
        yield f"uniform-{dtype}", randomness.uniform_kernel(dtype.name), single
        yield f"normal-{dtype}", randomness.normal_kernel(dtype.name), False  # a cosine
    yield "integers", randomness.INTEGERS, False  # a remainder of 64 bits, as it has to be
    yield "advance", randomness.ADVANCE, True


def _of_programs() -> Iterator[tuple[str, Kernel]]:
    """Loops of compiled programs, each recorded on the CPU and written for the GPU."""

    def chain(x: ad.Tensor, y: ad.Tensor) -> ad.Tensor:
        z = ad.nn.functional.leaky_relu(y, 0.1).abs().sqrt()
        return (x * y + 0.5).tanh() / (1 + x.exp()) - z

    def choice(x: ad.Tensor, y: ad.Tensor) -> ad.Tensor:
        return ad.where((x > y) & (y != 0), x.relu() ** 3, y.clamp(-1, 1).sigmoid())

    def sums(x: ad.Tensor, y: ad.Tensor) -> Any:
        z = (x - y).abs()
        return z.sum(), (z * z).mean(), z

    for f in (chain, choice, sums):
        for shape in ((64, 128), (128,)):
            compiled = ad.compile(f)
            compiled(ad.rand(64, 128), ad.rand(*shape))
            program = compiled.last.program  # type: ignore[union-attr]
            for group in fused(program.steps, program.outputs, kernels.element):
                assert group.loop
                loop = kernels.kernel_loop("loop", group, set(program.outputs), 256)
                yield f"{f.__name__}-of-{len(shape)}", loop.kernel
