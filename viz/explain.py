"""Errors as pictures: the part of the graph that an error of the backward pass is about."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import networkx as nx

from viz import draw, text
from viz.collect import collect
from viz.names import Names
from viz.picture import Picture

__all__ = ["Explanation", "explain"]

NEARBY = 12
"""How many boxes around the culprit are drawn."""


class Explanation(Picture):
    """What `viz.explain` returns: the message of an error, and its place in the graph.

    >>> import autodiff as ad, viz
    >>> x = ad.tensor([1.0, 2.0], requires_grad=True)
    >>> try:
    ...     (x * x).backward()
    ... except RuntimeError as error:
    ...     print(viz.explain(error))
    grad can be implicitly created only for scalar outputs, and this one has shape [2].
    ...
    <BLANKLINE>
    MulBackward0  (here)             saved: y, x
    └─ AccumulateGrad  (used twice)  variable: x  float32[2]
    """

    def __init__(self, error: BaseException, graph: nx.MultiDiGraph, theme: str) -> None:
        super().__init__(graph, draw.grad_fn_scene, text.grad_fn_text, theme)
        self.error = error

    def text(self, width: int = 80) -> str:
        return f"{self.error}\n\n{super().text(width)}"


class _Result:
    """Something with the node of an error as its ``grad_fn``."""

    def __init__(self, node: Any) -> None:
        self.grad_fn = node
        self.value = getattr(node, "out", None)


def explain(
    error: BaseException, *, params: Mapping[str, Any] | None = None, theme: str = "light"
) -> Explanation:
    """Draw the node that an error of the backward pass is about, and what it was computed from.

    Args:
        error: what ``backward()`` raised: a second pass through a freed graph, a saved value that
            was changed in place, several elements without a gradient.
        params, theme: see `graph`.

    Raises:
        ValueError: the error is not about a graph.

    >>> import autodiff as ad, viz
    >>> x = ad.Scalar(3.0)
    >>> y = x * x
    >>> y.backward()
    >>> try:
    ...     y.backward()
    ... except RuntimeError as error:
    ...     print(viz.explain(error).text().splitlines()[-2])
    MulBackward0  (here)  computed y  saved: freed
    """
    node = getattr(error, "node", None)
    if node is None or not hasattr(node, "next_functions"):
        raise ValueError(
            f"this {type(error).__name__} is not about a graph, so there is nothing to draw."
        )
    graph = collect(_Result(node), Names.of_caller(params), limit=NEARBY)
    root = graph.graph["root"]
    graph.graph["culprit"] = root
    graph.nodes[root]["function"] += "  (here)"
    return Explanation(error, graph, theme)
