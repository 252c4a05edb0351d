"""The programs that learn to read digits, run to the end."""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "least"), [("mlp", 97.0), ("convnet", 98.5)], ids=["mlp", "convnet"]
)
@pytest.mark.parametrize("seed", ["0", "1", "2"])
def test_the_examples_reach_their_accuracy(
    name: str, least: float, seed: str, tmp_path: Path
) -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "examples" / f"digits_{name}.py", seed],
        cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    found = re.match(r"test accuracy ([\d.]+)% after ([\d.]+) s\n", done.stdout)
    assert found, done.stdout
    assert float(found[1]) >= least
    assert float(found[2]) < 30
    pictures = {path.name for path in tmp_path.iterdir()}
    if importlib.util.find_spec("matplotlib"):
        assert pictures == {f"{name}_curves.png", f"{name}_confusion.png"}
    else:
        assert "matplotlib is not installed" in done.stdout
