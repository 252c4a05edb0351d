"""Running a lesson once, and keeping all that it showed."""

from __future__ import annotations

from dataclasses import dataclass

from lessons.format import Lesson
from lessons.player.session import Session
from lessons.site.questions import Asked, asked
from viz.picture import Picture, watch_printing
from viz.steps import BackwardPass

__all__ = ["Figure", "Recorded", "record"]


@dataclass(frozen=True)
class Figure:
    """A picture that a step printed: its title, its HTML, and whether it has a player."""

    title: str
    html: str
    plays: bool


@dataclass(frozen=True)
class Recorded:
    """What one step showed when it ran."""

    output: str
    figures: tuple[Figure, ...]
    question: Asked | None


def record(lesson: Lesson) -> list[Recorded]:
    """Run a lesson and record each of its steps."""
    session = Session(lesson)
    return [_step(session, index) for index in range(len(lesson.steps))]


def _step(session: Session, index: int) -> Recorded:
    printed: list[Picture] = []
    with watch_printing(printed.append):
        output = session.output(index)
    figures = [
        _figure(picture, f"s{index + 1}p{number}-")
        for number, picture in enumerate(printed, start=1)
    ]
    question = session.question(index)
    return Recorded(
        output=output,
        figures=tuple(figure for figure in figures if figure),
        question=asked(question, session.namespace) if question else None,
    )


def _figure(picture: Picture, prefix: str) -> Figure | None:
    """The picture drawn; None where there is no Graphviz: its text is in the output anyway."""
    try:
        html = picture.embedded(prefix)
    except RuntimeError:
        return None
    return Figure(picture.scene.title, html, isinstance(picture, BackwardPass))
