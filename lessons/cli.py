"""The ``autodiff`` command."""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path

from lessons.usage import UsageError, chosen, course_at

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
  autodiff export         write the lessons as notebooks, or as a web site
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
            from lessons.learn import learn

            return learn(options)
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
    except UsageError as error:
        return _wrong(str(error))
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
        description="Open the course where you left off, or a lesson by name. In a pipe the "
        "lesson is played from beginning to end as plain text. Error messages end with the lesson "
        "that explains them, as in: autodiff learn in-place; in the player, e opens it.",
        epilog="Your place is kept in .autodiff/progress.json of your home folder, or in the "
        "folder that AUTODIFF_HOME names. Exercises are files in the folder autodiff-course of "
        "your home folder, or in the one that AUTODIFF_FOLDER or --folder names.",
    )
    learn.add_argument(
        "lesson", nargs="?", metavar="LESSON", help="a lesson, as in: autodiff learn chain-rule"
    )
    learn.add_argument("--step", type=int, metavar="N", help="start at this step")
    learn.add_argument("--search", metavar="WORDS", help="list the steps that mention WORDS")
    learn.add_argument("--list", action="store_true", help="list the lessons and stop")
    learn.add_argument(
        "--plain", action="store_true",
        help="text alone, without colours and boxes, for screen readers; so it is with NO_COLOR "
        "and in a terminal without colours",
    )  # fmt: skip
    learn.add_argument(
        "--check", action="store_true", help="check your files of LESSON's exercises and stop"
    )
    learn.add_argument("--course", metavar="FOLDER", help="another course: a folder of lessons")
    learn.add_argument(
        "--folder", type=Path, metavar="FOLDER", help="where your files of the exercises are"
    )
    learn.add_argument("--export-progress", metavar="FILE", help="write your progress to a file")
    learn.add_argument("--import-progress", metavar="FILE", help="add the progress of a file")
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
        help="write lessons as notebooks or as a web site",
        description="Write a lesson, or all of them, as Jupyter notebooks or as a web site: a "
        "folder of pages that need no server and no network.",
        epilog="as in: autodiff export --site -o site, and then open site/index.html",
    )
    kinds = notebooks.add_mutually_exclusive_group()
    kinds.add_argument("--notebook", action="store_true", help="as notebooks (the default)")
    kinds.add_argument("--site", action="store_true", help="as a web site")
    notebooks.add_argument(
        "--course", metavar="FOLDER", help="where course.toml is (default: our course)"
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
        raise UsageError(str(error)) from None
    return 0


def _export(options: argparse.Namespace) -> int:
    lessons = course_at(options.course)
    named = chosen(lessons, options.lesson)
    folder = Path(options.output)
    try:
        if options.site:
            from lessons.site import build_site

            files = build_site(lessons, folder, named)
        else:
            from lessons.export import export_notebooks

            files = export_notebooks([named] if named else lessons, folder)
    except (ImportError, OSError, ValueError) as error:
        raise UsageError(str(error)) from None
    for file in files:
        print(f"wrote {file}")
    return 0


def _new(options: argparse.Namespace) -> int:
    from lessons.new import new_lesson

    try:
        lesson = new_lesson(options.name, Path(options.course))
    except (OSError, ValueError) as error:
        raise UsageError(str(error)) from None
    print(f"wrote {lesson}")
    print(f"play it with:  autodiff learn {options.name} --course {options.course}")
    print(f"check it with: autodiff check-course {options.course}")
    return 0


def _check_course(options: argparse.Namespace) -> int:
    from lessons.check_course import check_lesson

    lessons = course_at(options.folder)
    named = chosen(lessons, options.lesson)
    broken = 0
    for lesson in [named] if named else lessons:
        problems = check_lesson(lesson, lessons)
        broken += len(problems)
        print(f"{lesson.id}: {f'{len(problems)} to mend' if problems else 'all is well'}")
        for problem in problems:
            print(f"  {problem.where}: {problem.what}")
        sys.stdout.flush()
    return 1 if broken else 0


def _wrong(message: str) -> int:
    print(f"autodiff: {message}", file=sys.stderr)
    return WRONG_USE


if __name__ == "__main__":
    sys.exit(main())
