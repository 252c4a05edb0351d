"""The learner's own folder, where exercises are edited.

It is ``autodiff-course`` in the home directory, or the folder that the environment variable
AUTODIFF_FOLDER names. A file that is there is never written over.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from lessons.format import Exercise
from lessons.player.storage import free_name

__all__ = ["Workspace", "stamp"]


class Workspace:
    """Gives each exercise its file, as in ``~/autodiff-course/chain-rule/slope.py``."""

    def __init__(self, folder: Path | None = None, course: str = "") -> None:
        home = os.environ.get("AUTODIFF_FOLDER") or Path.home() / "autodiff-course"
        self.folder = Path(folder or home).expanduser().absolute() / course

    def file(self, exercise: Exercise) -> Path:
        """Where the learner's file for an exercise is, or will be."""
        return self.folder / exercise.lesson / f"{exercise.name.replace('-', '_')}.py"

    def begin(self, exercise: Exercise) -> Path:
        """The learner's file, made from the exercise if there is none yet.

        Raises:
            OSError: the folder cannot be written to.
        """
        file = self.file(exercise)
        file.parent.mkdir(parents=True, exist_ok=True)
        if not file.exists():
            shutil.copyfile(exercise.start, file)
        return file

    def started(self, exercise: Exercise) -> bool:
        """Whether the learner's file is there and no longer as it was given out."""
        file = self.file(exercise)
        return file.is_file() and file.read_bytes() != exercise.start.read_bytes()

    def start_over(self, exercise: Exercise) -> Path | None:
        """Bring the first version back; what was there is kept, and its new name returned.

        Raises:
            OSError: the folder cannot be written to.
        """
        file, kept = self.file(exercise), None
        if self.started(exercise):
            kept = free_name(file, ".bak")
            os.replace(file, kept)
        else:
            file.unlink(missing_ok=True)
        self.begin(exercise)
        return kept


def stamp(file: Path) -> tuple[int, int] | None:
    """What changes when a file is saved; None while it is not there, as in the middle of a save."""
    try:
        status = file.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size
