"""Checks a learner's file in a process of its own, with limits of time, memory and output.

A file may loop for ever, print for ever, use up the memory, end the program or delete what it
stands on: the process is ended, and the report says what happened.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import signal
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import IO

from lessons.apart import SIGNALLED
from lessons.format import Exercise
from lessons.report import STATUSES, UNREPORTED, Report

__all__ = ["CPU_SECONDS", "MEGABYTES", "OUTPUT", "SECONDS", "check_file"]

SECONDS = 30.0
"""How long a check may take on the clock."""

CPU_SECONDS = 10
"""How long it may compute; a loop that never ends is stopped after this."""

MEGABYTES = 4096
"""How much memory it may reserve, where the platform has such a limit."""

OUTPUT = 100_000
"""How many bytes it may print."""

SHOWN = 2000
"""How many characters of that are kept for the learner."""

STOPPED = [getattr(signal, name) for name in ("SIGXCPU", "SIGKILL") if hasattr(signal, name)]
"""The signals that end a process whose time is up."""

ROOT = Path(__file__).parents[1]

LARGEST = 4 << 20
"""How many bytes of a report are read."""

START = """
import sys
sys.path.append(sys.argv[1])
from lessons.apart import go_apart
go_apart()
from lessons.judge import main
main(*sys.argv[2:5], *map(int, sys.argv[5:]))
"""


def check_file(
    exercise: Exercise,
    file: Path,
    *,
    seconds: float = SECONDS,
    cpu_seconds: int = CPU_SECONDS,
    megabytes: int = MEGABYTES,
) -> Report:
    """Check a learner's file for an exercise; nothing that the file does reaches this process."""
    if not file.is_file():
        return Report("broken", f"There is no file {file}.", "`reset` brings it back.")
    word = secrets.token_hex()
    with tempfile.TemporaryDirectory(
        prefix="autodiff-check-", ignore_cleanup_errors=True
    ) as folder:
        report = Path(folder) / "report.json"
        arguments = [exercise.check, file.resolve(), report, cpu_seconds, megabytes]
        # -P: a file of the learner's that is named like a library must not be taken for it.
        command = [sys.executable, "-P", "-c", START, str(ROOT), *map(str, arguments)]
        process = None
        try:
            process = subprocess.Popen(
                command,
                cwd=folder,
                env=_environment(),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                start_new_session=os.name == "posix",
            )
            output = _Output(process)
            _tell(process, word)
            ended = output.wait(seconds)
        finally:
            if process is not None:
                _end(process)
        return _report(report, word, process.returncode, ended, output)


def _report(file: Path, word: str, code: int, ended: bool, output: _Output) -> Report:
    """The report that the process left, or why there is none."""
    printed = output.text()
    if output.too_much:
        return Report(
            "broken",
            f"This prints more than {OUTPUT:,} characters.",
            "Is there a print in a loop?",
            output=printed,
        )
    left = _read(file, word)
    if left is not None:
        return replace(left, output=printed)
    if SIGNALLED < code < SIGNALLED + signal.NSIG:
        code = SIGNALLED - code
    if not ended or -code in STOPPED:
        return Report(
            "broken",
            "This takes too long: it was stopped.",
            "Is there a loop that never ends, or a wait?",
            output=printed,
        )
    if code < 0:
        what = f"The program crashed ({_name(-code)})."
        return Report("broken", what, "Is there a recursion without an end?", output=printed)
    if code == UNREPORTED:
        what = "The check has no place any more for its report."
        return Report("broken", what, "Does the file delete or close what it has not made?")
    return Report(
        "broken",
        f"The file ended the program itself (exit code {code}).",
        "Take os._exit() out: the check still has to run.",
        output=printed,
    )


def _read(file: Path, word: str) -> Report | None:
    """The report in this file, if it is one that the check wrote; the learner's may be anything."""
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    try:
        with open(os.open(file, flags), "rb") as stream:
            first, _, rest = stream.read(LARGEST).partition(b"\n")
            if first.decode().strip() != word:
                return None
            fields = json.loads(rest)
    except (OSError, ValueError):
        return None
    plain = {name: text.encode(errors="replace").decode() for name, text in fields.items()}
    return Report(**plain) if plain["status"] in STATUSES else None


def _tell(process: subprocess.Popen[bytes], word: str) -> None:
    """Send the word that the report has to begin with."""
    assert process.stdin is not None
    with contextlib.suppress(BrokenPipeError), process.stdin as stream:
        stream.write(f"{word}\n".encode())


def _name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


class _Output:
    """Reads what a process prints, as it prints it, up to a limit."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stdout is not None
        self._process, self._stream = process, process.stdout
        self._parts: list[bytes] = []
        self.too_much = False
        self._reader = threading.Thread(target=self._read, args=(self._stream,), daemon=True)
        self._reader.start()

    def _read(self, stream: IO[bytes]) -> None:
        size = 0
        with stream:
            while part := os.read(stream.fileno(), 1 << 16):
                size += len(part)
                if size > OUTPUT:
                    self.too_much = True
                    return
                self._parts.append(part)

    def wait(self, seconds: float) -> bool:
        """Wait until the process ends; False when it has to be ended."""
        end = time.monotonic() + seconds
        while time.monotonic() < end and not self.too_much:
            try:
                self._process.wait(0.02)
            except subprocess.TimeoutExpired:
                continue
            return True
        return False

    def text(self) -> str:
        """What was printed, or the beginning of it; the process has ended."""
        self._reader.join(1.0)
        text = b"".join(self._parts).decode(errors="replace")
        return text if len(text) <= SHOWN else text[:SHOWN] + "\n... and more"


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the process and those that it has started."""
    if os.name == "posix":
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
    process.wait()


def _environment() -> dict[str, str]:
    settings = {"PYTHONIOENCODING": "utf-8", "PYTHONUNBUFFERED": "1", "NO_COLOR": "1"}
    threads = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    return {**os.environ, **settings, **threads}
