"""Time everything beside its peers, in one run: tables, plots, and docs/performance.md.

    python benchmarks/run.py                what lessons train, and what a learner waits for
    python benchmarks/run.py ops            one operation at a time, on small and on large tensors
    python benchmarks/run.py growth         how cost grows with nodes, batch, depth and width
    python benchmarks/run.py --write        the first and the last, into docs/performance.md
    python benchmarks/run.py --peers PyTorch "JAX jit" --turns 3

Peers that are not installed are left out; torch.compile needs a compiler for C++. The libraries
compute with 2 threads. Each measurement runs in a process of its own, because two libraries' pools
of threads in one process slow each other down, and the libraries take turns. Shown are medians over
the turns; the ratio, to the best peer, is what counts, since absolute times drift with the machine.
Two turns with all peers take about a quarter of an hour on two cores.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from aims import aims, best
from growth import GROWTH
from limits import copy_bandwidth, gemm_peak, least_seconds
from peers import PEERS, installed
from plots import plot_growth, plot_ratios
from processes import Measured, measure, measure_together
from report import as_markdown, as_table, write_section
from startup import first_graph_seconds, import_seconds
from works import OPS, SCALARS, TRAINING

DOCS = Path(__file__).parents[1] / "docs"


def main() -> None:
    options = _options()
    peers = [p for p in options.peers or PEERS if installed(p)]
    eager = [p for p in ("autodiff", "PyTorch") if p in peers]
    if options.what == "ops":
        print(as_table(measure_together(eager, OPS, options.turns)))
        return
    if options.what == "growth":
        print(as_table(measure_together(eager, GROWTH, options.turns)))
        return
    waits = {
        "import autodiff": import_seconds(),
        "autodiff learn: first graph on the screen": first_graph_seconds(),
    }
    measured = measure(peers, [*TRAINING, *SCALARS], options.turns)
    shares = shares_of_the_limit(measured)
    reached = aims(measured, shares, waits["import autodiff"])
    print(as_table(measured, reached))
    for what, seconds in waits.items():
        print(f"{what}: {seconds:.2f} s")
    if options.write:
        grown = measure_together(eager, GROWTH, 1)
        plot_ratios(measured, DOCS / "performance.svg")
        plot_growth(grown, DOCS / "growth.svg")
        write_section(DOCS / "performance.md", as_markdown(measured, shares, reached, waits))


def shares_of_the_limit(measured: Measured) -> dict[str, float]:
    """By work, the least time that this machine could take over our best time."""
    bandwidth, peak = copy_bandwidth(), gemm_peak()
    shares = {}
    for work, by_peer in measured.items():
        limit, ours = least_seconds(work, bandwidth, peak), best(by_peer)
        if limit and ours:
            shares[work] = limit / ours[1]
    return shares


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "what", nargs="?", choices=("training", "ops", "growth"), default="training"
    )
    parser.add_argument("--peers", nargs="+", choices=PEERS, metavar="PEER")
    parser.add_argument("--turns", type=int, default=2, help="at least 2: later ones use the disk")
    parser.add_argument("--write", action="store_true", help="write docs/performance.md")
    return parser.parse_args()


if __name__ == "__main__":
    main()
