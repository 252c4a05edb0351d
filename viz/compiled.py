"""Compiled functions as pictures: the recorded graph, and beside it the program it became."""

from __future__ import annotations

import re
from typing import Any

import networkx as nx

from viz import words
from viz.beside import beside
from viz.columns import beside_text, program_text
from viz.condense import condensed
from viz.fold import FOLD_ABOVE
from viz.listing import listing, title_of, where
from viz.picture import Picture
from viz.recording import KINDS, recording
from viz.scene import Arrow, Box, Cluster, Line, Raster, Scene

__all__ = ["compiled"]


def compiled(
    f: Any, *, alone: bool = False, limit: int = FOLD_ABOVE, theme: str = "light"
) -> Picture:
    """The graph that a compiled function recorded, and beside it the program it became.

    Loops have numbers and colours: operations in the frame of a number on the left are the lines
    in the frame of that number on the right. Operations that became nothing are pale, with the
    reason. What belongs to the backward pass has the colour of gradients.

    Args:
        f: what `autodiff.compile` returned, after its first call.
        alone: only the program, its operations as a graph, with frames around its loops.
        limit: of more operations than this, loops and repetitions become one box each.
        theme: "light", "dark" or "print".

    Raises:
        RuntimeError: it was not called yet.

    >>> import autodiff as ad, viz
    >>> f = ad.compile(lambda x: (x * x + 1).sum())
    >>> x = ad.ones(3)
    >>> y = f(x)
    >>> print(viz.compiled(f))
    3 operations in 1 loop
    recorded               program
    1  mul = x * x         1  loop_1
    1  add = mul + 1          mul = x * x       only in the loop
    1  sum_1 = sum(add)       add = mul + 1     only in the loop
                              sum_1 = sum(add)  float32 []
    """
    outline = f.outline
    loops = dict.fromkeys(part.loop for part in outline if part.loop)
    hues = {loop: i for i, loop in enumerate(loops)}
    program = _graph_of_program(outline, f.name, hues, limit)
    if alone:
        return Picture(program, _program_scene, program_text, theme)
    history = f.history
    graph = _graph_of_recording(history, hues, limit)
    graph.graph |= {"title": f.name, "caption": _caption(outline, history)}
    graph.graph["program"] = program
    return Picture(graph, _beside_scene, beside_text, theme, beside)


def _graph_of_program(
    parts: list[Any], name: str, hues: dict[str, int], limit: int
) -> nx.MultiDiGraph:
    graph = nx.MultiDiGraph(title=name, caption=_told(parts))
    for part in parts:
        graph.add_node(
            part.name, name=part.name, kind=part.kind, formula=part.formula, type=part.type,
            loop=part.loop, kept=part.kept, backward=part.backward, group=part.group,
            groups=(part.group,) if part.group else (), fate="", function=_function(part),
            hue=hues.get(part.loop),
        )  # fmt: skip
    for part in parts:
        graph.add_edges_from((x, part.name) for x in part.operands if x in graph)
    return condensed(graph, limit)


def _function(part: Any) -> str:
    """A formula without the names of what it is applied to."""
    operands = "|".join(rf"\b{re.escape(x)}(?!\w)" for x in part.operands)
    return re.sub(operands, "·", part.formula) if operands else part.formula


def _graph_of_recording(operations: list[Any], hues: dict[str, int], limit: int) -> nx.MultiDiGraph:
    graph = nx.MultiDiGraph()
    for operation in operations:
        loop = next((loop for loop in operation.loops if loop), "")
        group = operation.groups[operation.loops.index(loop)] if loop else 0
        graph.add_node(
            operation.id, name=operation.name, kind=operation.kind, formula=operation.formula,
            type=operation.type, function=operation.function, backward=operation.backward,
            groups=operation.groups, group=group, loop=loop, fate=operation.fate, kept=True,
            hue=hues.get(loop),
        )  # fmt: skip
    for operation in operations:
        graph.add_edges_from((x, operation.id) for x in operation.operands)
    return condensed(graph, limit)


def _told(parts: list[Any]) -> str:
    """How many operations and loops there are."""
    ops = [part for part in parts if part.kind == "op"]
    loops = {part.loop for part in ops} - {""}
    what = "loop" if all(loop.startswith("loop") for loop in loops) else "function"
    alone = sum(not part.loop for part in ops)
    text = f"{_count(len(ops), 'operation')} in {_count(len(loops), what)}"
    return f"{text} and {_count(alone, 'other line')}" if alone else text


def _caption(parts: list[Any], operations: list[Any]) -> str:
    """The same, and how many operations became nothing."""
    pale = sum(bool(operation.fate) for operation in operations)
    gone = f"; {_count(pale, 'recorded operation')} needed no line" if pale else ""
    return _told(parts) + gone


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def _beside_scene(graph: nx.MultiDiGraph) -> Scene:
    boxes, arrows, recorded = recording(graph)
    lines, program = listing(graph.graph["program"])
    title = f"What {graph.graph['title']} recorded, and the program it became"
    clusters = [recorded, program]
    return Scene(title, "TB", [*boxes, *lines], arrows, clusters, graph.graph["caption"])


def _program_scene(graph: nx.MultiDiGraph) -> Scene:
    """The program as a graph; what is written to memory has a type."""
    boxes: list[Box] = []
    clusters: dict[str, Cluster] = {}
    for name, about in graph.nodes(data=True):
        title = title_of(about)
        content: list[Line | Raster] = [Line(title, "gradient" if about["backward"] else "title")]
        if about["kept"] and about["type"]:
            content.append(Line(about["type"], "quiet"))
        kind = KINDS.get(about["kind"], about["kind"])
        boxes.append(Box(_id(name), kind, content, words.short(f"{title}, {where(about)}", 300)))
        if about["loop"]:
            loop = Cluster(about["loop"], f"{about['group']} · {about['loop']}", hue=about["hue"])
            clusters.setdefault(about["loop"], loop).boxes.append(_id(name))
    arrows = [Arrow(f"e{i}", _id(a), _id(b)) for i, (a, b) in enumerate(graph.edges())]
    title = f"Program of {graph.graph['title']}"
    return Scene(title, "TB", boxes, arrows, list(clusters.values()), graph.graph["caption"])


def _id(name: str) -> str:
    return "n_" + "".join(c if c.isalnum() else "_" for c in name)
