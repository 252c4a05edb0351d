"""Compiled kernels on disk, so that a program compiles each of them once in its life.

A file is found by the kernel's text and types, the device's compute capability and the versions of
what compiled it.
"""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.metadata import version
from pathlib import Path

from autodiff.backends.cuda.kernel import Kernel
from autodiff.compiled_files import folder, write_whole

__all__ = ["key", "load", "store"]


@cache
def _versions() -> str:
    return " ".join(version(name) for name in ("numba", "numba-cuda", "cuda-core"))


def key(kernel: Kernel, capability: tuple[int, int]) -> str:
    parts = (kernel.text, *kernel.signature, str(capability), _versions())
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def load(key: str) -> tuple[str, bytes] | None:
    """The name and the machine code of a kernel, or None where it is not (or not readable)."""
    try:
        name, _, code = _path(key).read_bytes().partition(b"\n")
    except OSError:
        return None
    return name.decode(), code


def store(key: str, compiled: tuple[str, bytes]) -> None:
    """Keep a compiled kernel; where that fails, it is compiled again next time."""
    name, code = compiled
    path = _path(key)
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_whole(path, name.encode() + b"\n" + code)
    except OSError:
        return


def _path(key: str) -> Path:
    return folder() / "cubins" / key
