"""What was measured, as tables: for the terminal, and for docs/performance.md."""

from __future__ import annotations

import io
import platform
from collections.abc import Callable
from pathlib import Path

from aims import Aim, best, best_peer, readable
from processes import Measured
from rich.console import Console
from rich.table import Table

__all__ = ["as_markdown", "as_table", "write_section"]

BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"
AIMS_HEAD = ["what", "ours", "peer", "figure", "aim", "met"]


def as_table(measured: Measured, aims: list[Aim] = ()) -> str:  # type: ignore[assignment]
    """For the terminal: everybody's times with our ratio to the best peer, and the aims."""
    peers = _peers(measured)
    times = Table("work", *peers, "ours / best peer")
    for work, by_peer in measured.items():
        ours, other = best(by_peer), best_peer(by_peer)
        ratio = f"{ours[1] / other[1]:.2f}" if ours and other else ""
        times.add_row(work, *_cells(measured, work, "seconds", readable), ratio)
    screen = io.StringIO()
    console = Console(file=screen, width=70 + 13 * len(peers))
    console.print(times)
    if aims:
        table = Table(*AIMS_HEAD)
        for aim in aims:
            table.add_row(*(cell.replace("**", "") for cell in aim.cells))
        console.print(table)
    return screen.getvalue()


def as_markdown(
    measured: Measured, shares: dict[str, float], aims: list[Aim], waits: dict[str, float]
) -> str:
    """For docs/performance.md: the aims, then times, first calls and memory of everybody."""
    head = ["work", *_peers(measured)]

    def table(kind: str, shown: Callable[[float], str]) -> str:
        return _markdown_table(head, [[w, *_cells(measured, w, kind, shown)] for w in measured])

    limits = [[work, f"{share:.0%}"] for work, share in shares.items()]
    return "\n\n".join(
        [
            f"Python {platform.python_version()} on {platform.machine()}, 2 threads.",
            f"**The aims, {sum(aim.met for aim in aims)} of {len(aims)} met.** The figure is our "
            "time over the peer's, and ours the faster of eager and compiled.",
            _markdown_table(AIMS_HEAD, [aim.cells for aim in aims]),
            "**One call**, after a warm-up:",
            table("seconds", readable),
            "**The first call** in a new process, with empty caches on disk (after the import, "
            "with compilation where there is any):",
            table("first", readable),
            "**The first call** in a new process that finds on disk what another one compiled:",
            table("cached", readable),
            "**Peak memory** in MiB, each work in a process of its own, above what the process "
            "held when its library had been imported and had run something small:",
            table("memory", "{:.0f}".format),
            "**Share of what the machine allows**: of its copy bandwidth for elementwise "
            "operations, otherwise of its matrix-product peak, both measured in the same run:",
            _markdown_table(["work", "ours"], limits),
            "\n".join(f"- {what}: {readable(seconds)}" for what, seconds in waits.items()),
        ]
    )


def write_section(file: Path, text: str) -> None:
    """Replace what stands between the markers of a Markdown file."""
    page = file.read_text(encoding="utf-8")
    before, rest = page.split(BEGIN)
    after = rest.split(END)[1]
    file.write_text(f"{before}{BEGIN}\n\n{text}\n\n{END}{after}", encoding="utf-8")


def _peers(measured: Measured) -> list[str]:
    return list(dict.fromkeys(peer for by_peer in measured.values() for peer in by_peer))


def _cells(measured: Measured, work: str, kind: str, shown: Callable[[float], str]) -> list[str]:
    """The figures of a kind, everybody's in the order of `_peers`; the smallest is bold."""
    figures = {peer: f[kind] for peer, f in measured[work].items() if kind in f}
    least = min(figures.values(), default=None)
    cells = [shown(figures[peer]) if peer in figures else "" for peer in _peers(measured)]
    return [f"**{cell}**" if cell and cell == shown(least or 0) else cell for cell in cells]


def _markdown_table(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
