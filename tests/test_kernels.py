"""Kernels: machine code that is compiled once, and loaded from disk without Numba."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from autodiff.backends import updates
from autodiff.native import machine_code
from autodiff.native.kernel import Kernel

TRAINING = """
import sys
import numpy as np
import autodiff as ad

ad.manual_seed(0)
net = ad.nn.Sequential(ad.nn.Conv2d(3, 6, 5), ad.nn.ReLU(), ad.nn.MaxPool2d(2), ad.nn.Flatten(),
                       ad.nn.Linear(864, 10))
optimizer = ad.optim.SGD(net.parameters(), lr=0.1, momentum=0.9)
x, target = ad.randn(20, 3, 28, 28), ad.arange(20) % 10
for _ in range(3):
    optimizer.zero_grad()
    ad.nn.functional.cross_entropy(net(x), target).backward()
    optimizer.step()
print([float(np.abs(p.detach().numpy()).sum(dtype=np.float64)).hex() for p in net.parameters()])
print("numba" in sys.modules)
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("AUTODIFF_CACHE", str(tmp_path / "new"))
    return tmp_path / "new"


def descended(kernel: Kernel) -> list[float]:
    x, g = np.array([1.0, 2.0]), np.array([1.0, -1.0])
    kernel(x, g, np.array([0.5]))
    return x.tolist()


def fresh() -> Kernel:
    """`updates.descend` as a new process has it."""
    return Kernel(updates.descend.function, (), False)


@pytest.mark.slow
@pytest.mark.skipif(not machine_code.LOADS_ALONE, reason="Numba brings functions here")
def test_a_new_process_trains_with_kept_kernels_and_without_numba(folder: Path) -> None:
    outputs = []
    for _ in range(2):
        done = subprocess.run(
            [sys.executable, "-c", TRAINING],
            env={**os.environ, "AUTODIFF_CACHE": str(folder)},
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        outputs.append(done.stdout.splitlines())
    compiled, loaded = outputs
    assert compiled[0] == loaded[0]
    assert (compiled[1], loaded[1]) == ("True", "False")


def test_what_is_kept_is_loaded_and_what_is_damaged_made_anew(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert descended(fresh()) == [0.5, 2.5]
    (file,) = folder.glob("kernel_descend_*.o")
    whole = file.read_bytes()
    for damaged in (b"", whole[:-100], b"\xff" * 100, whole.replace(b"ELF", b"FLE")):
        file.write_bytes(damaged)
        assert descended(fresh()) == [0.5, 2.5]
        assert machine_code.MachineCode.load(file) is not None

    from autodiff.native import numba_code

    monkeypatch.setattr(numba_code, "kernel_code", None)
    assert descended(fresh()) == [0.5, 2.5]


def test_code_of_another_processor_is_not_used(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as other:
        other.setattr(machine_code, "_cpu", lambda: "another processor")
        descended(fresh())
    (file,) = folder.glob("kernel_descend_*.o")
    theirs = file.read_bytes()
    assert descended(fresh()) == [0.5, 2.5]
    assert file.read_bytes() != theirs


def test_each_dtype_and_each_number_around_it_has_a_file_of_its_own(folder: Path) -> None:
    def scaled(factor: int) -> Kernel:
        def scale(x, out):
            for i in range(x.size):
                out[i] = x[i] * factor

        return Kernel(scale, (), True)

    for dtype in (np.float32, np.float64):
        for factor in (2, 3):
            x = np.ones(5, dtype)
            out = np.empty_like(x)
            scaled(factor)(x, out)
            assert out.tolist() == [factor] * 5
    assert len(list(folder.glob("kernel_scale_*.o"))) == 4


def test_without_a_place_to_write_to_code_is_made_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("AUTODIFF_CACHE", str(tmp_path / "file"))
    assert descended(fresh()) == [0.5, 2.5]
