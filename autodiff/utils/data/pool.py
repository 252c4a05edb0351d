"""The worker processes of a loader, seen from the loader's side."""

from __future__ import annotations

import multiprocessing
import os
import sys
import time
import warnings
import weakref
from collections import deque
from collections.abc import Iterable, Iterator
from multiprocessing.connection import wait
from typing import Any

from autodiff import errors
from autodiff.utils.data.threads import one_thread_in_new_processes
from autodiff.utils.data.worker import Recipe, receive, work

__all__ = ["Pool", "context"]

SECONDS_TO_LEAVE = 1.0


def context(given: Any) -> Any:
    """How to start processes: the way asked for, or the one that suits the system.

    On Linux workers are forked, so that what they run may be defined anywhere, in a function or
    in a notebook. That is safe here: no compiled kernel runs on several threads, and the
    BLAS library restarts its own after a fork. Elsewhere a new Python starts and imports it.

    Raises:
        ValueError: an unknown way.
    """
    if given is None:
        given = "fork" if sys.platform == "linux" else "spawn"
    return multiprocessing.get_context(given) if isinstance(given, str) else given


class Pool:
    """Worker processes, each at the end of a pipe of its own.

    They end when the pool is closed or forgotten, when this process ends, and when it is killed:
    in all these cases their pipes close.
    """

    def __init__(self, recipe: Recipe, start: Any) -> None:
        self.pipes: list[Any] = []
        self.processes: list[Any] = []
        self.epoch = 0
        self.forked = start.get_start_method() == "fork"
        self.close = weakref.finalize(self, _close, self.pipes, self.processes, os.getpid())
        for number in range(recipe.workers):
            ours, theirs = start.Pipe()
            self.pipes.append(ours)
            inherited = list(self.pipes) if self.forked else []
            process = start.Process(
                target=work, args=(number, recipe, theirs, inherited), daemon=True
            )
            self.processes.append(process)
            try:
                # The warning is of a fork beside threads: see `context`.
                with one_thread_in_new_processes(), warnings.catch_warnings():
                    warnings.filterwarnings("ignore", r".*fork\(\)", DeprecationWarning)
                    process.start()
            except BaseException as error:
                self.close()
                if not self.forked and isinstance(error, Exception):
                    error.add_note(errors.data.HOW_TO_SEND)
                raise
            finally:
                theirs.close()

    def run(
        self, orders: Iterable[Any], prefetch: int, timeout: float, in_order: bool
    ) -> Iterator[Any]:
        """One epoch: share the orders out in turn, and give the batches as they are wanted."""
        self.epoch = epoch = self.epoch + 1
        orders = iter(orders)
        active = deque(range(len(self.processes)))
        pending: deque[int] = deque()  # whose results are awaited, in the order they were asked

        def ask() -> None:
            if active:
                for wanted in orders:
                    worker = active[0]
                    active.rotate(-1)
                    self._send(worker, (epoch, wanted))
                    pending.append(worker)
                    return

        for _ in range(max(prefetch, 1) * len(self.processes)):
            ask()
        while pending:
            candidates = [pending[0]] if in_order else sorted(set(pending))
            worker, kind, value = self._next(candidates, epoch, timeout)
            pending.remove(worker)
            if kind == "failure":
                raise errors.data.from_worker(value.kind, value.name, value.text, worker)
            if kind == "end" and worker in active:
                active.remove(worker)
            ask()
            if kind == "batch":
                yield value
                if self.epoch != epoch:
                    raise errors.data.two_at_once()

    def _next(self, workers: list[int], epoch: int, timeout: float) -> tuple[int, str, Any]:
        """The next result of this epoch from one of the workers; older ones are dropped."""
        deadline = time.monotonic() + timeout if timeout else None
        while True:
            worker = self._ready(workers, deadline, timeout)
            try:
                found, kind, value = receive(self.pipes[worker])
            except (EOFError, OSError):
                raise self._gone(worker) from None
            if found == epoch:
                return worker, kind, value

    def _ready(self, workers: list[int], deadline: float | None, timeout: float) -> int:
        """A worker that has something to say, or has ended."""
        signs = {self.pipes[w]: w for w in workers}
        signs |= {self.processes[w].sentinel: w for w in workers}
        left = None if deadline is None else max(deadline - time.monotonic(), 0)
        ready = wait(list(signs), left)
        if not ready:
            raise errors.data.timed_out(timeout)
        return signs[ready[0]]

    def _send(self, worker: int, task: Any) -> None:
        try:
            self.pipes[worker].send(task)
        except OSError:
            raise self._gone(worker) from None

    def _gone(self, worker: int) -> Exception:
        process = self.processes[worker]
        process.join(SECONDS_TO_LEAVE)
        return errors.data.worker_gone(process.pid, process.exitcode, self.forked)


def _close(pipes: list[Any], processes: list[Any], owner: int) -> None:
    if os.getpid() != owner:  # a forked worker forgets its copy of the pool
        return
    for pipe in pipes:
        pipe.close()
    until = time.monotonic() + SECONDS_TO_LEAVE
    started = [process for process in processes if process.pid is not None]
    for process in started:
        process.join(max(until - time.monotonic(), 0))
    for process in started:
        if process.is_alive():
            process.terminate()
            process.join()
