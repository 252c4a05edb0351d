"""A trail for questions that come later: where values left the graph, and where gradients added up.

`viz.why` asks such questions. The trail is kept from the moment somebody asks for it, which
importing `viz` does; before that, and for every operation that is recorded, it costs nothing. For
each line of the program the first value that left the graph there is noted, with the leaves that
went into it.
"""

from __future__ import annotations

import weakref
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from autodiff.grad_mode import mode
from autodiff.source import SourceLine, user_lines

__all__ = [
    "Cut", "cut_that_made", "cuts_of", "follow", "forget", "note_cut", "note_sum",
    "note_unrecorded", "sums_of",
]  # fmt: skip

VISITS = 300
"""How many nodes are searched for the leaves that went into a value."""

LINES = 1000
"""How many lines of the program are remembered."""

INTERNAL = ("optim", "init.py")
"""Parts of this package whose writes outside the graph are their job, and nobody's question."""

following = False
"""Whether the trail is kept."""

_cuts: dict[tuple[str, int, str], Cut] = {}
_sums: dict[int, tuple[Any, Any, int, SourceLine | None]] = {}


@dataclass
class Cut:
    """How (``detach()``, ``argmax``, ``mul under no_grad``) and where a value left the graph."""

    how: str
    line: SourceLine
    leaves: list[weakref.ref[Any]]
    result: Any = None

    def involves(self, leaf: Any) -> bool:
        return any(reference() is leaf for reference in self.leaves)


def follow() -> None:
    """Keep a trail from now on."""
    global following
    following = True


def forget() -> None:
    """Forget what was noted."""
    _cuts.clear()
    _sums.clear()


def note_cut(x: Any, how: str, result: Any = None) -> None:
    """Note that what was computed from ``x``, which is in the graph, is not."""
    line, through = user_lines()
    if line is None or any(part in through for part in INTERNAL):
        return
    key = (line.file, line.line, how)
    known = _cuts.get(key)
    if known is not None and any(reference() is not None for reference in known.leaves):
        return
    if len(_cuts) >= LINES:
        _cuts.pop(list(_cuts)[0], None)  # noqa: RUF015 - a copy: other threads note cuts too
    reference = None if result is None else weakref.ref(result)
    _cuts[key] = Cut(how, line, [weakref.ref(leaf) for leaf in _leaves(x)], reference)


def note_unrecorded(op: Any, inputs: Any, result: Any) -> None:
    """Note that ``op`` was applied to values in the graph, and that its result is not there."""
    reason = "" if mode.enabled else " under no_grad"
    for x in inputs:
        if getattr(x, "_source", None) is not None or getattr(x, "_requires_grad", False):
            name = getattr(op, "function_name", op.__name__.lower())
            note_cut(x, f"{name}{reason}", result)
            return


def note_sum(leaf: Any, before: Any) -> None:
    """Note that a gradient was added to ``before``, which ``leaf`` had already."""
    line, _ = user_lines()
    noted = _sums.get(id(leaf))
    known = noted is not None and noted[0]() is leaf and _is(noted[1], before)
    count = noted[2] if noted is not None and known else 1
    _sums[id(leaf)] = (weakref.ref(leaf), _marker(leaf._grad), count + 1, line)


def cuts_of(leaf: Any) -> Iterator[Cut]:
    """Where values that ``leaf`` went into left the graph."""
    return (cut for cut in list(_cuts.values()) if cut.involves(leaf))


def cut_that_made(x: Any) -> Cut | None:
    """Where ``x`` itself was taken out of the graph."""
    made = (cut for cut in list(_cuts.values()) if cut.result is not None and cut.result() is x)
    return next(made, None)


def sums_of(leaf: Any) -> tuple[int, SourceLine | None]:
    """How many gradients the ``.grad`` of a leaf is the sum of, and the line of the last one."""
    noted = _sums.get(id(leaf))
    if noted is None or noted[0]() is not leaf or not _is(noted[1], leaf._grad):
        return 1, None
    return noted[2], noted[3]


def _marker(grad: Any) -> Any:
    """What tells later whether ``.grad`` is still this one."""
    return grad if isinstance(grad, float) else weakref.ref(grad)


def _is(marker: Any, grad: Any) -> bool:
    return marker() is grad if isinstance(marker, weakref.ref) else marker == grad


def _leaves(x: Any) -> list[Any]:
    """The leaves that ``x`` was computed from, as far as they are near."""
    if x._source is None:
        return [x]
    found: list[Any] = []
    seen: set[Any] = {None}
    stack = [x._source]
    while stack and len(seen) < VISITS:
        node = stack.pop()
        if node in seen:
            continue
        seen.add(node)
        if node.inputs:
            stack += node.inputs
        else:
            found.append(node)
    return found
