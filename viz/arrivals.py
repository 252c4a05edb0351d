"""What arrived at a node in a backward pass: the contributions that add up to its gradient, and
what a hook made of their sum."""

from __future__ import annotations

from typing import Any

import networkx as nx
import numpy as np

from viz import words

__all__ = ["before_hooks", "sum_of_arrivals"]

LONGEST_SUM = 60
"""Longer sums are told by the number of their terms."""


def sum_of_arrivals(graph: nx.MultiDiGraph, name: str) -> str:
    """The sum of several contributions, as in ``6.0 + 6.0 + (-4.0)``; "" where it would be long."""
    terms = [words.one_line(data["flowed"]) for data in _arrivals(graph, name)]
    if len(terms) < 2 or words.is_summary(graph.nodes[name]["g"]):
        return ""
    told = words.total(*terms)
    return told if len(told) <= LONGEST_SUM else ""


def before_hooks(graph: nx.MultiDiGraph, name: str) -> Any:
    """What arrived in all where that is not the gradient, because a hook changed it; else None."""
    arrivals = _arrivals(graph, name)
    if not arrivals or any(graph.nodes[data["from"]]["kind"] != "op" for data in arrivals):
        return None
    last = arrivals[-1]
    total, g = last["flowed"] if last["before"] is None else last["after"], graph.nodes[name]["g"]
    if np.shape(total) != np.shape(g) or np.allclose(total, g, equal_nan=True):
        return None
    return total


def _arrivals(graph: nx.MultiDiGraph, name: str) -> list[dict[str, Any]]:
    """The edges that a gradient came back on, in the order in which it did."""
    attributes = graph.nodes[name]
    if attributes["kind"] not in ("op", "leaf") or attributes.get("outputs"):
        return []  # contributions to different values inside of one box do not add up
    edges = [
        {**data, "from": user}
        for _, user, data in graph.out_edges(name, data=True)
        if "flowed" in data
    ]
    return sorted(edges, key=lambda data: (graph.nodes[data["from"]]["step"], data["position"]))
