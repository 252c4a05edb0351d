"""The learner's place is kept, and a damaged or unwritable file loses nothing."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from lessons.format import Lesson
from lessons.player.progress import Progress


def test_the_place_is_kept(home: Path) -> None:
    Progress().at("chain-rule", 1)
    again = Progress()
    assert (again.last_lesson, again.step("chain-rule"), again.seen("chain-rule")) == (
        "chain-rule",
        1,
        2,
    )
    assert json.loads((home / "progress.json").read_text())["last"] == "chain-rule"
    assert sorted(path.name for path in home.iterdir()) == [".lock", "progress.json"]


def test_going_back_keeps_what_was_seen() -> None:
    progress = Progress()
    progress.at("tensors", 5)
    progress.at("tensors", 2)
    assert (progress.step("tensors"), progress.seen("tensors")) == (2, 6)


DAMAGED = [
    "",
    "{",
    "[]",
    '{"last": null}',
    '{"last": 1, "lessons": [3]}',
    '{"last": 1, "lessons": {}}',
    '{"last": null, "lessons": {"tensors": {"step": 1, "seen": 1, "hints": 3}}}',
    '{"last": "tensors", "lessons": {"tensors": {"step": Infinity, "seen": 1}}}',
    "[" * 100_000,
]


@pytest.mark.parametrize("content", DAMAGED, ids=range(len(DAMAGED)))
def test_a_damaged_file_is_set_aside(home: Path, content: str) -> None:
    home.mkdir()
    (home / "progress.json").write_text(content)
    progress = Progress()
    assert progress.last_lesson is None
    assert "starting anew" in progress.note
    assert (home / "progress.json.bad").read_text() == content
    progress.at("tensors", 0)
    assert Progress().last_lesson == "tensors"


def test_a_second_damaged_file_does_not_replace_the_first(home: Path) -> None:
    home.mkdir()
    for content in ("first", "second"):
        (home / "progress.json").write_text(content)
        Progress()
    assert (home / "progress.json.bad").read_text() == "first"
    assert (home / "progress.json.bad2").read_text() == "second"


def test_a_folder_that_cannot_be_written_does_not_stop_the_course(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    progress = Progress(blocked)
    progress.at("tensors", 3)
    assert "cannot be kept" in progress.note
    assert progress.step("tensors") == 3


def test_reset_of_one_lesson_or_of_all() -> None:
    progress = Progress()
    progress.at("tensors", 4)
    progress.at("chain-rule", 2)
    progress.reset("tensors")
    assert (Progress().seen("tensors"), Progress().seen("chain-rule")) == (0, 3)
    progress.reset()
    assert (Progress().last_lesson, Progress().seen("chain-rule")) == (None, 0)


def test_the_first_format_is_read_and_unknown_fields_are_kept(home: Path) -> None:
    home.mkdir()
    first = {
        "last": "vjp",
        "lessons": {"vjp": {"step": 3, "seen": 9}, "gone": {"step": 1, "seen": 2}},
    }
    (home / "progress.json").write_text(json.dumps(first))
    progress = Progress()
    assert (progress.last_lesson, progress.step("vjp"), progress.seen("vjp")) == ("vjp", 3, 9)
    later = {**json.loads((home / "progress.json").read_text()), "version": 7, "badges": ["a"]}
    later["lessons"]["vjp"]["mood"] = "good"
    (home / "progress.json").write_text(json.dumps(later))
    Progress().at("tensors", 0)
    kept = json.loads((home / "progress.json").read_text())
    assert (kept["version"], kept["badges"]) == (7, ["a"])
    assert kept["lessons"]["vjp"]["mood"] == "good"
    assert kept["lessons"]["gone"]["seen"] == 2


def test_exercises_hints_and_predictions() -> None:
    progress = Progress()
    progress.has_passed("vjp", "mine")
    progress.has_passed("vjp", "mine")
    progress.has_hints("vjp", "mine", 2)
    progress.has_hints("vjp", "mine", 1)
    for step, right in ((3, False), (3, True), (5, True)):
        progress.predicted("vjp", step, right)
    again = Progress()
    assert again.passed("vjp", "mine")
    assert not again.passed("vjp", "other")
    assert again.hints("vjp", "mine") == 2
    assert again.predictions("vjp") == (1, 2)


def test_courses_are_kept_apart(home: Path) -> None:
    Progress().at("tensors", 3)
    other = Progress(course="mine")
    assert (other.last_lesson, other.seen("tensors")) == (None, 0)
    other.at("tensors", 1)
    assert (Progress().seen("tensors"), Progress(course="mine").seen("tensors")) == (4, 2)
    other.reset()
    assert Progress().seen("tensors") == 4


def test_a_lesson_may_be_renamed() -> None:
    Progress().at("old-name", 3)
    progress = Progress()
    progress.adopt([Lesson("new-name", "", "", 1, Path(), was=("older", "old-name"))])
    assert (Progress().last_lesson, Progress().seen("new-name")) == ("new-name", 4)


def test_export_and_import(home: Path, tmp_path: Path) -> None:
    progress = Progress()
    progress.at("tensors", 5)
    progress.has_passed("tensors", "first")
    Progress(course="mine").at("one", 1)
    taken = tmp_path / "taken.json"
    progress.export_to(taken)
    elsewhere = Progress(tmp_path / "elsewhere")
    elsewhere.at("tensors", 1)
    elsewhere.has_passed("tensors", "second")
    elsewhere.import_from(taken)
    again = Progress(tmp_path / "elsewhere")
    assert again.seen("tensors") == 6
    assert again.passed("tensors", "first")
    assert again.passed("tensors", "second")
    assert Progress(tmp_path / "elsewhere", "mine").seen("one") == 2


@pytest.mark.parametrize("content", DAMAGED, ids=range(len(DAMAGED)))
def test_a_damaged_file_is_not_imported(tmp_path: Path, content: str) -> None:
    progress = Progress()
    progress.at("tensors", 5)
    (tmp_path / "bad.json").write_text(content)
    with pytest.raises(ValueError, match="nothing was changed"):
        progress.import_from(tmp_path / "bad.json")
    assert Progress().seen("tensors") == 6


def test_two_players_at_once_keep_what_both_have_done(home: Path) -> None:
    program = (
        "import sys; from lessons.player.progress import Progress; p = Progress()\n"
        "for i in range(40): p.at(sys.argv[1], i); p.has_passed(sys.argv[1], str(i))"
    )
    players = [subprocess.Popen([sys.executable, "-c", program, name]) for name in ("one", "two")]
    assert [player.wait() for player in players] == [0, 0]
    progress = Progress()
    assert progress.note == ""
    for name in ("one", "two"):
        assert progress.seen(name) == 40
        assert all(progress.passed(name, str(i)) for i in range(40))
