"""What machine code depends on, besides the text that it is made of."""

from __future__ import annotations

import sys
from importlib.metadata import version
from pathlib import Path

__all__ = ["makers"]

OWN = ("machine_code", "numba_code", "parameter")
"""The modules of this package that decide what any text becomes."""


def makers(*own: Path) -> str:
    """What makes machine code: versions of others' parts, the text of our own and of ``own``."""
    versions = [f"{name} {version(name)}" for name in ("numba", "llvmlite", "numpy")]
    files = [*(Path(__file__).with_name(f"{name}.py") for name in OWN), *own]
    texts = [file.read_text("utf-8") for file in files]
    return "\n".join([sys.version, *versions, *texts])
