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
    works = ["small graph, 8 floats", "no such"]
    command = [sys.executable, FOLDER / "measure.py", "autodiff", *works]
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
def test_a_first_call_finds_nothing_that_another_peer_or_work_compiled(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import processes

    caches: dict[str, set[tuple[str, str]]] = {}

    def in_a_process(arguments: list[str], folder: str) -> dict[str, dict[str, float]]:
        *_, peer, work = arguments
        caches.setdefault(folder, set()).add((peer, work))
        return {work: {"seconds": 1.0, "first": 1.0, "memory": 1.0}}

    monkeypatch.setattr(processes, "in_a_process", in_a_process)
    processes.measure(["autodiff", "autodiff compiled"], ["one", "other"], turns=2)
    assert len(caches) == 4
    assert all(len(users) == 1 for users in caches.values())


MEASURED = {
    "small graph, 8 floats": {
        "autodiff": {"seconds": 2e-3, "first": 1.0, "cached": 0.5, "memory": 1.0},
        "autodiff compiled": {"seconds": 3e-3, "first": 2.5, "cached": 0.2, "memory": 9.0},
        "PyTorch": {"seconds": 5e-3, "first": 2.0, "cached": 2.0, "memory": 4.0},
        "JAX jit": {"seconds": 1e-3, "first": 3.0, "cached": 3.0},
    }
}


@pytest.mark.usefixtures("benchmarks")
def test_the_report_says_what_was_measured(tmp_path: Path) -> None:
    from aims import aims, readable
    from report import as_markdown, as_table, write_section

    reached = aims(MEASURED, {}, 0.25)
    assert "2.00" in as_table(MEASURED, reached)  # the best of ours over the best peer's
    page = tmp_path / "page.md"
    page.write_text("before\n<!-- measured: begin -->\nold\n<!-- measured: end -->\nafter\n")
    waits = {"import autodiff": 0.25}
    write_section(page, as_markdown(MEASURED, {"a step": 0.5}, reached, waits))
    text = page.read_text()
    assert text.startswith("before")
    assert text.endswith("after\n")
    assert "old" not in text
    assert "| small graph, 8 floats | 2 ms | 3 ms | 5 ms | **1 ms** |" in text
    assert "| small graph, 8 floats | **1** | 9 | 4 |  |" in text
    assert "| a step | 50% |" in text
    assert "import autodiff: 250 ms" in text
    assert [readable(x) for x in (2e-6, 3e-3, 4)] == ["2 us", "3 ms", "4 s"]


@pytest.mark.usefixtures("benchmarks")
def test_an_aim_is_met_or_not_by_what_was_measured() -> None:
    from aims import aims

    reached = aims(MEASURED, {}, 0.25)
    met = {(aim.what, aim.aim): aim.met for aim in reached}
    assert met == {
        ("small graph, 8 floats", "≤ 0.5"): True,
        ("small graph, 8 floats", "≤ 0.8"): False,
        ("peak memory, eager: at most PyTorch's (and 1 MiB)", "all"): True,
        ("peak memory, compiled: at most PyTorch's (and 1 MiB)", "all"): False,
        ("first call, compiled: the slowest", "≤ 2 s"): False,
        ("first call, compiled before by another process: the slowest", "≤ 300 ms"): True,
        ("import autodiff", "≤ 300 ms"): True,
    }


@pytest.mark.usefixtures("benchmarks")
def test_plots_are_drawn_of_what_was_measured(tmp_path: Path) -> None:
    from plots import plot_growth, plot_ratios

    plot_ratios(MEASURED, tmp_path / "ratios.svg")
    sizes = {10: 1e-4, 1_000: 1e-2}
    grown = {
        f"nodes {n:,}": {"autodiff": {"seconds": s}, "PyTorch": {"seconds": 2 * s}}
        for n, s in sizes.items()
    }
    plot_growth(grown, tmp_path / "growth.svg")
    for name in ("ratios", "growth"):
        assert "</svg>" in (tmp_path / f"{name}.svg").read_text()


@pytest.mark.skipif(sys.platform != "linux", reason="the peak of memory is read from /proc")
def test_peak_memory_is_that_of_the_work_not_of_loading_the_library() -> None:
    work = "(x*y + sin x).tanh().sum(), 4M elements, with backward"
    command = [sys.executable, FOLDER / "measure.py", "--memory", "autodiff", work]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    memory = json.loads(done.stdout)[work]["memory"]
    # x, y, both gradients, and what the backward pass needs of the forward pass: 16 MiB each
    assert 4 * 16 <= memory <= 12 * 16


@pytest.mark.usefixtures("benchmarks")
def test_no_speed_exceeds_the_limit_it_is_compared_with() -> None:
    from limits import least_seconds
    from works import ELEMENTWISE, MATMUL, SMALL

    assert least_seconds(ELEMENTWISE, bandwidth=1e9, peak=1e9) == pytest.approx(4 * 4 * 2**22 / 1e9)
    assert least_seconds(MATMUL, bandwidth=1e9, peak=1e9) == pytest.approx(6 * 1024**3 / 1e9)
    assert least_seconds(SMALL, bandwidth=1e9, peak=1e9) is None
