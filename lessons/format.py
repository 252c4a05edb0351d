"""The format of a lesson: one Python script in cells, and the course that lists them.

A cell starts with a line ``# %%``. A *step* is some prose and what follows it:

    # %% [markdown]          prose, each line a comment
    # %%                     code, which the learner sees and the player runs
    # %% [predict]           after the code of a step that asks: the answer, see `lessons.predict`
    # %% [exercise] name     instead of code: what to write is in the folder exercises/name

Prose at the end, which nothing follows, is no step: it sums up what the lesson has shown.

Editors and notebook tools know this format, and Python runs it as it is. What stands before the
first cell runs before the first step, and is not shown.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

__all__ = [
    "COURSE", "Cell", "Exercise", "Lesson", "Step", "cells_of", "closing_of", "load_course",
    "no_such_lesson", "parse", "text_of",
]  # fmt: skip

COURSE = Path(__file__).parent / "course"

QUESTION = "**Before you go on:**"
"""What starts a question in the prose: its step waits for the learner before it runs."""

HEADING = re.compile(r"# %%(?: \[(?P<kind>\w+)\](?: (?P<name>[\w-]+))?)?\s*")


@dataclass(frozen=True)
class Cell:
    """One cell: "markdown", "code", "predict" or "exercise", and its text from ``line`` on."""

    kind: str
    name: str
    line: int
    lines: tuple[str, ...]

    @property
    def source(self) -> str:
        """The text without empty lines around it."""
        return "\n".join(self.lines).strip("\n")

    @property
    def first_line(self) -> int:
        """The number of the line on which `source` begins."""
        empty = next((i for i, text in enumerate(self.lines) if text.strip()), 0)
        return self.line + empty


@dataclass(frozen=True)
class Step:
    """Some prose (Markdown), and the code, or the exercise, that follows it.

    ``line`` is where the code starts. ``predict`` is the code of the question's answer, from
    ``predict_line`` on. ``exercise`` is the name of an exercise; its step has no code.
    """

    prose: str
    code: str
    line: int
    predict: str = ""
    predict_line: int = 0
    exercise: str = ""

    @property
    def asks(self) -> bool:
        """Whether the learner is to predict something before the code runs."""
        return QUESTION in self.prose


@dataclass(frozen=True)
class Exercise:
    """The files of one exercise, in a folder of their own beside the lesson."""

    lesson: str
    name: str
    folder: Path

    @property
    def start(self) -> Path:
        """What the learner gets to edit."""
        return self.folder / "exercise.py"

    @property
    def solution(self) -> Path:
        return self.folder / "solution.py"

    @property
    def check(self) -> Path:
        """The module whose ``check(work)`` judges the learner's module."""
        return self.folder / "check.py"

    @property
    def hints(self) -> list[str]:
        """The hints, from a nudge to nearly the answer; [] without a file of them.

        Raises:
            OSError, ValueError: the file cannot be read, or is not text.
        """
        file = self.folder / "hints.md"
        if not file.exists():
            return []
        return [hint.strip() for hint in re.split(r"^---\s*$", text_of(file), flags=re.MULTILINE)]

    @property
    def wrong(self) -> list[Path]:
        """Typical wrong solutions, each beginning with the feedback that is meant for it."""
        return sorted((self.folder / "wrong").glob("*.py"))


@dataclass(frozen=True)
class Lesson:
    """One entry of a course; ``was`` are the ids that it had before."""

    id: str
    title: str
    summary: str
    minutes: int
    path: Path
    was: tuple[str, ...] = ()

    @cached_property
    def source(self) -> str:
        return text_of(self.path)

    @cached_property
    def steps(self) -> list[Step]:
        return parse(self.source)

    @cached_property
    def closing(self) -> str:
        """What the lesson says in the end, or ""."""
        return closing_of(self.source)

    @cached_property
    def preamble(self) -> str:
        """What precedes the first cell: the docstring, and imports that are not shown."""
        lines = self.source.splitlines()
        cells = cells_of(self.source)
        return "\n".join(lines[: cells[0].line - 2] if cells else lines)

    def exercise(self, name: str) -> Exercise:
        """The exercise of this name."""
        return Exercise(self.id, name, self.path.parent / "exercises" / name)

    @property
    def exercises(self) -> list[Exercise]:
        """The exercises in the order of their steps."""
        return [self.exercise(step.exercise) for step in self.steps if step.exercise]


