"""The learner's place in the course, in one small readable file.

It is ``progress.json`` in the folder ``.autodiff`` of the home directory, or in the folder that the
environment variable AUTODIFF_HOME names:

    {"version": 2,
     "last": "chain-rule",
     "lessons": {"chain-rule": {"step": 3, "seen": 5, "passed": ["slope"], "hints": {"slope": 1},
                                "predictions": {"3": true}}},
     "courses": {"my-course": {"last": ..., "lessons": ...}}}

Steps count from 0. What a later version writes beside this is kept.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from lessons.format import Lesson
from lessons.player.storage import free_name, locked, set_aside, write_whole

__all__ = ["Progress"]

VERSION = 2

State = dict[str, Any]


class Progress:
    """What the learner has seen, predicted, solved and asked hints for.

    Every change is made to what is in the file by then, so that two players at once keep what both
    have done. A file that cannot be read is set aside under another name, and ``note`` says so.
    Where nothing can be written the course still plays, without keeping the place.

    Args:
        folder: where the file is.
        course: the name of a course other than our own, whose lessons are kept apart.
    """

    def __init__(self, folder: Path | None = None, course: str = "") -> None:
        self.folder = folder or Path(os.environ.get("AUTODIFF_HOME") or Path.home() / ".autodiff")
        self.path = self.folder / "progress.json"
        self.course = course
        self.note = ""
        self._state = self._read() or _empty()

    # -- what is known ----------------------------------------------------------------------------

    @property
    def last_lesson(self) -> str | None:
        """The lesson that was open last."""
        return _part(self._state, self.course)["last"]

    def step(self, lesson: str) -> int:
        """The step of a lesson that was shown last, from 0."""
        return self._of(lesson).get("step", 0)

    def seen(self, lesson: str) -> int:
        """How many steps of a lesson have been seen."""
        return self._of(lesson).get("seen", 0)

    def passed(self, lesson: str, exercise: str) -> bool:
        """Whether the check of an exercise has passed."""
        return exercise in self._of(lesson).get("passed", [])

    def hints(self, lesson: str, exercise: str) -> int:
        """How many hints of an exercise the learner has asked for."""
        return self._of(lesson).get("hints", {}).get(exercise, 0)

    def predictions(self, lesson: str) -> tuple[int, int]:
        """How many predictions were right, and how many were made."""
        made = self._of(lesson).get("predictions", {}).values()
        return sum(made), len(made)

    def done(self, lesson: Lesson) -> bool:
        """Whether every step of a lesson was seen and every exercise has passed."""
        passed = all(self.passed(lesson.id, exercise.name) for exercise in lesson.exercises)
        return passed and self.seen(lesson.id) >= len(lesson.steps)

    def _of(self, lesson: str) -> State:
        return _part(self._state, self.course)["lessons"].get(lesson, {})

    # -- what happens -----------------------------------------------------------------------------

    def at(self, lesson: str, step: int) -> None:
        """Note that a step of a lesson is on the screen, and keep it."""

        def change(part: State) -> None:
            place = part["lessons"].setdefault(lesson, {})
            place["step"], place["seen"] = step, max(place.get("seen", 0), step + 1)
            part["last"] = lesson

        self._change(change)

    def predicted(self, lesson: str, step: int, right: bool) -> None:
        """Keep whether the first answer to a question was right."""

        def change(part: State) -> None:
            made = _new(part["lessons"], lesson).setdefault("predictions", {})
            made.setdefault(str(step), right)

        self._change(change)

    def has_passed(self, lesson: str, exercise: str) -> None:
        """Keep that an exercise has passed."""

        def change(part: State) -> None:
            passed = _new(part["lessons"], lesson).setdefault("passed", [])
            if exercise not in passed:
                passed.append(exercise)

        self._change(change)

    def has_hints(self, lesson: str, exercise: str, count: int) -> None:
        """Keep how many hints were asked for."""

        def change(part: State) -> None:
            hints = _new(part["lessons"], lesson).setdefault("hints", {})
            hints[exercise] = max(count, hints.get(exercise, 0))

        self._change(change)

    def reset(self, lesson: str | None = None) -> None:
        """Forget one lesson, or all lessons of the course."""

        def change(part: State) -> None:
            if lesson is None:
                part["last"], part["lessons"] = None, {}
            else:
                part["lessons"].pop(lesson, None)

        self._change(change)

    def adopt(self, lessons: Iterable[Lesson]) -> None:
        """Move what was kept under a former id of a lesson (``was`` in course.toml) to its id."""
        kept = _part(self._state, self.course)["lessons"]
        moved = {
            old: lesson.id
            for lesson in lessons
            for old in lesson.was
            if old in kept and lesson.id not in kept
        }

        def change(part: State) -> None:
            for old, new in moved.items():
                part["lessons"][new] = part["lessons"].pop(old)
                if part["last"] == old:
                    part["last"] = new

        if moved:
            self._change(change)

    # -- elsewhere --------------------------------------------------------------------------------

    def back_up(self) -> Path | None:
        """Keep a copy of the file beside it; None where there is nothing to keep."""
        copy = free_name(self.path, ".bak")
        try:
            shutil.copyfile(self.path, copy)
        except OSError:
            return None
        return copy

    def export_to(self, file: Path) -> None:
        """Write everything into another file, to be taken along.

        Raises:
            OSError: it cannot be written.
        """
        write_whole(file, _text(self._read() or self._state))

    def import_from(self, file: Path) -> None:
        """Add what another file knows: the farther step, and every exercise that has passed.

        Raises:
            OSError: it cannot be read.
            ValueError: it is no file of progress.
        """
        try:
            other = _checked(json.loads(file.read_text(encoding="utf-8")))
        except (KeyError, TypeError, ValueError, RecursionError, OverflowError):
            raise ValueError(f"{file} is no file of progress; nothing was changed.") from None
        names = ["", *other.get("courses", {})]

        def merge(state: State) -> None:
            for name in names:
                _merge(_part(state, name), _part(other, name))

        self._change_all(merge)

    # -- the file ---------------------------------------------------------------------------------

    def _change(self, change: Callable[[State], None]) -> None:
        self._change_all(lambda state: change(_part(state, self.course)))

    def _change_all(self, change: Callable[[State], None]) -> None:
        """Make a change to what is in the file by now, and write it."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with locked(self.folder / ".lock"):
                # Without a file, what is known here is all there is.
                self._state = self._read() or self._state
                change(self._state)
                write_whole(self.path, _text(self._state))
        except OSError as error:
            change(self._state)
            self.note = f"Your place cannot be kept in {self.folder}: {error.strerror}."

    def _read(self) -> State | None:
        """What is in the file; None where there is none, or it is damaged and was set aside."""
        try:
            return _checked(json.loads(self.path.read_text(encoding="utf-8")))
        except FileNotFoundError:
            return None
        except (OSError, ValueError, TypeError, KeyError, OverflowError, RecursionError) as error:
            aside = set_aside(self.path)
            self.note = f"{self.path} could not be read ({error}); starting anew."
            self.note += f" It is kept as {aside}." if aside else ""
            return None


