"""Collecting: from a value or a backward pass to a NetworkX graph of plain attributes.

Only the protocol of graph nodes is used (see `viz.structure`). What our nodes know beyond that
(formula, arguments, constants, results, versions) is added where it is there.

In the result each node is one operation with its value, one leaf, one constant, or a part that
stands for several nodes; each edge leads from an operand to the operation that uses it, with the
operand's position. Ids number the nodes in the order of computation, so they are the same in every
run.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import networkx as nx
import numpy as np

from viz.fold import FOLD_ABOVE, Part, fold
from viz.formulas import snake_case, without_g
from viz.names import Names
from viz.rules import rule_text
from viz.scopes import Call, calls_of
from viz.structure import collector_paused, is_leaf, key_of, notes_of, read
from viz.values import kept, on_host

__all__ = ["FOLD_ABOVE", "collect", "collect_steps"]

LOCAL_VALUES = 16
"""Local derivatives are worked out for results of at most this many elements."""


def collect(
    x: Any,
    names: Names,
    depth: int | None = None,
    limit: int = FOLD_ABOVE,
    saved: bool = False,
    derivatives: bool = False,
) -> nx.MultiDiGraph:
    """The graph that computed ``x``. For ``depth`` and ``limit`` see `viz.fold.fold`.

    ``saved`` adds to each node the values it saved; ``derivatives`` adds to each edge the local
    derivative (``rule``, ``local`` and ``local_value``: see `collect_steps`).
    """
    collector = _Collector(x, names, depth, limit)
    if saved:
        collector.add_saved()
    if derivatives:
        collector.add_derivatives()
    return collector.graph


def collect_steps(
    x: Any, steps: Iterable[Any], names: Names, depth: int | None = None, limit: int = FOLD_ABOVE
) -> nx.MultiDiGraph:
    """The graph that computed ``x``, with what each `Step` of its backward pass did.

    A node gets ``step`` (its place in the pass, from 1) and ``g`` (its complete gradient); an
    edge gets ``flowed`` (the contribution), ``rule`` (how it was computed) and, where it is a
    product, ``local`` and ``local_value`` (what the gradient that arrived was multiplied by).
    """
    collector = _Collector(x, names, depth, limit)
    for step in steps:
        collector.record(step)
    return collector.graph


@dataclass
class _Collector:
    """Builds the graph, and knows afterwards which box stands for which node."""

    x: Any
    names: Names
    depth: int | None
    limit: int

    def __post_init__(self) -> None:
        with collector_paused():
            self.structure = read(self.x)
            self.calls = calls_of(self.structure, self.names)
            self.parts = fold(self.structure, self.calls, self.depth, self.limit)
        self.box_of: dict[int, str] = {}
        self.graph = nx.MultiDiGraph(root=None, left_out=0, scopes={}, folded=_told(self.parts))
        for part in self.parts:
            self._add(part)
        self._add_scopes()
        self.graph.graph["root"] = f"{self.box_of[len(self.structure) - 1]}"
        self.graph.graph["boxes"] = self.box_of
        self._name_root()

    # -- boxes ----------------------------------------------------------------------------------

    def _add(self, part: Part) -> None:
        if part.kind == "node":
            self._add_node(part.result)
        else:
            self._add_group(part)

    def _add_node(self, place: int) -> None:
        node = self.structure.nodes[place]
        arguments = getattr(node, "arguments", ())
        constants = getattr(node, "constants", None) or ()
        edges: list[tuple[str, dict[str, Any]]] = []
        for position, operand in enumerate(self.structure.operands[place]):
            argument = arguments[position] if position < len(arguments) else ""
            attributes = {"position": position, "argument": argument}
            if operand is not None:
                edges.append((self.box_of[operand[0]], attributes))
            elif position < len(constants) and constants[position] is not None:
                edges.append((self._add_constant(constants[position]), attributes))
        name = self.box_of[place] = self._next_id()
        self.graph.add_node(name, **_describe(node, self.names))
        for source, attributes in edges:
            self.graph.add_edge(source, name, **attributes)

    def _add_constant(self, value: Any) -> str:
        name = self._next_id()
        given = self.names.of_constant(value.reference() if hasattr(value, "reference") else value)
        empty = {"kind": "constant", "function": "", "name": given, "grad": None}
        self.graph.add_node(name, **empty, **_describe_value(value))
        return name

    def _add_group(self, part: Part) -> None:
        """One box for many nodes, with one edge from each box outside that they use."""
        name = "left_out" if part.kind == "left_out" else self._next_id()
        self.box_of.update(dict.fromkeys(part.members, name))
        result = self.structure.nodes[part.result]
        about: dict[str, Any] = {"function": "", "name": None, "grad": None, "value": None}
        if part.kind != "left_out" and not is_leaf(result):
            about = {**_describe(result, self.names), "function": ""}
            about.update(saves=(), formula="", arguments=(), name=self.names.of_output(result))
        about.update(kind=part.kind, title=part.title, count=len(part.members))
        self.graph.add_node(name, **about)
        if part.kind == "left_out":
            self.graph.graph["left_out"] = len(part.members)
            return
        sources: dict[str, None] = {}
        for place in part.members:
            for operand in self.structure.operands[place]:
                if operand is not None and self.box_of[operand[0]] != name:
                    sources[self.box_of[operand[0]]] = None
        for position, source in enumerate(sources):
            self.graph.add_edge(source, name, position=position, argument="")

    def _next_id(self) -> str:
        return f"n{len(self.graph) - ('left_out' in self.graph)}"

    def _name_root(self) -> None:
        root = self.graph.nodes[self.graph.graph["root"]]
        if root["name"] is None:
            root["name"] = self.names.of_value(self.x)
        if root["value"] is None:
            root.update(_describe_value(_plain(self.x)))

    # -- scopes ---------------------------------------------------------------------------------

    def _add_scopes(self) -> None:
        """Tell each box the innermost call it belongs to, and the graph what calls there are."""
        inside: dict[str, Call] = {}
        results = {part.result: part for part in self.parts if part.kind == "module"}
        drawn = {part.result for part in self.parts if part.kind in ("node", "module")}
        for call in self.calls:
            for place in call.members & drawn:
                if place not in results or len(results[place].members) < len(call.members):
                    inside[self.box_of[place]] = call
        for name, call in inside.items():
            self.graph.nodes[name]["scope"] = call.id
        for name, attributes in self.graph.nodes(data=True):
            users = {self.graph.nodes[user].get("scope") for user in self.graph.successors(name)}
            is_number = attributes["kind"] == "constant" and not attributes.get("shape")
            if is_number and len(users) == 1 and users != {None}:
                attributes["scope"] = users.pop()
        for call in self.calls:
            parent = None if call.parent is None else self.calls[call.parent].id
            self.graph.graph["scopes"][call.id] = {"title": call.title, "parent": parent}

    # -- on request -----------------------------------------------------------------------------

    def add_saved(self) -> None:
        for part in self.parts:
            if part.kind == "node":
                attributes = self.graph.nodes[self.box_of[part.result]]
                attributes["saved"] = _saved_values(self.structure.nodes[part.result])

    def add_derivatives(self) -> None:
        for part in self.parts:
            node = self.structure.nodes[part.result]
            if part.kind != "node" or getattr(node, "is_released", True):
                continue
            local = _local_values(node, getattr(node, "out", None))
            for _, _, data in self.graph.in_edges(self.box_of[part.result], data=True):
                rule = rule_text(node, data["argument"])
                data.update(rule=rule, local=without_g(rule))
                if local is not None:
                    data["local_value"] = local[data["position"]]

    # -- the backward pass ----------------------------------------------------------------------

    def record(self, step: Any) -> None:
        place = self.structure.places.get(_key_in_step(step.node))
        if place is None:
            return
        name = self.box_of[place]
        attributes = self.graph.nodes[name]
        first = "step" not in attributes
        attributes["step"] = step.index + 1
        if attributes["kind"] in ("module", "fold", "left_out"):
            self._record_inside(name, attributes, step, first)
            return
        attributes.update(g=_gradient_of(step.g), outputs=hasattr(step.g, "parts"))
        if not self.structure.operands[place] and step.writes:
            (write,) = step.writes
            attributes.update(grad_before=_plain(write.before), grad_after=_plain(write.after))
            return
        node = self.structure.nodes[place]
        local = _local_values(node, step.g)
        edges = {d["position"]: d for _, _, d in self.graph.in_edges(name, data=True)}
        for position, write in enumerate(step.writes):
            if write is not None and position in edges:
                rule = rule_text(node, edges[position]["argument"])
                edges[position].update(
                    flowed=_plain(write.contribution),
                    before=_plain(write.before),
                    after=_plain(write.after),
                    rule=rule,
                    local=without_g(rule),
                    local_value=local[position] if local else None,
                )

    def _record_inside(self, name: str, attributes: dict[str, Any], step: Any, first: bool) -> None:
        """A step inside of a part: its first gradient is what arrived; what leaves it adds up."""
        if first:
            attributes.update(first_step=step.index + 1, g=_gradient_of(step.g))
        edges = {source: data for source, _, data in self.graph.in_edges(name, data=True)}
        for write in step.writes:
            place = (
                None if write is None else self.structure.places.get(_key_of_target(write.target))
            )
            source = None if place is None else self.box_of[place]
            if source in edges and write is not None:
                flowed = _gradient_of(write.contribution)
                before = edges[source].get("flowed")
                total = flowed if before is None else before + flowed
                edges[source].update(flowed=total, before=None, after=None, rule="")


def _key_in_step(node: Any) -> Any:
    """The key of a step's node: at the end of a chain the engine shows the leaf itself."""
    return key_of(node) if hasattr(node, "next_functions") else id(node)


