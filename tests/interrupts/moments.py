"""Ctrl-C at a chosen moment: before the n-th line of the project, or after so many seconds.

Moments of cleaning up are left out: ``finally``, ``except``, ``__exit__``. Python itself raises
KeyboardInterrupt there as well, and no program can clean up after its cleaning up was stopped.
"""

from __future__ import annotations

import ast
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

__all__ = ["after_lines", "after_seconds", "lines_of"]

ROOT = Path(__file__).parents[2]
PROJECT = tuple(f"{ROOT / name}/" for name in ("autodiff", "viz", "lessons"))

SOON = 20e-6
"""Seconds after which a signal that came during cleaning up comes again."""


def after_lines(program: Callable[[], object], count: int) -> bool:
    """Run ``program``, interrupted before its line ``count`` (from 0) in the project's files.

    False where it comes to its end before that.
    """
    try:
        _traced(program, count)
    except KeyboardInterrupt:
        return True
    return False


def lines_of(program: Callable[[], object]) -> int:
    """How many lines of the project's files ``program`` runs."""
    return _traced(program, None)


def _traced(program: Callable[[], object], stop: int | None) -> int:
    count, process = 0, os.getpid()

    def enter(frame: Any, event: str, argument: Any) -> Any:
        return line if frame.f_code.co_filename.startswith(PROJECT) else None

    def line(frame: Any, event: str, argument: Any) -> Any:
        nonlocal count
        if event == "line" and os.getpid() == process:
            if stop is not None and count >= stop and not _cleaning_up(frame):
                raise KeyboardInterrupt
            count += 1
        return line

    before = sys.gettrace()
    sys.settrace(enter)
    try:
        program()
    finally:
        sys.settrace(before)
    return count


def after_seconds(program: Callable[[], object], seconds: float) -> bool:
    """Run ``program``, interrupted by a signal after ``seconds``, wherever it is by then.

    False where it comes to its end before that.
    """
    with _alarm():
        try:
            signal.setitimer(signal.ITIMER_REAL, seconds)
            program()
            signal.setitimer(signal.ITIMER_REAL, 0)
        except KeyboardInterrupt:
            return True
    return False


@contextmanager
def _alarm() -> Iterator[None]:
    def interrupt(number: int, frame: Any) -> None:
        if _cleaning_up(frame):
            signal.setitimer(signal.ITIMER_REAL, SOON)
        else:
            raise KeyboardInterrupt

    before = signal.signal(signal.SIGALRM, interrupt)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _cleaning_up(frame: Any) -> bool:
    """Whether this frame, or one that called it, is at a line that cleans up."""
    while frame is not None:
        if frame.f_lineno in _cleaning_lines(frame.f_code.co_filename):
            return True
        frame = frame.f_back
    return False


@cache
def _cleaning_lines(file: str) -> frozenset[int]:
    """The lines of a file that clean up, and those of ``with``, where leaving a block begins."""
    try:
        tree = ast.parse(Path(file).read_bytes())
    except (OSError, SyntaxError, ValueError):
        return frozenset()
    lines: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Try):
            for part in (*node.finalbody, *node.handlers):
                lines.update(_lines(part))
        elif isinstance(node, ast.FunctionDef) and node.name in ("__exit__", "__del__"):
            lines.update(_lines(node))
        elif isinstance(node, ast.With):
            lines.update(range(node.lineno, node.body[0].lineno))
    if Path(file).name in ("weakref.py", "threading.py"):  # what a weak reference calls cleans up
        lines.update(_lines(tree.body[0], tree.body[-1]))
    return frozenset(lines)


def _lines(first: Any, last: Any = None) -> range:
    return range(first.lineno, ((last or first).end_lineno or first.lineno) + 1)
