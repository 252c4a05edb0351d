"""Fair timing of two programs that do the same work: interleaved runs, medians, their ratio."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

__all__ = ["Comparison", "compare"]

ROUNDS = 15


@dataclass(frozen=True)
class Comparison:
    """Median seconds per call of ours and of the peer, measured in turns in one process."""

    work: str
    ours: float
    peer: float

    @property
    def ratio(self) -> float:
        return self.ours / self.peer


def compare(work: str, ours: Callable[[], object], peer: Callable[[], object]) -> Comparison:
    """Time ``ours`` and ``peer`` in turns, so that a drift of the machine touches both alike."""
    calls = max(_calls_per_round(ours), _calls_per_round(peer))
    times = [(_round(ours, calls), _round(peer, calls)) for _ in range(ROUNDS)]
    return Comparison(
        work, statistics.median(t[0] for t in times), statistics.median(t[1] for t in times)
    )


def _round(function: Callable[[], object], calls: int) -> float:
    """Seconds per call over one round."""
    start = time.perf_counter()
    for _ in range(calls):
        function()
    return (time.perf_counter() - start) / calls


def _calls_per_round(function: Callable[[], object], seconds: float = 0.05) -> int:
    """How often to call a function so that a round takes about this long; warms it up as well."""
    for _ in range(3):
        function()
    return max(1, round(seconds / _round(function, 3)))
