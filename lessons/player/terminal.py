"""The interactive player: one key, one step."""

from __future__ import annotations

from collections.abc import Callable

from lessons.format import Lesson, no_such_lesson
from lessons.player.progress import Progress
from lessons.player.screen import Screen
from lessons.player.session import Session
from viz.keys import read_key

__all__ = ["Player"]

NEXT = ("\n", "n", "right", " ")
BACK = ("b", "left")


class Player:
    """Plays a course in the terminal, from one lesson to the next, until the learner quits."""

    def __init__(
        self, lessons: list[Lesson], progress: Progress, key: Callable[[], str] = read_key
    ) -> None:
        self.lessons, self.progress, self._key = lessons, progress, key
        self.screen = Screen()
        self._sessions: dict[str, Session] = {}

    def welcome(self, lesson: Lesson) -> None:
        """Show the course to somebody new, and start with the lesson they choose."""
        self.screen.course(self.lessons, self.progress, lesson.id)
        self.screen.say(f"Enter begins with {lesson.title!r}, a number opens a lesson, q quits.")
        try:
            chosen = self._first_lesson(lesson)
        except (KeyboardInterrupt, EOFError):
            return
        if chosen is not None:
            self.play(chosen, 0)

    def play(self, lesson: Lesson, step: int) -> None:
        """Start at a step of a lesson."""
        if self.progress.note:
            self.screen.say(self.progress.note)
        try:
            self._open(lesson, step)
            while (key := self._key()) != "q":
                self._do(key)
        except (KeyboardInterrupt, EOFError):
            pass
        place = self.progress.note or "Your place is kept."
        self.screen.say(f"\n{place} Go on with: autodiff learn {self.lesson.id}")

    def _first_lesson(self, lesson: Lesson) -> Lesson | None:
        while (key := self._key()) != "q":
            if key in NEXT:
                return lesson
            if key.isdecimal() and len(self._numbers_from(key)) > 1:
                key += self.screen.ask("Open lesson:", key)
            if found := self._named(key):
                return found
        return None

    def _numbers_from(self, digit: str) -> list[str]:
        """The numbers of lessons that begin with a digit: 1 may be the beginning of 12."""
        numbers = map(str, range(1, len(self.lessons) + 1))
        return [number for number in numbers if number.startswith(digit)]

    def _named(self, answer: str) -> Lesson | None:
        """The lesson with this number or name."""
        for number, lesson in enumerate(self.lessons, start=1):
            if answer in (str(number), lesson.id):
                return lesson
        return None

    def _open(self, lesson: Lesson, step: int) -> None:
        self.lesson = lesson
        self.session = self._sessions.setdefault(lesson.id, Session(lesson))
        self._show(step)

    def _reopen(self, lesson: Lesson) -> None:
        """Open a lesson where the learner left it; a finished one from its beginning."""
        step = self.progress.step(lesson.id)
        self._open(lesson, 0 if step + 1 >= len(lesson.steps) else step)

    def _show(self, step: int) -> None:
        self.index = max(0, min(step, len(self.lesson.steps) - 1))
        self.progress.at(self.lesson.id, self.index)
        self.screen.step(self.session, self.index)
        self.asking = self.lesson.steps[self.index].asks and not self.session.has_run(self.index)
        if self.asking:
            self.screen.question()
        else:
            self._reveal()

    def _reveal(self) -> None:
        self.asking = False
        self.screen.output(self.session, self.index)

    def _do(self, key: str) -> None:
        if key in NEXT:
            self._next()
        elif key in BACK:
            self._back()
        elif key == "r":
            self._show(self.index)
        elif key == "j" or key.isdecimal():
            self._jump(key.removeprefix("j"))
        elif key == "l":
            self._choose()
        elif key == "?":
            self.screen.help()
        elif key.isprintable():
            self.screen.say(f"{key!r} does nothing here. ? lists the keys.")

    def _next(self) -> None:
        if self.asking:
            self._reveal()
        elif self.index + 1 < len(self.lesson.steps):
            self._show(self.index + 1)
        else:
            self._next_lesson()

    def _next_lesson(self) -> None:
        number = self.lessons.index(self.lesson) + 1
        if number < len(self.lessons):
            self._reopen(self.lessons[number])
        else:
            self.screen.course(self.lessons, self.progress, self.lesson.id)
            self.screen.say("That was the last step of the course. Well done.")

    def _back(self) -> None:
        if self.index == 0:
            self.screen.say("This is the first step of the lesson. l lists the lessons.")
        else:
            self._show(self.index - 1)

    def _jump(self, digit: str) -> None:
        """Go to a step; ``digit`` is what the learner has typed of its number so far."""
        answer = digit + self.screen.ask(f"Jump to step (1 to {len(self.lesson.steps)}):", digit)
        if answer.isdecimal() and 1 <= int(answer) <= len(self.lesson.steps):
            self._show(int(answer) - 1)
        elif answer:
            self.screen.say(f"There is no step {answer!r}.")

    def _choose(self) -> None:
        self.screen.course(self.lessons, self.progress, self.lesson.id)
        answer = self.screen.ask("Open lesson (number or name, Enter to stay):")
        if lesson := self._named(answer):
            self._reopen(lesson)
        elif answer:
            self.screen.say(f"Sorry, {no_such_lesson(answer, self.lessons)}")
