"""The recorded computation as a Python program: its forward pass, and the backward pass line by
line as the engine ran it.

Each backward line is one contribution, in the order of the pass: the rule of the operation, with
the program's own names. Where a rule is more than one formula the line names it instead.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import networkx as nx

from viz import words
from viz.rules import formula_of

__all__ = ["ProgramLine", "program"]


@dataclass(frozen=True)
class ProgramLine:
    """A line, and the step of the backward pass that it is part of; 0 for the forward pass."""

    text: str
    step: int = 0


def program(graph: nx.MultiDiGraph) -> list[ProgramLine]:
    """The forward and the backward pass of a collected graph, as lines of Python."""
    lines = [ProgramLine("# forward")]
    lines += [_forward_line(graph, name) for name in graph if _is_computed(graph, name)]
    lines += [ProgramLine(""), ProgramLine("# backward")]
    stepped = [
        (attributes.get("first_step") or attributes["step"], name)
        for name, attributes in graph.nodes(data=True)
        if "step" in attributes
    ]
    started: set[str] = set()
    for step, name in sorted(stepped):
        if name == graph.graph["root"]:
            seed = words.one_line(graph.nodes[name]["g"])
            lines.append(ProgramLine(f"{_gradient_name(graph, name)} = {seed}", step))
        lines += _backward_lines(graph, name, step, started)
    return lines


def _is_computed(graph: nx.MultiDiGraph, name: str) -> bool:
    return graph.nodes[name]["kind"] not in ("leaf", "constant", "left_out")


def _forward_line(graph: nx.MultiDiGraph, name: str) -> ProgramLine:
    attributes = graph.nodes[name]
    if attributes["kind"] == "op":
        computed = _in_python(words.expression(graph, name))
    else:
        operands = (_name(graph, source) for source, _ in graph.in_edges(name))
        computed = f"...({', '.join(operands)})  # {attributes['title']}"
    return ProgramLine(words.short(f"{_name(graph, name)} = {computed}", 120))


def _backward_lines(
    graph: nx.MultiDiGraph, name: str, step: int, started: set[str]
) -> list[ProgramLine]:
    attributes = graph.nodes[name]
    g = _gradient_name(graph, name)
    if "grad_after" in attributes:
        sign = "=" if attributes["grad_before"] is None else "+="
        return [ProgramLine(f"{_name(graph, name)}.grad {sign} {g}", step)]
    lines = []
    edges = sorted(graph.in_edges(name, data=True), key=lambda edge: edge[2]["position"])
    for source, _, data in edges:
        if "flowed" not in data:
            continue
        sign = "+=" if source in started else "="
        started.add(source)
        contribution = _contribution(graph, name, data, g)
        text = f"{_gradient_name(graph, source)} {sign} {contribution}"
        lines.append(ProgramLine(words.short(text, 120), step))
    return lines


def _contribution(graph: nx.MultiDiGraph, name: str, data: dict[str, Any], g: str) -> str:
    attributes = graph.nodes[name]
    if not data.get("rule"):
        of = f".{data['argument']}" if data["argument"] else ""
        rule = attributes.get("op") or "backward"
        return f"{rule}_backward({g}){of}" if attributes["kind"] == "op" else f"...({g})"
    operands = {
        other["argument"]: _name(graph, source)
        for source, _, other in graph.in_edges(name, data=True)
    }
    operands |= {"out": _name(graph, name), "g": g}
    return words.substitute(formula_of(graph, name, data), operands)


def _name(graph: nx.MultiDiGraph, name: str) -> str:
    return _in_python(words.label(name, graph.nodes[name]))


def _gradient_name(graph: nx.MultiDiGraph, name: str) -> str:
    return "g_" + re.sub(r"[^\w]+", "_", _name(graph, name)).strip("_")


def _in_python(text: str) -> str:
    """Numbered values as names: ``#3`` becomes ``t3``."""
    return re.sub(r"#(\d+)", r"t\1", text)
