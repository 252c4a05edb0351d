"""What the player shows in a terminal: steps, questions, exercises, lists, the help.

`lessons.player.plain` says the same without colours and boxes. Steps scroll by; nothing that was
shown is erased.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path

from rich.columns import Columns
from rich.console import Console, RenderableType
from rich.markdown import Markdown
from rich.padding import Padding
from rich.panel import Panel
from rich.rule import Rule
from rich.syntax import Syntax
from rich.table import Table
from rich.text import Text

from lessons.format import Exercise, Lesson
from lessons.player.colours import ACCENT, CODE, RIGHT, THEME, WRONG
from lessons.player.progress import Progress
from lessons.player.session import Session
from lessons.predict import Verdict
from lessons.report import Report
from viz.keys import read_key

__all__ = ["Screen", "reached"]

WIDTH = 88
"""The widest a line of prose or code becomes, in columns."""

BAR = 12
"""The length of the progress bar: with the keys beside it the line is under 80 columns."""


class Screen:
    """Writes to the terminal, and reads keys and lines from it."""

    reads_lines = False
    """Whether commands are typed as lines, and not as single keys."""

    def __init__(self, key: Callable[[float | None], str] = read_key) -> None:
        self.console = Console(highlight=False, theme=THEME)
        self.width = min(self.console.width, WIDTH)
        self.key = key

    # -- steps ------------------------------------------------------------------------------------

    def step(self, session: Session, index: int) -> None:
        """Show a step up to its code: header, prose, code."""
        lesson = session.lesson
        step = lesson.steps[index]
        self._print()
        self._print(
            Rule(f"{lesson.title}  ·  step {index + 1} of {len(lesson.steps)}", style=ACCENT)
        )
        self._print()
        self._print(_markdown(step.prose))
        self._print()
        if step.code:
            self.code(step.code)

    def code(self, source: str) -> None:
        """Show some Python."""
        code = Syntax(source, "python", theme=CODE, background_color="default", word_wrap=True)
        self._print(Panel(code, border_style="dim"))

    def output(self, session: Session, index: int) -> None:
        """Show what a step prints, as it prints it."""
        self._print()
        if session.has_run(index):
            sys.stdout.write(session.output(index))
        else:
            session.output(index, live=sys.stdout)
        sys.stdout.flush()

    def place(self, index: int, total: int, keys: list[tuple[str, str]]) -> None:
        """Show where one is, and what the keys do: the last line on the screen."""
        done = round(BAR * (index + 1) / total)
        text = Text().append("━" * done, style=ACCENT)
        text.append("─" * (BAR - done), style="dim")
        text.append(f" {index + 1}/{total}  ", style="bold")
        for key, meaning in keys:
            text.append(f"{key} ", style="bold").append(f"{meaning}  ", style="dim")
        self._print()
        self._print(text)

    def end(self, lesson: Lesson) -> None:
        """Show what a lesson says in the end."""
        self._print()
        self._print(Rule(f"The end of: {lesson.title}", style=ACCENT))
        self._print()
        if lesson.closing:
            self._print(_markdown(lesson.closing))
            self._print()

    # -- questions --------------------------------------------------------------------------------

    def question(self, keys: list[tuple[str, str]]) -> None:
        """Leave the learner time to think of an answer that nobody will judge."""
        text = Text("? Make your guess, then press Enter to run the code.  ", style="bold")
        for key, meaning in keys:
            text.append(f"{key} {meaning}  ", style="dim not bold")
        self._print(text)

    def verdict(self, verdict: Verdict) -> None:
        """Show what there is to say to an answer."""
        self._print()
        said = "✓ Right." if verdict.right else f"✗ Not quite: it is {verdict.truth}."
        self._print(Text(said, style=f"bold {RIGHT if verdict.right else WRONG}"))
        for part in (verdict.misconception, verdict.because):
            if part:
                self._print(_markdown(part))
        if verdict.picture:
            self._print(Text(verdict.picture))

    def reason(self, reason: str) -> None:
        """Show why a step gives what it gives."""
        self._print()
        self._print(_markdown(reason))

    # -- exercises --------------------------------------------------------------------------------

    def exercise(self, exercise: Exercise, file: Path, passed: bool) -> None:
        """Show where the learner's file is; terminals make a link of it."""
        link = Text(str(file), style=f"bold {ACCENT} link {file.as_uri()}", overflow="fold")
        text = Text("Exercise  ", style="bold").append(exercise.name).append("\nyour file ")
        text.append_text(link)
        if passed:
            text.append("\n✓ you have solved it", style=RIGHT)
        else:
            text.append("\nOpen it in your editor. Whenever you save, it is checked here.")
        self._print(Panel(text, border_style=ACCENT))

    def report(self, report: Report) -> None:
        """Show what a check has found."""
        self._print()
        if report.output:
            self._print(Text("your file printed:", style="dim"))
            self._print(Padding(Text(report.output.rstrip()), (0, 0, 0, 2)))
        if report.passed:
            self._print(Text("✓ Passed.", style=f"bold {RIGHT}"))
            return
        sign = "…" if report.status == "unfinished" else "✗"
        self._print(Text(f"{sign} {report.what}", style=f"bold {WRONG}"))
        if report.hint:
            self._print(_markdown(report.hint))
        if report.picture:
            self.console.print(Text(report.picture), soft_wrap=True)

    def hint(self, number: int, total: int, hint: str) -> None:
        """Show one hint."""
        self._print()
        self._print(Text(f"Hint {number} of {total}", style=f"bold {ACCENT}"))
        self._print(_markdown(hint))

    # -- lists ------------------------------------------------------------------------------------

    def course(self, lessons: list[Lesson], progress: Progress, current: str | None) -> None:
        """Show the lessons with the progress in each, in two columns where the window is low."""
        self._print()
        done = sum(progress.done(lesson) for lesson in lessons)
        self._print(Text(f"The course: {done} of {len(lessons)} lessons done", style="bold"))
        if self.console.height >= len(lessons) + 5:
            table = Table(box=None, pad_edge=False, show_header=False)
            for lesson in lessons:
                table.add_row(*self._row(lessons, lesson, progress, current), lesson.title)
            self._print(table)
            return
        half = (len(lessons) + 1) // 2
        columns: list[RenderableType] = []
        for part in (lessons[:half], lessons[half:]):
            table = Table(box=None, pad_edge=False, show_header=False)
            for lesson in part:
                table.add_row(*self._row(lessons, lesson, progress, current))
            columns.append(table)
        self._print(Columns(columns, padding=(0, 4)))

    def _row(
        self, lessons: list[Lesson], lesson: Lesson, progress: Progress, current: str | None
    ) -> list[Text]:
        style = f"bold {ACCENT}" if lesson.id == current else ""
        number = Text(f"{lessons.index(lesson) + 1:2}", style=style)
        return [number, Text(lesson.id, style=style), Text(reached(progress, lesson), style="dim")]

    def rows(self, heading: str, rows: list[tuple[str, str]]) -> None:
        """Show a table of two columns, such as the keys and what they do."""
        table = Table(box=None, pad_edge=False, show_header=False)
        for name, meaning in rows:
            table.add_row(Text(name, style="bold"), meaning)
        self._print()
        if heading:
            self._print(Text(heading, style="bold"))
        self._print(table)

    # -- lines ------------------------------------------------------------------------------------

    def say(self, message: str) -> None:
        """Show a few words."""
        self._print(Text(message))

    def ask(self, question: str, begun: str = "") -> str:
        """Show a question, with what is already typed of its answer, and read the (other) line."""
        prompt = Text(f"{question} ", style="bold").append(begun, style="not bold")
        return self.console.input(prompt).strip()

    def _print(self, *content: object) -> None:
        self.console.print(*content, width=self.width)


CODE_OR_UNDERSCORE = re.compile(r"(```[\s\S]*?```|`[^`]*`|^ {4}.*$)|_", re.MULTILINE)


def _markdown(text: str) -> Markdown:
    """Markdown in which an underscore is one, as in __init__: words are marked by stars alone."""
    escaped = CODE_OR_UNDERSCORE.sub(lambda found: found[1] or r"\_", text)
    return Markdown(escaped, code_theme=CODE)  # type: ignore[arg-type]


def reached(progress: Progress, lesson: Lesson) -> str:
    """How far the learner is in a lesson, in a few words."""
    seen, total = progress.seen(lesson.id), len(lesson.steps)
    if progress.done(lesson):
        return "✓ done"
    if seen >= total:
        return "exercise left"
    return f"{seen} of {total}" if seen else ""
