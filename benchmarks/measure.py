"""Time pieces of work with one library: seconds of the first call and of later ones, as JSON.

    python benchmarks/measure.py PyTorch "small graph, 8 floats"
    python benchmarks/measure.py --memory PyTorch "small graph, 8 floats"

With ``--memory`` the peak memory of a work instead. A work that the library has no version of, or
that fails in it, is left out; failures are told on the error stream.
"""

from __future__ import annotations

import argparse
import importlib
import json
import statistics
import sys
import time
from collections.abc import Callable

from memory import peak_of
from peers import PEERS, work_of

ROUNDS = 9
SECONDS_PER_ROUND = 0.04
SECONDS = 0.8
"""A work is timed for about so long; at least twice."""

LONG = 3.0
"""What takes longer is timed once after the first call."""


def timed(set_up: Callable[[], Callable[[], object]]) -> dict[str, float]:
    """The seconds of the first call, and the median of those after it."""
    function = set_up()
    first = round_seconds(function, 1)
    second = round_seconds(function, 1)
    if second > LONG:
        return {"seconds": second, "first": first}
    calls = max(1, round(SECONDS_PER_ROUND / second))
    if second < SECONDS:
        second = round_seconds(function, calls)
    rounds = min(ROUNDS, max(2, round(SECONDS / (calls * second))))
    seconds = statistics.median(round_seconds(function, calls) for _ in range(rounds))
    return {"seconds": seconds, "first": first}


def round_seconds(function: Callable[[], object], calls: int) -> float:
    """Seconds per call over one round."""
    start = time.perf_counter()
    for _ in range(calls):
        function()
    return (time.perf_counter() - start) / calls


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("peer", choices=PEERS)
    parser.add_argument("works", nargs="+")
    parser.add_argument("--memory", action="store_true")
    options = parser.parse_args()
    peer = options.peer
    importlib.import_module(PEERS[peer])  # what importing takes is not the work's
    results: dict[str, dict[str, float | None]] = {}
    for name in options.works:
        try:
            set_up = work_of(peer, name)
            if set_up is not None:
                results[name] = (
                    {"memory": peak_of(peer, name)} if options.memory else {**timed(set_up)}
                )
        except Exception as error:  # a peer's failure is a gap in the table, not the end of it
            print(f"{peer}, {name}: {type(error).__name__}: {error}"[:400], file=sys.stderr)
    print(json.dumps(results))


if __name__ == "__main__":
    main()
