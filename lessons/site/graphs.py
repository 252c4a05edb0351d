"""Graphs as data: what a page needs to compare the graph of an expression with another one.

A graph is a list of nodes; a node names its operation, its inputs by their places in the list, and
its constants and settings. The page's script adds the nodes of the expression that was typed, and
compares as `lessons.compare.same_structure` does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from autodiff import Scalar
from autodiff.variable import Variable
from lessons.compare import given
from lessons.predict import Graph

__all__ = ["graph_data"]

OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    "+": lambda x, y: x + y,
    "-": lambda x, y: x - y,
    "*": lambda x, y: x * y,
    "/": lambda x, y: x / y,
    "**": lambda x, y: x**y,
}

NONE = ("None", "{}")
"""How the lack of settings is written."""

FUNCTIONS = ("exp", "log", "sin", "cos", "tanh", "sigmoid", "relu", "sqrt", "abs", "neg")


def graph_data(question: Graph, variables: Mapping[str, Any]) -> dict[str, Any]:
    """The graphs of the truth, of the expected mistakes and of the lesson's variables."""
    nodes = _Nodes()
    named = {
        name: nodes.place(value.edge)
        for name, value in sorted(variables.items())
        if isinstance(value, Variable) and value.edge is not None
    }
    return {
        "truth": nodes.place(question.truth.edge),
        "wrong": [nodes.place(eval(key, dict(variables)).edge) for key in question.wrong],
        "variables": named,
        "nodes": nodes.listed,
        "operations": _operations(),
    }


class _Nodes:
    """Lists the nodes of graphs, each once."""

    def __init__(self) -> None:
        self.listed: list[dict[str, Any]] = []
        self._places: dict[int, int] = {}
        self._kept: list[Any] = []

    def place(self, root: Any) -> int:
        """The place of a node in the list, where it comes after what it was computed from."""
        waiting = [root]
        while waiting:
            node = waiting[-1]
            missing = [x for x in node.inputs if x is not None and id(x) not in self._places]
            if id(node) in self._places or not missing:
                waiting.pop()
                self._add(node)
            else:
                waiting += missing
        return self._places[id(root)]

    def _add(self, node: Any) -> None:
        if id(node) in self._places:
            return
        constants, settings = given(node)
        self._places[id(node)] = len(self.listed)
        self._kept.append(node)  # so that no other object takes its id
        self.listed.append(
            {
                "operation": type(node).__name__,
                "inputs": [None if x is None else self._places[id(x)] for x in node.inputs],
                "constants": constants,
                "settings": "" if settings in NONE else settings,
            }
        )


def _operations() -> dict[str, str]:
    """The engine's name for each operation that the page's script can read."""
    x, y = Scalar(2.0), Scalar(3.0)
    binary = {sign: type(apply(x, y).edge).__name__ for sign, apply in OPERATORS.items()}
    return binary | {name: type(getattr(x, name)().edge).__name__ for name in FUNCTIONS}
