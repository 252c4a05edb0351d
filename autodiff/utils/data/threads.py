"""One thread for the matrix products of each worker.

Every process has threads of its own for them, which wait for each other by spinning: products of
300 x 300 matrices, in two workers on two cores, took 18 times as long as with one thread each.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
from collections.abc import Iterator
from pathlib import Path

__all__ = ["one_thread", "one_thread_in_new_processes"]

VARIABLES = ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS", "OMP_NUM_THREADS")
SETTERS = (
    "scipy_openblas_set_num_threads64_", "openblas_set_num_threads64_", "openblas_set_num_threads",
)  # fmt: skip


@contextlib.contextmanager
def one_thread_in_new_processes() -> Iterator[None]:
    """While it lasts, a Python that starts uses one thread, unless the user has said otherwise."""
    unset = [name for name in VARIABLES if name not in os.environ]
    os.environ.update(dict.fromkeys(unset, "1"))
    try:
        yield
    finally:
        for name in unset:
            del os.environ[name]


def one_thread() -> None:
    """Use one thread from here on, in a process that has loaded OpenBLAS already (on Linux)."""
    maps = Path("/proc/self/maps")
    if not maps.exists():
        return
    loaded = {line.split()[-1] for line in maps.read_text().splitlines() if "openblas" in line}
    for path in loaded:
        with contextlib.suppress(OSError):
            library = ctypes.CDLL(path)
            for name in SETTERS:
                if hasattr(library, name):
                    getattr(library, name)(1)