def load_course(folder: Path = COURSE) -> list[Lesson]:
    """The lessons of a course in the order of its ``course.toml``.

    Raises:
        OSError: there is no such file.
        ValueError: it is not the list of a course.
    """
    folder = folder.resolve()  # exercises are checked in processes that run somewhere else
    file = folder / "course.toml"
    try:
        listed = tomllib.loads(file.read_text(encoding="utf-8"))["lesson"]
        return [
            Lesson(**entry, path=folder / str(entry["id"]).replace("-", "_") / "lesson.py")
            for entry in listed
        ]
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(
            f"{file} is not the list of a course: {error}.\n"
            "  Fix: give each lesson a table [[lesson]] with id, title, summary and minutes."
        ) from None


def text_of(file: Path) -> str:
    """The text of a file of a course.

    Raises:
        OSError: it cannot be read.
        ValueError: it is not text in UTF-8.
    """
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise ValueError(
            f"{file} is not text in UTF-8: "
            f"its byte {error.start} is {error.object[error.start]:#x}.\n"
            "  Fix: save it again from an editor, with the encoding UTF-8."
        ) from None


def no_such_lesson(name: str, lessons: list[Lesson]) -> str:
    """What to tell somebody who asked for a lesson that is not there."""
    names = [lesson.id for lesson in lessons]
    close = difflib.get_close_matches(name, names, n=1)
    hint = f"Did you mean {close[0]!r}?" if close else f"There are: {', '.join(names)}."
    return f"there is no lesson {name!r}. {hint}"


def parse(source: str) -> list[Step]:
    """The steps of a lesson.

    Raises:
        ValueError: a cell of an unknown kind, or in a place where it means nothing.

    >>> (step,) = parse("# %% [markdown]\\n# Two numbers.\\n# %%\\nprint(1 + 1)\\n")
    >>> step.prose, step.code, step.line
    ('Two numbers.', 'print(1 + 1)', 4)
    """
    steps: list[Step] = []
    prose: list[str] = []
    for cell in cells_of(source):
        if cell.kind == "markdown":
            prose.append(_prose_of(cell))
        elif cell.kind == "predict":
            if prose or not steps or not steps[-1].asks or not steps[-1].code:
                raise _misplaced(cell, f"belongs after the code of a step that asks {QUESTION}")
            steps[-1] = _with_question(steps[-1], cell)
        elif not prose:
            raise _misplaced(cell, "needs prose before it")
        else:
            text = "\n\n".join(prose)
            if cell.kind == "exercise":
                steps.append(Step(text, "", cell.line, exercise=cell.name))
            else:
                steps.append(Step(text, cell.source, cell.first_line))
            prose = []
    return steps


def closing_of(source: str) -> str:
    """What a lesson says in the end, after its last step; "" where it says nothing.

    >>> step = "# %% [markdown]\\n# Two.\\n# %%\\nprint(2)\\n"
    >>> closing_of(step), closing_of(step + "# %% [markdown]\\n# That is all.\\n")
    ('', 'That is all.')
    """
    prose: list[str] = []
    for cell in cells_of(source):
        prose = [*prose, _prose_of(cell)] if cell.kind == "markdown" else []
    return "\n\n".join(prose)


def cells_of(source: str) -> list[Cell]:
    """The cells of a lesson.

    Raises:
        ValueError: a heading that is none, or an exercise without a name.
    """
    lines = source.splitlines()
    starts = [number for number, text in enumerate(lines) if text.startswith("# %%")]
    cells = []
    for start, end in zip(starts, [*starts, len(lines)][1:], strict=True):
        heading = HEADING.fullmatch(lines[start])
        kind, name = (heading["kind"] or "code", heading["name"] or "") if heading else ("", "")
        if kind not in ("code", "markdown", "predict", "exercise") or (kind == "exercise") != (
            name != ""
        ):
            raise ValueError(
                f"line {start + 1}: {lines[start]!r} is no heading of a cell.\n"
                "  Fix: # %% or # %% [markdown] or # %% [predict] or # %% [exercise] name"
            )
        cells.append(Cell(kind, name, start + 2, tuple(lines[start + 1 : end])))
    return cells


def _prose_of(cell: Cell) -> str:
    return "\n".join(text.removeprefix("#").removeprefix(" ") for text in cell.lines).strip()


def _with_question(step: Step, cell: Cell) -> Step:
    return Step(step.prose, step.code, step.line, cell.source, cell.first_line)


def _misplaced(cell: Cell, what: str) -> ValueError:
    return ValueError(f"line {cell.line}: a {cell.kind} cell {what}")