def _empty() -> State:
    return {"version": VERSION, "last": None, "lessons": {}}


def _part(state: State, course: str) -> State:
    """What belongs to one course; our own is at the top of the file."""
    if not course:
        return state
    return state.setdefault("courses", {}).setdefault(course, {"last": None, "lessons": {}})


def _new(lessons: State, name: str) -> State:
    return lessons.setdefault(name, {"step": 0, "seen": 0})


def _text(state: State) -> str:
    return json.dumps(state, indent=2) + "\n"


def _checked(state: State) -> State:
    """The state, if what is read here has the right form; the first version had no number."""
    state = {"version": VERSION, **state}
    for part in (state, *dict(state.get("courses", {})).values()):
        if not isinstance(part["last"], str | None):
            raise TypeError("the last lesson is no name")
        for place in part["lessons"].values():
            place["step"], place["seen"] = int(place["step"]), int(place["seen"])
            place["passed"] = [str(name) for name in place.get("passed", [])]
            place["hints"] = {name: int(n) for name, n in dict(place.get("hints", {})).items()}
            made = dict(place.get("predictions", {}))
            place["predictions"] = {number: bool(right) for number, right in made.items()}
    return state


def _merge(mine: State, other: State) -> None:
    """Add to one course what another file knows of it."""
    mine["last"] = mine["last"] or other["last"]
    for name, place in other["lessons"].items():
        here = mine["lessons"].setdefault(name, place)
        here["seen"] = max(here["seen"], place["seen"])
        here["step"] = max(here["step"], place["step"])
        here["passed"] = list(dict.fromkeys([*here.get("passed", []), *place["passed"]]))
        here["hints"] = {**place["hints"], **here.get("hints", {})}
        here["predictions"] = {**place["predictions"], **here.get("predictions", {})}
