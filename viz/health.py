"""Gradient health: which gradients vanish, explode, are zero or are not numbers.

A gradient is judged beside the others of its pass, by its root mean square: what counts is not how
small a gradient is but how much smaller than the rest.
"""

from __future__ import annotations

from typing import Any

import networkx as nx
import numpy as np

from viz.values import norm

__all__ = ["EXPLODING", "VANISHING", "health_of_pass"]

VANISHING, EXPLODING = 1e-5, 1e5
"""Below, or above, this multiple of the median of the pass, a gradient is marked."""


def health_of_pass(graph: nx.MultiDiGraph) -> dict[str, str]:
    """A word for each node whose gradient is unwell: nan, inf, zero, vanishing or exploding."""
    sizes = {
        name: _root_mean_square(attributes["g"])
        for name, attributes in graph.nodes(data=True)
        if attributes.get("g") is not None
    }
    typical = [size for size in sizes.values() if np.isfinite(size) and size > 0]
    median = float(np.median(typical)) if typical else 1.0
    judged = {name: _judge(size, median) for name, size in sizes.items()}
    return {name: word for name, word in judged.items() if word}


def _judge(size: float, median: float) -> str:
    if np.isnan(size):
        return "nan"
    if np.isinf(size):
        return "inf"
    if size == 0:
        return "zero"
    if size < VANISHING * median:
        return "vanishing"
    return "exploding" if size > EXPLODING * median else ""


def _root_mean_square(g: Any) -> float:
    count = int(np.prod(getattr(g, "shape", ())))
    return norm(g) / np.sqrt(count) if count else 1.0
