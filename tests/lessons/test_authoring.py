"""The template keeps the rules, and the example of docs/authoring.md works as it is printed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from lessons.check_course import check_lesson
from lessons.cli import main
from lessons.format import load_course
from lessons.new import new_lesson
from lessons.player.session import Session
from lessons.runner import check_file

GUIDE = Path(__file__).parents[2] / "docs" / "authoring.md"


def test_a_new_lesson_keeps_the_rules(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = str(tmp_path / "my course")
    assert main(["new", "lesson", "first-one", "--course", folder]) == 0
    assert main(["new", "lesson", "second", "--course", folder]) == 0
    assert "autodiff learn second --course" in capsys.readouterr().out
    assert main(["check-course", folder]) == 0
    assert [lesson.title for lesson in load_course(Path(folder))] == ["First one", "Second"]


def test_a_folder_named_from_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Exercises are checked in a process that runs elsewhere, and must still be found there."""
    monkeypatch.chdir(tmp_path)
    assert main(["new", "lesson", "first-one", "--course", "mine"]) == 0
    assert main(["check-course", "mine"]) == 0


@pytest.mark.parametrize("name", ["First", "a b", "", "3d", "../up", "a_b", "a-"])
def test_names_that_are_none(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="cannot be the id"):
        new_lesson(name, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_written_over(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lesson = new_lesson("mine", tmp_path)
    lesson.write_text("my own work")
    assert main(["new", "lesson", "mine", "--course", str(tmp_path)]) == 2
    assert "nothing was written" in capsys.readouterr().err
    assert lesson.read_text() == "my own work"
    assert len(load_course(tmp_path)) == 1


@pytest.fixture
def example(tmp_path: Path) -> Path:
    """The course that the guide prints, as files."""
    guide = GUIDE.read_text(encoding="utf-8")
    printed = re.findall(r"<!-- (\S+) -->\n```\w+\n(.*?)```", guide, re.DOTALL)
    assert len(printed) == 6
    for name, content in printed:
        file = tmp_path / "my_lesson" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content, encoding="utf-8")
    toml = re.search(r"```toml\n(.*?)```", guide, re.DOTALL)
    assert toml is not None
    (tmp_path / "course.toml").write_text(toml[1])
    return tmp_path


def test_the_example_of_the_guide(example: Path) -> None:
    (lesson,) = load_course(example)
    session = Session(lesson)
    assert [session.output(index) for index in (1, 2)] == ["-3.0 2.0\n", ""]
    question = session.question(1)
    assert question is not None
    assert question.judge("-3 2").right
    assert question.judge("2 -3").misconception.startswith("The rules of the two operands")
    (exercise,) = lesson.exercises
    assert check_file(exercise, exercise.start).status == "unfinished"
    # The example is too short for a lesson, and has nothing else wrong.
    problems = [problem.what.split(";")[0] for problem in check_lesson(lesson, [lesson])]
    assert problems == [
        "has 3 steps",
        "asks 1 questions",
        "judges 1 predictions",
        "draws no graph",
    ]
