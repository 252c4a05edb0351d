"""`autodiff learn`: play the course, list it, search it, check exercises, carry progress."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import Any

from lessons.format import Lesson
from lessons.player.progress import Progress
from lessons.player.workspace import Workspace
from lessons.search import search
from lessons.usage import UsageError, chosen, course_at, playable

__all__ = ["learn"]


def learn(options: argparse.Namespace) -> int:
    lessons = playable(course_at(options.course))
    course = Path(options.course).resolve().name if options.course else ""
    progress = Progress(course=course)
    progress.adopt(lessons)
    named = chosen(lessons, options.lesson)
    if options.export_progress or options.import_progress:
        return _carry(progress, options)
    if options.reset:
        return _reset(progress, named)
    if options.search is not None:
        return _search(lessons, options.search)
    if options.list:
        _list(lessons, progress)
        return 0
    last = [each for each in lessons if each.id == progress.last_lesson]
    lesson = named or (last or lessons)[0]
    if options.check:
        return _check(lesson, progress, Workspace(options.folder, course))
    total = len(lesson.steps)
    if options.step is not None and not 1 <= options.step <= total:
        raise UsageError(f"{lesson.id} has steps 1 to {total}, not {options.step}.")
    if not (sys.stdout.isatty() and sys.stdin.isatty()):
        from lessons.player.plain import play_plain

        play_plain(lesson, sys.stdout, (options.step or 1) - 1)
        return 0
    from lessons.player.terminal import Player

    screen, workspace = _screen(options.plain), Workspace(options.folder, course)
    back = f" --course {options.course}" if course else ""
    player = Player(lessons, progress, screen, workspace, back)
    if progress.last_lesson is None and named is None and options.step is None:
        player.welcome(lesson)
    else:
        player.play(lesson, _first_step(options, progress, lesson))
    return 0


def _screen(plain: bool) -> Any:
    """Colours and boxes where the terminal has them and nobody asked for text alone."""
    if plain or os.environ.get("NO_COLOR") or os.environ.get("TERM") in ("dumb", "unknown"):
        from lessons.player.plain import PlainScreen

        return PlainScreen()
    from lessons.player.screen import Screen

    return Screen()


def _check(lesson: Lesson, progress: Progress, workspace: Workspace) -> int:
    """Check the learner's files of one lesson, as saving them does in the player."""
    from lessons.runner import check_file

    failed = 0
    for exercise in lesson.exercises:
        try:
            file = workspace.begin(exercise)
        except OSError as error:
            raise UsageError(str(error)) from None
        report = check_file(exercise, file)
        print(f"{file}: {'passed' if report.passed else 'not yet'}")
        if report.passed:
            progress.has_passed(lesson.id, exercise.name)
        else:
            print(f"{report.feedback}\n")
            failed = 1
    if not lesson.exercises:
        print(f"{lesson.id} has no exercises.")
    return failed


def _carry(progress: Progress, options: argparse.Namespace) -> int:
    """Write the progress into a file to be taken along, or add what such a file has."""
    try:
        if options.export_progress:
            progress.export_to(Path(options.export_progress))
            print(f"wrote {options.export_progress}")
        else:
            progress.import_from(Path(options.import_progress))
            print(progress.note or f"added what is in {options.import_progress}")
    except (OSError, ValueError) as error:
        raise UsageError(str(error)) from None
    return 0


def _search(lessons: list[Lesson], words: str) -> int:
    hits = search(lessons, words)
    if not hits:
        raise UsageError(f"no lesson mentions {words!r}.")
    for hit in hits:
        print(f"{hit.lesson.id} --step {hit.number}\n    {hit.line[:100]}")
    print("\nOpen one with: autodiff learn LESSON --step N")
    return 0


def _first_step(options: argparse.Namespace, progress: Progress, lesson: Lesson) -> int:
    """The step that was asked for, or the one that was shown last; counted from 0."""
    return progress.step(lesson.id) if options.step is None else options.step - 1


def _reset(progress: Progress, lesson: Lesson | None) -> int:
    """Forget a lesson, or all; in a terminal only after asking. A copy of the file is kept."""
    where = lesson.id if lesson else "the course"
    if sys.stdin.isatty():
        answer = input(f"Forget your progress in {where}? A copy is kept. (y/N) ")
        if answer.strip().casefold() not in ("y", "yes"):
            print("Nothing was changed.")
            return 0
    kept = progress.back_up()
    progress.reset(lesson.id if lesson else None)
    print(progress.note or f"Your place in {where} was reset.")
    if kept is not None:
        print(f"What it was is in {kept}.")
    return 0


def _list(lessons: list[Lesson], progress: Progress) -> None:
    if progress.note:
        print(progress.note, file=sys.stderr)
    width = max(len(lesson.id) for lesson in lessons)
    for number, lesson in enumerate(lessons, start=1):
        seen, total = progress.seen(lesson.id), len(lesson.steps)
        mark = "done" if progress.done(lesson) else f"{seen} of {total} steps"
        for exercise in lesson.exercises:
            passed = progress.passed(lesson.id, exercise.name)
            mark += f", {exercise.name} {'solved' if passed else 'to solve'}"
        print(f"{number:2}  {lesson.id:{width}} {lesson.title} ({lesson.minutes} min, {mark})")
        print(f"    {'':{width}} {lesson.summary}")
