"""The process that checks a learner's file: runs it, runs the check, and leaves a report.

It is started by `lessons.runner`, never imported by it: whatever the file does, be it an endless
loop or `os._exit`, ends this process and no other.
"""

from __future__ import annotations

import json
import linecache
import os
import signal
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from types import FrameType, ModuleType
from typing import Any, NoReturn

from lessons.checking import CheckError
from lessons.report import UNREPORTED, Report
from lessons.untouched import Snapshot

__all__ = ["judge", "main"]

SPARE_SECONDS = 2
"""How long a file that catches the end of its time may go on."""


LONGEST = 2000
"""How many characters of an error are kept."""

TOUCHED = Report(
    "broken",
    "The file replaces `NAME`, which its check needs.",
    "Give what you write a name of its own.",
)
CONFUSED = Report(
    "broken", "The file breaks what checks it.", "Does it replace built-in functions?"
)


class OutOfTimeError(BaseException):
    """The time of the check is used up. Not an Exception: the file must not catch it."""


def main(check: str, file: str, report: str, seconds: int, megabytes: int) -> None:
    """Check a file and write the report, then end at once, whatever threads the file has left."""
    import viz  # noqa: F401  # loaded now, so that nothing of the learner's is taken for it

    leave = _reporter(report, sys.stdin.readline())
    _limit(seconds, megabytes)
    try:
        found = judge(Path(check), Path(file))
    except BaseException:
        found = CONFUSED
    leave(found)


def _reporter(file: str, word: str) -> Callable[[Report], NoReturn]:
    """What writes a report and ends the process.

    ``word``, which came through standard input, is its first line: a report that the learner's file
    has written does not have it. All that is needed is fetched now, before that file runs and may
    replace it.
    """
    changed = Snapshot().changed
    encode, create, write, end = json.dumps, os.open, os.write, os._exit
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    flags |= getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    first = word.encode()
    touched, confused = (encode(found.fields()).encode() for found in (TOUCHED, CONFUSED))

    def text_of(found: Report) -> bytes:
        name = changed()
        if name:
            return touched.replace(b"NAME", name.encode())
        try:
            return encode(found.fields()).encode()
        except BaseException:
            return confused

    def leave(found: Report) -> NoReturn:
        code = UNREPORTED
        try:
            write(create(file, flags, 0o600), first + text_of(found))
            code = 0
        finally:
            end(code)

    return leave


def judge(check: Path, file: Path) -> Report:
    """Run the learner's file, then ``check(work)`` of the check."""
    work = ModuleType(file.stem)
    work.__file__ = str(file)
    try:
        checks = _module(check)  # before the file runs: it gets what is there now
        source = file.read_text(encoding="utf-8")
        exec(compile(source, str(file), "exec"), work.__dict__)
        checks.check(work)
    except CheckError as error:
        return Report("failed", error.what, error.hint, error.picture)
    except NotImplementedError as error:
        return Report("unfinished", _unfinished(error, file))
    except UnicodeDecodeError:
        return Report("broken", f"{file.name} is not a text file in UTF-8.")
    except SyntaxError as error:
        return Report("broken", _syntax(error))
    except OutOfTimeError as error:
        where = _where(error, file)
        return Report("broken", f"This takes too long. When it was stopped it was here:\n{where}")
    except MemoryError as error:
        return Report("broken", f"This needs too much memory:\n{_where(error, file)}")
    except SystemExit as error:
        return Report(
            "broken",
            f"The file ends the program itself:\n{_where(error, file)}",
            "Take sys.exit() or exit() out: the check still has to run.",
        )
    except AttributeError as error:
        if error.obj is work:
            return Report(
                "failed",
                f"{file.name} has no `{error.name}`.",
                "Was it renamed or deleted? `reset` brings the first version back.",
            )
        return Report("broken", _exception(error, file))
    except BaseException as error:
        return Report("broken", _exception(error, file))
    return Report("passed")


def _module(check: Path) -> Any:
    """The module of a check, under a name that no file of a learner has."""
    module = ModuleType("lessons_check")
    module.__file__ = str(check)
    exec(compile(check.read_text(encoding="utf-8"), str(check), "exec"), module.__dict__)
    return module


def _limit(seconds: int, megabytes: int) -> None:
    """Limits of this process, where the platform has them."""
    try:
        import resource
    except ImportError:
        return
    signal.signal(signal.SIGXCPU, _out_of_time)
    limits = {
        resource.RLIMIT_CPU: (seconds, seconds + SPARE_SECONDS),
        resource.RLIMIT_AS: (megabytes << 20, megabytes << 20),
        resource.RLIMIT_FSIZE: (64 << 20, 64 << 20),
        resource.RLIMIT_CORE: (0, 0),
    }
    for what, limit in limits.items():
        try:
            resource.setrlimit(what, limit)
        except (OSError, ValueError):
            continue  # a lower limit is in force already, or the system does not know this one


def _out_of_time(number: int, frame: FrameType | None) -> NoReturn:
    raise OutOfTimeError


# -- where in the file -----------------------------------------------------------------------------


def _where(error: BaseException, file: Path) -> str:
    """The last line of the learner's file that was running."""
    linecache.checkcache(str(file))
    frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename == str(file)]
    if not frames:
        return f"  in the check of {file.name}"
    return f"  line {frames[-1].lineno}:  {frames[-1].line}"


def _exception(error: BaseException, file: Path) -> str:
    try:
        text = str(error)
    except Exception:
        text = "(an error that cannot be printed)"
    if len(text) > LONGEST:
        text = f"{text[:LONGEST]} ... and more"
    name = type(error).__name__
    return f"{name}: {text}\n{_where(error, file)}" if text else f"{name}\n{_where(error, file)}"


def _unfinished(error: NotImplementedError, file: Path) -> str:
    return f"Here something is still to be written:\n{_where(error, file)}"


def _syntax(error: SyntaxError) -> str:
    lines = [f"This is not Python yet: {error.msg}", f"  line {error.lineno}:"]
    if error.text:
        text = error.text.rstrip("\n").expandtabs(1)
        lines.append(f"    {text}")
        lines.append("    " + " " * max(0, (error.offset or 1) - 1) + "^")
    return "\n".join(lines)
