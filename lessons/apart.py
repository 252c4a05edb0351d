"""A process of a learner's own: what it starts ends with it, and it reaches nothing outside.

On Linux it gets a *namespace* of processes: it sees and signals only those that it has started, and
when it ends the kernel ends them all. Where a system has none, or allows none, a process in between
at least keeps the learner's from being the child of the one that checks it.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import sys
from pathlib import Path

__all__ = ["SIGNALLED", "go_apart"]

SIGNALLED = 128
"""A process that a signal ended is reported by an exit code of this and the signal's number."""

PROCESSES = 256
"""How many processes and threads there may be at once; root is not bound by this."""

CLONE_NEWUSER, CLONE_NEWPID = 0x10000000, 0x20000000


def go_apart() -> None:
    """Go on in a child of this process, which waits for it and ends with its exit code.

    A process must not have threads when it calls this.
    """
    if not hasattr(os, "fork"):
        return
    alone = _new_namespace()
    _go_on_in_a_child()
    if alone:
        # The first process of a namespace gets no signals from within, and waits for the second.
        _go_on_in_a_child()
        os.setsid()
        _limit_processes()


def _new_namespace() -> bool:
    """Whether the children of this process will see no other; needs no rights on most systems."""
    if sys.platform != "linux":
        return False
    user, group = os.getuid(), os.getgid()
    if ctypes.CDLL(None).unshare(CLONE_NEWUSER | CLONE_NEWPID) != 0:
        return False
    with contextlib.suppress(OSError):  # without these the user has no name, and the same rights
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
        Path("/proc/self/gid_map").write_text(f"{group} {group} 1")
    return True


def _go_on_in_a_child() -> None:
    child = os.fork()
    if child == 0:
        return
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    os._exit(code if code >= 0 else SIGNALLED - code)


def _limit_processes() -> None:
    import resource

    _, most = resource.getrlimit(resource.RLIMIT_NPROC)
    allowed = PROCESSES if most == resource.RLIM_INFINITY else min(PROCESSES, most)
    resource.setrlimit(resource.RLIMIT_NPROC, (allowed, allowed))
