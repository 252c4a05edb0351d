"""Whether a program gives back all the memory that it took."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable

__all__ = ["TOLERANCE", "assert_gives_back"]

TOLERANCE = 2000
"""Blocks of memory that may stay behind, in caches. The programs take 20 times as many and more.

Every node, tensor and array is at least one block. The bytes that the process has from the system
would say less: Python keeps some of those that it does not use.
"""


def assert_gives_back(program: Callable[[], object], *, cycles: bool = False) -> None:
    """Run ``program`` and hold the number of blocks of memory in use afterwards to that before.

    Unless it may leave ``cycles``, nothing of it may need the collector of cycles.
    """
    gc.collect()
    gc.disable()
    try:
        before = sys.getallocatedblocks()
        program()
        unreachable = gc.collect()  # which also empties Python's lists of blocks to use again
        left = sys.getallocatedblocks() - before
    finally:
        gc.enable()
    assert left < TOLERANCE, f"{left:,} blocks of memory are left behind"
    assert cycles or unreachable < 100, f"{unreachable:,} objects waited for the collector"
