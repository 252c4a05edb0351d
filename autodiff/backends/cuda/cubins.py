"""Compiled kernels on disk, so that a program compiles each of them once in its life.

A file is found by the kernel's text and types, the device's compute capability and the versions of
what compiled it. AUTODIFF_CACHE_DIR says where they are kept, by default the user's cache folder.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from functools import cache
from importlib.metadata import version
from pathlib import Path

from autodiff.backends.cuda.kernel import Kernel

__all__ = ["folder", "key", "load", "store"]


def folder() -> Path:
    if own := os.environ.get("AUTODIFF_CACHE_DIR"):
        return Path(own)
    general = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA")
    return (Path(general) if general else Path.home() / ".cache") / "autodiff" / "cubins"


@cache
def _versions() -> str:
    return " ".join(version(name) for name in ("numba", "numba-cuda", "cuda-core"))


def key(kernel: Kernel, capability: tuple[int, int]) -> str:
    parts = (kernel.text, *kernel.signature, str(capability), _versions())
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def load(key: str) -> tuple[str, bytes] | None:
    """The name and the machine code of a kernel, or None where it is not (or not readable)."""
    try:
        name, _, code = (folder() / key).read_bytes().partition(b"\n")
    except OSError:
        return None
    return name.decode(), code


def store(key: str, compiled: tuple[str, bytes]) -> None:
    """Keep a compiled kernel; where that fails, it is compiled again next time."""
    name, code = compiled
    try:
        folder().mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=folder(), delete=False) as file:
            file.write(name.encode() + b"\n" + code)
        os.replace(file.name, folder() / key)
    except OSError:
        return
