"""Where in the user's program something happened."""

from __future__ import annotations

import linecache
import os
import sys
from pathlib import Path
from typing import Any, NamedTuple

__all__ = ["SourceLine", "user_line", "user_lines"]

OURS = (str(Path(__file__).parent) + os.sep, "<generated ")
"""How the file names of this package begin, and those of the code it generates."""


class SourceLine(NamedTuple):
    """A line of a program: its file and its number.

    >>> import autodiff as ad
    >>> print(ad.autograd.graph.SourceLine("program.py", 3))
    program.py, line 3
    """

    file: str
    line: int

    @property
    def text(self) -> str:
        """The line itself, or nothing where the source is not at hand."""
        return linecache.getline(self.file, self.line).strip()

    def __str__(self) -> str:
        text = f": {self.text}" if self.text else ""
        return f"{Path(self.file).name}, line {self.line}{text}"


def user_line() -> SourceLine | None:
    """The innermost line being run that is not part of this package."""
    return user_lines()[0]


def user_lines() -> tuple[SourceLine | None, str]:
    """That line, and the file of this package that was called from it."""
    frame: Any = sys._getframe(1)
    through = ""
    while frame is not None and frame.f_code.co_filename.startswith(OURS):
        through = frame.f_code.co_filename
        frame = frame.f_back
    if frame is None:
        return None, through
    return SourceLine(frame.f_code.co_filename, frame.f_lineno), through
