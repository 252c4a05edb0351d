"""The interactive player: one key, one step."""

from __future__ import annotations

from collections.abc import Callable

from lessons.format import Lesson
from lessons.player.keys import read_key
from lessons.player.progress import Progress
from lessons.player.screen import Screen
from lessons.player.session import Session

__all__ = ["Player"]


class Player:
    """Plays a course in the terminal, from one lesson to the next, until the learner quits."""

    def __init__(
        self, lessons: list[Lesson], progress: Progress, key: Callable[[], str] = read_key
    ) -> None:
        self.lessons, self.progress, self._key = lessons, progress, key
        self.screen = Screen()
        self._sessions: dict[str, Session] = {}

    def play(self, lesson: Lesson, step: int) -> None:
        """Start at a step of a lesson."""
        if self.progress.note:
            self.screen.say(self.progress.note)
        if self.progress.last_lesson is None:
            self.screen.course(self.lessons, self.progress, lesson.id)
        self._open(lesson, step)
        while self._act():
            pass
        self.screen.say(f"\nYour place is kept. Go on with: autodiff learn {self.lesson.id}")

    def _open(self, lesson: Lesson, step: int) -> None:
        self.lesson = lesson
        self.session = self._sessions.setdefault(lesson.id, Session(lesson))
        self._show(step)

    def _show(self, step: int) -> None:
        self.index = max(0, min(step, len(self.lesson.steps) - 1))
        self.screen.step(self.session, self.index)
        self.asking = self.lesson.steps[self.index].asks and not self.session.has_run(self.index)
        if self.asking:
            self.screen.question()
        else:
            self._reveal()

    def _reveal(self) -> None:
        self.asking = False
        self.screen.output(self.session, self.index)
        self.progress.at(self.lesson.id, self.index)

    def _act(self) -> bool:
        """Wait for a key and do what it says; False when it says to quit."""
        try:
            key = self._key()
            if key == "q":
                return False
            self._do(key)
        except (KeyboardInterrupt, EOFError):
            return False
        return True

    def _do(self, key: str) -> None:
        if key in ("\n", "n", "right", " "):
            self._next()
        elif key in ("b", "left"):
            self._back()
        elif key == "r":
            self._show(self.index)
        elif key == "j":
            self._jump()
        elif key == "l":
            self._choose()
        elif key == "?":
            self.screen.help()

    def _next(self) -> None:
        if self.asking:
            self._reveal()
            return
        if self.index + 1 < len(self.lesson.steps):
            self._show(self.index + 1)
            return
        number = self.lessons.index(self.lesson) + 1
        if number == len(self.lessons):
            self.screen.say("\nThat was the last step of the course. Well done.")
            self.screen.course(self.lessons, self.progress, self.lesson.id)
        else:
            self._open(self.lessons[number], 0)

    def _back(self) -> None:
        if self.index == 0:
            self.screen.say("This is the first step of the lesson. l lists the lessons.")
        else:
            self._show(self.index - 1)

    def _jump(self) -> None:
        answer = self.screen.ask(f"Jump to step (1 to {len(self.lesson.steps)}):")
        if answer.isdecimal() and 1 <= int(answer) <= len(self.lesson.steps):
            self._show(int(answer) - 1)
        elif answer:
            self.screen.say(f"There is no step {answer!r}.")

    def _choose(self) -> None:
        self.screen.course(self.lessons, self.progress, self.lesson.id)
        answer = self.screen.ask("Open lesson (number or name, Enter to stay):")
        for number, lesson in enumerate(self.lessons, start=1):
            if answer in (str(number), lesson.id):
                self._open(lesson, self.progress.step(lesson.id))
                return
        if answer:
            self.screen.say(f"There is no lesson {answer!r}.")
