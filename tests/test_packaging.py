"""What a user installs: the source archive builds, and what is installed is whole and works."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tarfile
import tomllib
from itertools import chain
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
PROGRAM = """
import autodiff as ad, viz, lessons
from autodiff.vision.datasets import Digits

x = ad.tensor([1.0, 2.0], requires_grad=True)
viz.backward((x * x).sum()).save("pass.html")
viz.graph((x * x).sum()).save("graph.svg")
print(len(Digits(train=True)), lessons.__file__)
try:
    ad.distributed.init_process_group()
except RuntimeError as error:
    print("Fix:" in str(error))
"""


def run(*command: object, folder: Path) -> str:
    """What a command prints, outside of this project's folder."""
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    done = subprocess.run(
        [str(part) for part in command], cwd=folder, env=environment, capture_output=True,
        text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.slow
def test_the_source_archive_installs_whole(tmp_path: Path) -> None:
    """Built from what git has; the wheel is built from the archive, as pip does it."""
    tracked = run("git", "ls-files", folder=ROOT).split()
    tree = tmp_path / "tree"
    for name in tracked:
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        (tree / name).write_bytes((ROOT / name).read_bytes())
    python = tmp_path / "venv" / "bin" / "python"
    run(sys.executable, "-m", "venv", tmp_path / "venv", folder=tmp_path)
    run(python, "-m", "pip", "install", "--quiet", "build", folder=tmp_path)
    run(python, "-m", "build", "--sdist", "--outdir", tmp_path, tree, folder=tmp_path)
    (archive,) = tmp_path.glob("autodiff_tutorial-*.tar.gz")
    with tarfile.open(archive) as opened:
        folders = {Path(name).parts[1] for name in opened.getnames() if "/" in name}
    assert "tests" not in folders
    run(python, "-m", "pip", "install", "--quiet", archive, folder=tmp_path)

    printed = run(python, "-W", "error", "-c", PROGRAM, folder=tmp_path).split()
    assert printed[0] == "1437"
    assert printed[2] == "True"  # the extra for MPI is not there, and the error says how to get it
    installed = Path(printed[1]).parents[1]
    packaged = [name for name in tracked if name.startswith(("autodiff/", "viz/", "lessons/"))]
    assert [name for name in packaged if not (installed / name).exists()] == []
    assert (tmp_path / "pass.html").stat().st_size > 10_000
    assert "chain-rule" in run(tmp_path / "venv" / "bin" / "autodiff", "learn", "--list",
                               folder=tmp_path)  # fmt: skip
    run(python, "-m", "pip", "check", folder=tmp_path)


def needed() -> list[str]:
    """Everything that pyproject.toml names, by name."""
    extras = PROJECT["optional-dependencies"].values()
    lines = chain(PROJECT["dependencies"], *extras)
    return sorted({re.split(r"[\[>=; ]", line)[0].lower() for line in lines})


def test_every_dependency_is_listed_with_its_license() -> None:
    table = (ROOT / "docs" / "dependencies.md").read_text().lower()
    assert [name for name in needed() if f"| {name} |" not in table] == []


def test_every_dependency_is_locked() -> None:
    text = (ROOT / ".ci" / "locked.txt").read_text().lower()
    locked = re.findall(r"^([\w.-]+)==", text, re.MULTILINE)
    optional = {
        "numba-cuda",
        "nvmath-python",
        "nvidia-cublas",
    }  # for machines with a GPU, and not part of the tests
    names = {re.sub(r"[-_.]+", "-", name) for name in locked}
    assert [name for name in needed() if name not in names | optional] == []