def _key_of_target(target: Any) -> Any:
    """The key of the node that a contribution goes to, also by one of its several outputs."""
    return target.node if hasattr(target, "nr") else _key_in_step(target)


def _gradient_of(g: Any) -> Any:
    """A gradient; of a node with several outputs the first that something flowed back to."""
    if hasattr(g, "parts"):
        g = next((part for part in g.parts if part is not None), None)
    return _plain(g)


def _local_values(node: Any, g: Any) -> list[Any] | None:
    """The local derivatives of an operation on numbers, or on each element of small arrays."""
    if not getattr(node, "rules", None) or getattr(node, "like", None):
        return None
    if isinstance(g, float):
        one: Any = 1.0
    elif (
        getattr(node, "broadcasts", False) and getattr(g, "size", LOCAL_VALUES + 1) <= LOCAL_VALUES
    ):
        one = np.ones_like(g)
    else:
        return None
    return [on_host(g) for g in node.vjp(one)]


# -- what nodes are described by -------------------------------------------------------------------


def _describe(node: Any, names: Names) -> dict[str, Any]:
    """The plain attributes of an operation or a leaf."""
    variable = node.variable if is_leaf(node) else None
    if variable is not None:
        return {
            "kind": "leaf" if variable.requires_grad else "constant",
            "function": _function(node) if variable.requires_grad else "",
            "name": names.of_value(variable),
            "grad": kept(_plain(getattr(variable, "grad", None))),
            **_describe_place(variable),
            **_describe_value(_plain(variable)),
        }
    variable = names.variable_of(node)
    value = _plain(variable) if variable is not None else getattr(node, "out", None)
    grad = variable.grad if variable is not None and _retains_grad(variable) else None
    return {
        "kind": "op",
        "function": _function(node),
        "op": _op_name(node),
        "formula": getattr(node, "formula", ""),
        "arguments": tuple(getattr(node, "arguments", ())),
        "settings": dict(getattr(node, "settings", {})),
        "saves": _saved_names(node),
        "released": bool(getattr(node, "is_released", False)),
        "name": names.of_output(node),
        "grad": kept(_plain(grad)),
        "device": str(getattr(value, "device", "cpu")),
        **_describe_notes(node),
        **(_describe_place(variable) if variable is not None else {}),
        **_describe_value(value),
    }


