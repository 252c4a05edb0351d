"""Threads that run parts of compiled loops: one pool, for eager and compiled code alike.

Compiled loops let go of Python's lock, so Python's own threads can run them, and Numba's, which
hang or abort where two pools of them meet, are not needed. A loop is cut into parts that do not
depend on the number of threads, and what the parts return is added up in their order: so neither
do the bits of a result.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import threading
from collections import deque
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

from autodiff import errors

__all__ = ["get_num_threads", "in_parts", "set_num_threads"]

PARTS = 8
"""Into so many parts a loop is cut, unless its caller knows better."""


def _processors() -> set[int]:
    """Those that this process may run on, as far as the system tells."""
    if hasattr(os, "sched_getaffinity"):
        return os.sched_getaffinity(0)
    return set(range(os.cpu_count() or 1))


def _wanted() -> int:
    """As many threads as processors, or as OMP_NUM_THREADS says, which PyTorch obeys too."""
    asked = os.environ.get("OMP_NUM_THREADS", "")
    processors = len(_processors())
    return min(int(asked), processors) if asked.isdecimal() and int(asked) else processors


_count = _wanted()


def get_num_threads() -> int:
    """How many threads large computations on the CPU use: the processors, unless told otherwise.

    >>> import autodiff as ad
    >>> ad.get_num_threads() >= 1
    True
    """
    return _count


def set_num_threads(count: int) -> None:
    """Compute with so many threads from here on, in matrix products (on Linux) as in loops.

    Raises:
        RuntimeError: ``count`` is no positive integer.

    >>> import autodiff as ad
    >>> ad.set_num_threads(1)
    >>> ad.get_num_threads()
    1
    """
    if isinstance(count, bool) or not isinstance(count, int) or count < 1:
        raise errors.numbers.number_of_threads(count)
    global _count
    _count = count
    for library in _blas_libraries():
        for name in SETTERS:
            if hasattr(library, name):
                getattr(library, name)(count)


SETTERS = (
    "scipy_openblas_set_num_threads64_", "openblas_set_num_threads64_", "openblas_set_num_threads",
)  # fmt: skip


def _blas_libraries() -> list[ctypes.CDLL]:
    """The copies of OpenBLAS that this process has loaded, as far as Linux tells."""
    maps = Path("/proc/self/maps")
    if not maps.exists():
        return []
    paths = {line.split()[-1] for line in maps.read_text().splitlines() if "openblas" in line}
    libraries = []
    for path in paths:
        with contextlib.suppress(OSError):
            libraries.append(ctypes.CDLL(path))
    return libraries


def in_parts(
    loop: Callable[..., Any], size: int, *arrays: Any, parts: int = PARTS, share: bool = True
) -> tuple[Any, ...]:
    """Run ``loop(start, stop, *arrays)`` from 0 to ``size`` in parts, on several threads.

    Returns the sums of what the parts return, each a tuple. Without ``share`` the caller's thread
    does all of it: for loops that are done before another thread has woken up, in about 50 us.
    """
    cuts = [size * i // parts for i in range(parts + 1)]
    if share and _count > 1 and parts > 1:
        returned = _shared(loop, cuts, arrays)
    else:
        returned = [loop(start, stop, *arrays) for start, stop in pairwise(cuts)]
    return tuple([sum(each) for each in zip(*returned, strict=True)])


def _shared(loop: Callable[..., Any], cuts: list[int], arrays: tuple[Any, ...]) -> list[Any]:
    """What the parts return, in their order. Who is free takes the next one.

    So nobody waits for a thread that the system has no processor for: the caller's thread, which
    always runs, then does all the parts.
    """
    todo = deque(enumerate(pairwise(cuts)))
    done: SimpleQueue[tuple[int, Any, BaseException | None]] = SimpleQueue()

    def work() -> None:
        while True:
            try:
                number, (start, stop) = todo.popleft()
            except IndexError:  # all parts are taken
                return
            try:
                done.put((number, loop(start, stop, *arrays), None))
            except BaseException as error:
                done.put((number, None, error))

    _pool().offer(work, len(todo) - 1)
    work()
    returned = [None] * (len(cuts) - 1)
    for _ in returned:
        number, result, error = done.get()
        if error is not None:
            raise error
        returned[number] = result
    return returned


class _Pool:
    """Threads that wait for work."""

    def __init__(self, helpers: int) -> None:
        self.process = os.getpid()
        self.offers: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self.processors = _processors()
        self.avoided = -1
        self.threads = [threading.Thread(target=self._run, daemon=True) for _ in range(helpers)]
        for thread in self.threads:
            thread.start()

    def offer(self, work: Callable[[], None], helpers: int) -> None:
        """Let up to so many threads join in, if they come to it.

        What nobody has come to yet is forgotten: whoever offered it is doing it alone.
        """
        self._leave_processor_of_caller()
        with contextlib.suppress(Empty):
            while True:
                self.offers.get_nowait()
        for _ in range(min(helpers, len(self.threads))):
            self.offers.put(work)

    def _run(self) -> None:
        while True:
            self.offers.get()()

    def _leave_processor_of_caller(self) -> None:
        """Keep the threads off the processor on which the caller runs (on Linux).

        The threads of OpenBLAS go on spinning after a product, so no processor looks idle to the
        system; it then often wakes our thread where the caller runs, and the two take turns.
        """
        here = _current_processor()
        others = self.processors - {here}
        if here == self.avoided or here not in self.processors or not others:
            return
        self.avoided = here
        for thread in self.threads:
            with contextlib.suppress(OSError):
                os.sched_setaffinity(thread.native_id or 0, others)


def _nowhere() -> int:
    return -1


_current_processor: Callable[[], int] = _nowhere
if hasattr(os, "sched_setaffinity"):
    _current_processor = getattr(ctypes.CDLL(None), "sched_getcpu", _nowhere)

_started: _Pool | None = None


def _pool() -> _Pool:
    """The pool of this process, with threads for the number in use: a fork has none at first."""
    global _started
    if _started is None or _started.process != os.getpid() or len(_started.threads) < _count - 1:
        _started = _Pool(_count - 1)
    return _started
