"""The pages: a lesson and what it showed, put into the templates."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Sequence
from functools import cache
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

import viz
from autodiff import Scalar
from lessons.format import COURSE, Lesson, text_of
from lessons.site import prose
from lessons.site.record import Recorded
from viz.player import picture_css, player_css, player_script, theme_css

__all__ = ["exercise_files", "index_page", "lesson_page"]

POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; "
    "base-uri 'none'; script-src "
)
"""What a page may load: nothing but its own style sheet and the scripts with these digests."""


def lesson_page(lesson: Lesson, recorded: Sequence[Recorded], course: Sequence[Lesson]) -> str:
    """The page of a lesson: everything it showed when it ran."""
    ids = [other.id for other in course]
    place = ids.index(lesson.id)
    scripts = [player_script()] if any(_plays(step) for step in recorded) else []
    scripts += [_asset(f"{name}.js") for name in ("store", "judge", "expression", "lesson")]
    return _page(
        "lesson.html",
        scripts,
        lesson=lesson,
        number=place + 1,
        steps=[_step(lesson, number, shown, ids) for number, shown in enumerate(recorded, start=1)],
        closing=prose.prose(lesson.closing, ids),
        following=course[place + 1] if place + 1 < len(course) else None,
        title=f"{lesson.title}",
        course=_name(course),
    )


def index_page(course: Sequence[Lesson]) -> str:
    """The list of lessons, and what its search looks through."""
    texts = [
        {
            "lesson": lesson.id,
            "step": number,
            "text": " ".join(prose.plain(f"{step.prose} {step.code}").split()),
        }
        for lesson in course
        for number, step in enumerate(lesson.steps, start=1)
    ]
    return _page(
        "index.html",
        [_asset("store.js"), _asset("index.js")],
        lessons=course,
        texts=_json(texts),
        emblem=_emblem(),
        ours=_folder(course[0]) == COURSE,
        title="The course",
        course=_name(course),
    )


@cache
def _emblem() -> Markup:
    """The picture at the head of the course: a whole backward pass."""
    x = Scalar(2.0)
    top, bottom = x.log() ** 2, x**2
    y = top / bottom
    return Markup(viz.backward(y)[-1].embedded("emblem-"))


def exercise_files(lesson: Lesson) -> dict[str, str]:
    """The files that a learner starts from, by their names in the site."""
    return {
        _exercise_file(lesson, exercise.name): text_of(exercise.start)
        for exercise in lesson.exercises
    }


def _command(lesson: Lesson, step: int) -> str:
    """The command that checks the exercise of a step."""
    course = _folder(lesson)
    where = "" if course == COURSE else f" --course {course.name}"
    return f"autodiff learn {lesson.id} --step {step}{where}"


def _exercise_file(lesson: Lesson, name: str) -> str:
    return f"exercises/{lesson.id}/{name}.py"


def _step(lesson: Lesson, number: int, shown: Recorded, ids: Sequence[str]) -> dict[str, Any]:
    """What the template of a lesson shows of a step."""
    step = lesson.steps[number - 1]
    before, question = prose.split_question(step.prose)
    view: dict[str, Any] = {
        "number": number,
        "prose": prose.prose(before, ids),
        "question": prose.prose(question, ids),
        "asks": step.asks,
        "code": prose.code(step.code),
        "output": prose.linked(Markup.escape(shown.output.rstrip("\n")), ids),
        "figures": [{**vars(figure), "html": Markup(figure.html)} for figure in shown.figures],
        "asked": None,
        "exercise": None,
    }
    if shown.question:
        view["asked"] = {
            "ask": shown.question.ask,
            "truth": shown.question.truth,
            "options": shown.question.options,
            "because": prose.inline(shown.question.because, ids),
            "meanings": [prose.inline(text, ids) for text in shown.question.meanings],
            "data": _json(shown.question.data),
        }
    if step.exercise:
        exercise = lesson.exercise(step.exercise)
        view["exercise"] = {
            "command": _command(lesson, number),
            "file": _exercise_file(lesson, exercise.name),
            "start": prose.code(text_of(exercise.start).rstrip()),
            "solution": prose.code(text_of(exercise.solution).rstrip()),
            "hints": [prose.prose(hint, ids) for hint in exercise.hints],
        }
    return view


def _plays(step: Recorded) -> bool:
    return any(figure.plays for figure in step.figures)


def _name(course: Sequence[Lesson]) -> str:
    """What tells this course from another one whose pages are open in the same browser."""
    return _folder(course[0]).name


def _folder(lesson: Lesson) -> Path:
    """The folder of a lesson's course."""
    return lesson.path.parent.parent


def _page(template: str, scripts: Sequence[str], **content: Any) -> str:
    """A page from a template, with its scripts and the policy that allows no others."""
    start, script = _asset("start.js"), "\n".join(scripts)
    digests = " ".join(f"'sha256-{_digest(text)}'" for text in (start, script))
    return (
        _templates()
        .get_template(template)
        .render(
            policy=POLICY + digests,
            style=Markup(_style()),
            start=Markup(start),
            script=Markup(script),
            **content,
        )
    )


def _digest(script: str) -> str:
    return b64encode(sha256(script.encode()).digest()).decode()


def _json(data: Any) -> Markup:
    """JSON that nothing in it can end: no tag, no comment."""
    text = json.dumps(data, allow_nan=False, separators=(",", ":"))
    return Markup(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))


@cache
def _style() -> str:
    """The style sheet of all pages: the colours of the themes, of pictures and players, our own."""
    light, dark = (theme_css(name) + _asset(f"{name}.css") for name in ("light", "dark"))
    themes = (
        f":root{{{light}}}\n"
        f"@media (prefers-color-scheme:dark){{:root:not([data-theme=light]){{{dark}}}}}\n"
        f":root[data-theme=dark]{{{dark}}}\n"
    )
    return themes + picture_css() + player_css() + _asset("style.css")


@cache
def _templates() -> Environment:
    return Environment(
        loader=PackageLoader("lessons.site"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _asset(name: str) -> str:
    return files("lessons.site").joinpath("assets", name).read_text(encoding="utf-8")
