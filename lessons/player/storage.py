"""Small files that survive: written whole or not at all, one writer at a time."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

__all__ = ["free_name", "locked", "set_aside", "write_whole"]


def write_whole(file: Path, text: str) -> None:
    """Put a text into a file in one step, so that nobody ever reads half of it.

    Raises:
        OSError: the folder cannot be written to.
    """
    from autodiff.serialization.archive import atomically

    atomically(file, lambda stream: stream.write(text.encode()))


def free_name(file: Path, suffix: str) -> Path:
    """A name beside a file that nothing has yet: the file's with ``suffix``, and 2, 3, ..."""
    name, number = file.with_name(file.name + suffix), 1
    while name.exists():
        number += 1
        name = file.with_name(f"{file.name}{suffix}{number}")
    return name


def set_aside(file: Path) -> Path | None:
    """Keep a file that cannot be used under another name; None where even that is refused."""
    aside = free_name(file, ".bad")
    try:
        os.replace(file, aside)
    except OSError:
        return None
    return aside


@contextmanager
def locked(file: Path) -> Iterator[None]:
    """Wait until no other process holds this lock, and hold it.

    Raises:
        OSError: the folder cannot be written to.
    """
    with open(os.open(file, os.O_RDWR | os.O_CREAT, 0o600), "rb") as lock:
        _hold(lock.fileno())
        yield  # closing the file lets go of the lock


def _hold(handle: int) -> None:
    try:
        import fcntl
    except ImportError:
        import msvcrt

        msvcrt.locking(handle, msvcrt.LK_LOCK, 1)  # type: ignore[attr-defined]
        return
    fcntl.flock(handle, fcntl.LOCK_EX)
