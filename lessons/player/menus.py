"""What the player asks beside the lesson: where to begin, which lesson; and what its keys do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lessons.format import Lesson, no_such_lesson
from lessons.player.progress import Progress
from lessons.player.workspace import Workspace
from lessons.search import Hit, search

if TYPE_CHECKING:
    from lessons.player.plain import PlainScreen
    from lessons.player.screen import Screen

__all__ = ["HELP", "HELP_EXERCISE", "NAMES", "begin", "choose_hit", "choose_lesson"]

NAMES = {
    "\n": "n", " ": "n", "right": "n", "left": "b", "next": "n", "back": "b", "jump": "j",
    "again": "r", "try": "t", "explain": "e", "list": "l", "search": "/", "help": "?", "quit": "q",
    "exit": "q", "check": "c", "hint": "h", "solution": "s", "reset": "x",
}  # fmt: skip
"""Other keys, and words, for the same commands."""

HELP = [
    ("Enter, n, →", "next step"),
    ("b, ←", "back one step"),
    ("j, or a number", "jump to a step"),
    ("r", "show this step again"),
    ("t", "try it: a Python prompt with the lesson's variables"),
    ("e", "open the lesson that explains the error on the screen"),
    ("l", "the list of lessons; open another one"),
    ("/", "search the course"),
    ("q", "quit; your place is kept"),
]

HELP_EXERCISE = [
    ("save your file", "it is checked at once"),
    ("c", "check it now"),
    ("h", "a hint, and the earlier ones again"),
    ("s", "the solution, once yours has passed"),
    ("x", "start the exercise over; your file is kept as a copy"),
]

HITS = 20
"""So many places are listed after a search."""


def begin(
    screen: Screen | PlainScreen,
    lessons: list[Lesson],
    progress: Progress,
    workspace: Workspace,
    first: Lesson,
) -> Lesson | None:
    """Tell somebody new how it works; the lesson they begin with, or None when they leave."""
    minutes = [lesson.minutes for lesson in lessons]
    span = " to ".join(map(str, sorted({min(minutes), max(minutes)})))
    hours = max(1, round(sum(minutes) / 60))
    screen.rows(
        "Welcome. This course takes differentiation apart and lets you watch it work.",
        [
            (f"{len(lessons)} lessons", f"of {span} minutes, about {hours} hours"),
            ("you need", "Python, and an idea of what a derivative is; nothing else"),
            ("each step", "some prose, some code, and what the code prints when it runs"),
            ("questions", "answer before you see; Enter alone shows it without an answer"),
            ("exercises", f"files of your own in {workspace.folder}"),
            ("any time", "? lists the keys, t opens a Python prompt, q keeps your place"),
        ],
    )
    screen.say(f"\nEnter begins with {first.title!r}. l lists the lessons, q quits.")
    while True:
        key = screen.key(None)
        match NAMES.get(key, key):
            case "n":
                return first
            case "l":
                return choose_lesson(screen, lessons, progress, None) or first
            case "q":
                return None
        screen.say("Enter begins, l lists the lessons, q quits.")


def choose_lesson(
    screen: Screen | PlainScreen, lessons: list[Lesson], progress: Progress, current: Lesson | None
) -> Lesson | None:
    """Show the list of lessons; the one that the learner names, or None to stay."""
    screen.course(lessons, progress, current.id if current else None)
    stay = "Enter to stay" if current else "Enter begins with the first"
    while answer := screen.ask(f"Open lesson (number or name, {stay}):"):
        for number, lesson in enumerate(lessons, start=1):
            if answer in (str(number), lesson.id):
                return lesson
        screen.say(f"Sorry, {no_such_lesson(answer, lessons)}")
    return None


def choose_hit(screen: Screen | PlainScreen, lessons: list[Lesson]) -> Hit | None:
    """Ask for words and show where they are; the place that the learner chooses, if any."""
    words = screen.ask("Search for:")
    hits = search(lessons, words) if words else []
    if not hits:
        screen.say(f"No lesson mentions {words!r}." if words else "")
        return None
    rows = [
        (str(n), f"{hit.lesson.id} {hit.number}: {hit.line[:60]}")
        for n, hit in enumerate(hits[:HITS], start=1)
    ]
    screen.rows("", rows)
    if len(hits) > HITS:
        screen.say(f"and {len(hits) - HITS} more")
    answer = screen.ask("Open (number, Enter to stay):")
    return hits[int(answer) - 1] if answer in [row[0] for row in rows] else None
