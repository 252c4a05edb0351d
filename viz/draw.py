"""From collected graphs to scenes: what is written in each box and on each arrow, and in what role.

There is one function for each kind of picture: the computation, its chain of ``grad_fn``s, and its
backward pass.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import networkx as nx
import numpy as np

from viz import words
from viz.arrivals import before_hooks, sum_of_arrivals
from viz.health import health_of_pass
from viz.raster import raster_of
from viz.rules import receipt, rule_in_names
from viz.scene import Arrow, Box, Cluster, Line, Raster, Scene

__all__ = ["backward_scene", "check_scene", "difference_scene", "grad_fn_scene", "graph_scene"]

Content = list[Line | Raster]

MARKS = {
    "nan": "! not a number",
    "inf": "! infinite",
    "zero": "○ zero: nothing flows back",
    "vanishing": "▼ vanishing: tiny beside earlier steps",
    "exploding": "▲ exploding: huge beside earlier steps",
}
"""What is written where a gradient is unwell."""

LONGEST_LINE, LONGEST_NOTE = 80, 48

LONGEST_ROW, WIDEST_ROW = 7, 1200
"""Computations of more operations in a row than this, or of rows wider than this in points, are
drawn from top to bottom."""


def graph_scene(graph: nx.MultiDiGraph) -> Scene:
    """The computation: values, operations, gradients. Operands are on the left or on top."""
    boxes = []
    for name, attributes in graph.nodes(data=True):
        content: Content = [_title(graph, name), *_about(graph, name), *_value(attributes)]
        if attributes.get("grad") is not None:
            content += _gradient("grad", attributes["grad"])
        mark = "culprit" if graph.graph.get("culprit") == name else ""
        if mark:
            content.append(Line("◄ here", "alarm"))
        boxes.append(_box(graph, name, content, _spoken_value(graph, name), mark=mark))
    arrows = [
        Arrow(
            f"e{number}", source, target, "data", _derivative(graph, source, target, data),
            _operand_words(graph, source, target, data),
        )
        for number, (source, target, data) in enumerate(graph.edges(data=True))
    ]  # fmt: skip
    return _scene(graph, _direction(graph, boxes, arrows), boxes, arrows, "Computation")


def grad_fn_scene(graph: nx.MultiDiGraph) -> Scene:
    """The chain of nodes as ``grad_fn`` and ``next_functions`` show it. The result is on top."""
    boxes = []
    for name, attributes in graph.nodes(data=True):
        if attributes["kind"] == "constant":
            continue
        title = attributes["function"] or words.label(name, attributes)
        content: Content = [Line(words.short(title, LONGEST_LINE), "title")]
        if attributes["kind"] == "leaf":
            content.append(Line(words.label(name, attributes)))
            content += _quiet(words.type_of(attributes))
        elif attributes.get("name"):
            content.append(Line(words.short(attributes["name"], words.NAME_LENGTH)))
        content += _quiet(_saved_words(attributes))
        content += _notes(attributes)
        mark = "culprit" if graph.graph.get("culprit") == name else ""
        boxes.append(_box(graph, name, content, words.short(title, LONGEST_LINE), mark=mark))
    arrows = [
        Arrow(
            f"e{number}", target, source, "calls", [Line(f"{data['position']}", "quiet")],
            f"next_functions[{data['position']}]",
        )
        for number, (source, target, data) in enumerate(graph.edges(data=True))
        if graph.nodes[source]["kind"] != "constant"
    ]  # fmt: skip
    _add_saved(graph, boxes, arrows)
    return _scene(graph, "TB", boxes, arrows, "Chain of grad_fns")


def _add_saved(graph: nx.MultiDiGraph, boxes: list[Box], arrows: list[Arrow]) -> None:
    """A box for each value that a node saved, where they were collected."""
    for box in list(boxes):
        for name, about in graph.nodes[box.id].get("saved", {}).items():
            content: Content = [Line(f"saved {name}", "title"), *_quiet(words.type_of(about))]
            content += _value({"kind": "saved", **about})
            told = f"{name}, saved by {box.words}"
            boxes.append(Box(f"{box.id}-{name}", "saved", content, told))
            arrows.append(Arrow(f"{box.id}-{name}-edge", f"{box.id}-{name}", box.id, "unused"))


def backward_scene(graph: nx.MultiDiGraph) -> Scene:
    """The backward pass: gradients flow from the result, on the right or at the
    bottom, to the leaves.

    In a frame of it, what later steps will show keeps its place and stays invisible, so that
    nothing moves from frame to frame.
    """
    unwell = health_of_pass(graph)
    boxes = []
    for name, attributes in graph.nodes(data=True):
        step = attributes.get("first_step") or attributes.get("step", 0)
        content: Content = [_title(graph, name), *_about(graph, name), *_value(attributes)]
        if step:
            content += _arrived(graph, name, step)
        if attributes.get("grad_before") is not None:
            before, after = (words.one_line(attributes[f"grad_{w}"]) for w in ("before", "after"))
            content += [
                Line(words.short(f"grad was {before}", LONGEST_LINE), "gradient", step),
                Line(words.short(f"grad becomes {after}", LONGEST_LINE), "gradient", step),
            ]
        mark = unwell.get(name, "")
        if mark:
            content.append(Line(MARKS[mark], "alarm", step))
        box = _box(graph, name, content, _spoken_step(graph, name, mark), step, mark)
        boxes.append(box)
    arrows = [
        _flow_arrow(graph, f"e{number}", source, target, data)
        for number, (source, target, data) in enumerate(graph.edges(data=True))
    ]
    return _scene(graph, _direction(graph, boxes, arrows), boxes, arrows, "Backward pass")


def _flow_arrow(
    graph: nx.MultiDiGraph, name: str, source: str, target: str, data: dict[str, Any]
) -> Arrow:
    if "flowed" not in data:
        return Arrow(name, source, target, "unused")
    attributes = graph.nodes[target]
    step = attributes.get("first_step") or attributes["step"]
    symbols, numbers = receipt(graph, target, data)
    content = []
    if symbols:
        content.append(Line(words.short(symbols, LONGEST_NOTE), "quiet", step))
    if len(numbers) <= LONGEST_NOTE and "local_value" in data and data["local_value"] is not None:
        content.append(Line(numbers, "gradient", step))
    else:
        content += _rows(data["flowed"], "gradient", step, LONGEST_NOTE)
    to = words.label(source, graph.nodes[source])
    told = " = ".join(part for part in (symbols, numbers) if part)
    return Arrow(name, source, target, "flow", content, words.short(f"to {to}: {told}", 200), step)


def _derivative(
    graph: nx.MultiDiGraph, source: str, target: str, data: dict[str, Any]
) -> list[Line]:
    """The local derivative of an edge in symbols and in numbers, where it was collected."""
    if graph.nodes[source]["kind"] == "constant":
        return []
    symbols = rule_in_names(graph, target, data, "local")
    numbers = words.one_line(data.get("local_value"))
    parts = [symbols] if symbols in ("1", "-1") else [symbols, numbers]
    told = " = ".join(part for part in parts if part)
    if not told:
        return []
    of, to = (words.short(words.label(name, graph.nodes[name]), 12) for name in (target, source))
    return [Line(words.short(f"∂{of}/∂{to} = {told}", LONGEST_NOTE), "quiet")]


SIDES = {"a": ("removed", "- only in a"), "b": ("added", "+ only in b")}


def difference_scene(graph: nx.MultiDiGraph) -> Scene:
    """Two graphs as one: what only one of them has, and what differs, is marked."""
    boxes = []
    for name, attributes in graph.nodes(data=True):
        content: Content = [_title(graph, name), *_about(graph, name), *_value(attributes)]
        mark, told = SIDES.get(attributes["side"], ("changed" if attributes["changes"] else "", ""))
        for line in filter(None, [told, *(f"≠ {change}" for change in attributes["changes"])]):
            content.append(Line(words.short(line, LONGEST_LINE), mark))
        box = _box(graph, name, content, f"{_spoken_value(graph, name)} {told}", mark=mark)
        boxes.append(box)
    arrows = [
        Arrow(
            f"e{number}", source, target, mark=SIDES.get(data["side"], ("", ""))[0],
            words=_operand_words(graph, source, target, data),
        )
        for number, (source, target, data) in enumerate(graph.edges(data=True))
    ]  # fmt: skip
    direction = _direction(graph, boxes, arrows)
    scene = _scene(graph, direction, boxes, arrows, "Differences of a and b, computed")
    differs = any(box.mark for box in boxes) or any(arrow.mark for arrow in arrows)
    return scene if differs else replace(scene, caption="a and b are the same: no difference")


VERDICTS = {
    "right": ("", "agrees with finite differences"),
    "kink": ("kink", "at a kink: the derivative jumps here"),
    "round-off": ("", "within round-off"),
    "wrong": ("wrong", "WRONG"),
}


def check_scene(graph: nx.MultiDiGraph) -> Scene:
    """Gradients beside finite differences; the darker a box, the larger the disagreement."""
    boxes = []
    for name, attributes in graph.nodes(data=True):
        content: Content = [_title(graph, name), *_about(graph, name)]
        checked = attributes.get("check")
        if checked is None:
            boxes.append(_box(graph, name, content, _spoken_value(graph, name)))
            continue
        mark, told = VERDICTS[checked.verdict]
        is_number = attributes.get("shape") == ()
        analytic, numeric = (
            words.one_line(value[0] if is_number else value)
            for value in (checked.analytic, checked.numeric)
        )
        content += [
            Line(words.short(f"gradient {analytic}", LONGEST_NOTE)),
            Line(words.short(f"numeric  {numeric}", LONGEST_NOTE)),
            Line(f"{told}, off by {words.share(checked.error)}", "alarm" if mark else "quiet"),
        ]
        if checked.blamed:
            argument = ", ".join(dict.fromkeys(checked.blamed))
            content.append(Line(f"◄ the rule for {argument} is to blame", "alarm"))
            mark = mark or "blamed"
        box = _box(graph, name, content, f"{_title(graph, name).text}: {told}", mark=mark)
        boxes.append(replace(box, heat=_heat(checked.error)))
    arrows = [
        Arrow(f"e{number}", source, target, words=_operand_words(graph, source, target, data))
        for number, (source, target, data) in enumerate(graph.edges(data=True))
    ]
    return _scene(
        graph, _direction(graph, boxes, arrows), boxes, arrows, "Gradients checked by differences"
    )


def _heat(error: float) -> float:
    """From 0, where gradients agree to 5 digits, to 1, where they have nothing in common."""
    return float(np.clip((np.log10(max(error, 1e-12)) + 5) / 5, 0, 1))


# -- parts of a picture ----------------------------------------------------------------------------


def _direction(graph: nx.MultiDiGraph, boxes: list[Box], arrows: list[Arrow]) -> str:
    """From left to right where the longest row has room on a page, else from top to bottom."""
    widths = {box.id: box.width for box in boxes}
    labels: dict[str, float] = {}
    for arrow in arrows:
        labels[arrow.target] = max(labels.get(arrow.target, 0), arrow.width)
    rows = dict.fromkeys(graph, (0, 0.0))
    for name in nx.topological_sort(graph):
        before = [rows[source] for source in graph.predecessors(name)]
        longest = max((length for length, _ in before), default=-1) + 1
        widest = max((width for _, width in before), default=0)
        rows[name] = longest, widest + widths[name] + labels.get(name, 0)
    is_long = any(length > LONGEST_ROW or width > WIDEST_ROW for length, width in rows.values())
    return "TB" if is_long else "LR"


def _scene(
    graph: nx.MultiDiGraph, direction: str, boxes: list[Box], arrows: list[Arrow], what: str
) -> Scene:
    root = words.label(graph.graph["root"], graph.nodes[graph.graph["root"]])
    shown = {box.id for box in boxes}
    return Scene(
        f"{what} of {root}",
        direction,
        boxes,
        arrows,
        _clusters(graph, shown),
        "\n".join([*_legend(boxes, arrows), *filter(None, [graph.graph["folded"]])]),
        graph.graph.get("now"),
    )


FLOW = (
    "g: the gradient of the box that an arrow leaves",
    "g × local derivative flows along the arrow; where arrows meet, they add up",
)
HEAT = "heat maps: blue is below 0, white is 0, orange is above"
IMAGES = "images: the first of a batch, from its smallest value in black to its largest"


def _legend(boxes: list[Box], arrows: list[Arrow]) -> list[str]:
    """What the symbols and the colours in a picture mean, for those that it has."""
    rasters = [part for box in boxes for part in box.content if isinstance(part, Raster)]
    has_receipts = any(
        line.role == "quiet" for arrow in arrows if arrow.kind == "flow" for line in arrow.content
    )
    kinds = {raster.words.partition(" of ")[0] for raster in rasters}
    return [
        *(FLOW if has_receipts else ()),
        *([HEAT] if "heat map" in kinds else []),
        *([IMAGES] if "image" in kinds else []),
    ]


def _clusters(graph: nx.MultiDiGraph, shown: set[str]) -> list[Cluster]:
    """The calls of modules that hold something in this picture, the inner ones in the outer."""
    clusters = {
        name: Cluster(name, words.short(scope["title"], 60))
        for name, scope in graph.graph["scopes"].items()
    }
    for name, attributes in graph.nodes(data=True):
        if attributes.get("scope") and name in shown:
            clusters[attributes["scope"]].boxes.append(name)
    outermost: list[Cluster] = []
    for name, scope in reversed(graph.graph["scopes"].items()):
        cluster = clusters[name]
        if cluster.boxes or cluster.clusters:
            home = clusters[scope["parent"]].clusters if scope["parent"] else outermost
            home.insert(0, cluster)
    return outermost


def _box(
    graph: nx.MultiDiGraph, name: str, content: Content, spoken: str, step: int = 0, mark: str = ""
) -> Box:
    kind = graph.nodes[name]["kind"]
    if name == graph.graph["root"] and kind == "op":
        kind = "root"
    return Box(name, kind, content, spoken, step, mark)


def _title(graph: nx.MultiDiGraph, name: str) -> Line:
    attributes = graph.nodes[name]
    text = words.label(name, attributes)
    computed = words.expression(graph, name)
    if computed:
        text = f"{text} = {computed}"
    is_anonymous = attributes["kind"] == "constant" and not attributes.get("name")
    return Line(words.short(text, LONGEST_LINE), "value" if is_anonymous else "title")


def _about(graph: nx.MultiDiGraph, name: str) -> list[Line]:
    """Formula, kind, type, place, versions; where it was computed and how long that took."""
    attributes = graph.nodes[name]
    kind = attributes["kind"]
    is_plain_number = kind == "constant" and words.is_number(attributes.get("value"))
    described = [
        {"leaf": "leaf", "constant": "constant"}.get(kind, ""),
        words.type_of(attributes),
        "" if attributes.get("device", "cpu") == "cpu" else f"on {attributes['device']}",
        f"version {attributes['version']}" if attributes.get("version") else "",
    ]
    lines = _quiet(words.meaning(attributes))
    if kind in ("module", "fold", "left_out"):
        lines += _quiet(f"{attributes['count']} nodes")
    if not (is_plain_number and not attributes.get("name")) or kind == "constant":
        lines += _quiet("  ".join(word for word in described if word))
    return lines + _notes(attributes)


def _notes(attributes: dict[str, Any]) -> list[Line]:
    """The source line of a node, and its time and memory when it was profiled."""
    lines = _quiet(words.short(attributes.get("source") or "", LONGEST_NOTE))
    times = [
        f"{direction} {words.duration(attributes[f'{direction}_time'])}"
        for direction in ("forward", "backward")
        if attributes.get(f"{direction}_time") is not None
    ]
    if times:
        size = attributes.get("bytes")
        lines += _quiet(", ".join([*times, *([words.size(size)] if size else [])]))
    return lines


def _saved_words(attributes: dict[str, Any]) -> str:
    if not attributes.get("saves"):
        return ""
    return f"saved: {'freed' if attributes['released'] else ', '.join(attributes['saves'])}"


def _value(attributes: dict[str, Any]) -> Content:
    value = attributes.get("value")
    if attributes["kind"] == "constant" and words.is_number(value) and not attributes.get("name"):
        return []
    raster = raster_of(value)
    return [*_rows(value, "value"), *([raster] if raster else [])]


def _rows(value: Any, role: str, step: int = 0, longest: int = LONGEST_LINE) -> list[Line]:
    """The elements of a value; those of a matrix in columns."""
    rows = words.array_rows(value)
    if len(rows) > 1:
        role = "gradient rows" if role == "gradient" else "rows"
    return [Line(words.short(row, longest), role, step) for row in rows]


def _gradient(word: str, value: Any, step: int = 0) -> Content:
    """A gradient beside the word for it or, when it takes several lines, below it."""
    rows = words.array_rows(value)
    raster = raster_of(value, step)
    content: Content
    if len(rows) == 1:
        content = [Line(words.short(f"{word} {rows[0]}", LONGEST_LINE), "gradient", step)]
    else:
        content = [Line(word, "gradient", step), *_rows(value, "gradient", step)]
    return [*content, raster] if raster else content


def _arrived(graph: nx.MultiDiGraph, name: str, step: int) -> Content:
    """The gradient of a node, as the sum of what arrived; and what hooks made of that."""
    g, total = graph.nodes[name]["g"], before_hooks(graph, name)
    terms = sum_of_arrivals(graph, name)
    added = [Line(f"= {terms}", "gradient", step)] if terms else []
    if total is None:
        return [*_gradient(f"step {step}: gradient", g, step), *added]
    return [
        *_gradient(f"step {step}: arrived", total, step),
        *added,
        *_gradient("a hook made it", g, step),
    ]


def _quiet(text: str) -> list[Line]:
    return [Line(words.short(text, LONGEST_LINE), "quiet")] if text else []


# -- prose, for readers who listen -----------------------------------------------------------------


def _spoken_value(graph: nx.MultiDiGraph, name: str) -> str:
    attributes = graph.nodes[name]
    spoken = _title(graph, name).text
    kind = {"leaf": "leaf", "constant": "constant"}.get(attributes["kind"], "")
    described = [kind, words.type_of(attributes), words.one_line(attributes.get("value"))]
    if attributes.get("grad") is not None:
        described.append(f"gradient {words.one_line(attributes['grad'])}")
    return words.short(", ".join([spoken, *filter(None, described)]), 300)


def _spoken_step(graph: nx.MultiDiGraph, name: str, mark: str) -> str:
    attributes = graph.nodes[name]
    spoken = _spoken_value(graph, name)
    if "step" in attributes:
        g = words.one_line(attributes["g"])
        spoken = f"Step {attributes['step']}: {spoken}; the gradient that arrives is {g}"
    return words.short(f"{spoken} ({MARKS[mark][2:]})" if mark else spoken, 400)


def _operand_words(graph: nx.MultiDiGraph, source: str, target: str, data: dict[str, Any]) -> str:
    names = [words.label(name, graph.nodes[name]) for name in (source, target)]
    role = f" as {data['argument']}" if data["argument"] else ""
    return f"{names[0]} goes into {names[1]}{role}"
