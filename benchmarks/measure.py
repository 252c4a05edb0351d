"""Time pieces of work with one library and print the median seconds of a call of each, as JSON.

python benchmarks/measure.py autodiff "small graph, 8 floats"
"""

from __future__ import annotations

import importlib
import json
import statistics
import sys
import time
from collections.abc import Callable

from works import WORKS

ROUNDS = 15
SECONDS_PER_ROUND = 0.05


def median_seconds(function: Callable[[], object]) -> float:
    """Median seconds per call over several rounds, after a warm-up."""
    calls = max(1, round(SECONDS_PER_ROUND / round_seconds(function, 5)))
    round_seconds(function, calls)
    return statistics.median(round_seconds(function, calls) for _ in range(ROUNDS))


def round_seconds(function: Callable[[], object], calls: int) -> float:
    """Seconds per call over one round."""
    start = time.perf_counter()
    for _ in range(calls):
        function()
    return (time.perf_counter() - start) / calls


if __name__ == "__main__":
    name, *works = sys.argv[1:]
    library = importlib.import_module(name)
    print(json.dumps({work: median_seconds(WORKS[work](library)) for work in works}))
