"""Plain mode: a lesson as text alone, for pipes, files, screen readers and NO_COLOR.

Nothing is drawn with colours, boxes or signs that a screen reader would spell out, and nothing that
was written is changed. In a terminal commands are words or letters followed by Enter; in a pipe
the lesson plays from beginning to end.
"""

from __future__ import annotations

import re
import select
import sys
import textwrap
from pathlib import Path
from typing import TextIO

from lessons.format import Exercise, Lesson, text_of
from lessons.player.progress import Progress
from lessons.player.session import Session
from lessons.predict import Verdict
from lessons.report import Report

__all__ = ["PlainScreen", "play_plain"]

WIDTH = 79

NO_BREAK = "\N{NO-BREAK SPACE}"

STARS = re.compile(r"(`[^`]*`)|(?<![\w*])\*{1,2}(\w(?:[^*`\n]|\n(?!\n))*)\*{1,2}(?![\w*])")
"""Code, which is left alone, or words between stars."""

KEPT = ("- ", "1. ", "|", "```", "#", "    ")
"""How blocks of Markdown begin whose lines must stay as they are."""


def play_plain(lesson: Lesson, out: TextIO, first: int = 0) -> None:
    """Write every step from ``first`` on: its prose, its code, and what the code prints."""
    session = Session(lesson)
    total = len(lesson.steps)
    out.write(f"{lesson.title}\n{'=' * len(lesson.title)}\n")
    for index in range(first, total):
        step = lesson.steps[index]
        out.write(f"\nStep {index + 1} of {total}\n\n{wrapped(step.prose)}\n\n")
        if step.exercise:
            out.write(_beginning(lesson.exercise(step.exercise)))
            continue
        out.write(textwrap.indent(step.code, "    ") + "\n\n")
        out.flush()
        session.output(index, live=out)
        out.flush()
    if lesson.closing:
        out.write(f"\n{wrapped(lesson.closing)}\n")


def _beginning(exercise: Exercise) -> str:
    try:
        return f"Exercise {exercise.name} begins with this file:\n\n{text_of(exercise.start)}"
    except (OSError, ValueError) as error:
        return f"Exercise {exercise.name} cannot be shown: {error}\n"


class PlainScreen:
    """What `lessons.player.screen.Screen` shows, as text alone."""

    reads_lines = True

    def step(self, session: Session, index: int) -> None:
        lesson = session.lesson
        step = lesson.steps[index]
        print(f"\n{lesson.title}, step {index + 1} of {len(lesson.steps)}\n")
        print(wrapped(step.prose) + "\n")
        if step.code:
            self.code(step.code)

    def code(self, source: str) -> None:
        print(textwrap.indent(source, "    ") + "\n")

    def output(self, session: Session, index: int) -> None:
        print("Output:")
        if session.has_run(index):
            print(session.output(index), end="")
        else:
            session.output(index, live=sys.stdout)

    def place(self, index: int, total: int, keys: list[tuple[str, str]]) -> None:
        told = ", ".join(f"{key} {meaning}" for key, meaning in keys)
        print("\n" + textwrap.fill(f"Step {index + 1} of {total}. Type: {told}.", WIDTH))

    def end(self, lesson: Lesson) -> None:
        print(f"\nThe end of: {lesson.title}\n")
        if lesson.closing:
            print(wrapped(lesson.closing) + "\n")

    def question(self, keys: list[tuple[str, str]]) -> None:
        print("Make your guess, then press Enter to run the code.")

    def verdict(self, verdict: Verdict) -> None:
        said = "Right." if verdict.right else f"Not quite: it is {verdict.truth}."
        text = " ".join(part for part in (said, verdict.misconception, verdict.because) if part)
        print(wrapped(text))
        if verdict.picture:
            print(verdict.picture)

    def reason(self, reason: str) -> None:
        print("\n" + wrapped(reason))

    def exercise(self, exercise: Exercise, file: Path, passed: bool) -> None:
        print(f"Exercise {exercise.name}. Your file is:\n{file}")
        if passed:
            print("You have solved it.")
        else:
            print("Open it in your editor. Whenever you save, it is checked here.")

    def report(self, report: Report) -> None:
        if report.output:
            print("Your file printed:")
            print(textwrap.indent(report.output.rstrip(), "  "))
        said = "Passed." if report.passed else f"Not yet: {report.what}"
        print("\n" + "\n".join(part for part in (said, report.hint, report.picture) if part))

    def hint(self, number: int, total: int, hint: str) -> None:
        print(f"\nHint {number} of {total}:\n{wrapped(hint)}")

    def course(self, lessons: list[Lesson], progress: Progress, current: str | None) -> None:
        from lessons.player.screen import reached

        print("\nThe lessons:")
        for number, lesson in enumerate(lessons, start=1):
            told = reached(progress, lesson).removeprefix("✓ ")
            here = ", open now" if lesson.id == current else ""
            print(f"{number}. {lesson.id}: {lesson.title}{f', {told}' if told else ''}{here}")

    def rows(self, heading: str, rows: list[tuple[str, str]]) -> None:
        print("\n" + heading if heading else "")
        for name, meaning in rows:
            print(f"{name}: {meaning}")

    def say(self, message: str) -> None:
        print(message)

    def ask(self, question: str, begun: str = "") -> str:
        return input(f"{question} {begun}").strip()

    def key(self, timeout: float | None = None) -> str:
        """The line that the learner types: a letter, a word or a number; Enter is a new line."""
        if timeout is not None and not _typed(timeout):
            return ""
        return input().strip().lower() or "\n"


def _typed(timeout: float) -> bool:
    """Whether a line comes in this time; where nobody can tell, wait for it."""
    try:
        return bool(select.select([sys.stdin], [], [], timeout)[0])
    except (OSError, ValueError):  # Windows: only sockets can be waited for
        return True


def wrapped(prose: str) -> str:
    """Markdown without its stars, wrapped; lists, tables and code keep their lines."""
    blocks = STARS.sub(lambda found: found[1] or found[2], prose).split("\n\n")
    return "\n\n".join(block if block.startswith(KEPT) else _fill(block) for block in blocks)


def _fill(block: str) -> str:
    """One paragraph, wrapped; what stands between backquotes stays on one line."""
    text = re.sub("`[^`]+`", lambda code: code[0].replace(" ", NO_BREAK), " ".join(block.split()))
    return textwrap.fill(text, WIDTH).replace(NO_BREAK, " ")
