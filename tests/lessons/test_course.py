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


@pytest.mark.slow
@by_lesson
def test_a_lesson_is_also_a_script(lesson: Lesson) -> None:
    command = [sys.executable, "-X", "utf8", str(lesson.path)]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout


@by_lesson
def test_a_lesson_keeps_the_rules(lesson: Lesson) -> None:
    assert [str(problem) for problem in check_lesson(lesson, COURSE, thorough=False)] == []


@by_lesson
def test_a_lesson_ends_with_what_to_take_along(lesson: Lesson) -> None:
    assert lesson.closing.startswith("**What you take along**")
    assert lesson.closing.count("\n- ") >= 2
    assert max(map(len, lesson.closing.splitlines())) <= 100


@pytest.mark.slow
@by_lesson
def test_its_exercises_and_pictures_keep_the_rules(lesson: Lesson) -> None:
    assert [str(problem) for problem in check_lesson(lesson, COURSE)] == []


def test_the_portions_for_a_class_hold_every_lesson_and_its_minutes() -> None:
    guide = (Path(__file__).parents[2] / "docs" / "teaching.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| [^|]+ \| ([a-z, -]+) \| (\d+) \|", guide, flags=re.MULTILINE)
    portions = [(lessons.split(", "), int(minutes)) for lessons, minutes in rows]
    assert [name for names, _ in portions for name in names] == [each.id for each in COURSE]
    minutes = {each.id: each.minutes for each in COURSE}
    assert all(sum(minutes[name] for name in names) == total for names, total in portions)


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
