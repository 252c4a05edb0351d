"""What the player shows: a step of a lesson, the list of lessons, the help."""

from __future__ import annotations

import sys

from rich.console import Console
from rich.markdown import Markdown
from rich.panel import Panel
from rich.rule import Rule
from rich.syntax import Syntax
from rich.table import Table
from rich.text import Text
from rich.theme import Theme

from lessons.format import Lesson
from lessons.player.progress import Progress
from lessons.player.session import Session

__all__ = ["Screen"]

WIDTH = 88
"""The widest a line of prose or code becomes, in columns."""

THEME = Theme({"markdown.code": "bold cyan", "markdown.code_block": "cyan"})
"""Code in prose without the black background that a light terminal would show as boxes."""

BAR = 12
"""The length of the progress bar: with the keys beside it the line is under 80 columns."""


class Screen:
    """Writes to the terminal. Steps scroll by; nothing that was shown is erased."""

    def __init__(self) -> None:
        self.console = Console(highlight=False, theme=THEME)
        self.width = min(self.console.width, WIDTH)

    def step(self, session: Session, index: int) -> None:
        """Show a step up to its code: header, prose, code."""
        lesson = session.lesson
        step = lesson.steps[index]
        code = Syntax(
            step.code, "python", theme="ansi_dark", background_color="default", word_wrap=True
        )
        self._print()
        self._print(
            Rule(f"{lesson.title}  ·  step {index + 1} of {len(lesson.steps)}", style="cyan")
        )
        self._print()
        self._print(Markdown(step.prose, code_theme="ansi_dark"))
        self._print()
        self._print(Panel(code, border_style="dim"))

    def question(self) -> None:
        """Leave the learner time to predict."""
        text = Text("? Make your guess, then press Enter to run the code.", style="bold")
        text.append("  b back  ? help  q quit", style="dim")
        self._print(text)

    def output(self, session: Session, index: int) -> None:
        """Show what a step prints, as it prints it, and where one is."""
        self._print()
        if session.has_run(index):
            sys.stdout.write(session.output(index))
        else:
            session.output(index, live=sys.stdout)
        sys.stdout.flush()
        self._print()
        self._print(self._place(index, len(session.lesson.steps)))

    def course(self, lessons: list[Lesson], progress: Progress, current: str | None) -> None:
        """Show the list of lessons with the progress in each."""
        table = Table(box=None, pad_edge=False, title="The course", title_justify="left")
        for heading in ("", "lesson", "", "minutes", "reached"):
            table.add_column(heading, justify="right" if heading in ("", "minutes") else "left")
        table.columns[2].justify = "left"
        for number, lesson in enumerate(lessons, start=1):
            seen, total = progress.seen(lesson.id), len(lesson.steps)
            mark = "done" if seen >= total else f"{seen} of {total}"
            title = Text(lesson.title, style="bold" if lesson.id == current else "")
            title.append(f"\n{lesson.summary}", style="dim")
            table.add_row(str(number), lesson.id, title, str(lesson.minutes), mark)
        self._print()
        self._print(table)
        self._print()

    def help(self) -> None:
        """Show the keys."""
        table = Table(box=None, pad_edge=False, show_header=False)
        for key, meaning in (
            ("Enter, n, →", "next step"),
            ("b, ←", "back one step"),
            ("j, or a number", "jump to a step"),
            ("r", "show this step again"),
            ("l", "list of lessons; choose another one"),
            ("q", "quit; your place is kept"),
        ):
            table.add_row(Text(key, style="bold"), meaning)
        self._print()
        self._print(table)

    def say(self, message: str) -> None:
        """Show one line."""
        self._print(Text(message))

    def ask(self, question: str, begun: str = "") -> str:
        """Show a question, with what is already typed of its answer, and read the (other) line."""
        prompt = Text(f"{question} ", style="bold").append(begun, style="not bold")
        return self.console.input(prompt).strip()

    def _place(self, index: int, total: int) -> Text:
        done = round(BAR * (index + 1) / total)
        text = Text()
        text.append("━" * done, style="cyan")
        text.append("─" * (BAR - done), style="dim")
        text.append(f"  {index + 1}/{total}   ", style="bold")
        last = index + 1 == total
        text.append("Enter next lesson" if last else "Enter next", style="bold")
        text.append("  b back  j jump  l list  ? help  q quit", style="dim")
        return text

    def _print(self, *content: object) -> None:
        self.console.print(*content, width=self.width)