def _saved_names(node: Any) -> tuple[str, ...]:
    """The names of the values a node keeps, or kept, for its gradient rules."""
    names = getattr(node, "saves", ())
    saved = getattr(node, "saved", None)
    if not isinstance(saved, tuple):  # freed, or packed by a hook: what is there stays unread
        return tuple(names)
    return tuple(name for name, value in zip(names, saved, strict=True) if value is not None)


def _saved_values(node: Any) -> dict[str, dict[str, Any]]:
    """The values that a node, ours or PyTorch's, keeps for its gradient rules, described."""
    if hasattr(node, "saves"):
        saved = node.saved if isinstance(node.saved, tuple) else ()
        found = dict(zip(node.saves, saved, strict=False))
    else:
        found = {}
        for name in dir(node):
            if name.startswith("_saved_"):
                try:
                    found[name.removeprefix("_saved_")] = _plain(getattr(node, name))
                except RuntimeError:  # freed by a backward pass
                    continue
    on_cpu = {name: on_host(value) for name, value in found.items()}
    return {
        name: _describe_value(value)
        for name, value in on_cpu.items()
        if isinstance(value, (float, np.ndarray))
    }


def _describe_notes(node: Any) -> dict[str, Any]:
    """What observers noted: the line of the program, and how long the node took, in seconds."""
    notes = notes_of(node)
    source = notes.get("source")
    return {
        "source": None if source is None else str(source),
        "line": getattr(source, "line", None),
        "forward_time": notes.get("forward_time"),
        "backward_time": notes.get("backward_time"),
    }


