"""What the commands have in common: the course and the lesson that were asked for."""

from __future__ import annotations

from pathlib import Path

from lessons.format import COURSE, Lesson, load_course, no_such_lesson

__all__ = ["UsageError", "chosen", "course_at", "playable"]


class UsageError(Exception):
    """A command was asked for what cannot be done; the message says what to do instead."""


def course_at(folder: str | None) -> list[Lesson]:
    """The lessons of the course in a folder, or of our own.

    Raises:
        UsageError: there is no course, or one without lessons.
    """
    try:
        lessons = load_course(Path(folder) if folder else COURSE)
    except (OSError, ValueError) as error:
        raise UsageError(str(error)) from None
    if not lessons:
        raise UsageError(f"the course in {folder} has no lessons. Fix: autodiff new lesson NAME")
    return lessons


def chosen(lessons: list[Lesson], name: str | None) -> Lesson | None:
    """The lesson of this name; None when none was named.

    Raises:
        UsageError: there is no such lesson.
    """
    if not name:
        return None
    for lesson in lessons:
        if lesson.id == name:
            return lesson
    raise UsageError(no_such_lesson(name, lessons))


def playable(lessons: list[Lesson]) -> list[Lesson]:
    """The lessons, each of which can be read.

    Raises:
        UsageError: one cannot, with the file and the line.
    """
    for lesson in lessons:
        try:
            empty = not lesson.steps
        except (OSError, ValueError) as error:
            raise UsageError(f"{lesson.path} cannot be played: {error}") from None
        if empty:
            raise UsageError(f"{lesson.path} has no steps.")
    return lessons
