"""The bare structure of a graph: its nodes in the order of computation, and who uses whom.

Only the protocol of graph nodes is used: ``next_functions``, ``name()``, ``variable`` on the node
of a leaf, and notes in ``metadata``. So a PyTorch loss is read as ours is.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

__all__ = ["Structure", "collector_paused", "is_leaf", "key_of", "notes_of", "read"]


@dataclass
class Structure:
    """Nodes by their place in the order of computation.

    ``operands[i]`` has one entry per argument of node ``i``: the place of the node it came from
    and which of that node's outputs it is, or None for a constant.
    """

    nodes: list[Any] = field(default_factory=list)
    operands: list[list[tuple[int, int] | None]] = field(default_factory=list)
    places: dict[Any, int] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.nodes)

    def users(self) -> list[list[int]]:
        """For each node the nodes that use it."""
        users: list[list[int]] = [[] for _ in self.nodes]
        for place, operands in enumerate(self.operands):
            for operand in operands:
                if operand is not None:
                    users[operand[0]].append(place)
        return users


class _Leaf:
    """A leaf in the place of a node, for a value that nothing computed."""

    __slots__ = ("variable",)
    next_functions: tuple[Any, ...] = ()

    def __init__(self, variable: Any) -> None:
        self.variable = variable

    def name(self) -> str:
        return "AccumulateGrad"


@contextmanager
def collector_paused() -> Iterator[None]:
    """Python's cycle collector waits: it would walk over millions of new objects in vain."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def key_of(node: Any) -> Any:
    """What tells nodes apart: the node itself or, at the end of a chain, its leaf."""
    return id(node.variable) if is_leaf(node) else node


def is_leaf(node: Any) -> bool:
    """Whether a node is the end of a chain, which has the leaf as its ``variable``.

    Asked of the type: a Function may keep something of that name on its own node.
    """
    return hasattr(type(node), "variable")


def notes_of(node: Any) -> dict[str, Any]:
    """The notes that somebody made about a node."""
    if hasattr(type(node), "_metadata"):
        return getattr(node, "_metadata", None) or {}
    return getattr(node, "metadata", None) or {}


def read(x: Any) -> Structure:
    """The structure of everything that led to ``x``, operands before what uses them."""
    root = x.grad_fn if x.grad_fn is not None else _Leaf(x)
    structure = Structure()
    places = structure.places
    entered: set[Any] = set()
    stack: list[tuple[Any, Any, list[Any] | None]] = [(root, key_of(root), None)]
    while stack:
        node, key, operands = stack.pop()
        if operands is not None:
            places[key] = len(structure.nodes)
            structure.nodes.append(node)
            structure.operands.append([o if o is None else (places[o[0]], o[1]) for o in operands])
        elif key not in entered:
            entered.add(key)
            operands = []
            waiting = []
            for source, nr in node.next_functions:
                if source is None:
                    operands.append(None)
                    continue
                source_key = key_of(source)
                operands.append((source_key, nr))
                if source_key not in entered:
                    waiting.append((source, source_key, None))
            stack.append((node, key, operands))
            stack += reversed(waiting)
    return structure
