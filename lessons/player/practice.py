"""An exercise step: the learner's file, its checks on save, hints, solution, starting over."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from lessons.format import Exercise, text_of
from lessons.player.progress import Progress
from lessons.player.workspace import Workspace, stamp
from lessons.runner import check_file

if TYPE_CHECKING:
    from lessons.player.plain import PlainScreen
    from lessons.player.screen import Screen

__all__ = ["POLL", "Practice"]

POLL = 0.3
"""Seconds between two looks at the learner's file."""


class Practice:
    """One exercise on the screen."""

    def __init__(
        self,
        exercise: Exercise,
        screen: Screen | PlainScreen,
        progress: Progress,
        workspace: Workspace,
    ) -> None:
        self.exercise, self.screen = exercise, screen
        self.progress, self.workspace = progress, workspace
        self.told = ""
        self.file: Path | None = None
        self._checked: tuple[int, int] | None = None
        self._seen: tuple[int, int] | None = None
        self.commands = {
            "c": self.check, "h": self.hint, "s": self.solution, "x": self.start_over,
        }  # fmt: skip

    @property
    def passed(self) -> bool:
        return self.progress.passed(self.exercise.lesson, self.exercise.name)

    def show(self) -> None:
        """Make the learner's file if there is none, say where it is, and check what is in it."""
        try:
            self.file = self.workspace.begin(self.exercise)
        except OSError as error:
            self.screen.say(f"Your file cannot be written: {error}")
            self.screen.say("Set AUTODIFF_FOLDER to a folder that you may write to.")
            return
        self.screen.exercise(self.exercise, self.file, self.passed)
        if self.workspace.started(self.exercise) and not self.passed:
            self.check()
        self._checked = self._seen = stamp(self.file)

    def saved(self) -> bool:
        """Whether the file was saved since the last check, and nobody is writing it just now."""
        if self.file is None:
            return False
        before, self._seen = self._seen, stamp(self.file)
        return self._seen is not None and self._seen == before and self._seen != self._checked

    def check(self) -> None:
        """Check the file and show what there is to say."""
        if self.file is None:
            return
        self._checked = self._seen = stamp(self.file)
        self.screen.say("\nChecking ...")
        report = check_file(self.exercise, self.file)
        self.told = report.feedback
        self.screen.report(report)
        if report.passed:
            self.progress.has_passed(self.exercise.lesson, self.exercise.name)
            self.screen.say("Enter goes on. s shows how we would write it.")

    def hint(self) -> None:
        """Show the hints so far and one more; once all were shown, all of them again."""
        try:
            hints = self.exercise.hints
        except (OSError, ValueError) as error:
            self.screen.say(f"The hints cannot be shown: {error}")
            return
        if not hints:
            self.screen.say("There are no hints for this exercise.")
            return
        asked = self.progress.hints(self.exercise.lesson, self.exercise.name)
        count = min(asked + 1, len(hints))
        self.progress.has_hints(self.exercise.lesson, self.exercise.name, count)
        for number, hint in enumerate(hints[:count], start=1):
            self.screen.hint(number, len(hints), hint)
        more = len(hints) - count
        self.screen.say(f"h gives the next one ({more} more)." if more else "These are all hints.")

    def solution(self) -> None:
        """Show our solution, to those who have one of their own."""
        if self.passed:
            try:
                solution = text_of(self.exercise.solution)
            except (OSError, ValueError) as error:
                self.screen.say(f"The solution cannot be shown: {error}")
                return
            self.screen.say("\nThis is how we would write it:")
            self.screen.code(solution.rstrip())
        else:
            self.screen.say("The solution is shown once yours passes. h gives a hint.")

    def start_over(self) -> None:
        """Bring the first version of the file back, once the learner has confirmed it."""
        answer = self.screen.ask("Start this exercise over? Your file is kept as a copy. (y/N)")
        if answer.casefold() not in ("y", "yes"):
            self.screen.say("Nothing was changed.")
            return
        try:
            kept = self.workspace.start_over(self.exercise)
        except OSError as error:
            self.screen.say(f"The file cannot be written: {error}")
            return
        self.screen.say(f"{self.workspace.file(self.exercise)} is as it was at first.")
        if kept is not None:
            self.screen.say(f"What you had is in {kept}.")
        self._checked = self._seen = stamp(self.workspace.file(self.exercise))
