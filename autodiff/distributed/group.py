"""ProcessGroup: processes that compute something together; and Work: what they have begun."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Callable
from typing import Any

import numpy as np

from autodiff import errors
from autodiff.distributed.job import Job, Place

__all__ = ["ProcessGroup", "Work"]


class Work:
    """A collective that has been started.

    Args:
        group: whose it is.
        place: which one it is.
        request: MPI's handle of it.
        finish: called once, when it is complete: it puts the results where they belong.
    """

    def __init__(
        self, group: ProcessGroup, place: Place, request: Any, finish: Callable[[], None]
    ) -> None:
        self._group, self._place, self._request = group, place, request
        self._finish: Callable[[], None] | None = finish

    def wait(self) -> bool:
        """Return when the results are there.

        Raises:
            RuntimeError: the timeout of the group has passed, or a process that is needed has
                ended; the message says where each of the others is.
        """
        if self._finish is not None:
            self._group.job.wait(self._request, self._place, self._group.timeout)
            self._complete()
        return True

    def is_completed(self) -> bool:
        """Whether the results are there. Asking also moves the exchange on."""
        if self._finish is not None and self._request.Test():
            self._complete()
        return self._finish is None

    def _complete(self) -> None:
        finish, self._finish = self._finish, None
        if finish is not None:
            finish()


class ProcessGroup:
    """All processes of the job, with a channel of their own for what they do in this group."""

    _ids = itertools.count()

    def __init__(self, job: Job, timeout: float) -> None:
        self.job, self.timeout, self.mpi = job, timeout, job.mpi
        self.comm = job.mpi.COMM_WORLD.Dup()
        self.id, self.number = next(ProcessGroup._ids), 0

    def rank(self) -> int:
        """The number of this process."""
        return self.job.rank

    def size(self) -> int:
        """How many processes there are."""
        return self.job.size

    def begin(self, what: str) -> Place:
        """Count one more collective: all processes must call the same ones in the same order."""
        self.number += 1
        self.job.started[str(self.id)] = self.number
        return Place(self.id, self.number, f"{what} (collective {self.number} of the group)")

    def wait(self, request: Any, place: Place) -> None:
        """See `Job.wait`."""
        self.job.wait(request, place, self.timeout)

    def agree(self, what: str) -> Place:
        """Begin a collective, once all processes have begun the same one.

        Raises:
            RuntimeError: they have not; the message says what each of them does.
        """
        place = self.begin(what)
        digest = int.from_bytes(hashlib.blake2b(what.encode(), digest_size=7).digest(), "big")
        extremes = np.array([digest, -digest])
        self.wait(self.comm.Iallreduce(self.mpi.IN_PLACE, extremes, self.mpi.MAX), place)
        if extremes[0] != -extremes[1]:
            raise errors.distributed.different_collectives(self.texts(what, place))
        return place

    def texts(self, text: str, place: Place) -> list[str]:
        """What each process says, on all of them."""
        data = np.frombuffer(text.encode(), np.uint8)
        sizes = np.zeros(self.size(), np.int32)
        self.wait(self.comm.Iallgather(np.array([data.size], np.int32), sizes), place)
        received = np.zeros(int(sizes.sum()), np.uint8)
        self.wait(self.comm.Iallgatherv(data, [received, sizes]), place)
        return [part.tobytes().decode() for part in np.split(received, np.cumsum(sizes)[:-1])]
