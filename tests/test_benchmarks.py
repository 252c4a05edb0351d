"""The benchmarks run: nothing here looks at how long they take."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[1] / "benchmarks"


@pytest.fixture
def benchmarks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(FOLDER))


def test_a_measurement_gives_figures_and_leaves_out_what_a_peer_does_not_have() -> None:
    command = [
        sys.executable,
        FOLDER / "measure.py",
        "autodiff",
        "small graph, 8 floats",
        "no such",
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    figures = json.loads(done.stdout)
    assert list(figures) == ["small graph, 8 floats"]
    assert (
        0 < figures["small graph, 8 floats"]["seconds"] < figures["small graph, 8 floats"]["first"]
    )


@pytest.mark.usefixtures("benchmarks")
def test_every_work_of_ours_runs() -> None:
    from growth import GROWTH
    from peers import work_of
    from works import OPS, TRAINING

    large = ("4M", "1024", "100,000", "1,000,000", "4096", "2048")
    works = [name for name in TRAINING | OPS | GROWTH if not any(part in name for part in large)]
    assert len(works) > 30
    for name in works:
        set_up = work_of("autodiff", name)
        assert set_up is not None
        set_up()()


@pytest.mark.usefixtures("benchmarks")
def test_the_report_says_what_was_measured(tmp_path: Path) -> None:
    from report import as_markdown, as_table, readable, write_section

    row = {
        "work": "a step", "share": 0.5,
        "seconds": {"autodiff": 2e-3, "PyTorch": 4e-3, "JAX jit": 1e-3},
        "first": {"autodiff": 1.0, "PyTorch": 2.0, "JAX jit": 3.0},
        "memory": {"autodiff": 1.0, "PyTorch": 2.0, "JAX jit": 3.0},
    }  # fmt: skip
    assert "0.50" in as_table([row])
    page = tmp_path / "page.md"
    page.write_text("before\n<!-- measured: begin -->\nold\n<!-- measured: end -->\nafter\n")
    write_section(page, as_markdown([row], {"import autodiff": 0.25}))
    text = page.read_text()
    assert text.startswith("before")
    assert text.endswith("after\n")
    assert "old" not in text
    assert "| a step | 2.0 ms | 4.0 ms | 1.0 ms | 0.50 | 2.00 | 50% |" in text
    assert "import autodiff: 0.25 s" in text
    assert [readable(x) for x in (2e-6, 3e-3, 4)] == ["2.0 us", "3.0 ms", "4.00 s"]


@pytest.mark.usefixtures("benchmarks")
def test_no_speed_exceeds_the_limit_it_is_compared_with() -> None:
    from limits import least_seconds
    from works import ELEMENTWISE, MATMUL, SMALL

    assert least_seconds(ELEMENTWISE, bandwidth=1e9, peak=1e9) == pytest.approx(4 * 4 * 2**22 / 1e9)
    assert least_seconds(MATMUL, bandwidth=1e9, peak=1e9) == pytest.approx(6 * 1024**3 / 1e9)
    assert least_seconds(SMALL, bandwidth=1e9, peak=1e9) is None
