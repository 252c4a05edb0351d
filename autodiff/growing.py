"""A warning where a sum of losses keeps the graph of every training step alive.

    total = total + loss        # before or after loss.backward()

What is added has a history: the sum refers to the graph of each loss, so none of them is freed
before ``total`` goes. ``total += loss.item()`` is what was meant.

Operations pay nothing for this. Every `INTERVAL`-th backward pass leaves a weak reference to the
node it started from. When `SUSPECTS` of these nodes are alive at the same time, something keeps
them: from then on every pass is noted, and ``+`` looks at what it adds. A sum over `SUMMANDS`
graphs that backward passes have used up cannot be meant to be differentiated. The warning names
its line, and ``+`` is its plain self again.
"""

from __future__ import annotations

import itertools
import warnings
import weakref
from collections import deque
from collections.abc import Callable
from threading import RLock
from typing import Any

from autodiff import errors

__all__ = ["interval", "next_pass", "note_pass"]

INTERVAL = 32
SUSPECTS = 2
SUMMANDS = 5
KEPT = 32
"""How many of the latest used graphs a sum is searched for."""
DEPTH = 4
"""How many operations may lie between a loss and the sum, as in ``total + loss * n / count``."""

VISITS = 200
"""How many nodes of a sum are looked at."""

SUMS = ("__add__", "__radd__", "__iadd__")

interval = INTERVAL
"""Every how many passes one is noted just now: 1 while ``+`` is watched."""

next_pass = itertools.count(1).__next__
"""The number of this backward pass."""

_roots: list[weakref.ref[Any]] = []
_plain: dict[type, dict[str, Callable[..., Any]]] = {}
_switching = RLock()  # threads that begin or stop to watch take turns


def note_pass(variable: Any, root: Any) -> None:
    """Note that a backward pass used up the graph that starts at ``root``, ``variable``'s node."""
    if root.inputs:
        _roots.append(weakref.ref(root))
    if len(_roots) >= SUSPECTS:
        _roots[:] = [reference for reference in _roots[-KEPT:] if reference() is not None]
        if len(_roots) >= SUSPECTS:
            _watch(type(variable))


def _watch(variable: type) -> None:
    """Let ``+`` look at what it adds."""
    global interval
    kind = next(kind for kind in variable.__mro__ if "__add__" in kind.__dict__)
    with _switching:
        interval = 1
        if kind not in _plain:
            _plain[kind] = {name: getattr(kind, name) for name in SUMS if hasattr(kind, name)}
            for name, add in _plain[kind].items():
                setattr(kind, name, _watching(add))


def _unwatch() -> None:
    global interval
    with _switching:
        interval = INTERVAL
        for kind, methods in _plain.items():
            for name, add in methods.items():
                setattr(kind, name, add)
        _plain.clear()
        _roots.clear()


def _watching(add: Callable[..., Any]) -> Callable[..., Any]:
    def watched(self: Any, other: Any) -> Any:
        result = add(self, other)
        if _summands(getattr(result, "grad_fn", None)) >= SUMMANDS:
            _unwatch()
            warnings.warn(errors.leaves.graph_grows(), stacklevel=2)
        return result

    return watched


def _summands(total: Any) -> int:
    """How many used graphs, up to `SUMMANDS`, are added up in ``total``."""
    used = {reference() for reference in _roots} - {None}
    count = 0
    seen: set[Any] = {None}
    queue = deque([(total, DEPTH)])
    while queue and count < SUMMANDS and len(seen) < VISITS:
        node, depth = queue.popleft()
        if node in seen or depth == 0:
            continue
        seen.add(node)
        if node in used:
            count += 1
        else:
            deeper = DEPTH if type(node).__name__ == "Add" else depth - 1
            queue += [(x, deeper) for x in node.inputs]
    return count
