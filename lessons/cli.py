"""The ``autodiff`` command."""

from __future__ import annotations

import argparse
import difflib
import os
import sys
from collections.abc import Sequence
from importlib import metadata

from lessons.format import Lesson, load_course
from lessons.player.progress import Progress

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit code."""
    parser = _parser()
    options = parser.parse_args(arguments)
    try:
        if options.command == "learn":
            return _learn(options)
        parser.print_help()
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader of a pipe went away, as in `autodiff learn | head`: stop without complaint.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="autodiff", description="Automatic differentiation you can see."
    )
    parser.add_argument("--version", action="version", version=f"autodiff {_version()}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    learn = commands.add_parser(
        "learn",
        help="open the course where you left off",
        description="Open the course where you left off, or a lesson by name. In a pipe, or with "
        "--plain, the lesson is played from beginning to end as plain text.",
    )
    learn.add_argument("lesson", nargs="?", help="a lesson, as in: autodiff learn chain-rule")
    learn.add_argument("--step", type=int, help="start at this step")
    learn.add_argument("--list", action="store_true", help="list the lessons and stop")
    learn.add_argument("--plain", action="store_true", help="plain text, without waiting for keys")
    learn.add_argument("--reset", action="store_true", help="forget which steps were seen")
    parser.set_defaults(command=None)
    return parser


def _version() -> str:
    try:
        return metadata.version("autodiff-tutorial")
    except metadata.PackageNotFoundError:
        return "(not installed)"


def _learn(options: argparse.Namespace) -> int:
    lessons = load_course()
    progress = Progress()
    if options.reset:
        progress.reset()
        print("Your place in the course was reset.")
        return 0
    if options.list:
        _list(lessons, progress)
        return 0
    name = options.lesson or progress.last_lesson or lessons[0].id
    lesson = next((x for x in lessons if x.id == name), None)
    if lesson is None:
        if options.lesson:
            return _unknown(name, lessons)
        lesson = lessons[0]
    total = len(lesson.steps)
    if options.step is not None and not 1 <= options.step <= total:
        print(f"autodiff: {lesson.id} has steps 1 to {total}, not {options.step}.", file=sys.stderr)
        return 2
    if options.plain or not (sys.stdout.isatty() and sys.stdin.isatty()):
        from lessons.player.plain import play_plain

        play_plain(lesson, sys.stdout, (options.step or 1) - 1)
        return 0
    from lessons.player.terminal import Player

    step = progress.step(lesson.id) if options.step is None else options.step - 1
    Player(lessons, progress).play(lesson, min(step, total - 1))
    return 0


def _list(lessons: list[Lesson], progress: Progress) -> None:
    for number, lesson in enumerate(lessons, start=1):
        seen, total = progress.seen(lesson.id), len(lesson.steps)
        mark = "done" if seen >= total else f"{seen} of {total} steps seen"
        print(f"{number}  {lesson.id:12} {lesson.title} ({lesson.minutes} min, {mark})")
        print(f"   {'':12} {lesson.summary}")


def _unknown(name: str, lessons: list[Lesson]) -> int:
    names = [lesson.id for lesson in lessons]
    close = difflib.get_close_matches(name, names, n=1)
    hint = f" Did you mean {close[0]!r}?" if close else f" There are: {', '.join(names)}."
    print(f"autodiff: there is no lesson {name!r}.{hint}", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
