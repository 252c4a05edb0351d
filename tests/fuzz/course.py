"""Everything that reads a course, a learner's progress and a learner's answers."""

from __future__ import annotations

import contextlib
import json
import random
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import autodiff as ad
from lessons import predict
from lessons.compare import UnclearError
from lessons.format import COURSE, Exercise, load_course, parse
from lessons.player.progress import Progress
from tests.fuzz.damage import damaged, damaged_text, hostile_text
from tests.fuzz.target import Target

__all__ = ["TARGETS"]

FOLDER = tempfile.TemporaryDirectory(prefix="autodiff-fuzz-")
SOUND = json.dumps(
    {
        "version": 2,
        "last": "tensors",
        "lessons": {
            "tensors": {
                "step": 3, "seen": 5, "passed": ["slope"], "hints": {"slope": 1},
                "predictions": {"3": True},
            }
        },
        "courses": {"mine": {"last": None, "lessons": {"one": {"step": 0, "seen": 1}}}},
    },
    indent=2,
)  # fmt: skip
VALUES = ("null", "true", "-1", "1e400", "NaN", "[]", "{}", '""', "9" * 5000, '"\\ud800"')


def _bytes_of(chance: random.Random, sound: str, also: tuple[str, ...] = ()) -> bytes:
    """A damaged text as bytes, which now and then are no UTF-8."""
    text = damaged_text(chance, sound, also).encode("utf-8", "surrogatepass")
    return damaged(chance, text) if chance.random() < 0.2 else text


def _play(progress: Progress) -> None:
    for lesson in ("tensors", "one"):
        progress.predictions(lesson)
        progress.passed(lesson, "slope")
        progress.has_hints(lesson, "slope", progress.hints(lesson, "slope") + 1)
        progress.predicted(lesson, 3, True)
        progress.has_passed(lesson, "other")
        progress.at(lesson, progress.step(lesson) + 1)
        assert progress.seen(lesson) > progress.step(lesson) - 1


def _read_progress(data: bytes) -> None:
    """A file of progress is never refused: one that cannot be read is set aside."""
    with tempfile.TemporaryDirectory(dir=FOLDER.name) as folder:
        (Path(folder) / "progress.json").write_bytes(data)
        for course in ("", "mine"):
            _play(Progress(Path(folder), course))
        json.loads((Path(folder) / "progress.json").read_text(encoding="utf-8"))


def _import_progress(data: bytes) -> None:
    with tempfile.TemporaryDirectory(dir=FOLDER.name) as folder:
        progress, other = Progress(Path(folder) / "home"), Path(folder) / "other.json"
        progress.at("tensors", 1)
        other.write_bytes(data)
        progress.import_from(other)
        _play(progress)


def _read_course(data: bytes) -> None:
    (Path(FOLDER.name) / "course.toml").write_bytes(data)
    for lesson in load_course(Path(FOLDER.name)):
        f"{lesson.id:20} {lesson.title.casefold()} {lesson.summary.casefold()} {lesson.minutes + 1}"


def _read_hints(data: bytes) -> None:
    (Path(FOLDER.name) / "hints.md").write_bytes(data)
    assert all(isinstance(hint, str) for hint in Exercise("a", "b", Path(FOLDER.name)).hints)


def _questions() -> tuple[dict[str, Any], list[predict.Question]]:
    a, b = ad.Scalar(2.0), ad.Scalar(3.0)
    return {"a": a, "b": b, "ad": ad}, [
        predict.number(2.5, wrong={3: "no"}),
        predict.number([1, 2.5]),
        predict.gradient(lambda: a * b, a, b),
        predict.shape((2, 3)),
        predict.choice("yes", options=("yes", "no")),
        predict.choice("yes"),
        predict.graph(a * b),
    ]


ANSWERS = "a.grad = [1, 2.5], 1/4; tensor([[-1e3]]) yes a * b + ad.ones(2) exit() (2, 3)"


def _answer(text: str) -> None:
    variables, questions = _questions()
    for question in questions:
        with contextlib.suppress(UnclearError):
            str(question.judge(text, variables))


LESSON = next(COURSE.glob("chain_rule*/lesson.py"), None) or sorted(COURSE.glob("*/lesson.py"))[0]

COURSE_TOML = (COURSE / "course.toml").read_text(encoding="utf-8")
HINTS = "One.\n---\nTwo.\n"


def _file(
    name: str,
    sound: str,
    use: Callable[[bytes], None],
    refusals: tuple[type[Exception], ...] = (),
    also: tuple[str, ...] = (),
) -> Target:
    """A target whose inputs are damaged versions of one text, as bytes."""
    return Target(name, sound.encode, lambda chance: _bytes_of(chance, sound, also), use, refusals)


TARGETS = [
    _file("progress", SOUND, _read_progress, also=VALUES),
    _file("import", SOUND, _import_progress, (ValueError,), also=VALUES),
    _file("course.toml", COURSE_TOML, _read_course, (ValueError,), also=VALUES),
    _file("hints.md", HINTS, _read_hints, (ValueError,)),
    Target(
        "lesson.py",
        lambda: LESSON.read_text(encoding="utf-8"),
        lambda chance: damaged_text(
            chance, LESSON.read_text(encoding="utf-8"), ("# %%", "[predict]")
        ),
        parse,
        (ValueError,),
    ),
    Target(
        "answer",
        lambda: "[1, 2.5]",
        lambda chance: chance.choice((damaged_text(chance, ANSWERS), hostile_text(chance))),
        _answer,
    ),
]
