"""One program, interrupted at many moments; after each of them everything is looked over."""

from __future__ import annotations

import gc
import multiprocessing
import random
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import autodiff as ad
from autodiff.grad_mode import everywhere, mode
from autodiff.leaf import accumulating
from tests.interrupts.moments import after_lines, after_seconds, lines_of
from tests.interrupts.programs import PROGRAMS

__all__ = ["interrupt"]

STARTS_A_PROCESS = "an exercise"
"""It is interrupted before lines only: in the middle of Python's own Popen nobody could end what it
has just started."""


def interrupt(name: str, folder: Path, *, lines: int, times: int) -> int:
    """Interrupt a program before so many of its lines, and at so many times.

    Raises whatever is not as it should be afterwards, with a note of the moment. Returns how many
    interruptions there were.
    """
    with _temporary_files(folder / "temporary"):
        (folder / "files").mkdir()
        run, check = PROGRAMS[name](folder / "files")
        run()  # the first time loads and generates code
        check()
        seconds = min(_seconds(run) for _ in range(3))
        total = lines_of(run)
        chance = random.Random(name)
        moments = [(after_lines, total * (i + chance.random()) / lines) for i in range(lines)]
        if name != STARTS_A_PROCESS:
            moments += [(after_seconds, chance.uniform(0, seconds)) for _ in range(times)]
        count = 0
        for stop, moment in moments:
            try:
                count += _stopped(stop, run, moment)
                _look_over(folder)
                check()
                _look_over(folder)
            except BaseException as error:
                error.add_note(f"{name}, interrupted {stop.__name__.replace('_', ' ')} {moment}")
                raise
        del run, check
        gc.collect()
        assert not multiprocessing.active_children()
        assert not _processes_about(folder)
        return count


def _seconds(run: Callable[[], object]) -> float:
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def _stopped(
    stop: Callable[[Callable[[], object], float], bool], run: Callable[[], object], moment: float
) -> bool:
    """Interrupt a program at a moment, or earlier where it has come to its end by then.

    How long a program takes, and how many lines it runs, differs from one run to the next.
    """
    return any(stop(run, moment * share) for share in (1, 0.5, 0.25, 0.1))


def _look_over(folder: Path) -> None:
    assert mode.enabled
    assert mode.fast
    assert (mode.inference, mode.observers, mode.special) == (False, (), False)
    assert everywhere.fast
    assert _is_free(accumulating)
    x = ad.tensor([1.0, 2.0], requires_grad=True)
    (x * x).sum().backward()
    assert x.grad.tolist() == [2.0, 4.0]
    assert list((folder / "temporary").iterdir()) == []


def _is_free(lock: Any) -> bool:
    """Whether another thread can take a lock."""
    taken: list[bool] = []

    def take() -> None:
        taken.append(lock.acquire(blocking=False))
        if taken[0]:
            lock.release()

    thread = threading.Thread(target=take)
    thread.start()
    thread.join()
    return taken[0]


def _processes_about(folder: Path) -> list[str]:
    """The command lines of processes that were told about a folder, where the system lists them."""
    found = []
    for file in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = file.read_bytes().decode(errors="replace").split("\0")
        except OSError:  # it has ended
            continue
        if any(word.startswith(str(folder / "temporary")) for word in words):
            found.append(" ".join(words))
    return found


@contextmanager
def _temporary_files(folder: Path) -> Iterator[None]:
    """Let temporary files and folders be made in ``folder``."""
    folder.mkdir()
    before, tempfile.tempdir = tempfile.tempdir, str(folder)
    try:
        yield
    finally:
        tempfile.tempdir = before
