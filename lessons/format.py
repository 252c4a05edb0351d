"""The format of a lesson: one Python script in cells, and the course that lists them.

A cell starts with a line ``# %%`` (code) or ``# %% [markdown]`` (prose, each line a comment). A
*step* is the prose before a code cell, and the cell. Editors and notebook tools know this format,
and Python runs it as it is.
"""

from __future__ import annotations

import difflib
import tomllib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

__all__ = ["COURSE", "Lesson", "Step", "load_course", "no_such_lesson", "parse"]

COURSE = Path(__file__).parent / "course"

QUESTION = "**Before you go on:**"
"""What starts a question in the prose: its step waits for the learner before it runs."""


@dataclass(frozen=True)
class Step:
    """Some prose (Markdown) and the code that follows it; ``line`` is where the code starts."""

    prose: str
    code: str
    line: int

    @property
    def asks(self) -> bool:
        """Whether the learner is to predict something before the code runs."""
        return QUESTION in self.prose


@dataclass(frozen=True)
class Lesson:
    """One entry of a course."""

    id: str
    title: str
    summary: str
    minutes: int
    path: Path

    @cached_property
    def steps(self) -> list[Step]:
        return parse(self.path.read_text(encoding="utf-8"))


def load_course(folder: Path = COURSE) -> list[Lesson]:
    """The lessons of a course in the order of its ``course.toml``."""
    listed = tomllib.loads((folder / "course.toml").read_text(encoding="utf-8"))["lesson"]
    return [
        Lesson(**entry, path=folder / entry["id"].replace("-", "_") / "lesson.py")
        for entry in listed
    ]


def no_such_lesson(name: str, lessons: list[Lesson]) -> str:
    """What to tell somebody who asked for a lesson that is not there."""
    names = [lesson.id for lesson in lessons]
    close = difflib.get_close_matches(name, names, n=1)
    hint = f"Did you mean {close[0]!r}?" if close else f"There are: {', '.join(names)}."
    return f"there is no lesson {name!r}. {hint}"


def parse(source: str) -> list[Step]:
    """The steps of a lesson.

    Raises:
        ValueError: code without prose before it, or prose after the last code.

    >>> parse("# %% [markdown]\\n# Two numbers.\\n# %%\\nprint(1 + 1)\\n")
    [Step(prose='Two numbers.', code='print(1 + 1)', line=4)]
    """
    steps: list[Step] = []
    prose: list[str] = []
    for kind, line, lines in _cells(source):
        if kind == "markdown":
            prose += [text.removeprefix("#").removeprefix(" ") for text in lines] + [""]
        elif not prose:
            raise ValueError(f"line {line}: a code cell needs prose before it")
        else:
            code = "\n".join(lines)
            blank = len(code) - len(code.lstrip("\n"))
            steps.append(Step("\n".join(prose).strip(), code.strip("\n"), line + blank))
            prose = []
    if prose:
        raise ValueError("the lesson ends with prose; a step ends with code")
    return steps


def _cells(source: str) -> list[tuple[str, int, list[str]]]:
    """Each cell's kind, the number of its first line, and its lines; what precedes is skipped."""
    cells: list[tuple[str, int, list[str]]] = []
    for number, text in enumerate(source.splitlines(), start=1):
        if text.startswith("# %%"):
            kind = "markdown" if "[markdown]" in text else "code"
            cells.append((kind, number + 1, []))
        elif cells:
            cells[-1][2].append(text)
    return cells
