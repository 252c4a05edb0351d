"""Time everything beside PyTorch, in one run, and print a table.

    python benchmarks/run.py            whole training steps, and what a learner waits for
    python benchmarks/run.py ops        one operation at a time, on small and on large tensors
    python benchmarks/run.py scalars    graphs of single numbers, beside micrograd

Needs torch (CPU build), micrograd and scikit-learn; the libraries compute with 2 threads. Each
measurement runs in a process of its own, because two libraries' pools of threads in one process
slow each other down, and the two libraries take turns. Shown are medians; the ratio is what counts,
since absolute times drift with the machine.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
from pathlib import Path

from rich.console import Console
from rich.table import Table
from startup import first_graph_seconds, import_seconds
from works import OPS, SCALARS, TRAINING

MEASURE = Path(__file__).with_name("measure.py")


def main() -> None:
    console = Console()
    if "ops" in sys.argv[1:]:
        console.print(beside("torch", list(OPS), turns=3))
        return
    if "scalars" in sys.argv[1:]:
        console.print(beside("micrograd.engine", list(SCALARS), turns=7))
        return
    console.print(beside("torch", list(TRAINING), turns=7))
    waits = Table("a learner waits for", "seconds")
    waits.add_row("import autodiff", f"{import_seconds():.2f}")
    waits.add_row("autodiff learn: first graph on the screen", f"{first_graph_seconds():.2f}")
    console.print(waits)


def beside(library: str, works: list[str], turns: int) -> Table:
    """A table of medians over the turns beside those of another library, and the median ratio."""
    ours, peer = [], []
    for _ in range(turns):
        ours.append(measured("autodiff", works))
        peer.append(measured(library, works))
    table = Table("work", "ours", library, "ratio")
    for name in works:
        pairs = [(a[name], b[name]) for a, b in zip(ours, peer, strict=True)]
        medians = [statistics.median(times) for times in zip(*pairs, strict=True)]
        ratio = statistics.median(a / b for a, b in pairs)
        table.add_row(name, *map(readable, medians), f"{ratio:.2f}")
    return table


def measured(library: str, works: list[str]) -> dict[str, float]:
    """Median seconds of one call of each piece of work, measured in a new process."""
    threads = {"OMP_NUM_THREADS": "2", "OPENBLAS_NUM_THREADS": "2"}
    done = subprocess.run(
        [sys.executable, MEASURE, library, *works],
        env={**os.environ, **threads},
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


def readable(seconds: float) -> str:
    return f"{seconds * 1e6:.1f} us" if seconds < 1e-3 else f"{seconds * 1e3:.2f} ms"


if __name__ == "__main__":
    main()
