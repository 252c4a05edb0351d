"""Large programs and recordings, condensed: what was dropped, whole loops, repetitions as one box.

The graphs here are those of `viz.compiled`: nodes in the order in which they run.
"""

from __future__ import annotations

import itertools
from typing import Any

import networkx as nx

from viz.fold import Part, shortened

__all__ = ["condensed"]

WORDS = {"effect": ".grad"}
FOLDED = ("fold", "dropped", "left_out")


def condensed(graph: nx.MultiDiGraph, limit: int) -> nx.MultiDiGraph:
    """The graph with at most ``limit`` boxes; operations dropped in a row are always one box."""
    nodes = list(graph.nodes(data=True))
    parts = [Part("node", [i], _code(graph, name, about)) for i, (name, about) in enumerate(nodes)]
    parts = _together(nodes, parts, "dropped", lambda about: about["fate"].startswith("dropped"))
    if len(parts) > limit:
        parts = _together(nodes, parts, "loop", lambda about: about["loop"] and about["group"])
    return _of_parts(graph, shortened(parts, limit))


def _code(graph: nx.MultiDiGraph, name: str, about: dict[str, Any]) -> Any:
    """What operations that do the same have in common: the function and the kinds of operands."""
    kinds = tuple(graph.nodes[source]["kind"] for source in graph.predecessors(name))
    return about["function"] or WORDS.get(about["kind"], about["kind"]), about["kind"], kinds


def _together(nodes: list[Any], parts: list[Part], kind: str, sort: Any) -> list[Part]:
    """Neighbours of the same sort as one part."""
    joined: list[Part] = []
    for key, run in itertools.groupby(parts, lambda part: sort(nodes[part.result][1])):
        members = list(run)
        if key and len(members) > 1:
            places = [place for part in members for place in part.members]
            code = (kind, tuple(part.code for part in members))
            joined.append(Part(kind, places, code, nodes[places[0]][1]["loop"]))
        else:
            joined += members
    return joined


def _of_parts(graph: nx.MultiDiGraph, parts: list[Part]) -> nx.MultiDiGraph:
    nodes = list(graph.nodes(data=True))
    small = nx.MultiDiGraph(**graph.graph)
    home: dict[str, str] = {}
    for part in parts:
        name, about = nodes[part.result]
        if part.kind != "node":
            about = _described(part, [nodes[place][1] for place in part.members])
        small.add_node(name, **about)
        home.update((nodes[place][0], name) for place in part.members)
    edges = {(home[a], home[b]): None for a, b in graph.edges() if home[a] != home[b]}
    small.add_edges_from(edges)
    return small


def _described(part: Part, members: list[dict[str, Any]]) -> dict[str, Any]:
    """The box that stands for several operations."""
    count = len(members)
    functions = list(dict.fromkeys(about["function"] for about in members if about["function"]))
    some = ", ".join(functions[:3]) + (", ..." if len(functions) > 3 else "")
    last = members[-1]
    groups = sorted({number for about in members for number in about["groups"]})
    if part.kind == "dropped":
        title = f"{count} operations: {some}"
    elif part.kind == "left_out":
        title = f"{count} operations that come before"
    elif part.kind == "fold":
        title = part.title
    else:
        title = f"{count} operations of {part.title}: {some}"
    one_loop = last["loop"] if len({about["group"] for about in members}) == 1 else ""
    return last | {
        "kind": part.kind if part.kind in FOLDED else "fold",
        "name": title, "formula": "", "type": "",
        "groups": tuple(groups), "group": groups[0] if len(groups) == 1 else 0, "loop": one_loop,
    }  # fmt: skip
