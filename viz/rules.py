"""Gradient rules in words a reader can check: with the operands' own names, or with numbers."""

from __future__ import annotations

from typing import Any

import networkx as nx

from viz import style

__all__ = ["rule_in_names", "rule_in_numbers"]


def rule_in_names(graph: nx.MultiDiGraph, target: str, data: dict[str, Any]) -> str:
    """The rule of one edge with the operands' names, as in ``g * b``; "" if it has no formula."""
    if not data.get("rule"):
        return ""
    operands = {
        other["argument"]: style.label(source, graph.nodes[source])
        for source, _, other in graph.in_edges(target, data=True)
    }
    operands["out"] = style.label(target, graph.nodes[target])
    return style.substitute(data["rule"], operands)


def rule_in_numbers(graph: nx.MultiDiGraph, target: str, data: dict[str, Any]) -> str:
    """The rule of one edge with numbers, as in ``1.0 * 3.0``, where all values are numbers."""
    if not data.get("rule"):
        return ""
    values = {
        other["argument"]: graph.nodes[source]["value"]
        for source, _, other in graph.in_edges(target, data=True)
    }
    values |= {"out": graph.nodes[target]["value"], "g": graph.nodes[target].get("g")}
    if not all(isinstance(value, (int, float)) for value in values.values()):
        return ""
    numbers = {name: style.number(value) for name, value in values.items()}
    negative = {
        name: f"({text})" if text.startswith("-") else text for name, text in numbers.items()
    }
    text = style.substitute(data["rule"], negative)
    return "" if text == numbers["g"] else text
