"""The examples run, and print what they print with PyTorch once their import lines name it.

Those that draw random numbers, or use images, which PyTorch has in another package, only run.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
EXAMPLES = [p for p in sorted((ROOT / "examples").glob("*.py")) if "digits_" not in p.name]
COMPARED = [p for p in EXAMPLES if not re.search("manual_seed|autodiff.vision", p.read_text())]
NUMBER = re.compile(r"[-+]?\d+\.\d*(?:e[-+]?\d+)?")


def printed(program: str) -> str:
    """What a program prints, run in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program],
        cwd=ROOT, capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def with_pytorch(program: str) -> str:
    """The program with its import lines changed, and nothing else."""
    lines = [
        re.sub(r"\bautodiff as torch\b", "torch", line).replace("autodiff", "torch")
        if line.startswith(("import ", "from "))
        else line
        for line in program.splitlines()
    ]
    return "\n".join(lines)


def by_name(paths: list[Path]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("path", paths, ids=lambda path: path.stem)


@by_name(EXAMPLES)
def test_runs(path: Path) -> None:
    program = path.read_text()
    for module, needed in (("scipy", "scipy"), ("autodiff.nn.parallel", "mpi4py")):
        if module in program:
            pytest.importorskip(needed)
    output = printed(program)
    assert len(output.splitlines()) >= 2
    assert f"({path.name})" in (ROOT / "examples" / "README.md").read_text()


@pytest.mark.parity
@by_name(COMPARED)
def test_prints_what_pytorch_prints(path: Path) -> None:
    pytest.importorskip("torch")
    program = path.read_text()
    if "scipy" in program:
        pytest.importorskip("scipy")
    ours, theirs = printed(program), printed(with_pytorch(program))
    theirs = re.sub(r" object at \w+>", ">", theirs.replace("torch.", "autodiff."))
    assert NUMBER.sub("#", ours).split() == NUMBER.sub("#", theirs).split()
    for a, b in zip(NUMBER.findall(ours), NUMBER.findall(theirs), strict=True):
        assert float(a) == pytest.approx(float(b), rel=1e-3, abs=2e-4)
