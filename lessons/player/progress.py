"""The learner's place in the course, in one small readable file.

It is ``progress.json`` in the folder ``.autodiff`` of the home directory, or in the folder that the
environment variable AUTODIFF_HOME names.
"""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path
from typing import Any

__all__ = ["Progress"]


class Progress:
    """Which steps were seen: the farthest and the last one of each lesson, and the last lesson.

    A file that cannot be read is set aside under another name, and ``note`` says so. Where
    nothing can be written the course still plays, without keeping the place.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or Path(os.environ.get("AUTODIFF_HOME") or Path.home() / ".autodiff")
        self.path = self.folder / "progress.json"
        self.note = ""
        self._state = self._read()

    @property
    def last_lesson(self) -> str | None:
        """The lesson that was open last."""
        return self._state["last"]

    def step(self, lesson: str) -> int:
        """The step of a lesson that was shown last, from 0."""
        return self._state["lessons"].get(lesson, {}).get("step", 0)

    def seen(self, lesson: str) -> int:
        """How many steps of a lesson have been seen."""
        return self._state["lessons"].get(lesson, {}).get("seen", 0)

    def at(self, lesson: str, step: int) -> None:
        """Note that a step of a lesson is on the screen, and keep it."""
        seen = max(self.seen(lesson), step + 1)
        self._state["last"] = lesson
        self._state["lessons"][lesson] = {"step": step, "seen": seen}
        self._write()

    def reset(self, lesson: str | None = None) -> None:
        """Forget one lesson, or everything."""
        if lesson is None:
            self._state = _empty()
        else:
            self._state["lessons"].pop(lesson, None)
        self._write()

    def _read(self) -> dict[str, Any]:
        try:
            return _checked(json.loads(self.path.read_text(encoding="utf-8")))
        except FileNotFoundError:
            return _empty()
        except (OSError, ValueError, TypeError, KeyError, OverflowError, RecursionError) as error:
            self.note = f"{self.path} could not be read ({error}); starting anew."
            self._set_aside()
            return _empty()

    def _set_aside(self) -> None:
        aside = self.path.with_name("progress.json.bad")
        number = 1
        while aside.exists():
            number += 1
            aside = self.path.with_name(f"progress.json.bad{number}")
        try:
            os.replace(self.path, aside)
        except OSError:
            return
        self.note += f" It is kept as {aside}."

    def _write(self) -> None:
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            handle, temporary = tempfile.mkstemp(dir=self.folder, prefix=".", suffix=".json")
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                json.dump(self._state, file, indent=2)
            os.replace(temporary, self.path)
        except OSError as error:
            self.note = f"Your place cannot be kept in {self.folder}: {error.strerror}."


def _empty() -> dict[str, Any]:
    return {"last": None, "lessons": {}}


def _checked(state: Any) -> dict[str, Any]:
    """The state, if it has the right form."""
    lessons = {
        str(name): {"step": int(place["step"]), "seen": int(place["seen"])}
        for name, place in dict(state["lessons"]).items()
    }
    return {"last": state["last"], "lessons": lessons}
