"""The training programs of docs/examples, run to the end."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[1] / "docs" / "examples"


@pytest.mark.slow
@pytest.mark.parametrize(("script", "least"), [("train_mlp.py", 96.0), ("train_convnet.py", 98.0)])
@pytest.mark.parametrize("seed", ["0", "1", "2"])
def test_the_examples_reach_their_accuracy(script: str, least: float, seed: str) -> None:
    done = subprocess.run(
        [sys.executable, script, seed], cwd=EXAMPLES, capture_output=True, text=True, check=True
    )
    found = re.fullmatch(r"test accuracy ([\d.]+)% after [\d.]+ s\n", done.stdout)
    assert found, done.stdout
    assert float(found[1]) >= least
