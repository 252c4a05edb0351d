"""The difference of two graphs: of the same program with and without ``zero_grad``, ``detach``,
``no_grad`` or a write in place.

The two are aligned as programs are: operation by operation in the order of computation, by what
each does and what its leaves are called. What both have is drawn once; what only one has, and what
differs in value, gradient, version or kind, is marked by outline, sign and words.
"""

from __future__ import annotations

from collections.abc import Mapping
from difflib import SequenceMatcher
from typing import Any

import networkx as nx
import numpy as np

from viz import draw, words
from viz.adapters import adapted
from viz.collect import collect
from viz.names import Names, variables_of_caller
from viz.picture import Picture
from viz.structure import read

__all__ = ["Difference", "diff"]

COMPARED = (
    ("kind", "kind"), ("value", "value"), ("grad", ".grad"), ("shape", "shape"),
    ("dtype", "dtype"), ("version", "version"), ("device", "device"), ("saves", "saved values"),
)  # fmt: skip


class Difference(Picture):
    """What `viz.diff` returns: prints what differs, and draws both graphs as one.

    >>> import autodiff as ad, viz
    >>> x, y = ad.Scalar(3.0), ad.Scalar(4.0)
    >>> print(viz.diff(x * y, x + y))
    only in b: x + y
    only in a: x * y
    """

    def __init__(self, graph: nx.MultiDiGraph, theme: str) -> None:
        super().__init__(graph, draw.difference_scene, lambda graph, width: _told(graph), theme)

    def __bool__(self) -> bool:
        """Whether there is a difference."""
        return any(a["side"] != "both" or a["changes"] for _, a in self._graph.nodes(data=True))


def diff(
    a: Any,
    b: Any,
    *,
    params: Mapping[str, Any] | None = None,
    theme: str = "light",
) -> Difference:
    """What differs between two computations.

    Args:
        a, b: Scalars or Tensors (or tensors of PyTorch), or functions without arguments that
            compute them, which are called one after the other.
        params, theme: see `graph`.

    >>> import autodiff as ad, viz
    >>> x = ad.Scalar(3.0)
    >>> print(viz.diff(x * x + x, (x * x).detach() + x))
    only in b: 9.0
    only in a: x * x
    """
    variables = variables_of_caller()
    first, second = (_collected(x, variables, params) for x in (a, b))
    return Difference(_merged(first, second), theme)


def _collected(
    x: Any, variables: Mapping[str, Any], params: Mapping[str, Any] | None
) -> nx.MultiDiGraph:
    if callable(x) and not hasattr(x, "grad_fn"):
        x = x()
    x = adapted(x)
    read(x)
    return collect(x, Names(variables, params, getattr(x, "world", None)))


def _merged(first: nx.MultiDiGraph, second: nx.MultiDiGraph) -> nx.MultiDiGraph:
    """One graph with the nodes of both, each with its ``side`` and its ``changes``."""
    merged = nx.MultiDiGraph(**{**first.graph, "scopes": {}, "folded": ""})
    partner = _aligned(first, second)
    ids: dict[tuple[str, str], str] = {}

    def add(side: str, name: str, attributes: dict[str, Any], changes: list[str]) -> None:
        new = f"n{len(merged)}"
        merged.add_node(new, **{**attributes, "side": side, "changes": changes, "scope": None})
        ids[side if side != "both" else "a", name] = new
        if side == "both":
            ids["b", partner[name]] = new

    placed: set[str] = set()
    others = list(second)
    for name, attributes in first.nodes(data=True):
        if name not in partner:
            add("a", name, attributes, [])
            continue
        twin = partner[name]
        for other in others[: others.index(twin)]:
            if other not in placed and other not in partner.values():
                add("b", other, second.nodes[other], [])
                placed.add(other)
        add("both", name, attributes, _changes(attributes, second.nodes[twin]))
        placed.add(twin)
    for other in others:
        if other not in placed and other not in partner.values():
            add("b", other, second.nodes[other], [])
    _add_edges(merged, first, second, ids)
    merged.graph["root"] = ids["a", first.graph["root"]]
    roots = (("a", first), ("b", second))
    merged.graph["without_graph"] = [
        side for side, graph in roots if graph.nodes[graph.graph["root"]]["kind"] == "constant"
    ]
    return merged


def _aligned(first: nx.MultiDiGraph, second: nx.MultiDiGraph) -> dict[str, str]:
    """The node of ``second`` that each node of ``first`` corresponds to."""
    a, b = ([_label(g.nodes[n]) for n in g] for g in (first, second))
    names_a, names_b = list(first), list(second)
    partner = {}
    for start, other, size in SequenceMatcher(None, a, b, autojunk=False).get_matching_blocks():
        for i in range(size):
            partner[names_a[start + i]] = names_b[other + i]
    # Leaves stand where they are first used: one that is used later in b is still the same leaf.
    # Where the names differ, as between two engines, a leaf is the one with the same value.
    for same in (_label, _shown_value):
        taken = set(partner.values())
        left = {
            same(second.nodes[n]): n for n in names_b if n not in taken and _is_value(second, n)
        }
        for name in names_a:
            if name not in partner and _is_value(first, name):
                twin = left.pop(same(first.nodes[name]), None)
                if twin is not None:
                    partner[name] = twin
    return partner


