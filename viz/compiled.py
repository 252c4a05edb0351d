"""Compiled programs as pictures: a box for each operation, a frame around what runs in one loop."""

from __future__ import annotations

from typing import Any

import networkx as nx

from viz import words
from viz.picture import Picture
from viz.scene import Arrow, Box, Cluster, Line, Raster, Scene

__all__ = ["compiled"]

LONGEST = 56
KINDS = {"effect": "root"}


def compiled(f: Any, *, theme: str = "light") -> Picture:
    """The program of a compiled function: its operations, forward and backward.

    A frame stands around the operations that run as one loop. What is written to memory has a
    type; what lives only in its loop has none.

    Args:
        f: what `autodiff.compile` returned, after its first call.
        theme: "light", "dark" or "print".

    Raises:
        RuntimeError: it was not called yet.

    >>> import autodiff as ad, viz
    >>> f = ad.compile(lambda x: (x * x + 1).sum())
    >>> x = ad.ones(3)
    >>> y = f(x)
    >>> print(viz.compiled(f))
    3 operations in 1 loop
    loop_1
      mul = x * x       only in the loop
      add = mul + 1     only in the loop
      sum_1 = sum(add)  float32 []
    """
    return Picture(_graph(f.outline, f.name), _scene, _told, theme)


def _graph(parts: list[Any], name: str) -> nx.MultiDiGraph:
    graph = nx.MultiDiGraph(title=name, caption=_caption(parts))
    for part in parts:
        graph.add_node(
            part.name, kind=part.kind, formula=part.formula, type=part.type, loop=part.loop,
            kept=part.kept, backward=part.backward,
        )  # fmt: skip
    for part in parts:
        for operand in part.operands:
            if operand in graph:
                graph.add_edge(operand, part.name)
    return graph


def _caption(parts: list[Any]) -> str:
    ops = [part for part in parts if part.kind == "op"]
    loops = {part.loop for part in ops} - {""}
    alone = sum(not part.loop for part in ops)
    text = f"{_count(len(ops), 'operation')} in {_count(len(loops), 'loop')}"
    return f"{text} and {_count(alone, 'other line')}" if alone else text


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _scene(graph: nx.MultiDiGraph) -> Scene:
    boxes: list[Box] = []
    clusters: dict[str, Cluster] = {}
    for name, about in graph.nodes(data=True):
        title = words.short(_title(name, about), LONGEST)
        content: list[Line | Raster] = [Line(title, "gradient" if about["backward"] else "title")]
        if about["kept"] and about["type"]:
            content.append(Line(about["type"], "quiet"))
        kind = KINDS.get(about["kind"], about["kind"])
        boxes.append(Box(_id(name), kind, content, f"{title}, {_where(about)}"))
        if about["loop"]:
            cluster = clusters.setdefault(about["loop"], Cluster(about["loop"], about["loop"]))
            cluster.boxes.append(_id(name))
    arrows = [Arrow(f"e{i}", _id(a), _id(b)) for i, (a, b) in enumerate(graph.edges())]
    title = f"Program of {graph.graph['title']}"
    return Scene(title, "TB", boxes, arrows, list(clusters.values()), graph.graph["caption"])


def _id(name: str) -> str:
    return "n_" + "".join(c if c.isalnum() else "_" for c in name)


def _title(name: str, about: dict[str, Any]) -> str:
    return f"{name} = {about['formula']}" if about["formula"] else name


def _where(about: dict[str, Any]) -> str:
    return about["type"] if about["kept"] else "only in the loop"


def _told(graph: nx.MultiDiGraph, width: int) -> str:
    """The program line by line, loops with what runs in them."""
    rows: list[tuple[str, str]] = []
    loop = ""
    for name, about in graph.nodes(data=True):
        if about["kind"] in ("leaf", "constant"):
            continue
        if about["loop"] != loop:
            loop = about["loop"]
            rows += [(loop, "")] if loop else []
        title = words.short(_title(name, about), LONGEST)
        rows.append((f"{'  ' if loop else ''}{title}", _where(about)))
    widest = max((len(title) for title, _ in rows), default=0)
    told = [f"{title.ljust(widest)}  {where}".rstrip() for title, where in rows]
    return "\n".join([graph.graph["caption"], *told])
