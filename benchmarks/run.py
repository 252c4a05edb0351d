"""Time everything beside PyTorch, in one run, and print a table.

    python benchmarks/run.py

Needs torch (CPU build); both libraries compute with 2 threads. Times are medians over interleaved
rounds; the ratio is what counts, since absolute times drift with the machine.
"""

from __future__ import annotations

import os

os.environ.setdefault("OMP_NUM_THREADS", "2")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "2")

import torch
from rich.console import Console
from rich.table import Table
from startup import first_graph_seconds, import_seconds
from timing import compare
from works import WORKS

import autodiff


def main() -> None:
    torch.set_num_threads(2)
    console = Console()
    table = Table("work", "ours", "PyTorch", "ratio", title=f"beside PyTorch {torch.__version__}")
    for name, work in WORKS.items():
        result = compare(name, work(autodiff), work(torch))
        table.add_row(name, _time(result.ours), _time(result.peer), f"{result.ratio:.2f}")
    console.print(table)

    waits = Table("a learner waits for", "seconds")
    waits.add_row("import autodiff", f"{import_seconds():.2f}")
    waits.add_row("autodiff learn: first graph on the screen", f"{first_graph_seconds():.2f}")
    console.print(waits)


def _time(seconds: float) -> str:
    return f"{seconds * 1e6:.1f} us" if seconds < 1e-3 else f"{seconds * 1e3:.2f} ms"


if __name__ == "__main__":
    main()