def _is_value(graph: nx.MultiDiGraph, name: str) -> bool:
    return graph.nodes[name]["kind"] in ("leaf", "constant")


def _shown_value(attributes: dict[str, Any]) -> tuple[Any, ...]:
    return (attributes.get("shape"), words.one_line(attributes["value"]))


def _label(attributes: dict[str, Any]) -> tuple[Any, ...]:
    """What a node is, regardless of its numbers."""
    if attributes["kind"] in ("leaf", "constant"):
        value = attributes["value"] if not attributes.get("shape") else None
        named = attributes["name"]
        return ("value", named or words.one_line(value), attributes.get("shape"))
    return (attributes.get("op") or attributes.get("title"),)


def _changes(a: dict[str, Any], b: dict[str, Any]) -> list[str]:
    """What differs between two corresponding nodes, in words."""
    changes = []
    for key, word in COMPARED:
        x, y = a.get(key), b.get(key)
        if key == "kind" and {x, y} <= {"leaf", "constant"} and x != y:
            changes.append(f"requires grad: {x == 'leaf'} in a, {y == 'leaf'} in b")
        elif key in ("version", "device", "saves", "dtype", "shape") and (not x or not y):
            continue  # only one of the two engines tells
        elif key == "grad" and a["kind"] == "op" and (x is None or y is None):
            continue  # some engines keep the gradients of intermediate values
        elif key != "kind" and not _equal(x, y):
            changes.append(f"{word}: {_shown(x)} in a, {_shown(y)} in b{_ratio(key, x, y)}")
    return changes


def _equal(x: Any, y: Any) -> bool:
    if isinstance(x, np.ndarray) and isinstance(y, np.ndarray):
        return x.shape == y.shape and bool(np.array_equal(x, y, equal_nan=x.dtype.kind == "f"))
    if isinstance(x, np.ndarray) or isinstance(y, np.ndarray):
        return False
    return bool(x == y) or (x != x and y != y)


def _ratio(key: str, x: Any, y: Any) -> str:
    """ ", twice as much" and the like, where one is a multiple of the other."""
    if key != "grad" or x is None or y is None or np.shape(x) != np.shape(y):
        return ""
    x, y = np.asarray(x, float), np.asarray(y, float)
    used = x != 0
    if not used.any() or y[~used].any():
        return ""
    factors = y[used] / x[used]
    factor = float(factors.flat[0])
    same = np.allclose(factors, factor) and abs(factor - round(factor)) < 1e-6
    return f" ({round(factor)} times as much)" if same and factor > 1.5 else ""


def _shown(x: Any) -> str:
    if x is None:
        return "none"
    if isinstance(x, tuple):
        return ", ".join(map(str, x)) or "none"
    return x if isinstance(x, str) else words.one_line(x)


def _add_edges(
    merged: nx.MultiDiGraph,
    first: nx.MultiDiGraph,
    second: nx.MultiDiGraph,
    ids: dict[tuple[str, str], str],
) -> None:
    """The edges of both, those of both sides once."""
    for source, target, data in first.edges(data=True):
        merged.add_edge(ids["a", source], ids["a", target], **data, side="a")
    for source, target, data in second.edges(data=True):
        ends = ids["b", source], ids["b", target]
        for twin in merged.get_edge_data(*ends, default={}).values():
            if twin["side"] == "a":
                twin["side"] = "both"
                break
        else:
            merged.add_edge(*ends, **data, side="b")


def _told(graph: nx.MultiDiGraph) -> str:
    """The differences in words, those nearest to the result first."""
    lines = [
        f"{side} has no graph: nothing that it was computed from requires grad, or all was cut off"
        for side in graph.graph["without_graph"]
    ]
    for name in reversed(list(graph)):
        attributes = graph.nodes[name]
        title = words.expression(graph, name) or words.label(name, attributes)
        if not attributes.get("name") and attributes["kind"] == "constant":
            title = words.one_line(attributes["value"]) or title
        if attributes.get("name") and attributes["kind"] == "op":
            title = f"{words.label(name, attributes)} = {title}"
        if attributes["side"] != "both":
            lines.append(f"only in {attributes['side']}: {title}")
        lines += [f"{title}: {change}" for change in attributes["changes"]]
    return "\n".join(words.short(line, 160) for line in lines) or "no difference"
