"""The backward pass in words: what happens at each step, for readers of any kind."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import networkx as nx

from viz import words
from viz.arrivals import before_hooks, sum_of_arrivals
from viz.draw import MARKS
from viz.health import health_of_pass
from viz.rules import receipt
from viz.values import norm

__all__ = ["Receipt", "StepWords", "narrate"]


@dataclass(frozen=True)
class Receipt:
    """What one edge carried: to whom, in symbols and in numbers, and what it was added to."""

    to: str
    symbols: str
    numbers: str
    adds: str


@dataclass(frozen=True)
class StepWords:
    """One step: its number, its box, a title, sentences, receipts; ``largest`` is the largest
    absolute element of the gradient, None where it is not finite."""

    step: int
    box: str
    title: str
    sentences: list[str]
    receipts: list[Receipt] = field(default_factory=list)
    largest: float | None = 0.0
    mark: str = ""
    source: str = ""


def narrate(graph: nx.MultiDiGraph) -> list[StepWords]:
    """The steps of a collected backward pass, in their order."""
    unwell = health_of_pass(graph)
    told = [
        _step(graph, name, attributes, unwell.get(name, ""))
        for name, attributes in graph.nodes(data=True)
        if "step" in attributes
    ]
    return sorted(told, key=lambda words_of_step: words_of_step.step)


def _step(graph: nx.MultiDiGraph, name: str, attributes: dict[str, Any], mark: str) -> StepWords:
    step = attributes.get("first_step") or attributes["step"]
    label, computed = words.label(name, attributes), words.expression(graph, name)
    g = words.one_line(attributes["g"])
    sentences = [_arrival(graph, name, attributes, label, g)]
    total, terms = before_hooks(graph, name), sum_of_arrivals(graph, name)
    if terms:
        arrived = g if total is None else words.one_line(total)
        sentences.append(f"It is the sum of what arrived: {terms} = {arrived}.")
    if total is not None:
        sentences.append(f"A hook made {g} of the {words.one_line(total)} that arrived.")
    if mark:
        sentences.append(f"Look out: this gradient is {MARKS[mark][2:]}.")
    receipts = [
        _receipt(graph, name, source, data)
        for source, _, data in sorted(
            graph.in_edges(name, data=True), key=lambda edge: edge[2]["position"]
        )
        if "flowed" in data
    ]
    if attributes["kind"] == "leaf" and "grad_after" in attributes:
        sentences.append(_accumulation(label, attributes))
    elif receipts:
        often = "each time multiplied" if len(receipts) > 1 else "multiplied"
        to = _listed([receipt.to for receipt in receipts])
        sentences.append(f"It is passed on to {to}, {often} by the local derivative.")
    return StepWords(
        step,
        name,
        words.short(f"{label} = {computed}" if computed else label, 80),
        sentences,
        receipts,
        _largest(attributes["g"]),
        mark,
        attributes.get("source") or "",
    )


def _arrival(
    graph: nx.MultiDiGraph, name: str, attributes: dict[str, Any], label: str, g: str
) -> str:
    if name == graph.graph["root"]:
        return f"The pass starts at the result {label}, with the gradient {g}."
    result = words.label(graph.graph["root"], graph.nodes[graph.graph["root"]])
    if words.is_number(attributes["g"]):
        return (
            f"The complete gradient of {label} is {g}: where {label} grows by a little, {result} "
            f"changes {g} times as much."
        )
    return f"The complete gradient of {label} is {g}."


def _accumulation(label: str, attributes: dict[str, Any]) -> str:
    before, after = attributes["grad_before"], words.one_line(attributes["grad_after"])
    if before is None:
        return f"{label} is a leaf. {label}.grad was None; it becomes {after}."
    g = words.one_line(attributes["g"])
    added = words.total(words.one_line(before), g)
    return f"{label} is a leaf. Its .grad adds up: {added} = {after}."


def _receipt(graph: nx.MultiDiGraph, target: str, source: str, data: dict[str, Any]) -> Receipt:
    symbols, numbers = receipt(graph, target, data)
    adds = ""
    if data.get("before") is not None:
        before, flowed, after = (words.one_line(data[k]) for k in ("before", "flowed", "after"))
        adds = f"{words.total(before, flowed)} = {after}"
    return Receipt(words.label(source, graph.nodes[source]), symbols, numbers, adds)


def _listed(names: list[str]) -> str:
    distinct = list(dict.fromkeys(names))
    return distinct[0] if len(distinct) == 1 else f"{', '.join(distinct[:-1])} and {distinct[-1]}"


def _largest(g: Any) -> float | None:
    """The largest absolute element; of a large array its norm is known, which is no smaller."""
    if hasattr(g, "low"):
        largest = norm(g) if g.low is None or g.nan or g.inf else max(abs(g.low), abs(g.high))
    elif words.is_number(g):
        largest = abs(float(g))
    else:
        largest = float(abs(g).max()) if g.size else 0.0
    return largest if largest < float("inf") else None
