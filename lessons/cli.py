"""The ``autodiff`` command."""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path

from lessons.format import COURSE, Lesson, load_course, no_such_lesson
from lessons.player.progress import Progress

__all__ = ["main"]

WRONG_USE = 2
INTERRUPTED = 130

# The nets of the course are small. More threads of the BLAS library would gain little, and where
# other programs want the cores too, their waiting for each other costs ten times what they gain.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

START = """\
to begin:
  autodiff learn          open the course where you left off
  autodiff learn --list   see its lessons and how far you are
  autodiff render FILE    draw what a script of yours computes
  autodiff export         write the lessons as notebooks
  autodiff new lesson X   write a lesson of your own
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit code."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if isinstance(sys.stdout, io.TextIOWrapper):
        # Where the output's encoding has no box drawing, as in some pipes, show "?" and go on.
        sys.stdout.reconfigure(errors="replace")
    try:
        if options.command == "learn":
            return _learn(options)
        if options.command == "render":
            return _render(options)
        if options.command == "export":
            return _export(options)
        if options.command == "check-course":
            return _check_course(options)
        if options.command == "new":
            return _new(options)
        parser.print_help()
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader of a pipe went away, as in `autodiff learn | head`: stop without complaint.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except KeyboardInterrupt:
        return INTERRUPTED
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="autodiff",
        description="Automatic differentiation you can see.",
        epilog=START,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"autodiff {_version()}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    learn = commands.add_parser(
        "learn",
        help="open the course where you left off",
        description="Open the course where you left off, or a lesson by name. In a pipe, or with "
        "--plain, the lesson is played from beginning to end as plain text.",
        epilog="Your place is kept in .autodiff/progress.json of your home folder, or in the "
        "folder that AUTODIFF_HOME names.",
    )
    learn.add_argument(
        "lesson", nargs="?", metavar="LESSON", help="a lesson, as in: autodiff learn chain-rule"
    )
    learn.add_argument("--step", type=int, metavar="N", help="start at this step")
    learn.add_argument("--search", metavar="WORDS", help="list the steps that mention WORDS")
    learn.add_argument("--list", action="store_true", help="list the lessons and stop")
    learn.add_argument("--plain", action="store_true", help="plain text, without waiting for keys")
    learn.add_argument(
        "--reset", action="store_true", help="forget which steps were seen (of LESSON, or of all)"
    )
    draw = commands.add_parser(
        "render",
        help="draw what a script computes",
        description="Run a script and draw one of its variables: the computation, its chain of "
        "grad_fns, or its backward pass. The script needs no change.",
        epilog="as in: autodiff render train.py --of loss --what backward -o loss.svg",
    )
    draw.add_argument("script", metavar="SCRIPT", help="a Python program")
    draw.add_argument("--of", default="loss", metavar="NAME", help="the variable (default: loss)")
    draw.add_argument(
        "--what", choices=("graph", "grad_fn", "backward", "why"), default="graph",
        help="the picture (default: graph); backward stops the script at NAME.backward(); why "
        "explains the gradient of NAME after it",
    )  # fmt: skip
    draw.add_argument(
        "-o", "--output", metavar="FILE",
        help=".svg, .png, .pdf, .dot, .txt, or .html for a page, which plays a backward pass "
        "(default: print)",
    )  # fmt: skip
    draw.add_argument(
        "--theme", choices=("light", "dark", "print"), default="light", help="default: light"
    )
    draw.add_argument(
        "--depth", type=int, metavar="N", help="draw modules nested deeper than this as one box"
    )
    draw.add_argument("--lines", action="store_true", help="tell the line that made each node")
    draw.add_argument("--walk", action="store_true", help="step through the pass with keys")
    notebooks = commands.add_parser(
        "export",
        help="write lessons as notebooks",
        description="Write a lesson, or all of them, as Jupyter notebooks.",
        epilog="as in: autodiff export chain-rule -o notebooks",
    )
    notebooks.add_argument("lesson", nargs="?", metavar="LESSON", help="a lesson (default: all)")
    notebooks.add_argument(
        "-o", "--output", metavar="FOLDER", default=".", help="where to write (default: here)"
    )
    new = commands.add_parser(
        "new",
        help="write a lesson to start from",
        description="Write a lesson that keeps the rules of a course already, to be made your own.",
        epilog="as in: autodiff new lesson my-lesson --course my-course",
    )
    new.add_argument("what", choices=("lesson",), metavar="lesson", help="what to write: a lesson")
    new.add_argument("name", metavar="NAME", help="its id, as in second-derivatives")
    new.add_argument(
        "--course", metavar="FOLDER", default=".", help="where to write it (default: here)"
    )
    check = commands.add_parser(
        "check-course",
        help="check the lessons of a course",
        description="Run every step and every exercise of a course and list the rules it breaks.",
        epilog="as in: autodiff check-course my-course --lesson chain-rule",
    )
    check.add_argument(
        "folder", nargs="?", metavar="FOLDER", help="where course.toml is (default: our course)"
    )
    check.add_argument("--lesson", metavar="LESSON", help="check this lesson alone")
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
    named = _find(lessons, options.lesson)
    if options.lesson and named is None:
        return _wrong(no_such_lesson(options.lesson, lessons))
    if options.reset:
        return _reset(progress, named)
    if options.search is not None:
        return _search(lessons, options.search)
    if options.list:
        _list(lessons, progress)
        return 0
    lesson = named or _find(lessons, progress.last_lesson) or lessons[0]
    total = len(lesson.steps)
    if options.step is not None and not 1 <= options.step <= total:
        return _wrong(f"{lesson.id} has steps 1 to {total}, not {options.step}.")
    if options.plain or not (sys.stdout.isatty() and sys.stdin.isatty()):
        from lessons.player.plain import play_plain

        play_plain(lesson, sys.stdout, (options.step or 1) - 1)
        return 0
    from lessons.player.terminal import Player

    player = Player(lessons, progress)
    if progress.last_lesson is None and named is None and options.step is None:
        player.welcome(lesson)
    else:
        player.play(lesson, _first_step(options, progress, lesson))
    return 0


def _search(lessons: list[Lesson], words: str) -> int:
    """List the steps whose prose or code has these words, in whatever case."""
    found = 0
    for lesson in lessons:
        for number, step in enumerate(lesson.steps, start=1):
            for line in (*step.prose.splitlines(), *step.code.splitlines()):
                if words.casefold() in line.casefold():
                    print(f"{lesson.id} --step {number}\n    {line.strip()[:100]}")
                    found += 1
                    break
    if not found:
        return _wrong(f"no lesson mentions {words!r}.")
    print("\nOpen one with: autodiff learn LESSON --step N")
    return 0


def _render(options: argparse.Namespace) -> int:
    from lessons.render import RenderError, render, save
    from viz import BackwardPass

    try:
        looks = {"theme": options.theme, "depth": options.depth}
        what = "backward" if options.walk else options.what
        picture = render(options.script, options.of, what, looks, options.lines)
        if options.walk and isinstance(picture, BackwardPass):
            picture.walk()
        elif options.output is None:
            print(picture)
        else:
            save(picture, options.output)
            print(f"wrote {options.output}")
    except RenderError as error:
        return _wrong(str(error))
    return 0


def _export(options: argparse.Namespace) -> int:
    from lessons.export import export_notebooks

    lessons = load_course()
    named = _find(lessons, options.lesson)
    if options.lesson and named is None:
        return _wrong(no_such_lesson(options.lesson, lessons))
    try:
        files = export_notebooks([named] if named else lessons, Path(options.output))
    except (ImportError, OSError) as error:
        return _wrong(str(error))
    for file in files:
        print(f"wrote {file}")
    return 0


def _new(options: argparse.Namespace) -> int:
    from lessons.new import new_lesson

    try:
        lesson = new_lesson(options.name, Path(options.course))
    except (OSError, ValueError) as error:
        return _wrong(str(error))
    print(f"wrote {lesson}")
    print(f"play it with:  autodiff learn {options.name} --course {options.course}")
    print(f"check it with: autodiff check-course {options.course}")
    return 0


def _check_course(options: argparse.Namespace) -> int:
    from lessons.check_course import check_lesson

    try:
        lessons = load_course(Path(options.folder or COURSE))
    except (OSError, ValueError) as error:
        return _wrong(str(error))
    named = _find(lessons, options.lesson)
    if options.lesson and named is None:
        return _wrong(no_such_lesson(options.lesson, lessons))
    broken = 0
    for lesson in [named] if named else lessons:
        problems = check_lesson(lesson, lessons)
        broken += len(problems)
        print(f"{lesson.id}: {f'{len(problems)} to mend' if problems else 'all is well'}")
        for problem in problems:
            print(f"  {problem.where}: {problem.what}")
        sys.stdout.flush()
    return 1 if broken else 0


def _first_step(options: argparse.Namespace, progress: Progress, lesson: Lesson) -> int:
    """The step that was asked for, or the one that was shown last; counted from 0."""
    return progress.step(lesson.id) if options.step is None else options.step - 1


def _find(lessons: list[Lesson], name: str | None) -> Lesson | None:
    return next((lesson for lesson in lessons if lesson.id == name), None)


def _reset(progress: Progress, lesson: Lesson | None) -> int:
    progress.reset(lesson.id if lesson else None)
    where = lesson.id if lesson else "the course"
    print(progress.note or f"Your place in {where} was reset.")
    return 0


def _list(lessons: list[Lesson], progress: Progress) -> None:
    if progress.note:
        print(progress.note, file=sys.stderr)
    width = max(len(lesson.id) for lesson in lessons)
    for number, lesson in enumerate(lessons, start=1):
        seen, total = progress.seen(lesson.id), len(lesson.steps)
        mark = "done" if seen >= total else f"{seen} of {total} steps"
        print(f"{number:2}  {lesson.id:{width}} {lesson.title} ({lesson.minutes} min, {mark})")
        print(f"    {'':{width}} {lesson.summary}")


def _wrong(message: str) -> int:
    print(f"autodiff: {message}", file=sys.stderr)
    return WRONG_USE


if __name__ == "__main__":
    sys.exit(main())
