"""What a compiled function recorded, as a graph: each operation, and what became of it."""

from __future__ import annotations

from typing import Any

import networkx as nx

from viz import words
from viz.listing import title_of
from viz.scene import Arrow, Box, Cluster, Line

__all__ = ["fate_of", "recording"]

KINDS = {"effect": "leaf"}
"""What a program does to the world outside looks like what comes from there."""


def recording(graph: nx.MultiDiGraph) -> tuple[list[Box], list[Arrow], Cluster]:
    """The boxes and arrows of the recorded operations, and the frame around all of them.

    What runs in one loop of the program stands in a frame of that loop's number and colour.
    """
    boxes = [_box(name, about) for name, about in graph.nodes(data=True)]
    arrows = [
        Arrow(f"e{i}", source, target, "data" if not graph.nodes[target]["fate"] else "unused")
        for i, (source, target) in enumerate(graph.edges())
    ]
    whole = Cluster("recorded", "the graph of the recorded call")
    loops: dict[int, Cluster] = {}
    for name, about in graph.nodes(data=True):
        number = about["group"]
        if about["loop"]:
            if number not in loops:
                title = f"{number} · {about['loop']}"
                loops[number] = Cluster(f"recorded-{number}", title, hue=about["hue"])
            loops[number].boxes.append(name)
        else:
            whole.boxes.append(name)
    whole.clusters = list(loops.values())
    return boxes, arrows, whole


def _box(name: str, about: dict[str, Any]) -> Box:
    title, fate = title_of(about), fate_of(about)
    pale = bool(about["fate"])
    role = "quiet" if pale else "gradient" if about["backward"] else "title"
    content = [Line(title, role)]
    if about["type"] and not pale:
        content.append(Line(about["type"], "quiet"))
    if fate:
        content.append(Line(fate, "quiet"))
    kind = "dropped" if pale else KINDS.get(about["kind"], about["kind"])
    spoken = ", ".join(filter(None, [title, about["type"], fate]))
    return Box(name, kind, content, words.short(spoken, 300))


def fate_of(about: dict[str, Any]) -> str:
    """Which other lines of the program compute an operation, or why none does."""
    if about["fate"]:
        return str(about["fate"])
    others = [number for number in about["groups"] if not about["loop"] or number != about["group"]]
    if not others:
        return ""
    numbers = f"{others[0]} to {others[-1]}" if len(others) > 3 else _listed(others)
    return f"also in {numbers}" if about["loop"] else f"→ line {numbers}"


def _listed(numbers: list[int]) -> str:
    return " and ".join(map(str, numbers))
