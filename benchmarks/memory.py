"""Peak memory of one work, in a process of its own, above what its library holds by itself."""

from __future__ import annotations

import ctypes
import gc
import re
from pathlib import Path

from peers import work_of
from works import CIFAR_4, SMALL

__all__ = ["peak_of"]

PROCESS = Path("/proc/self")
CALLS = 3


def peak_of(peer: str, name: str) -> float | None:
    """The most MiB that a work takes beyond what was resident when its library was ready.

    Ready means: the library was imported, and ran a small graph and a small network. So loading it,
    its compiler and its threads does not count, wherever it happens. Linux only: elsewhere None.
    """
    if not PROCESS.exists():
        return None
    for small in (SMALL, CIFAR_4):
        warm_up = work_of(peer, small)
        if warm_up is not None:
            _run(warm_up)
    gc.collect()
    _give_back()
    reset_peak()
    before = peak_memory()
    set_up = work_of(peer, name)
    assert set_up is not None
    _run(set_up)
    return max(0.0, peak_memory() - before)


def _run(set_up: object) -> None:
    function = set_up()  # type: ignore[operator]
    for _ in range(CALLS):
        function()


def _give_back() -> None:
    """Let the C library give freed memory back, so that the work cannot use it unnoticed."""
    try:
        ctypes.CDLL(None).malloc_trim(0)
    except (AttributeError, OSError):  # another C library than GNU's
        return


def reset_peak() -> None:
    """Let the peak of this process's memory start from what it uses now."""
    (PROCESS / "clear_refs").write_text("5")


def peak_memory() -> float:
    """The most memory that was resident since the reset, in MiB."""
    found = re.search(r"VmHWM:\s+(\d+) kB", (PROCESS / "status").read_text())
    assert found is not None
    return int(found.group(1)) / 1024