def _describe_place(variable: Any) -> dict[str, Any]:
    """The device of a tensor, and how often it was written to in place.

    Parameters are written to by whoever initialises and trains them: theirs says nothing.
    """
    device = str(getattr(variable, "device", "cpu"))
    version = 0 if type(variable).__name__ == "Parameter" else getattr(variable, "_version", 0)
    return {"device": device, "version": int(version)}


def _describe_value(value: Any) -> dict[str, Any]:
    """Shape, dtype, size in bytes and elements; ``value`` is None when a large array is gone."""
    shape, dtype = getattr(value, "shape", None), getattr(value, "dtype", None)
    if hasattr(value, "reference"):
        value = value.reference()
    return {
        "value": kept(value),
        "shape": None if shape is None else tuple(shape),
        "dtype": None if dtype is None else str(dtype).rpartition(".")[2],
        "bytes": None if shape is None else int(np.prod(shape)) * getattr(dtype, "itemsize", 1),
    }


def _retains_grad(variable: Any) -> bool:
    return bool(getattr(variable, "retains_grad", False))


def _plain(x: Any) -> Any:
    """The float or array inside a variable, ours or PyTorch's."""
    if x is None or isinstance(x, float):
        return x
    if hasattr(x, "value"):
        return on_host(x.value)
    return x.detach().cpu().numpy() if hasattr(x, "detach") else on_host(x)


def _function(node: Any) -> str:
    """The name of a node, without the namespace that PyTorch puts before a few."""
    return str(node.name()).removeprefix("torch::autograd::")


def _op_name(node: Any) -> str:
    """``mul`` for the node of a product; the name of the class for a Function of one's own."""
    if hasattr(node, "op"):
        return str(node.op)
    if hasattr(node, "function"):
        return node.function.__name__
    if hasattr(node, "arguments"):
        return snake_case(type(node).__name__).replace("unsafe_view", "reshape")
    return snake_case(node.name().rstrip("0123456789").removesuffix("Backward"))


def _told(parts: list[Part]) -> str:
    """What was folded, in words; "" where nothing was."""
    told = []
    for kind, meaning in (
        ("module", "{calls} ({nodes} nodes)"),
        ("fold", "{nodes} nodes in repetitions are folded into {boxes}"),
        ("left_out", "{nodes} nodes farther from the result are not drawn"),
    ):
        of_kind = [part for part in parts if part.kind == kind]
        if of_kind:
            boxes, nodes = len(of_kind), sum(len(part.members) for part in of_kind)
            calls = f"{boxes} calls of modules are one box each"
            if boxes == 1:
                calls = "1 call of a module is one box"
            told.append(meaning.format(calls=calls, boxes=boxes, nodes=nodes))
    return "; ".join(told)
