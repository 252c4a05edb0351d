"""The learner's place is kept, and a damaged or unwritable file loses nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

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
    assert [path.name for path in home.iterdir()] == ["progress.json"]


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
