"""What was measured, as tables and plots."""

from __future__ import annotations

import io
import platform
from collections.abc import Callable
from pathlib import Path
from typing import Any

from peers import OURS
from rich.console import Console
from rich.table import Table

__all__ = ["as_markdown", "as_table", "plot_growth", "plot_ratios", "write_section"]

Row = dict[str, Any]
RATIOS = ("eager / PyTorch", "best / best peer", "share of limit")
BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"


def readable(seconds: float) -> str:
    """A time in the unit that suits it.

    >>> readable(0.00012)
    '120.0 us'
    """
    for unit, size in (("us", 1e-6), ("ms", 1e-3)):
        if seconds < size * 1e3:
            return f"{seconds / size:.{1 if seconds < size * 1e3 else 0}f} {unit}"
    return f"{seconds:.2f} s"


def as_table(rows: list[Row]) -> str:
    """For the terminal."""
    peers = _peers(rows)
    table = Table("work", *peers, *RATIOS)
    for row in rows:
        table.add_row(row["work"], *_cells(row["seconds"], peers, readable), *_ratios(row))
    screen = io.StringIO()
    Console(file=screen, width=70 + 14 * len(peers)).print(table)
    return screen.getvalue()


def as_markdown(rows: list[Row], waits: dict[str, float]) -> str:
    """For docs/performance.md: times, ratios, first calls, memory, what a learner waits for."""
    peers = _peers(rows)
    head = ["work", *peers]
    times = [[row["work"], *_cells(row["seconds"], peers, readable), *_ratios(row)] for row in rows]
    first = [[row["work"], *_cells(row["first"], peers, readable)] for row in rows]
    memory = [[row["work"], *_cells(row["memory"], peers, "{:.0f}".format)] for row in rows]
    return "\n\n".join(
        [
            f"Python {platform.python_version()} on {platform.machine()}, 2 threads. "
            "The last ratio is our best time over the best peer's; the share is of the speed that "
            "the machine's measured copy bandwidth or matrix-product peak allows.",
            _markdown_table([*head, *RATIOS], times),
            "First call (with compilation where there is any):",
            _markdown_table(head, first),
            "Peak memory above what the process held before the work, in MiB. The works of a "
            "library run one after another, so each may use again what an earlier one freed, and a "
            "first use of Numba counts where it happens:",
            _markdown_table(head, memory),
            "\n".join(f"- {what}: {seconds:.2f} s" for what, seconds in waits.items()),
        ]
    )


def write_section(file: Path, text: str) -> None:
    """Replace what stands between the markers of a Markdown file."""
    page = file.read_text(encoding="utf-8")
    before, rest = page.split(BEGIN)
    after = rest.split(END)[1]
    file.write_text(f"{before}{BEGIN}\n\n{text}\n\n{END}{after}", encoding="utf-8")


def plot_ratios(rows: list[Row], file: Path) -> None:
    """Everybody's time over ours, one group of bars for each work, on a logarithmic scale."""
    plt = _pyplot()
    peers = [p for p in _peers(rows) if p not in OURS]
    figure, axes = plt.subplots(figsize=(9, 0.9 * len(rows) + 1.2), layout="constrained")
    height = 0.8 / max(1, len(peers))
    for i, peer in enumerate(peers):
        shown = [
            (
                place,
                row["seconds"][peer] / min(row["seconds"][p] for p in OURS if p in row["seconds"]),
            )
            for place, row in enumerate(rows)
            if peer in row["seconds"]
        ]
        axes.barh([p + (i - len(peers) / 2 + 0.5) * height for p, _ in shown],
                  [r for _, r in shown], height, label=peer)  # fmt: skip
    axes.axvline(1, color="black", linewidth=1)
    axes.set_yticks(range(len(rows)), [row["work"] for row in rows])
    axes.invert_yaxis()
    axes.set_xscale("log")
    axes.set_xlabel("time of the peer / time of autodiff (right of 1: autodiff is faster)")
    axes.legend()
    _save(plt, figure, file)


def plot_growth(measured: dict[str, dict[str, dict[str, float]]], file: Path) -> None:
    """Seconds of a step over nodes, batch, depth and width, in four panels."""
    plt = _pyplot()
    kinds = list(dict.fromkeys(name.split()[0] for name in measured))
    figure, panels = plt.subplots(
        1, len(kinds), figsize=(3.4 * len(kinds), 3), layout="constrained"
    )
    for kind, axes in zip(kinds, panels, strict=True):
        lines: dict[str, list[tuple[int, float]]] = {}
        for name, by_peer in measured.items():
            if name.split()[0] == kind:
                size = int(name.split()[1].replace(",", ""))
                for peer, figures in by_peer.items():
                    lines.setdefault(peer, []).append((size, figures["seconds"]))
        for peer, points in lines.items():
            axes.loglog(*zip(*points, strict=True), marker="o", markersize=3, label=peer)
        axes.set_xlabel(kind)
    panels[0].set_ylabel("seconds of a step")
    panels[0].legend()
    _save(plt, figure, file)


def _pyplot() -> Any:
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    plt.rcParams["svg.hashsalt"] = "autodiff"
    return plt


def _save(plt: Any, figure: Any, file: Path) -> None:
    figure.savefig(file, metadata={"Date": None})
    plt.close(figure)


def _peers(rows: list[Row]) -> list[str]:
    return list(dict.fromkeys(peer for row in rows for peer in row["seconds"]))


def _cells(figures: dict[str, float], peers: list[str], shown: Callable[[float], str]) -> list[str]:
    return [shown(figures[peer]) if peer in figures else "" for peer in peers]


def _ratios(row: Row) -> list[str]:
    seconds, share = row["seconds"], row["share"]
    eager = (
        seconds["autodiff"] / seconds["PyTorch"]
        if {"autodiff", "PyTorch"} <= set(seconds)
        else None
    )
    ours = [t for peer, t in seconds.items() if peer in OURS]
    others = [t for peer, t in seconds.items() if peer not in OURS]
    best = min(ours) / min(others) if ours and others else None
    return [
        "" if eager is None else f"{eager:.2f}",
        "" if best is None else f"{best:.2f}",
        "" if share is None else f"{share:.0%}",
    ]


def _markdown_table(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
