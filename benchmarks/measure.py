"""Time pieces of work with one library: seconds of a call and peak memory of each, as JSON.

    python benchmarks/measure.py PyTorch "small graph, 8 floats"

A work that the library has no version of, or that fails in it, is left out; failures are told on
the error stream.
"""

from __future__ import annotations

import importlib
import json
import re
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

from peers import PEERS, work_of

ROUNDS = 9
SECONDS_PER_ROUND = 0.04
PROCESS = Path("/proc/self")


def measured(set_up: Callable[[], Callable[[], object]]) -> dict[str, float | None]:
    """The median seconds of a call after a warm-up, those of the first, and peak MiB."""
    reset_peak()
    before = peak_memory()
    function = set_up()
    first = round_seconds(function, 1)
    calls = max(1, round(SECONDS_PER_ROUND / round_seconds(function, 2)))
    round_seconds(function, calls)
    rounds = ROUNDS if calls > 1 else 3
    seconds = statistics.median(round_seconds(function, calls) for _ in range(rounds))
    peak = peak_memory()
    memory = None if before is None or peak is None else peak - before
    return {"seconds": seconds, "first": first, "memory": memory}


def round_seconds(function: Callable[[], object], calls: int) -> float:
    """Seconds per call over one round."""
    start = time.perf_counter()
    for _ in range(calls):
        function()
    return (time.perf_counter() - start) / calls


def reset_peak() -> None:
    """Let the peak of this process's memory start from what it uses now (Linux only)."""
    if PROCESS.exists():
        (PROCESS / "clear_refs").write_text("5")


def peak_memory() -> float | None:
    """The most memory that was resident since the reset, in MiB; None where nobody tells."""
    if not PROCESS.exists():
        return None
    found = re.search(r"VmHWM:\s+(\d+) kB", (PROCESS / "status").read_text())
    return int(found.group(1)) / 1024 if found else None


if __name__ == "__main__":
    peer, *names = sys.argv[1:]
    importlib.import_module(PEERS[peer])  # what importing takes is not the work's
    results = {}
    for name in names:
        try:
            set_up = work_of(peer, name)
            if set_up is not None:
                results[name] = measured(set_up)
        except Exception as error:  # a peer's failure is a gap in the table, not the end of it
            print(f"{peer}, {name}: {type(error).__name__}: {error}"[:400], file=sys.stderr)
    print(json.dumps(results))
