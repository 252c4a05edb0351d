"""Scopes: the note that a call of a module leaves on its result, for pictures of the graph."""

from __future__ import annotations

from typing import Any, NamedTuple

from autodiff.tensor import Tensor

__all__ = ["Scope", "note_scope"]


class Scope(NamedTuple):
    """Who computed a node: a module, the nodes its inputs came from, and the note before this.

    It is kept in ``node.metadata["scope"]``. Where modules nest, the same node is the result of
    several calls: ``inner`` is the note of the call inside of this one.
    """

    module: Any
    inputs: tuple[Any, ...]
    inner: Scope | None


def note_scope(module: Any, inputs: tuple[Any, ...], result: Any) -> None:
    """Note on the nodes of a result (a tensor, or a tuple of tensors) that ``module`` made it."""
    if type(result) is tuple:
        for part in result:
            note_scope(module, inputs, part)
        return
    node = getattr(result, "_source", None)
    if node is None:
        return
    sources = tuple([x._source for x in inputs if isinstance(x, Tensor) and x._source is not None])
    if node in sources:  # the module gave back what it got
        return
    notes = node.metadata
    notes["scope"] = Scope(module, sources, notes.get("scope"))
