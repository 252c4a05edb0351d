"""How an error message is put together."""

from __future__ import annotations

import textwrap
from typing import Any, TypeVar

E = TypeVar("E", bound=Exception)


def teach(kind: type[E], what: str, *, why: str = "", fix: str = "", lesson: str = "") -> E:
    """An exception or a warning: what, why, how to fix it, and which lesson explains it."""
    parts = [what]
    if why:
        parts.append(_paragraph("  Why: ", why))
    if fix:
        parts.append(_paragraph("  Fix: ", fix))
    if lesson:
        parts.append(f"  Lesson: autodiff learn {lesson}")
    return kind("\n".join(parts))


def about(error: E, node: Any) -> E:
    """The same error, with the node of the graph it is about, for those who draw it."""
    error.node = node  # type: ignore[attr-defined]
    return error


def _paragraph(start: str, text: str) -> str:
    indent = " " * len(start)
    return textwrap.fill(text, 79, initial_indent=start, subsequent_indent=indent)


def shown(shape: Any) -> str:
    """A shape as PyTorch's messages write it."""
    return str(list(shape))
