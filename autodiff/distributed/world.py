"""The group of all processes: its beginning, its end, and who is who in it."""

from __future__ import annotations

import atexit
import sys
from datetime import timedelta
from typing import Any

from autodiff import errors
from autodiff.distributed import job
from autodiff.distributed.group import ProcessGroup

__all__ = [
    "destroy_process_group", "get_backend", "get_rank", "get_world_size", "group_or_default",
    "init_process_group", "is_available", "is_initialized", "is_mpi_available",
]  # fmt: skip

TIMEOUT = timedelta(minutes=30)


class _World:
    """The job, once MPI runs, and the default group, while there is one."""

    job: job.Job | None = None
    group: ProcessGroup | None = None
    excepthook: Any = None


def is_available() -> bool:
    """Whether processes can work together here: whether mpi4py is installed."""
    return job.installed()


is_mpi_available = is_available


def is_initialized() -> bool:
    """Whether `init_process_group` was called.

    >>> import autodiff as ad
    >>> ad.distributed.is_initialized()
    False
    """
    return _World.group is not None


def init_process_group(
    backend: str | None = None,
    init_method: str | None = None,
    timeout: timedelta | None = None,
    world_size: int = -1,
    rank: int = -1,
) -> None:
    """Join the job that ``mpiexec -n 4 python train.py`` started. Each process calls this once.

    From here on, an exception that is not caught in one process ends all of them.

    Args:
        backend: "mpi", the only one.
        init_method: only for programs written for PyTorch: "env://" or None.
        timeout: how long a process waits for the others before it ends the job with a message that
            says where they are; 30 minutes unless given.
        world_size, rank: checked against what ``mpiexec`` says, if given.

    Raises:
        ValueError: it was called before, the backend is another one, or the numbers are wrong.
        RuntimeError: MPI is not installed.
    """
    if _World.group is not None:
        raise errors.distributed.initialized_twice()
    if backend not in (None, "mpi"):
        raise errors.distributed.unknown_backend(backend)
    if init_method not in (None, "env://"):
        raise errors.distributed.unknown_init_method(init_method)
    seconds = (timeout or TIMEOUT).total_seconds()
    if seconds <= 0:
        raise errors.distributed.no_time(timeout)
    if _World.job is None:
        _World.job = job.start(seconds)
        atexit.register(_World.job.close)
    joined = _World.job
    joined.timeout = seconds
    for name, given, own in (("world_size", world_size, joined.size), ("rank", rank, joined.rank)):
        if given not in (-1, own):
            raise errors.distributed.other_number(name, given, own)
    _World.group = ProcessGroup(joined, seconds)
    _World.excepthook = joined.end_when_this_rank_fails()


def destroy_process_group(group: ProcessGroup | None = None) -> None:
    """Leave the group. The program may go on alone; at its end it waits for the others.

    Raises:
        ValueError: there is no group.
    """
    group_or_default(group)
    sys.excepthook = _World.excepthook
    _World.group = None


def get_rank(group: ProcessGroup | None = None) -> int:
    """The number of this process, from 0 to ``get_world_size() - 1``.

    Raises:
        ValueError: `init_process_group` was not called.

    >>> import autodiff as ad
    >>> ad.distributed.get_rank() if ad.distributed.is_initialized() else 0
    0
    """
    return group_or_default(group).rank()


def get_world_size(group: ProcessGroup | None = None) -> int:
    """How many processes there are.

    Raises:
        ValueError: `init_process_group` was not called.

    >>> import autodiff as ad
    >>> ad.distributed.get_world_size() if ad.distributed.is_initialized() else 1
    1
    """
    return group_or_default(group).size()


def get_backend(group: ProcessGroup | None = None) -> str:
    """What carries the messages: "mpi".

    Raises:
        ValueError: `init_process_group` was not called.
    """
    group_or_default(group)
    return "mpi"


def group_or_default(group: ProcessGroup | None) -> ProcessGroup:
    """The group itself, or that of all processes.

    Raises:
        ValueError: `init_process_group` was not called.
    """
    found = _World.group if group is None else group
    if found is None:
        raise errors.distributed.not_initialized()
    return found
