"""Drawing with Graphviz: from the collected graph to DOT source.

Each function draws one kind of picture. Everything a program named or computed goes through
`html.escape`, so that it is shown as text and nothing else.
"""

from __future__ import annotations

from html import escape
from typing import Any

import graphviz
import networkx as nx

from viz import style
from viz.rules import rule_in_names

__all__ = ["backward_dot", "grad_fn_dot", "graph_dot"]


def graph_dot(graph: nx.MultiDiGraph) -> str:
    """The computation: values, operations, gradients. Operands are on the left."""
    picture = _picture("LR")
    for name, attributes in graph.nodes(data=True):
        rows = [_title(graph, name), *_value_rows(attributes)]
        if attributes.get("grad") is not None:
            rows += _rows("grad ", attributes["grad"])
        _draw_node(picture, graph, name, rows)
    for source, target, data in _edges(graph):
        picture.edge(source, target, taillabel="", tooltip=data["argument"] or "operand")
    _note_left_out(picture, graph)
    return picture.source


def grad_fn_dot(graph: nx.MultiDiGraph) -> str:
    """The chain of nodes as ``grad_fn`` and ``next_functions`` show it. The result is on top."""
    picture = _picture("TB")
    for name, attributes in graph.nodes(data=True):
        if attributes["kind"] == "constant":
            continue
        rows = [_bold(attributes["function"] or style.label(name, attributes))]
        if attributes["kind"] == "leaf":
            rows.append(_text(style.label(name, attributes)))
            rows.append(_quiet(style.type_of(attributes)))
        elif attributes.get("name"):
            rows.append(_text(style.short(attributes["name"], style.NAME_LENGTH)))
        if attributes.get("saves"):
            saved = "freed" if attributes["released"] else ", ".join(attributes["saves"])
            rows.append(_quiet(f"saved: {saved}"))
        _draw_node(picture, graph, name, rows)
    for source, target, data in _edges(graph):
        if graph.nodes[source]["kind"] != "constant":
            picture.edge(target, source, label=f" {data['position']} ")
    _note_left_out(picture, graph)
    return picture.source


def backward_dot(graph: nx.MultiDiGraph) -> str:
    """The backward pass: gradients flow from the result, on the right, to the leaves.

    In a frame of it, what later steps will show keeps its place and stays invisible, so that
    nothing moves from frame to frame.
    """
    picture = _picture("LR")
    for name, attributes in graph.nodes(data=True):
        done = style.is_done(graph, name)
        rows = [_title(graph, name), *_value_rows(attributes)]
        if "step" in attributes:
            rows += _rows(f"step {attributes['step']}: gradient ", attributes["g"], done)
        if attributes.get("grad_before") is not None:
            before, after = (style.one_line(attributes[f"grad_{w}"]) for w in ("before", "after"))
            rows += [
                _gradient(f"grad was {before}", done),
                _gradient(f"grad becomes {after}", done),
            ]
        _draw_node(picture, graph, name, rows)
    for source, target, data in _edges(graph):
        if "flowed" not in data:
            picture.edge(source, target, style="dashed", color="#999999", arrowhead="none")
            continue
        done = style.is_done(graph, target)
        lines = [_gradient(row, done) for row in style.array_rows(data["flowed"])]
        rule = rule_in_names(graph, target, data)
        if rule:
            lines.insert(0, _quiet(rule) if done else _gradient(rule, done))
        colour = style.GRADIENT_COLOUR if done else style.LATER_COLOUR
        picture.edge(source, target, label=_table(lines), dir="back", color=colour)
    _note_left_out(picture, graph)
    return picture.source


def _picture(direction: str) -> graphviz.Digraph:
    return graphviz.Digraph(
        graph_attr={"rankdir": direction, "bgcolor": "white", "ranksep": "0.45", "nodesep": "0.25"},
        node_attr={"fontname": "Helvetica", "fontsize": "11", "margin": "0.1,0.06"},
        edge_attr={
            "fontname": "Helvetica",
            "fontsize": "10",
            "color": "#555555",
            "arrowsize": "0.7",
        },
    )


def _draw_node(
    picture: graphviz.Digraph, graph: nx.MultiDiGraph, name: str, rows: list[str]
) -> None:
    attributes = graph.nodes[name]
    kind = (
        "root" if name == graph.graph["root"] and attributes["kind"] == "op" else attributes["kind"]
    )
    look = style.LOOKS[kind]
    picture.node(
        name,
        label=_table(rows),
        shape=look.shape,
        style=look.style,
        fillcolor=look.fill,
        **style.border(graph, name, look),
        tooltip=escape(style.label(name, attributes)),
    )


def _title(graph: nx.MultiDiGraph, name: str) -> str:
    attributes = graph.nodes[name]
    text = style.label(name, attributes)
    computed = style.expression(graph, name)
    if computed:
        text = f"{text} = {computed}"
    row = _bold(style.short(text, 2 * style.NAME_LENGTH))
    if attributes["kind"] == "constant" and not attributes.get("name"):
        return _text(text)
    return row


def _value_rows(attributes: dict[str, Any]) -> list[str]:
    rows = []
    behind = style.meaning(attributes)
    if behind:
        rows.append(_quiet(behind))
    kind, type_ = style.LOOKS[attributes["kind"]].word, style.type_of(attributes)
    if kind or type_:
        rows.append(_quiet("  ".join(word for word in (kind, type_) if word)))
    is_number = isinstance(attributes.get("value"), (int, float)) and not attributes.get("name")
    if attributes["kind"] == "constant" and is_number:
        return [row for row in rows if "constant" in row]
    return rows + [_text(row) for row in style.array_rows(attributes.get("value"))]


def _rows(word: str, value: Any, shown: bool = True) -> list[str]:
    """A gradient beside the word for it or, when it takes several lines, below it."""
    rows = style.array_rows(value)
    if len(rows) == 1:
        return [_gradient(word + rows[0], shown)]
    return [_gradient(word, shown), *(_gradient(row, shown) for row in rows)]


def _edges(graph: nx.MultiDiGraph) -> list[tuple[str, str, dict[str, Any]]]:
    return [(source, target, data) for source, target, data in graph.edges(data=True)]


def _note_left_out(picture: graphviz.Digraph, graph: nx.MultiDiGraph) -> None:
    if graph.graph["left_out"]:
        picture.attr(
            label=f"{graph.graph['left_out']} nodes farther from the result are not drawn",
            fontname="Helvetica",
        )


def _table(rows: list[str]) -> str:
    cells = "".join(f'<tr><td align="left" balign="left">{row}</td></tr>' for row in rows)
    return f'<<table border="0" cellborder="0" cellspacing="0" cellpadding="1">{cells}</table>>'


def _text(text: str) -> str:
    # Graphviz collapses spaces in labels; these keep columns of numbers aligned.
    return escape(style.short(text, 120)).replace("  ", "\u00a0 ").replace(" ", "\u00a0") or " "


def _bold(text: str) -> str:
    return f"<b>{_text(text)}</b>"


def _quiet(text: str) -> str:
    return f'<font color="{style.QUIET_COLOUR}">{_text(text)}</font>'


def _gradient(text: str, shown: bool = True) -> str:
    colour = style.GRADIENT_COLOUR if shown else "transparent"
    return f'<font color="{colour}">{_text(text)}</font>'
