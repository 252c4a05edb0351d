"""The lessons themselves: they run, they fit the screen, and what they show is true."""

from __future__ import annotations

import functools
import re
import subprocess
import sys
from pathlib import Path

import pytest

from lessons.check_course import check_lesson
from lessons.format import Lesson, load_course
from lessons.player.session import Session

COURSE = load_course()

by_lesson = pytest.mark.parametrize("lesson", COURSE, ids=lambda lesson: lesson.id)


@functools.cache
def outputs(lesson_id: str) -> list[str]:
    lesson = next(lesson for lesson in COURSE if lesson.id == lesson_id)
    session = Session(lesson)
    return [session.output(index) for index in range(len(lesson.steps))]


@by_lesson
def test_a_lesson_is_also_a_script(lesson: Lesson) -> None:
    command = [sys.executable, "-X", "utf8", str(lesson.path)]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout


@by_lesson
def test_every_step_runs_and_shows_something(lesson: Lesson) -> None:
    shown = zip(lesson.steps, outputs(lesson.id), strict=True)
    for number, (step, output) in enumerate(shown, start=1):
        assert output.strip() or step.exercise, f"step {number} prints nothing"
        assert "Traceback" not in output, f"step {number} fails"


@by_lesson
def test_every_step_fits_the_screen(lesson: Lesson) -> None:
    assert 6 <= len(lesson.steps) <= 15
    for number, (step, output) in enumerate(
        zip(lesson.steps, outputs(lesson.id), strict=True), start=1
    ):
        assert max(map(len, step.code.splitlines()), default=0) <= 76, (
            f"step {number}: code is too wide"
        )
        assert max(map(len, output.splitlines()), default=0) <= 80, (
            f"step {number}: output is too wide"
        )
        lines = len((step.prose + "\n" + step.code + "\n" + output).splitlines())
        assert lines <= 48, f"step {number}: {lines} lines"


@by_lesson
def test_a_lesson_asks_before_it_tells_and_draws_its_graphs(lesson: Lesson) -> None:
    assert sum(step.asks for step in lesson.steps) >= 3
    assert any("─ " in output for output in outputs(lesson.id))


@pytest.mark.slow
@pytest.mark.parametrize(
    "lesson", [lesson for lesson in COURSE if lesson.exercises], ids=lambda lesson: lesson.id
)
def test_a_lesson_keeps_the_rules_of_the_course(lesson: Lesson) -> None:
    assert [str(problem) for problem in check_lesson(lesson, COURSE)] == []


def test_the_pooled_grid_is_the_published_one() -> None:
    rows = [re.findall(r"\d+(?=\.)", line) for line in outputs("convolution")[0].splitlines()]
    assert [row for row in rows if row][-2:] == [["6", "8"], ["3", "4"]]
    gradient = [re.findall(r"\d(?=\.)", line) for line in outputs("convolution")[1].splitlines()]
    expected = [list("0000"), list("0101"), list("1000"), list("0001")]
    assert [row for row in gradient if row][:4] == expected


def test_the_classic_has_the_derivative_worked_out_by_hand() -> None:
    from math import log

    shown = next(output for output in outputs("chain-rule") if "by hand" in output)
    numbers = [float(line.split()[-1]) for line in shown.splitlines()]
    expected = 2 * log(2) * (1 - log(2)) / 2**3
    assert numbers == pytest.approx([expected] * len(numbers), rel=1e-8)


def test_every_edge_of_the_classic_shows_its_rule() -> None:
    shown = next(output for output in outputs("chain-rule") if "= top / bottom  grad" in output)
    sent = [line for line in shown.splitlines() if line.strip().startswith("to ")]
    assert len(sent) == 5
    assert all(re.search(r"to \w+: -?g\b", line) for line in sent)


def test_the_net_reads_the_digits() -> None:
    shown = next(output for output in outputs("convnet") if "right:" in output)
    match = re.search(r"([\d.]+)%", shown)
    assert match is not None
    assert float(match.group(1)) >= 97.5


def test_errors_name_lessons_that_exist() -> None:
    folder = Path(__file__).parents[2] / "autodiff" / "errors"
    source = "".join(file.read_text(encoding="utf-8") for file in folder.glob("*.py"))
    named = set(re.findall(r'lesson="([\w-]+)"', source))
    assert named
    assert named <= {lesson.id for lesson in COURSE}
