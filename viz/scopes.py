"""Module scopes: which nodes were computed in which call of which module.

When a module is called, it notes on the node of its result who it is and which nodes its inputs
came from: ``node.metadata["scope"]`` is a `Scope` with ``module``, ``inputs`` and ``inner``, the
note that was there before. What lies between is what the module computed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from viz.names import Names
from viz.structure import Structure, key_of, notes_of

__all__ = ["Call", "calls_of"]


@dataclass
class Call:
    """One call of a module: the places of the nodes it computed, and the call it was part of."""

    id: str
    title: str
    kind: str
    members: set[int]
    result: int
    parent: int | None = None
    depth: int = 0


def calls_of(structure: Structure, names: Names) -> list[Call]:
    """The calls of modules in a graph, outer ones before the calls inside of them."""
    found: list[tuple[set[int], int, int, Any]] = []
    for place, node in enumerate(structure.nodes):
        scope, nesting = notes_of(node).get("scope"), 0
        while scope is not None:
            members = _computed(structure, place, scope.inputs)
            found.append((members, place, nesting, scope.module))
            scope, nesting = scope.inner, nesting + 1
    # The outermost of several calls with one result made its note last, so it comes first.
    found.sort(key=lambda call: (-len(call[0]), call[1], call[2]))
    calls: list[Call] = []
    for members, place, _, module in found:
        name, kind = names.of_module(module), type(module).__name__
        title = f"{name}  {_described(module)}" if name else _described(module)
        parent = _innermost(calls, place, members)
        depth = 0 if parent is None else calls[parent].depth + 1
        calls.append(Call("", title, kind, members, place, parent, depth))
    for number, call in enumerate(calls):
        call.id = f"m{number}"
        _claim_own_leaves(structure, call, found[number][3])
    return calls


def _computed(structure: Structure, result: int, inputs: Any) -> set[int]:
    """The nodes between the inputs of a call and its result; leaves are not among them."""
    outside = {structure.places.get(key_of(_node_of(node))) for node in inputs}
    members: set[int] = set()
    stack = [result]
    while stack:
        place = stack.pop()
        if place in outside or place in members or not structure.operands[place]:
            continue
        members.add(place)
        stack += [operand[0] for operand in structure.operands[place] if operand is not None]
    return members


def _node_of(entry: Any) -> Any:
    """The node itself, for the entry of one of its outputs."""
    return entry.node if hasattr(entry, "nr") else entry


def _innermost(calls: list[Call], place: int, members: set[int]) -> int | None:
    """The smallest call so far that holds all of ``members``."""
    holding = [
        i for i, call in enumerate(calls) if place in call.members and members <= call.members
    ]
    return holding[-1] if holding else None


def _claim_own_leaves(structure: Structure, call: Call, module: Any) -> None:
    """Parameters belong to the call of their module."""
    parameters = {id(parameter) for parameter in getattr(module, "parameters", list)()}
    for place in list(call.members):
        for operand in structure.operands[place]:
            if operand is not None and key_of(structure.nodes[operand[0]]) in parameters:
                call.members.add(operand[0])


def _described(module: Any) -> str:
    """The repr of a layer, the name of the class of a module that holds others."""
    text = repr(module)
    return text if "\n" not in text and len(text) <= 48 else type(module).__name__
