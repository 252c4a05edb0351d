"""Programs on disk: what is kept of them, when it is used again, and when it is made anew."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import autodiff as ad
from autodiff.compiler import cache
from autodiff.native import machine_code, makers

PROGRAM = """
import sys
import autodiff as ad

f = ad.compile(lambda x: (x.tanh() * x).sum())
for start in (0, 1):
    x = ad.tensor([start, 0.5, -2.0], requires_grad=True)
    y = f(x)
    y.backward()
print(y.item(), x.grad.tolist(), "numba" in sys.modules)
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("AUTODIFF_CACHE", str(tmp_path))
    return tmp_path


def call() -> float:
    f = ad.compile(lambda x: (x.exp() * x).sum())
    return [f(ad.tensor([2.0, 3.0])).item() for _ in range(2)][1]


EXPECTED = 2 * np.exp(2) + 3 * np.exp(3)


def in_a_new_process(folder: Path) -> str:
    environment = {**os.environ, "AUTODIFF_CACHE": str(folder)}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], env=environment, capture_output=True, text=True, check=True
    )
    return done.stdout


@pytest.mark.skipif(
    not machine_code.LOADS_ALONE, reason="Numba brings functions that code needs here"
)
def test_a_new_process_runs_a_kept_program_without_numba(folder: Path) -> None:
    first, second = in_a_new_process(folder), in_a_new_process(folder)
    assert first.endswith("True\n")
    assert second == first.replace("True", "False")


def test_damaged_machine_code_is_made_anew(folder: Path) -> None:
    call()
    (file,) = folder.glob("*.o")
    whole = file.read_bytes()
    for damaged in (b"", whole[:-100], whole.replace(b"ELF", b"FLE"), b"\xff" * 100, b"{}\n"):
        file.write_bytes(damaged)
        assert machine_code.MachineCode.load(file) is None
        assert call() == pytest.approx(EXPECTED, rel=1e-6)
        assert machine_code.MachineCode.load(file) is not None


def test_machine_code_of_another_processor_is_not_run(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    call()
    (file,) = folder.glob("*.o")
    monkeypatch.setattr(machine_code, "_cpu", lambda: "another processor")
    assert machine_code.MachineCode.load(file) is None


def test_code_that_calls_what_is_not_there_is_not_loaded(folder: Path) -> None:
    call()
    (file,) = folder.glob("*.o")
    code = machine_code.MachineCode.load(file)
    assert code is not None
    machine_code.MachineCode(code.code, code.symbol, ("no_such_function",)).save(file)
    assert machine_code.MachineCode.load(file) is None


def test_what_changed_compiler_code_made_is_not_used_again(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module, names in ((cache, cache.OWN), (makers, makers.OWN)):
        place = Path(module.__file__).parent
        for name in names:
            shutil.copy(place / f"{name}.py", tmp_path)
            with monkeypatch.context() as moved:
                moved.setattr(module, "__file__", str(tmp_path / "here.py"))
                moved.setattr(module, "OWN", (name,))
                before = name_of_program()
                assert name_of_program() == before
                (tmp_path / f"{name}.py").write_text("x = 1\n")
                assert name_of_program() != before


def name_of_program() -> str:
    return cache.load("x = 1\n").__name__


def test_the_same_program_has_the_same_source() -> None:
    """Otherwise it would be compiled again: nothing in it may depend on where objects lie."""
    leaves = [ad.ones(1 << 18, requires_grad=True) for _ in range(4)]

    def step(x: ad.Tensor) -> None:
        for leaf in leaves:
            leaf.grad = None
        a, b, c, d = leaves
        ((a * b + c.sin()) * d * x).sum().backward()

    texts = set()
    for _ in range(3):
        f = ad.compile(step)
        f(ad.tensor(2.0))
        texts.add(f.source)
    assert len(texts) == 1


def test_a_loop_refuses_memory_that_is_not_what_it_was_made_for(folder: Path) -> None:
    source = (
        "from __future__ import annotations\n"
        "from autodiff.compiler.native import loop\n"
        "@loop\n"
        "def double(x: float32[3], out: float32[3]):\n"
        "    for i in range(3):\n"
        "        out[i] = x[i] * x[i]\n"
    )
    x, out = np.array([1, 2, 3], np.float32), np.empty(3, np.float32)
    for wrong in (x.astype(np.float64), x[:2], np.repeat(x, 2)[::2], x[0], None):
        with pytest.raises(RuntimeError, match=r"float32\[3\]"):
            cache.load(source).double(wrong, out)
    module = cache.load(source)
    module.double(x, out)
    assert out.tolist() == [1, 4, 9]
