"""`autodiff check-course`: whether a course keeps the rules of `docs/authoring.md`.

Each rule is a function that yields what is wrong, so that a new rule is one function more.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from lessons.format import Exercise, Lesson, Step, load_course, text_of
from lessons.player.session import Session
from lessons.report import Report
from lessons.runner import check_file
from viz import Picture

__all__ = ["Problem", "check_lesson"]

STEPS = range(6, 16)
MINUTES = range(5, 31)
CODE_WIDTH, OUTPUT_WIDTH, SCREEN = 76, 80, 48
QUESTIONS, PREDICTIONS, HINTS = 3, 2, 2
START_LINES = 40
PICTURES = 40
"""Of the pictures of one lesson this many are drawn; the rest are taken to be like them."""

LINK = re.compile(r"(?<!!)\[[^\]]+\]\(([^)\s]+)\)")
COMMAND = re.compile(r"autodiff learn ([a-z][\w-]*)")
CODE = re.compile(r"`[^`]*`|^    .*$", re.MULTILINE)
POWER = re.compile(r"[\w)]\*\*\w+")
MEANT = re.compile(r"#\s*expect:\s*(.+)")


@dataclass(frozen=True)
class Problem:
    """What is wrong, and where: the lesson, and the step or the file in it."""

    lesson: str
    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.lesson}, {self.where}: {self.what}"


@dataclass(frozen=True)
class Played:
    """A lesson that was run: what each step printed, what it asked, what it drew."""

    lesson: Lesson
    outputs: list[str]
    session: Session
    pictures: list[Picture]

    def steps(self) -> Iterator[tuple[str, Step, str]]:
        """Each step with its name and what it printed."""
        for number, step in enumerate(self.lesson.steps, start=1):
            yield f"step {number}", step, self.outputs[number - 1]


def check_lesson(lesson: Lesson, course: list[Lesson], thorough: bool = True) -> list[Problem]:
    """Every rule that a lesson breaks; ``course`` is what it may refer to.

    Unless ``thorough``, what takes longest is left out: exercises are not checked, and pictures
    not rendered.

    >>> from lessons.format import load_course
    >>> course = load_course()
    >>> check_lesson(course[0], course)  # doctest: +SKIP
    []
    """
    try:
        steps = lesson.steps
    except (OSError, ValueError) as error:
        return [Problem(lesson.id, lesson.path.name, str(error))]
    if not steps:
        return [Problem(lesson.id, lesson.path.name, "has no steps")]
    with _noticed_pictures() as pictures:
        session = Session(lesson)
        outputs = [session.output(index) for index in range(len(steps))]
        played = Played(lesson, outputs, session, pictures)
    found = [rule(played) for rule in RULES]
    if thorough:
        found += [_renders(played), *map(_exercise, lesson.exercises)]
    # The engine's errors name lessons of our own course, wherever they are shown.
    found.append(_links(played, {each.id for each in (*course, *load_course())}))
    return [Problem(lesson.id, where, what) for each in found for where, what in each]


@contextmanager
def _noticed_pictures() -> Iterator[list[Picture]]:
    """The pictures that are made while this is open."""
    pictures: list[Picture] = []
    original = Picture.__init__

    def noticed(self: Picture, *arguments: Any, **settings: Any) -> None:
        original(self, *arguments, **settings)
        pictures.append(self)

    Picture.__init__ = noticed  # type: ignore[method-assign]
    try:
        yield pictures
    finally:
        Picture.__init__ = original  # type: ignore[method-assign]


# -- the rules for a lesson ------------------------------------------------------------------------

Found = Iterator[tuple[str, str]]
"""Where something is wrong, and what."""


def _sizes(played: Played) -> Found:
    steps = played.lesson.steps
    if len(steps) not in STEPS:
        yield "lesson", f"has {len(steps)} steps; {STEPS.start} to {STEPS.stop - 1} make a lesson"
    if played.lesson.minutes not in MINUTES:
        yield "course.toml", f"says {played.lesson.minutes} minutes"
    if not played.lesson.title or not played.lesson.summary:
        yield "course.toml", "gives no title or no summary"


def _runs(played: Played) -> Found:
    for where, step, output in played.steps():
        if "Traceback (most recent call last)" in output:
            yield where, f"fails: {output.strip().splitlines()[-1]}"
        elif step.code and not output.strip():
            yield where, "prints nothing"


def _fits(played: Played) -> Found:
    for where, step, output in played.steps():
        widest = max(map(len, step.code.splitlines()), default=0)
        if widest > CODE_WIDTH:
            yield where, f"has code {widest} columns wide; {CODE_WIDTH} fit the panel"
        widest = max(map(len, output.splitlines()), default=0)
        if widest > OUTPUT_WIDTH:
            yield where, f"prints {widest} columns; {OUTPUT_WIDTH} fit a terminal"
        lines = len("\n".join((step.prose, step.code, output)).splitlines())
        if lines > SCREEN:
            yield where, f"is {lines} lines long; {SCREEN} fit a screen"


def _asks(played: Played) -> Found:
    lesson = played.lesson
    asking = sum(step.asks for step in lesson.steps)
    predicting = sum(question is not None for question in played.session.questions)
    if asking < QUESTIONS:
        yield "lesson", f"asks {asking} questions; at least {QUESTIONS} make somebody think"
    if predicting < PREDICTIONS:
        yield "lesson", f"judges {predicting} predictions; at least {PREDICTIONS} are to be judged"
    if not lesson.exercises:
        yield "lesson", "has no exercise"
    for index, step in enumerate(lesson.steps):
        if step.predict and played.session.questions[index] is None:
            yield f"step {index + 1}", "its predict cell does not end with a question"


def _foresees(played: Played) -> Found:
    """Wrong answers that a question expects: each has to be wrong, and to be told what it means."""
    for index, question in enumerate(played.session.questions):
        for answer, meaning in question.wrong.items() if question else ():
            verdict = played.session.judge(index, str(answer))
            if verdict.right:
                yield f"step {index + 1}", f"takes the wrong answer {answer} for right"
            elif verdict.misconception != meaning:
                yield f"step {index + 1}", f"tells the wrong answer {answer} something else"


def _formulas(played: Played) -> Found:
    """Powers outside of backticks: between two of them Markdown takes all for bold."""
    for index, (where, step, _) in enumerate(played.steps()):
        question = played.session.questions[index]
        told = [question.because, *question.wrong.values()] if question else []
        for text in (step.prose, *told):
            if formula := POWER.search(CODE.sub("", text)):
                yield where, f"has {formula[0]!r} outside of backticks, where ** means bold"
    if formula := POWER.search(CODE.sub("", played.lesson.closing)):
        yield "its end", f"has {formula[0]!r} outside of backticks, where ** means bold"


def _draws(played: Played) -> Found:
    if not played.pictures:
        yield "lesson", "draws no graph"


RULES: tuple[Callable[[Played], Found], ...] = (
    _sizes,
    _runs,
    _fits,
    _asks,
    _foresees,
    _formulas,
    _draws,
)


def _renders(played: Played) -> Found:
    for picture in played.pictures[:PICTURES]:
        try:
            picture.svg  # noqa: B018 - drawing it is the check
        except Exception as error:
            yield "lesson", f"draws a graph that cannot be rendered: {error}"


def _links(played: Played, lessons: set[str]) -> Found:
    """Links that lead nowhere: to lessons that are not in the course, to files that are not there.

    Pages of the web are not visited: a check has to give the same answer without a network.
    """
    folder = played.lesson.path.parent
    texts = [(where, step.prose, output) for where, step, output in played.steps()]
    for where, prose, output in [*texts, ("its end", played.lesson.closing, "")]:
        for name in COMMAND.findall(prose + output):
            if name not in lessons:
                yield where, f"names a lesson {name!r} that there is not"
        for target in LINK.findall(prose):
            if not re.match(r"https?://|mailto:|#", target) and not (folder / target).exists():
                yield where, f"links to {target!r}, which is not there"


# -- the rules for an exercise ---------------------------------------------------------------------


def _exercise(exercise: Exercise) -> Found:
    """Where an exercise breaks a rule, and which: files, hints, solution, wrong solutions."""
    where = f"exercise {exercise.name}"
    files = (exercise.start, exercise.solution, exercise.check, exercise.folder / "hints.md")
    missing = [file.name for file in files if not file.is_file()]
    if missing:
        yield where, f"lacks {', '.join(missing)}"
        return
    try:
        for file in (*files, *exercise.wrong):
            text_of(file)
    except (OSError, ValueError) as error:
        yield where, str(error)
        return
    lines = len(text_of(exercise.start).splitlines())
    if lines > START_LINES:
        yield where, f"exercise.py has {lines} lines; up to {START_LINES} are read"
    if len(exercise.hints) < HINTS or not all(exercise.hints):
        yield where, f"needs at least {HINTS} hints, none of them empty, with --- lines between"
    with ThreadPoolExecutor(os.cpu_count()) as pool:  # a check is a process of its own
        learners = [exercise.start, exercise.solution, *exercise.wrong]
        begun, solved, *mistaken = pool.map(partial(check_file, exercise), learners)
    if begun.passed:
        yield where, "passes before anybody has done anything"
    if not solved.passed:
        yield where, f"its solution does not pass: {solved.feedback}"
    if not exercise.wrong:
        yield where, "has no typical wrong solution in wrong/"
    for file, report in zip(exercise.wrong, mistaken, strict=True):
        yield from _wrong(file, report, where)


def _wrong(file: Path, report: Report, where: str) -> Found:
    """Whether a typical wrong solution gets the feedback that is meant for it."""
    first = next(iter(text_of(file).splitlines()), "")
    meant = MEANT.match(first)
    if meant is None:
        yield where, f"wrong/{file.name} does not begin with a line `# expect: ...`"
        return
    words = " ".join(meant[1].split())
    if report.passed:
        yield where, f"wrong/{file.name} passes"
    elif words.casefold() not in " ".join(report.feedback.split()).casefold():
        yield where, f"wrong/{file.name} is to be told {words!r}, but hears: {report.feedback}"
