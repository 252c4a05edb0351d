"""Gradient health: which gradients vanish, explode, are zero or are not numbers.

A gradient is judged by its root mean square beside those of the first half of its pass, near the
result: what counts is not how small a gradient is but how much smaller it has become on the way.
"""

from __future__ import annotations

from typing import Any

import networkx as nx
import numpy as np

from viz.values import norm

__all__ = ["EXPLODING", "VANISHING", "health_of_pass"]

VANISHING, EXPLODING = 1e-5, 1e5
"""Below, or above, this multiple of the median near the result, a gradient is marked."""


def health_of_pass(graph: nx.MultiDiGraph) -> dict[str, str]:
    """A word for each node whose gradient is unwell: nan, inf, zero, vanishing or exploding."""
    arrived = [
        (attributes.get("first_step") or attributes["step"], name, attributes["g"])
        for name, attributes in graph.nodes(data=True)
        if attributes.get("g") is not None
    ]
    sizes = {name: _root_mean_square(g) for _, name, g in sorted(arrived, key=lambda a: a[0])}
    near = [size for size in list(sizes.values())[: -(-len(sizes) // 2)] if 0 < size < np.inf]
    median = float(np.median(near)) if near else 1.0
    seed = near[0] if near else 1.0
    judged = {name: _judge(size, median, seed) for name, size in sizes.items()}
    return {name: word for name, word in judged.items() if word}


def _judge(size: float, median: float, seed: float) -> str:
    if np.isnan(size):
        return "nan"
    if np.isinf(size):
        return "inf"
    if size == 0:
        return "zero"
    # The seed itself, and what is still as large, has not changed, whatever the others became.
    if size < min(VANISHING * median, seed):
        return "vanishing"
    return "exploding" if size > max(EXPLODING * median, seed) else ""


def _root_mean_square(g: Any) -> float:
    count = int(np.prod(getattr(g, "shape", ())))
    return norm(g) / np.sqrt(count) if count else 1.0
