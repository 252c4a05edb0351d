"""The job: all the processes that ``mpiexec`` started, as one of them sees it, and how it ends.

Two things must never happen: that a process waits for ever, and that nobody says why. So every wait
has a deadline and goes through `Job.wait`. A process that has waited in vain asks the others where
they are, over a channel of its own; those that wait themselves answer. And a process that fails,
or ends before the others do, says so and takes the job with it.
"""

from __future__ import annotations

import faulthandler
import importlib.util
import json
import os
import sys
import time
from traceback import format_exception
from typing import Any, NamedTuple

from autodiff import errors

__all__ = ["Job", "Place", "installed", "start"]

QUICK = 0.001
"""Seconds of a wait in which nothing but the arrival is looked for."""

PAUSE = 100e-6
"""Seconds between two looks after that, so that other processes get the core."""

ANSWERS = 1.0
"""Seconds that others have to say where they are."""


class Place(NamedTuple):
    """Where a process is: the ``number``-th collective of a group, in words."""

    group: int
    number: int
    what: str


class Notice(NamedTuple):
    """What a process tells another: what it waits for, and what it started last in each group."""

    waits_for: str
    started: dict[str, int]
    ended: bool
    asks: bool


def installed() -> bool:
    """Whether mpi4py is there."""
    return importlib.util.find_spec("mpi4py") is not None


def start(timeout: float) -> Job:
    """Start MPI, and wait until every process of the job has.

    Raises:
        RuntimeError: mpi4py, or the MPI library that it needs, is not installed.
    """
    if not installed():
        raise errors.distributed.no_mpi("the package mpi4py is not installed")
    try:
        return wait_for_every_rank_to_start(timeout)
    except (ImportError, RuntimeError) as error:
        raise errors.distributed.no_mpi(str(error)) from None


def wait_for_every_rank_to_start(timeout: float) -> Job:
    """Importing ``MPI`` starts it. That waits for all processes, and keeps Python's lock meanwhile.

    So the deadline is a timer outside of Python: it prints where the program stands (in this
    function) and exits, and ``mpiexec`` ends the rest of the job.
    """
    faulthandler.dump_traceback_later(timeout, exit=True)
    try:
        from mpi4py import MPI

        return Job(MPI, timeout)
    finally:
        faulthandler.cancel_dump_traceback_later()


class Job:
    """All processes of the job; this one is number ``rank`` of ``size``."""

    def __init__(self, mpi: Any, timeout: float) -> None:
        self.mpi, self.timeout = mpi, timeout
        self.rank, self.size = mpi.COMM_WORLD.rank, mpi.COMM_WORLD.size
        self.pid = os.getpid()
        self.channel = mpi.COMM_WORLD.Dup()
        self.started: dict[str, int] = {}
        self.ended = False
        self.waits_for = ""
        self.notices: dict[int, Notice] = {}
        self._sent: list[Any] = []  # requests: each keeps its bytes until MPI has read them

    # -- waiting ------------------------------------------------------------------------------

    def wait(self, request: Any, place: Place, timeout: float) -> None:
        """Return when the request is complete.

        Raises:
            RuntimeError: it is not after ``timeout`` seconds, or never will be, because a process
                has ended that did not take part.
        """
        began = time.monotonic()
        self.waits_for = place.what
        while not request.Test():
            waited = time.monotonic() - began
            if waited > QUICK:
                self._listen()
                self._check_that_all_will_come(place)
                time.sleep(PAUSE)
            if waited > timeout:
                raise errors.distributed.timed_out(
                    self.rank, place.what, timeout, self._where_the_others_are(place)
                )

    def _check_that_all_will_come(self, place: Place) -> None:
        for rank, notice in self.notices.items():
            if notice.ended and notice.started.get(str(place.group), 0) < place.number:
                raise errors.distributed.ended_early(self.rank, rank, place.what)

    def _where_the_others_are(self, place: Place) -> list[str]:
        """Ask, wait a moment, and put the answers into words; the missing come first."""
        self.notices.clear()
        others = [rank for rank in range(self.size) if rank != self.rank]
        for rank in others:
            self._tell(rank, asks=True)
        until = time.monotonic() + ANSWERS
        while len(self.notices) < len(others) and time.monotonic() < until:
            self._listen()
            time.sleep(PAUSE)
        missing, waiting = [], []
        for rank in others:
            notice = self.notices.get(rank)
            if notice is None:
                missing.append(f"rank {rank} does not answer: it hangs, or does something else.")
            elif notice.ended:
                missing.append(f"rank {rank} has come to the end of its program.")
            elif notice.started.get(str(place.group), 0) < place.number:
                missing.append(f"rank {rank} has not come so far, it waits in {notice.waits_for}.")
            else:
                waiting.append(f"rank {rank} waits in {notice.waits_for}.")
        return missing + waiting

    def _tell(self, rank: int, asks: bool = False) -> None:
        notice = Notice(self.waits_for, self.started, self.ended, asks)
        data = json.dumps(notice).encode()
        self._sent = [request for request in self._sent if not request.Test()]
        self._sent.append(self.channel.Isend([data, self.mpi.BYTE], rank))

    def _listen(self) -> None:
        status = self.mpi.Status()
        while self.channel.Iprobe(status=status):
            data = bytearray(status.Get_count(self.mpi.BYTE))
            self.channel.Recv([data, self.mpi.BYTE], status.source)
            notice = Notice(*json.loads(data))
            self.notices[status.source] = notice
            if notice.asks:
                self._tell(status.source)

    # -- the end ------------------------------------------------------------------------------

    def end_when_this_rank_fails(self) -> Any:
        """Let an exception that nobody catches end the whole job. Returns the former hook."""
        before = sys.excepthook

        def fail(kind: Any, error: Any, traceback: Any) -> None:
            if self.size == 1 or os.getpid() != self.pid:  # alone, or a worker of a loader
                before(kind, error, traceback)
                return
            # In one piece: other ranks may be writing too.
            text = "".join(format_exception(kind, error, traceback))
            sys.stderr.write(f"rank {self.rank} of {self.size} failed:\n{text}")
            sys.stderr.flush()
            self.mpi.COMM_WORLD.Abort(1)

        sys.excepthook = fail
        return before

    def close(self) -> None:
        """The end of the program: tell the others, and wait until they have ended too."""
        if self.size == 1 or os.getpid() != self.pid:
            return
        self.ended = True
        for rank in range(self.size):
            if rank != self.rank:
                self._tell(rank)
        try:
            self.wait(self.channel.Ibarrier(), Place(-1, 0, "the end of the job"), self.timeout)
        except RuntimeError as error:
            print(error, file=sys.stderr, flush=True)
            self.mpi.COMM_WORLD.Abort(1)
