"""What was compiled stays on disk: where, and how a file gets there."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from autodiff.serialization.archive import atomically

__all__ = ["folder", "write_whole"]


def folder() -> Path:
    """Where compiled code is kept: ``AUTODIFF_CACHE``, or the user's folder for such files."""
    if chosen := os.environ.get("AUTODIFF_CACHE"):
        return Path(chosen)
    home = Path.home()
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA", home / "AppData" / "Local"))
    elif sys.platform == "darwin":
        base = home / "Library" / "Caches"
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME") or home / ".cache")
    return base / "autodiff"


def write_whole(path: Path, contents: bytes) -> None:
    """Write a file that appears whole or not at all: another process may be reading."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    atomically(path, lambda file: file.write(contents), durable=False)
