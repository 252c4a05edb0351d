"""Drawing in the terminal: from the collected graph to plain text.

A computation is a tree from the result down to its leaves; what is used in several places is shown
once. Where the tree would grow too wide, it becomes a list in the order of computation.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import networkx as nx

from viz import words
from viz.arrivals import before_hooks
from viz.rules import rule_in_names, rule_in_numbers
from viz.theme import LOOKS

__all__ = ["backward_text", "grad_fn_text", "graph_text", "progress_text"]

MARGIN = " " * 9

Describe = Callable[[nx.MultiDiGraph, str], tuple[str, list[str]]]


def graph_text(graph: nx.MultiDiGraph, width: int) -> str:
    """The computation, with values and gradients."""
    return _tree_text(graph, width, _describe_value, lambda attributes: True)


def grad_fn_text(graph: nx.MultiDiGraph, width: int) -> str:
    """The chain of nodes as ``grad_fn`` and ``next_functions`` show it."""
    return _tree_text(
        graph, width, _describe_function, lambda attributes: attributes["kind"] != "constant"
    )


def backward_text(graph: nx.MultiDiGraph, width: int) -> str:
    """The backward pass, step by step."""
    steps = sorted(
        (attributes["step"], name)
        for name, attributes in graph.nodes(data=True)
        if "step" in attributes and _is_done(graph, name)
    )
    lines: list[str] = []
    for step, name in steps:
        attributes = graph.nodes[name]
        title = _with_expression(graph, name)
        start = f"step {step:<3} {title}"
        lines += _columns(start, ["gradient", attributes["g"]], width, len(MARGIN) - 2)
        total = before_hooks(graph, name)
        if total is not None:
            told = f"{MARGIN}a hook made it of {words.one_line(total)}"
            lines.append(words.short(told, width))
        if "grad_after" in attributes:
            lines += _accumulation(attributes, width)
        for source, data in _operands(graph, name):
            if "flowed" in data:
                lines += _flow(graph, source, name, data, width)
    return "\n".join(lines + _left_out(graph))


def progress_text(graph: nx.MultiDiGraph, width: int, now: int) -> str:
    """The computation with the gradients that are complete after step ``now`` of the pass."""

    def describe(graph: nx.MultiDiGraph, name: str) -> tuple[str, list[Any]]:
        attributes = graph.nodes[name]
        title, details = _describe_value(graph, name)
        step = attributes.get("first_step") or attributes.get("step")
        if step is not None and step <= now:
            details += ["gradient", attributes["g"]]
        if step == now:
            details.append(f"◀ step {step}")
        return title, details

    return _tree_text(graph, width, describe, lambda attributes: True)


def _flow(
    graph: nx.MultiDiGraph, source: str, target: str, data: dict[str, Any], width: int
) -> list[str]:
    """What one edge carried: the rule, and the contribution; and the sum when there are several."""
    start = f"{MARGIN}to {words.label(source, graph.nodes[source])}: "
    parts = [rule_in_names(graph, target, data), rule_in_numbers(graph, target, data)]
    # Where nothing is to be worked out, as in -g, the numbers are the contribution already.
    parts = [part for part in dict.fromkeys((*parts, words.one_line(data["flowed"]))) if part]
    lines = [start + " = ".join(parts)]
    if len(lines[0]) > width:
        lines = [start + parts[0], *(f"{' ' * (len(start) - 2)}= {part}" for part in parts[1:])]
    if data["before"] is not None:
        before, flowed, after = (
            words.one_line(data[part]) for part in ("before", "flowed", "after")
        )
        told = f"{MARGIN}  adds up: {words.total(before, flowed)} = {after}"
        lines += [told] if len(told) <= width else [f"{MARGIN}  adds up to {after}"]
    return [words.short(line, width) for line in lines]


def _accumulation(attributes: dict[str, Any], width: int) -> list[str]:
    before, after = attributes["grad_before"], attributes["grad_after"]
    if before is None:
        return [words.short(f"{MARGIN}.grad: none yet, becomes {words.one_line(after)}", width)]
    g = words.one_line(attributes["g"])
    line = f"{MARGIN}.grad: {words.total(words.one_line(before), g)} = {words.one_line(after)}"
    return [words.short(line, width)]


def _tree_text(
    graph: nx.MultiDiGraph, width: int, describe: Describe, shown: Callable[[dict[str, Any]], bool]
) -> str:
    rows = _tree_rows(graph, describe, shown)
    if max(len(prefix) for prefix, _, _, _ in rows) > width // 2:
        rows = [("", "", *describe(graph, n)) for n, a in graph.nodes(data=True) if shown(a)]
    left = min(max(len(prefix) + len(title) for prefix, _, title, _ in rows), 5 * width // 8)
    lines: list[str] = []
    for prefix, below, title, details in rows:
        lines += _columns(prefix + title, details, width, left, below)
    return "\n".join(lines + _left_out(graph))


def _tree_rows(
    graph: nx.MultiDiGraph, describe: Describe, shown: Callable[[dict[str, Any]], bool]
) -> list[tuple[str, str, str, list[Any]]]:
    """A row (prefix, prefix of the lines below it, title, details) for each place of the tree."""
    rows: list[tuple[str, str, str, list[Any]]] = []
    drawn: set[str] = set()
    stack = [(graph.graph["root"], "", "", 1)]
    while stack:
        name, prefix, indent, times = stack.pop()
        title, details = describe(graph, name)
        operands = [s for s, _ in _operands(graph, name) if shown(graph.nodes[s])]
        if times > 1:
            title += f"  (used {times} times)" if times > 2 else "  (used twice)"
        if name in drawn and operands:
            rows.append(
                (prefix, indent, f"{words.label(name, graph.nodes[name])}  (shown above)", [])
            )
            continue
        if name in drawn:
            details = details[:1]
        drawn.add(name)
        distinct = list(dict.fromkeys(operands))
        rows.append((prefix, indent + "│  " if distinct else indent, title, details))
        for operand in reversed(distinct):
            last = operand == distinct[-1]
            branch, below = ("└─ ", "   ") if last else ("├─ ", "│  ")
            stack.append((operand, indent + branch, indent + below, operands.count(operand)))
    return rows


def _operands(graph: nx.MultiDiGraph, name: str) -> list[tuple[str, dict[str, Any]]]:
    edges = [(source, data) for source, _, data in graph.in_edges(name, data=True)]
    return sorted(edges, key=lambda edge: edge[1]["position"])


def _with_expression(graph: nx.MultiDiGraph, name: str) -> str:
    title, computed = words.label(name, graph.nodes[name]), words.expression(graph, name)
    return f"{title} = {computed}" if computed else title


def _describe_value(graph: nx.MultiDiGraph, name: str) -> tuple[str, list[Any]]:
    attributes = graph.nodes[name]
    title = _with_expression(graph, name)
    if attributes["kind"] == "left_out":
        return title, []
    details: list[Any] = []
    is_data = attributes["kind"] == "constant" and attributes.get("shape") is not None
    if attributes["kind"] == "leaf" or is_data:
        details.append(LOOKS[attributes["kind"]].word)
    if words.type_of(attributes):
        details.append(words.type_of(attributes))
    if attributes.get("device", "cpu") != "cpu":
        details.append(f"on {attributes['device']}")
    if title != words.one_line(attributes["value"]):
        details.append(attributes["value"])
    if attributes.get("grad") is not None:
        details += ["grad", attributes["grad"]]
    return title, details


def _describe_function(graph: nx.MultiDiGraph, name: str) -> tuple[str, list[Any]]:
    attributes = graph.nodes[name]
    details: list[Any] = []
    given = attributes.get("name")
    if attributes["kind"] == "leaf":
        details.append(f"variable: {words.label(name, attributes)}")
        details.append(words.type_of(attributes) or attributes["value"])
    elif given:
        details.append(f"computed {words.short(given, words.NAME_LENGTH)}")
    if attributes.get("saves"):
        saved = "freed" if attributes["released"] else ", ".join(attributes["saves"])
        details.append(f"saved: {saved}")
    return attributes["function"] or words.label(name, attributes), details


def _columns(title: str, details: list[Any], width: int, left: int, below: str = "") -> list[str]:
    """A title, and its details beside it; values that do not fit there go on lines below it.

    The word before a gradient stays with it. ``below`` is what stands at the start of those lines:
    the branches of the tree.
    """
    line = title.ljust(left) if details else title
    extra: list[str] = []
    word = ""
    for detail in details:
        if isinstance(detail, str) and detail in ("grad", "gradient"):
            word = f"{detail} "
            continue
        text = detail if isinstance(detail, str) else words.one_line(detail)
        if not text:
            continue
        if len(line) + 2 + len(word) + len(text) <= width:
            line += f"  {word}{text}"
        elif isinstance(detail, str) or _is_column(detail):
            extra.append(word + (text if isinstance(detail, str) else words.summary(detail)))
        else:
            rows = words.array_rows(detail)
            extra += [f"{' ' * len(word) if i else word}{row}" for i, row in enumerate(rows)]
        word = ""
    indent = min(left + 2, max(len(below), width - max(map(len, extra), default=0)))
    return [line.rstrip(), *(words.short(below.ljust(indent) + row, width) for row in extra)]


def _is_column(value: Any) -> bool:
    """Whether rows of this value would hold one number each."""
    return getattr(value, "ndim", 0) > 1 and value.shape[-1] == 1


def _is_done(graph: nx.MultiDiGraph, name: str) -> bool:
    """Whether a frame of the backward pass shows what this node does; a whole picture shows all."""
    now = graph.graph.get("now")
    return now is None or graph.nodes[name]["step"] <= now


def _left_out(graph: nx.MultiDiGraph) -> list[str]:
    return [f"({graph.graph['folded']})"] if graph.graph["folded"] else []
