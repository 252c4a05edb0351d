"""Programs on disk: the source of each, and beside it the machine code of its loops."""

from __future__ import annotations

import hashlib
import importlib.util
import tempfile
from pathlib import Path
from types import ModuleType

from autodiff.compiled_files import folder, write_whole
from autodiff.native.makers import makers

__all__ = ["load"]

OWN = ("native", "numba_code", "mathematics", "near")
"""The modules that decide, besides `autodiff.native`, what machine code a source becomes."""


def load(source: str) -> ModuleType:
    """The module with this source, which is written to the folder of programs.

    What lies there is never trusted: a file with other contents is written anew. Where the folder
    cannot be written to, a temporary one takes its place.
    """
    made_by = makers(*(Path(__file__).with_name(f"{name}.py") for name in OWN))
    name = f"program_{hashlib.sha256(f'{made_by}{source}'.encode()).hexdigest()[:24]}"
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


def _written(place: Path, name: str, source: str) -> Path:
    path = place / f"{name}.py"
    if not path.exists() or path.read_text("utf-8") != source:
        write_whole(path, source.encode())
    return path
