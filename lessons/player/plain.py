"""Plain mode: a lesson from beginning to end as text, for pipes, files and screen readers."""

from __future__ import annotations

import re
import textwrap
from typing import TextIO

from lessons.format import Lesson
from lessons.player.session import Session

__all__ = ["play_plain"]

WIDTH = 79

NO_BREAK = "\N{NO-BREAK SPACE}"

KEPT = ("- ", "1. ", "|", "```", "#", "    ")
"""How blocks of Markdown begin whose lines must stay as they are."""


def play_plain(lesson: Lesson, out: TextIO, first: int = 0) -> None:
    """Write every step from ``first`` on: its prose, its code, and what the code prints."""
    session = Session(lesson)
    total = len(lesson.steps)
    out.write(f"{lesson.title}\n{'=' * len(lesson.title)}\n")
    for index in range(first, total):
        step = lesson.steps[index]
        out.write(f"\nStep {index + 1} of {total}\n\n")
        out.write(wrapped(step.prose) + "\n\n")
        out.write(textwrap.indent(step.code, "    ") + "\n\n")
        out.flush()
        session.output(index, live=out)
        out.flush()


def wrapped(prose: str) -> str:
    """Markdown as it is, its paragraphs wrapped; lists, tables and code keep their lines."""
    blocks = prose.split("\n\n")
    return "\n\n".join(block if block.startswith(KEPT) else _fill(block) for block in blocks)


def _fill(block: str) -> str:
    """One paragraph, wrapped; what stands between backquotes stays on one line."""
    text = re.sub("`[^`]+`", lambda code: code[0].replace(" ", NO_BREAK), " ".join(block.split()))
    return textwrap.fill(text, WIDTH).replace(NO_BREAK, " ")
