"""The interactive player: one key, one step."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from lessons.format import Lesson
from lessons.player.menus import HELP, HELP_EXERCISE, NAMES, begin, choose_hit, choose_lesson
from lessons.player.practice import POLL, Practice
from lessons.player.progress import Progress
from lessons.player.sandbox import try_it
from lessons.player.session import Session
from lessons.player.workspace import Workspace
from lessons.predict import Question, UnclearError
from lessons.search import named_in

if TYPE_CHECKING:
    from lessons.player.plain import PlainScreen
    from lessons.player.screen import Screen

__all__ = ["Player"]

PATIENCE = 0.8
"""After so many seconds of computing before a question, say what is going on."""


class Player:
    """Plays a course in the terminal, from one lesson to the next, until the learner quits.

    Args:
        screen: shows everything, and reads keys and lines.
        workspace: where the learner's files are.
        options: what else to type after ``autodiff learn LESSON`` to come back.
    """

    def __init__(
        self,
        lessons: list[Lesson],
        progress: Progress,
        screen: Screen | PlainScreen,
        workspace: Workspace | None = None,
        options: str = "",
    ) -> None:
        self.lessons, self.progress, self.screen = lessons, progress, screen
        self.workspace, self.options = workspace or Workspace(), options
        self._sessions: dict[str, Session] = {}
        self._revealed: set[tuple[str, int]] = set()
        self._asked: Question | None = None
        self._waits = False
        self._practice: Practice | None = None
        self._ended = False
        self._playing = True
        self._commands: dict[str, Callable[[], None]] = {
            "n": self._next, "b": self._back, "j": self._jump, "r": lambda: self._show(self.index),
            "t": self._try, "e": self._explain, "l": self._choose, "/": self._search,
            "?": self._help, "q": self._quit,
        }  # fmt: skip

    # -- beginning and end ------------------------------------------------------------------------

    def welcome(self, lesson: Lesson) -> None:
        """Tell somebody new how it works, and start with the first lesson or the one they name."""
        try:
            chosen = begin(self.screen, self.lessons, self.progress, self.workspace, lesson)
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
            while self._playing:
                if self._asked is not None:
                    self._predict(self._asked)
                else:
                    self._do(self._wait())
        except (KeyboardInterrupt, EOFError):
            pass
        place = self.progress.note or "Your place is kept."
        self.screen.say(f"\n{place} Go on with: autodiff learn {self.lesson.id}{self.options}")

    def _quit(self) -> None:
        self._playing, self._asked = False, None

    # -- keys -------------------------------------------------------------------------------------

    def _wait(self) -> str:
        """The next key; meanwhile the learner's file is checked whenever it is saved."""
        while self._practice is not None:
            if key := self.screen.key(POLL):
                return key
            if self._practice.saved():
                self._practice.check()
                self._place()
        return self.screen.key(None)

    def _do(self, key: str) -> None:
        key = NAMES.get(key, key)
        practice = self._practice
        if practice is not None and key in practice.commands:
            practice.commands[key]()
            self._place()
        elif key.isdecimal():
            self._jump(key)
        elif key in self._commands:
            self._commands[key]()
        elif key.isprintable() and key:
            self.screen.say(f"{key!r} does nothing here. ? lists the keys.")

    # -- steps ------------------------------------------------------------------------------------

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
        self._practice = self._asked = None
        self._ended = False
        self.screen.step(self.session, self.index)
        shown = self.lesson.steps[self.index]
        if shown.exercise:
            self._practice = Practice(
                self.lesson.exercise(shown.exercise), self.screen, self.progress, self.workspace
            )
            self._practice.show()
            self._place()
            return
        self._waits = shown.asks and (self.lesson.id, self.index) not in self._revealed
        if self._waits and shown.predict:
            self._asked = self._patiently(lambda: self.session.question(self.index))
        if not self._waits or (shown.predict and self._asked is None):
            self._reveal()
        elif self._asked is None:
            self.screen.question([("b", "back"), ("?", "help"), ("q", "quit")])

    def _reveal(self, reason: str = "") -> None:
        """Show what the step prints, and for those who made no guess the reason."""
        self._asked, self._waits = None, False
        self._revealed.add((self.lesson.id, self.index))
        self.screen.output(self.session, self.index)
        if reason:
            self.screen.reason(reason)
        self._place()

    def _place(self) -> None:
        total = len(self.lesson.steps)
        if self._ended:
            forward = "next lesson" if self._following else "end of the course"
            keys = [("Enter", forward), ("b", "back"), ("l", "list")]
        elif self._practice is None:
            keys = [("Enter", "next"), ("b", "back"), ("t", "try it"), ("l", "list")]
        elif self._practice.passed:
            keys = [("Enter", "next"), ("s", "solution")]
        else:
            keys = [("Enter", "next"), ("h", "hint"), ("c", "check")]
        keys += [("?", "help"), ("q", "quit")]
        self.screen.place(self.index, total, keys)

    def _patiently(self, compute: Callable[[], Any]) -> Any:
        """Compute something, and say so when it takes a while."""
        timer = threading.Timer(PATIENCE, self.screen.say, ["The code is running ..."])
        timer.start()
        try:
            return compute()
        finally:
            timer.cancel()

    # -- questions --------------------------------------------------------------------------------

    def _predict(self, question: Question) -> None:
        """Read one answer, or a command, at a question."""
        for number, option in enumerate(question.options, start=1):
            self.screen.say(f"  {number}  {option}")
        answer = self.screen.ask(f"? {question.ask} (Enter shows it):")
        # What may be the beginning of an answer is no command: n is no before it is next.
        begun = any(option.casefold().startswith(answer.casefold()) for option in question.options)
        command = NAMES.get(answer.casefold(), answer)
        if not answer or (command == "n" and not begun):
            self._reveal(question.because)
        elif command in self._commands and not begun:
            self._commands[command]()
        else:
            self._judge(answer)

    def _judge(self, answer: str) -> None:
        try:
            verdict = self.session.judge(self.index, answer)
        except UnclearError as error:
            self.screen.say(str(error))
            return
        self.progress.predicted(self.lesson.id, self.index, verdict.right)
        self.screen.verdict(verdict)
        self._reveal()

    # -- commands ---------------------------------------------------------------------------------

    def _next(self) -> None:
        if self._waits:
            self._reveal()
        elif self.index + 1 < len(self.lesson.steps):
            self._show(self.index + 1)
        elif not self._ended:
            self._end()
        elif self._following is not None:
            self._reopen(self._following)
        else:
            self.screen.course(self.lessons, self.progress, self.lesson.id)
            self.screen.say("That was the last step of the course. Well done.")

    @property
    def _following(self) -> Lesson | None:
        """The lesson after this one."""
        number = self.lessons.index(self.lesson) + 1
        return self.lessons[number] if number < len(self.lessons) else None

    def _end(self) -> None:
        """Sum up the lesson, say what is left in it, and what comes next."""
        self._ended, self._practice = True, None
        self.screen.end(self.lesson)
        left = [e for e in self.lesson.exercises if not self.progress.passed(e.lesson, e.name)]
        if left:
            names = ", ".join(exercise.name for exercise in left)
            self.screen.say(f"Still to be solved in {self.lesson.id}: {names}.")
        right, made = self.progress.predictions(self.lesson.id)
        if made:
            self.screen.say(f"Predictions in {self.lesson.id}: {right} of {made} right.")
        if following := self._following:
            self.screen.say(f"Next: {following.title}. {following.summary}")
        self._place()

    def _back(self) -> None:
        if self._ended:
            self._show(self.index)
        elif self.index == 0:
            self.screen.say("This is the first step of the lesson. l lists the lessons.")
        else:
            self._show(self.index - 1)

    def _jump(self, digit: str = "") -> None:
        """Go to a step; ``digit`` is what the learner has typed of its number so far."""
        total = len(self.lesson.steps)
        if not digit or (int(digit) * 10 <= total and not self.screen.reads_lines):
            digit += self.screen.ask(f"Jump to step (1 to {total}):", digit)
        if digit.isdecimal() and 1 <= int(digit) <= total:
            self._show(int(digit) - 1)
        elif digit:
            self.screen.say(f"There is no step {digit!r}.")

    def _try(self) -> None:
        """A prompt with what the steps so far have left; the answer to a question is not shown."""
        last = self.index if not self._waits or self._asked else self.index - 1
        if last >= 0:
            self._patiently(lambda: self.session.output(last))
        try_it(self.session.namespace)
        self._again()

    def _explain(self) -> None:
        """Open the lesson that the error on the screen names."""
        shown = self._practice.told if self._practice else ""
        if not shown and self.session.has_run(self.index) and not self._waits:
            shown = self.session.output(self.index)
        lesson = named_in(shown, self.lessons)
        if lesson is None:
            self.screen.say("No error on this screen names a lesson.")
            return
        if lesson == self.lesson:
            self.screen.say("This is the lesson that explains it.")
            return
        self.screen.say(f"l and {self.lesson.id} brings you back here.")
        self._reopen(lesson)

    def _choose(self) -> None:
        if lesson := choose_lesson(self.screen, self.lessons, self.progress, self.lesson):
            self._reopen(lesson)
        else:
            self._again()

    def _search(self) -> None:
        if hit := choose_hit(self.screen, self.lessons):
            self._open(hit.lesson, hit.number - 1)
        else:
            self._again()

    def _help(self) -> None:
        self.screen.rows("", HELP)
        if self._practice is not None:
            self.screen.rows("At an exercise", HELP_EXERCISE)
        self._again()

    def _again(self) -> None:
        """Say again what is waited for, after something else was on the screen."""
        if self._asked is None and not self._waits:
            self._place()
        elif self._asked is None:
            self.screen.question([("b", "back"), ("?", "help"), ("q", "quit")])
