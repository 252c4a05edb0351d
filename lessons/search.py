"""Finding steps by words: `autodiff learn --search WORDS`, and / in the player."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lessons.format import Lesson

__all__ = ["Hit", "named_in", "search"]


@dataclass(frozen=True)
class Hit:
    """A step that mentions something: its number from 1, and the first line that does."""

    lesson: Lesson
    number: int
    line: str


def search(lessons: list[Lesson], words: str) -> list[Hit]:
    """The steps whose prose or code has these words, in whatever case.

    What a lesson is called, and its summary, count as part of its first step.
    """
    hits = []
    for lesson in lessons:
        heading = [lesson.title, lesson.summary]
        for number, step in enumerate(lesson.steps, start=1):
            lines = [*step.prose.splitlines(), *step.code.splitlines()]
            for line in heading + lines if number == 1 else lines:
                if words.casefold() in line.casefold():
                    hits.append(Hit(lesson, number, line.strip()))
                    break
    return hits


def named_in(text: str, lessons: list[Lesson]) -> Lesson | None:
    """The lesson that an error message in a text names last, as in "autodiff learn vjp".

    >>> from lessons.format import load_course
    >>> named_in("  Lesson: autodiff learn vjp", load_course()).id
    'vjp'
    """
    named = re.findall(r"autodiff learn ([a-z][\w-]*)", text)
    return next((lesson for lesson in lessons if named and lesson.id == named[-1]), None)
