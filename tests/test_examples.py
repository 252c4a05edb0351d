"""The examples run, and print what they print with PyTorch once their import lines name it."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
EXAMPLES = sorted((ROOT / "examples").glob("*.py"))
NUMBER = re.compile(r"[-+]?\d+\.\d*(?:e[-+]?\d+)?")
by_name = pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)


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


@by_name
def test_runs(path: Path) -> None:
    program = path.read_text()
    output = printed(program)
    assert len(output.splitlines()) >= 2
    assert f"({path.name})" in (ROOT / "examples" / "README.md").read_text()


@pytest.mark.parity
@by_name
def test_prints_what_pytorch_prints(path: Path) -> None:
    pytest.importorskip("torch")
    program = path.read_text()
    ours, theirs = printed(program), printed(with_pytorch(program))
    theirs = re.sub(r" object at \w+>", ">", theirs.replace("torch.", "autodiff."))
    assert NUMBER.sub("#", ours).split() == NUMBER.sub("#", theirs).split()
    for a, b in zip(NUMBER.findall(ours), NUMBER.findall(theirs), strict=True):
        assert float(a) == pytest.approx(float(b), rel=1e-3, abs=2e-4)
