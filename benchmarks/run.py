"""Time everything beside its peers, in one run: a table, a plot, and docs/performance.md.

    python benchmarks/run.py                what lessons train, and what a learner waits for
    python benchmarks/run.py ops            one operation at a time, on small and on large tensors
    python benchmarks/run.py growth         how cost grows with nodes, batch, depth and width
    python benchmarks/run.py --write        the first and the last, into docs/performance.md
    python benchmarks/run.py --peers PyTorch "JAX jit" --turns 3

Peers that are not installed are left out. The libraries compute with 2 threads. Each measurement
runs in a process of its own, because two libraries' pools of threads in one process slow each other
down, and the libraries take turns. Shown are medians over the turns; the ratio, to the best peer,
is what counts, since absolute times drift with the machine.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from growth import GROWTH
from limits import copy_bandwidth, gemm_peak, least_seconds
from peers import OURS, PEERS, installed
from report import as_markdown, as_table, plot_growth, plot_ratios, write_section
from startup import first_graph_seconds, import_seconds
from works import OPS, SCALARS, TRAINING

HERE = Path(__file__).parent
DOCS = HERE.parent / "docs"
THREADS = {"OMP_NUM_THREADS": "2", "OPENBLAS_NUM_THREADS": "2", "MKL_NUM_THREADS": "2"}

Measured = dict[str, dict[str, dict[str, float]]]
"""What was measured: by work, by peer, the medians of seconds, first call and memory."""


def main() -> None:
    options = _options()
    peers = [p for p in options.peers or PEERS if installed(p)]
    if options.what == "ops":
        print(as_table(_summary(measure(peers, OPS, options.turns))))
    elif options.what == "growth":
        measured = measure(_eager(peers), GROWTH, options.turns)
        print(as_table(_summary(measured)))
    else:
        measured = measure(peers, [*TRAINING, *SCALARS], options.turns)
        rows = _summary(measured)
        print(as_table(rows))
        waits = {
            "import autodiff": import_seconds(),
            "autodiff learn: first graph on the screen": first_graph_seconds(),
        }
        for what, seconds in waits.items():
            print(f"{what}: {seconds:.2f} s")
        if options.write:
            grown = measure(_eager(peers), GROWTH, options.turns)
            plot_ratios(rows, DOCS / "performance.svg")
            plot_growth(grown, DOCS / "growth.svg")
            write_section(DOCS / "performance.md", as_markdown(rows, waits))


def measure(peers: list[str], works: Iterable[str], turns: int) -> Measured:
    """Each work with each peer, in turn after turn."""
    works = list(works)
    seen: dict[str, dict[str, list[dict[str, float]]]] = {name: {} for name in works}
    for _ in range(turns):
        for peer in peers:
            for name, figures in _one_process(peer, works).items():
                seen[name].setdefault(peer, []).append(figures)
    return {
        name: {peer: _medians(figures) for peer, figures in by_peer.items()}
        for name, by_peer in seen.items()
    }


def _one_process(peer: str, works: list[str]) -> dict[str, dict[str, float]]:
    done = subprocess.run(
        [sys.executable, HERE / "measure.py", peer, *works],
        env={**os.environ, **THREADS},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return json.loads(done.stdout.splitlines()[-1])


def _medians(figures: list[dict[str, float]]) -> dict[str, float]:
    kinds = ("seconds", "first", "memory")
    return {k: statistics.median(f[k] for f in figures if f[k] is not None) for k in kinds}


def _summary(measured: Measured) -> list[dict[str, object]]:
    """One row for each work: everybody's times, first calls and memory; our share of the limit."""
    bandwidth, peak = copy_bandwidth(), gemm_peak()
    rows: list[dict[str, object]] = []
    for work, by_peer in measured.items():
        row: dict[str, object] = {"work": work}
        for kind in ("seconds", "first", "memory"):
            row[kind] = {peer: f[kind] for peer, f in by_peer.items()}
        fastest = min((f["seconds"] for peer, f in by_peer.items() if peer in OURS), default=None)
        limit = least_seconds(work, bandwidth, peak)
        row["share"] = limit / fastest if limit and fastest else None
        rows.append(row)
    return rows


def _eager(peers: list[str]) -> list[str]:
    return [peer for peer in ("autodiff", "PyTorch") if peer in peers]


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "what", nargs="?", choices=("training", "ops", "growth"), default="training"
    )
    parser.add_argument("--peers", nargs="+", choices=PEERS, metavar="PEER")
    parser.add_argument("--turns", type=int, default=5)
    parser.add_argument("--write", action="store_true", help="write docs/performance.md")
    return parser.parse_args()


if __name__ == "__main__":
    main()
