"""How an error message is put together."""

from __future__ import annotations

import textwrap
from typing import Any


def teach(
    kind: type[Exception], what: str, *, why: str = "", fix: str = "", lesson: str = ""
) -> Exception:
    """An exception whose message says what, why, how to fix it, and which lesson explains it."""
    parts = [what]
    if why:
        parts.append(_paragraph("  Why: ", why))
    if fix:
        parts.append(_paragraph("  Fix: ", fix))
    if lesson:
        parts.append(f"  Lesson: autodiff learn {lesson}")
    return kind("\n".join(parts))


def _paragraph(start: str, text: str) -> str:
    indent = " " * len(start)
    return textwrap.fill(text, 79, initial_indent=start, subsequent_indent=indent)


def shown(shape: Any) -> str:
    """A shape as PyTorch's messages write it."""
    return str(list(shape))
