"""Every kernel is compiled, to PTX and to machine code, on a machine that need not have a GPU.

What is looked for: arithmetic in double precision where the program asked for single (one number
without a type is enough for that), divisions of 64-bit numbers, which take dozens of instructions,
and local memory, which means that a thread's variables did not fit into its registers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

import autodiff as ad
from autodiff.op import OPS, Elementwise

F4, F8, I8, BOOL = (np.dtype(d) for d in ("float32", "float64", "int64", "bool"))
HOPPER = (9, 0)

REDUCES_ITS_ARGUMENT = {"Sin", "Cos", "Tan", "Sinc"}
"""Huge angles are brought into range by NVIDIA's own functions, in double precision and in local
memory; that part of their code does not run for others."""

SETTINGS: dict[str, dict[str, Any]] = {"Clamp": {"min": 0.0, "max": 1.0}}


def elementwise_kernels() -> Iterator[tuple[str, Any, bool]]:
    from autodiff.backends.cuda import elementwise

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


def other_kernels() -> Iterator[tuple[str, Any, bool]]:
    from autodiff.backends.cuda import (
        elementwise,
        factor,
        indexing,
        jacobi,
        matmul,
        orthogonal,
        randomness,
        reduce,
        sorting,
        updates,
        window,
    )

    for source in (F8, np.dtype("float16"), I8, BOOL):
        yield f"cast-{source}", elementwise.kernel(None, (source,), F4, (), F4, 2), False
        yield f"cast-to-{source}", elementwise.kernel(None, (F4,), source, (), source, 0), False
    for kind in reduce.COMBINE:
        dtype = BOOL if kind.startswith("logical") else F4
        for threads in (0, 256):
            yield f"{kind}-{threads}", reduce.kernel(kind, F4, dtype, 1, 2, threads), True
    for tile in (matmul.LARGE, matmul.SMALL):
        for layouts in ((True, True), (True, False), (False, True)):
            made = matmul.kernel(F4, F4, F4, tile, *layouts, bias=layouts[0])
            yield f"matmul-{tile}-{layouts}", made, True
    for move in ("gather", "scatter", "add", "multiply"):
        yield move, indexing._move_kernel(move, F4, F4, 2), True
    yield "offsets", indexing._offsets_kernel(I8), True
    yield "scatter-along", indexing._scatter_kernel(F4), True
    yield "nonzero", indexing.NONZERO, True
    yield "merge", sorting._merge_kernel(F4), True
    for kind in sorting.SCANS:
        if not kind.startswith("logical"):
            yield f"scan-{kind}", sorting._scan_kernel(kind, F4), True
    for made in (window._unfold_kernel, window._fold_kernel, window._max_pool_kernel):
        yield made.__name__, made(F4), True
    for made in (
        factor.lu_kernel, factor.substitute_kernel, factor.cholesky_kernel,
        orthogonal.reflect_kernel, orthogonal.accumulate_kernel,
        jacobi.eigh_kernel, jacobi.svd_kernel,
    ):  # fmt: skip
        yield made.__name__, made(F4), True
        yield f"{made.__name__}64", made(F8), False
    for momentum, nesterov in ((False, False), (True, False), (True, True)):
        made = updates.sgd_kernel("float32", momentum, nesterov)
        yield f"sgd-{momentum}-{nesterov}", made, True
    yield "adam", updates.adam_kernel("float32"), True
    yield "uniform", randomness.uniform_kernel("float32"), True
    yield "uniform64", randomness.uniform_kernel("float64"), False
    yield "normal", randomness.normal_kernel("float32"), False  # a cosine
    yield "integers", randomness.INTEGERS, False  # a remainder of 64 bits, as it has to be
    yield "advance", randomness.ADVANCE, True


KERNELS = [*elementwise_kernels(), *other_kernels()]


@pytest.mark.parametrize(("name", "kernel", "single"), KERNELS, ids=[k[0] for k in KERNELS])
def test_kernel(name: str, kernel: Any, single: bool) -> None:
    hardware = pytest.importorskip("autodiff.backends.cuda.hardware")
    ptx = hardware.ptx_of(kernel, HOPPER)
    assert ".entry" in ptx
    if name.split("-")[0] in REDUCES_ITS_ARGUMENT or not single:
        return
    lines = [line.strip() for line in ptx.splitlines()]
    assert not [line for line in lines if ".f64" in line]
    assert not [line for line in lines if re.search(r"^(div|rem)\.[us]64", line)]
    assert not [line for line in lines if ".local" in line]


@pytest.mark.parametrize(
    ("name", "kernel", "single"), KERNELS[::9], ids=[k[0] for k in KERNELS[::9]]
)
def test_machine_code(
    name: str, kernel: Any, single: bool, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    hardware = pytest.importorskip("autodiff.backends.cuda.hardware")
    monkeypatch.setenv("AUTODIFF_CACHE_DIR", str(tmp_path))
    entry, code = hardware.compile_kernel(kernel, HOPPER)
    assert code[:4] == b"\x7fELF"
    assert entry.encode() in code
    # The second time it comes from the disk.
    monkeypatch.setattr(hardware, "ptx_of", lambda *_: pytest.fail("compiled twice"))
    assert hardware.compile_kernel(kernel, HOPPER) == (entry, code)


def test_the_inner_loop_of_a_matrix_product_is_all_multiplications() -> None:
    """8 x 8 results per thread: 64 fused multiplications for 16 numbers read from shared memory."""
    hardware = pytest.importorskip("autodiff.backends.cuda.hardware")
    from autodiff.backends.cuda import matmul

    ptx = hardware.ptx_of(matmul.kernel(F4, F4, F4, matmul.LARGE, True, True, False), HOPPER)
    assert ptx.count("fma.rn.f32") % 64 == 0
    assert ptx.count("fma.rn.f32") >= 64


def test_without_a_driver_there_is_no_gpu() -> None:
    if ad.cuda.is_available():
        pytest.skip("there is one")
    with pytest.raises(AssertionError, match="not compiled with CUDA"):
        ad.zeros(1, device="cuda")
