"""Programs on disk: the source of each, and beside it the machine code of its loops."""

from __future__ import annotations

import hashlib
import importlib.util
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path
from types import ModuleType

from autodiff.compiled_files import folder, write_whole

__all__ = ["load", "makers"]

OWN = ("native", "numba_code", "mathematics", "near")
"""The modules that decide what machine code a source becomes."""


def load(source: str) -> ModuleType:
    """The module with this source, which is written to the folder of programs.

    What lies there is never trusted: a file with other contents is written anew. Where the folder
    cannot be written to, a temporary one takes its place.
    """
    name = f"program_{hashlib.sha256(f'{makers()}{source}'.encode()).hexdigest()[:24]}"
    try:
        path = _written(folder(), name, source)
    except OSError:
        path = _written(Path(tempfile.mkdtemp(prefix="autodiff-")), name, source)
    spec = importlib.util.spec_from_file_location(f"autodiff.compiled.{name}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    exec(compile(source, str(path), "exec"), module.__dict__)
    return module


def makers() -> str:
    """What makes machine code of a source: the versions of others' parts, the text of our own."""
    versions = [f"{name} {version(name)}" for name in ("numba", "llvmlite", "numpy")]
    own = [Path(__file__).with_name(f"{name}.py").read_text("utf-8") for name in OWN]
    return "\n".join([sys.version, *versions, *own])


def _written(place: Path, name: str, source: str) -> Path:
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = place / f"{name}.py"
    if not path.exists() or path.read_text("utf-8") != source:
        write_whole(path, source.encode())
    return path
