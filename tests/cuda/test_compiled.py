"""Every kernel is compiled, to PTX and to machine code, on a machine that need not have a GPU.

What is looked for: arithmetic in double precision where the program asked for single (one number
without a type is enough for that), divisions of 64-bit numbers, which take dozens of instructions,
and local memory, which means that a thread's variables did not fit into its registers. The first
two are visible in PTX; the third is what ptxas says of the machine code it made.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
from typing import Any

import pytest

import autodiff as ad
from autodiff.backends import cuda
from autodiff.backends.cuda.kernel import Kernel
from tests.cuda.every_kernel import F4, Compiled, every_kernel

HOPPER = (9, 0)

REDUCES_ITS_ARGUMENT = {"Sin", "Cos", "Tan", "Sinc"}
"""Huge angles are brought into range by NVIDIA's own functions, in double precision and in local
memory; that part of their code does not run for others."""

KERNELS = list(every_kernel())


@pytest.fixture(scope="module")
def hardware() -> Any:
    return pytest.importorskip("autodiff.backends.cuda.hardware")


@pytest.mark.parametrize("compiled", KERNELS, ids=lambda compiled: compiled.name)
def test_kernel(compiled: Compiled, hardware: Any) -> None:
    ptx = hardware.ptx_of(compiled.kernel, HOPPER)
    code, report = hardware.link(ptx, HOPPER)
    assert code[:4] == b"\x7fELF"
    assert hardware.entry_of(ptx).encode() in code
    if not compiled.single or compiled.name.split("-")[0] in REDUCES_ITS_ARGUMENT:
        return
    assert not [line for line in ptx.splitlines() if ".f64" in line]
    assert not re.findall(r"^\s*(?:div|rem)\.[us]64.*", ptx, re.MULTILINE)
    assert set(local_memory(report)) == {"0"}


def local_memory(report: str) -> list[str]:
    """How many bytes ptxas says that each thread keeps in memory of its own, and copies there."""
    said = r"(\d+) bytes stack frame, (\d+) bytes spill stores, (\d+) bytes spill loads"
    match = re.search(said, report)
    assert match is not None, report
    return list(match.groups())


def test_no_kernel_is_left_out() -> None:
    """Every function that makes kernels was called for the list, and every constant is in it."""
    listed = {compiled.kernel for compiled in KERNELS}
    for found in pkgutil.iter_modules(cuda.__path__):
        if found.name in ("hardware", "simulator"):
            continue
        module = importlib.import_module(f"{cuda.__name__}.{found.name}")
        for name, value in vars(module).items():
            if isinstance(value, Kernel):
                assert value in listed, f"{module.__name__}.{name}"
            elif hasattr(value, "cache_info") and value.__annotations__.get("return") == "Kernel":
                assert value.cache_info().misses, f"{module.__name__}.{name}"


def test_machine_code_is_kept_on_disk(
    hardware: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUTODIFF_CACHE", str(tmp_path))
    kernel = KERNELS[0].kernel
    entry, code = hardware.compile_kernel(kernel, HOPPER)
    assert entry.encode() in code
    monkeypatch.setattr(hardware, "ptx_of", lambda *_: pytest.fail("compiled twice"))
    assert hardware.compile_kernel(kernel, HOPPER) == (entry, code)


def test_the_inner_loop_of_a_matrix_product_is_all_multiplications(hardware: Any) -> None:
    """8 x 8 results per thread: 64 fused multiplications for 16 numbers, read four at a time."""
    from autodiff.backends.cuda import matmul, tiles

    ptx = hardware.ptx_of(matmul.kernel(F4, F4, F4, tiles.LARGE, True, True, False), HOPPER)
    assert ptx.count("fma.rn.f32") == 64
    assert ptx.count("ld.shared.v4.f32") == ptx.count("ld.shared") == 4


def test_without_a_driver_there_is_no_gpu() -> None:
    if ad.cuda.is_available():
        pytest.skip("there is one")
    with pytest.raises(AssertionError, match="not compiled with CUDA"):
        ad.zeros(1, device="cuda")
