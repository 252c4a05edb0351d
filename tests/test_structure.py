"""What the shape of the code promises: a small engine, light imports, one direction, a true map."""

from __future__ import annotations

import ast
import inspect
import re
import subprocess
import sys
from pathlib import Path

import pytest

from autodiff.op import OPS

ROOT = Path(__file__).parents[1]
ARCHITECTURE = (ROOT / "docs" / "architecture.md").read_text()


def imports(path: Path) -> set[str]:
    """The top-level packages that a file imports, anywhere in it."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add((node.module or "").partition(".")[0])
    return names


def test_the_engine_is_small_and_needs_no_array_library() -> None:
    engine = ROOT / "autodiff" / "graph.py"
    assert len(engine.read_text().splitlines()) < 300
    assert "numpy" not in imports(engine)


@pytest.mark.parametrize(("package", "others"), [("autodiff", "viz lessons"), ("viz", "lessons")])
def test_packages_depend_in_one_direction(package, others) -> None:
    for path in (ROOT / package).rglob("*.py"):
        assert not imports(path) & set(others.split()), path


def test_importing_the_core_loads_nothing_heavy() -> None:
    heavy = {
        "numba",
        "rich",
        "PIL",
        "networkx",
        "graphviz",
        "pygraphviz",
        "torch",
        "viz",
        "lessons",
    }
    program = f"import sys, autodiff; print(*sorted(set(sys.modules) & {heavy!r}))"
    result = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert result.stdout.split() == []


def test_warnings_of_ordinary_arithmetic_stay_inside() -> None:
    """Infinities and nan are results here, in the generated fast paths too."""
    program = (
        "import autodiff as ad\n"
        "for x in (ad.tensor([0.0]), ad.tensor([0.0], requires_grad=True)):\n"
        "    x.log(); 1 / x; x / x; (x + 1000).exp(); ad.ones(0).mean(); (x.log() * 0).sum()\n"
    )
    result = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert result.stderr == ""


@pytest.mark.parametrize("package", ["autodiff", "viz", "lessons", "benchmarks"])
def test_every_module_is_on_the_map(package: str) -> None:
    _, start, rest = ARCHITECTURE.split("```")[1].partition(f"{package}/\n")
    part, *_ = re.split(r"\n(?=\w+/\n)", rest)
    assert start
    words = set(re.findall(r"[\w.]+", part))
    modules = [p for p in (ROOT / package).iterdir() if p.suffix == ".py" or p.is_dir()]
    unlisted = [p.name for p in modules if not words & {p.name, p.stem} and p.stem[:2] != "__"]
    assert unlisted == []


def test_the_op_that_the_map_shows_is_the_op() -> None:
    assert inspect.getsource(OPS["Expm1"]).strip() in ARCHITECTURE
    row = re.search(r"^\*unary\(\"Expm1\".*$", ARCHITECTURE, re.MULTILINE)
    assert row
    assert row[0] in (ROOT / "tests" / "cases" / "exponential.py").read_text()
