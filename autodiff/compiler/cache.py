"""Programs on disk: Numba keeps its machine code beside a module's file, so there has to be one."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import sys
import tempfile
from pathlib import Path
from types import ModuleType

import numpy as np

__all__ = ["folder", "load"]


def folder() -> Path:
    """Where programs are kept: ``AUTODIFF_CACHE``, or the user's folder for such files."""
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


def load(source: str) -> ModuleType:
    """The module with this source, which is written to the folder of programs.

    What lies there is never trusted: a file with other contents is written anew. Where the folder
    cannot be written to, a temporary one takes its place.
    """
    name = f"program_{_fingerprint(source)}"
    try:
        path = _written(folder(), name, source)
    except OSError:
        path = _written(Path(tempfile.mkdtemp(prefix="autodiff-")), name, source)
    spec = importlib.util.spec_from_file_location(f"autodiff.compiled.{name}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    # Numba asks for the module by name when it reads machine code from disk. The same program can
    # run on other tensors: it then is another module with the same loops.
    sys.modules.setdefault(spec.name, module)
    exec(compile(source, str(path), "exec"), module.__dict__)
    return module


def _fingerprint(source: str) -> str:
    import numba

    from autodiff import __version__

    versions = f"{__version__} {numba.__version__} {np.__version__} {sys.version}"
    return hashlib.sha256(f"{versions}\n{source}".encode()).hexdigest()[:24]


def _written(place: Path, name: str, source: str) -> Path:
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = place / f"{name}.py"
    if not path.exists() or path.read_text("utf-8") != source:
        # Another process may be reading: a file appears whole or not at all.
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", dir=place, suffix=".tmp", delete=False
        ) as file:
            file.write(source)
        os.replace(file.name, path)
    return path
