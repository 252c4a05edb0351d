"""Time everything beside PyTorch, in one run, and print a table.

    python benchmarks/run.py

Needs torch (CPU build); both libraries compute with 2 threads. Each measurement runs in a process
of its own, because two libraries' pools of threads in one process slow each other down, and the
two libraries take turns. Shown are medians; the ratio is what counts, since absolute times drift
with the machine.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
from pathlib import Path

from rich.console import Console
from rich.table import Table
from startup import first_graph_seconds, import_seconds
from works import WORKS

TURNS = 7
MEASURE = Path(__file__).with_name("measure.py")


def main() -> None:
    console = Console()
    table = Table("work", "ours", "PyTorch", "ratio", title="beside PyTorch eager")
    for name in WORKS:
        ours, peer = [], []
        for _ in range(TURNS):
            ours.append(measured(name, "autodiff"))
            peer.append(measured(name, "torch"))
        medians = statistics.median(ours), statistics.median(peer)
        ratio = statistics.median(a / b for a, b in zip(ours, peer, strict=True))
        table.add_row(name, *map(readable, medians), f"{ratio:.2f}")
    console.print(table)

    waits = Table("a learner waits for", "seconds")
    waits.add_row("import autodiff", f"{import_seconds():.2f}")
    waits.add_row("autodiff learn: first graph on the screen", f"{first_graph_seconds():.2f}")
    console.print(waits)


def measured(work: str, library: str) -> float:
    """Median seconds of one call of a piece of work, measured in a new process."""
    threads = {"OMP_NUM_THREADS": "2", "OPENBLAS_NUM_THREADS": "2"}
    done = subprocess.run(
        [sys.executable, MEASURE, work, library],
        env={**os.environ, **threads},
        capture_output=True,
        text=True,
        check=True,
    )
    return float(done.stdout)


def readable(seconds: float) -> str:
    return f"{seconds * 1e6:.1f} us" if seconds < 1e-3 else f"{seconds * 1e3:.2f} ms"


if __name__ == "__main__":
    main()
