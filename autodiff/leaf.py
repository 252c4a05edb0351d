"""How a leaf appears at the end of a chain of nodes."""

from __future__ import annotations

import os
from collections.abc import Callable
from threading import RLock
from typing import Any

from autodiff.hooks import AFTER, Handle, HookedNode, as_variable

__all__ = ["AccumulateGrad", "accumulating"]

accumulating = RLock()
"""Held while a gradient is added to a ``.grad``: backward passes of several threads lose nothing.

One for all leaves: taking it costs less than the adding does, and few threads wait for it.
"""

if hasattr(os, "register_at_fork"):  # a forked process must not inherit it from another thread
    os.register_at_fork(
        before=accumulating.acquire,
        after_in_parent=accumulating.release,
        after_in_child=accumulating.release,
    )


class AccumulateGrad:
    """How a leaf appears at the end of a chain of nodes: what arrives is added to its ``.grad``."""

    __slots__ = ("variable",)

    next_functions = ()

    def __init__(self, variable: Any) -> None:
        self.variable = variable

    def name(self) -> str:
        return "AccumulateGrad"

    @property
    def metadata(self) -> dict[str, Any]:
        """Notes about the leaf; as this view of it is made anew each time, they do not last."""
        return {}

    def register_prehook(self, hook: Callable[..., Any]) -> Handle:
        """Call ``hook(grad_outputs)`` with the gradient of the leaf before it is accumulated."""
        return HookedNode.register_prehook(self.variable, hook)

    def register_hook(self, hook: Callable[..., Any]) -> Handle:
        """Call ``hook((), grad_outputs)`` after the gradient of the leaf was accumulated."""
        return Handle(self.variable, lambda g: hook((), (as_variable(g),)), AFTER)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, AccumulateGrad) and self.variable is other.variable

    def __hash__(self) -> int:
        return hash((AccumulateGrad, id(self.variable)))

    def __repr__(self) -> str:
        return "<AccumulateGrad>"
