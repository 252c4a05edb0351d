"""The ``autodiff`` command: in a pipe, with wrong names, and quick to start."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from lessons.cli import main
from lessons.format import load_course
from lessons.player.progress import Progress
from tests.lessons.courses import small_course

COURSE = load_course()


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "lessons.cli", *arguments],
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONUTF8": "1", **environment},
        check=False,
    )


def test_in_a_pipe_a_lesson_plays_as_plain_text() -> None:
    done = run("learn", "chain-rule")
    total = len(next(lesson for lesson in COURSE if lesson.id == "chain-rule").steps)
    assert done.returncode == 0
    assert "\x1b" not in done.stdout
    assert f"Step {total} of {total}" in done.stdout
    assert "├─ a" in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 80


def test_in_a_pipe_the_lesson_is_the_one_left_off(capsys: pytest.CaptureFixture[str]) -> None:
    main(["learn", "--plain"])
    assert capsys.readouterr().out.startswith(COURSE[0].title)
    Progress().at("grad-fn", 2)
    main(["learn", "--plain"])
    assert capsys.readouterr().out.startswith("grad_fn, leaves and accumulation")


def test_a_pipe_without_box_drawing_gets_question_marks() -> None:
    done = run("learn", "chain-rule", PYTHONUTF8="0", PYTHONIOENCODING="ascii")
    assert done.returncode == 0
    assert "?? a" in done.stdout


def test_list_and_step(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["learn", "--list"]) == 0
    listed = capsys.readouterr().out
    assert all(lesson.id in listed for lesson in COURSE)
    assert main(["learn", "tensors", "--plain", "--step", "2"]) == 0
    shown = capsys.readouterr().out
    assert "\nStep 1 of" not in shown
    assert "\nStep 2 of" in shown


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["chainrule"], "Did you mean 'chain-rule'?"),
        (
            ["quantum"],
            "There are: tensors, chain-rule, by-hand,",
        ),
        (["tensors", "--step", "99"], "tensors has steps 1 to"),
        (["tensors", "--step", "0"], "tensors has steps 1 to"),
        (["chainrule", "--reset"], "Did you mean 'chain-rule'?"),
    ],
)
def test_wrong_names_and_steps_are_explained(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["learn", *arguments]) == 2
    assert message in capsys.readouterr().err


def test_reset(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Progress().at("tensors", 4)
    Progress().at("grad-fn", 2)
    assert main(["learn", "tensors", "--reset"]) == 0
    assert "tensors was reset" in capsys.readouterr().out
    assert (Progress().seen("tensors"), Progress().seen("grad-fn")) == (0, 3)
    assert main(["learn", "--reset"]) == 0
    assert Progress().last_lesson is None
    kept = json.loads((home / "progress.json.bak").read_text())
    assert kept["lessons"]["tensors"]["seen"] == 5


def test_in_a_terminal_reset_asks(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    Progress().at("tensors", 4)
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("builtins.input", lambda prompt: "")
    assert main(["learn", "--reset"]) == 0
    assert "Nothing was changed." in capsys.readouterr().out
    assert Progress().seen("tensors") == 5
    monkeypatch.setattr("builtins.input", lambda prompt: "Yes")
    assert main(["learn", "--reset"]) == 0
    assert Progress().seen("tensors") == 0


def test_without_a_command_the_help_says_how_to_begin(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    assert "autodiff learn" in capsys.readouterr().out


@pytest.mark.skipif(sys.platform == "win32", reason="needs a POSIX shell")
def test_a_closed_pipe_is_no_error() -> None:
    command = f"{sys.executable} -m lessons.cli learn tensors | head -1"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
    assert done.stdout == "Tensors\n"
    assert done.stderr == ""


def test_help_is_quick_to_load() -> None:
    code = (
        "import sys, lessons.cli; "
        "print([m for m in ('rich', 'numpy', 'viz', 'networkx') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_search(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["learn", "--search", "RETAIN_grad"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "grad-fn --step 4"
    assert "retain_grad" in lines[1]
    assert lines[-1] == "Open one with: autodiff learn LESSON --step N"
    assert main(["learn", "--search", "quantum chromodynamics"]) == 2
    assert "no lesson mentions" in capsys.readouterr().err


def test_another_course_plays_the_same(tmp_path: Path) -> None:
    small_course(tmp_path / "mine")
    done = run("learn", "--course", str(tmp_path / "mine"))
    assert done.returncode == 0
    assert "Step 4 of 4" in done.stdout
    assert "gradients -3.0 2.0" in done.stdout
    assert "my-slope" in done.stdout
    Progress(course="mine").at("grad-fn", 0)
    assert run("learn", "--course", str(tmp_path / "mine")).stdout.startswith("The second")


@pytest.mark.parametrize("listed", [None, "", "[[lesson]]\nid = 3\n", "lesson = 1"])
def test_a_folder_that_is_no_course(
    tmp_path: Path, listed: str | None, capsys: pytest.CaptureFixture[str]
) -> None:
    if listed is not None:
        (tmp_path / "course.toml").write_text(listed)
    assert main(["learn", "--course", str(tmp_path)]) == 2
    assert "course" in capsys.readouterr().err


@pytest.mark.parametrize("source", ["", "# %% [predict]\n1\n", None])
def test_a_lesson_that_cannot_be_read_is_named(
    tmp_path: Path, source: str | None, capsys: pytest.CaptureFixture[str]
) -> None:
    file = small_course(tmp_path)[1].path
    file.unlink() if source is None else file.write_text(source)
    assert main(["learn", "--course", str(tmp_path)]) == 2
    assert f"autodiff: {file}" in capsys.readouterr().err


def test_exercises_are_checked_without_the_player(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    small_course(tmp_path / "mine")
    command = ["learn", "first", "--check", "--course", str(tmp_path / "mine")]
    command += ["--folder", str(tmp_path / "work")]
    file = tmp_path / "work" / "mine" / "first" / "my_slope.py"
    assert main(command) == 1
    assert f"{file}: not yet\nHere something is still to be written" in capsys.readouterr().out
    file.write_text("def slope(x):\n    return 2 * x\n")
    assert main(command) == 0
    assert f"{file}: passed" in capsys.readouterr().out
    assert Progress(course="mine").passed("first", "my-slope")
    assert main(["learn", "grad-fn", "--check", "--course", str(tmp_path / "mine")]) == 0


def test_progress_is_taken_along(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Progress().at("tensors", 4)
    file = str(tmp_path / "taken.json")
    assert main(["learn", "--export-progress", file]) == 0
    assert main(["learn", "--reset"]) == 0
    assert main(["learn", "--import-progress", file]) == 0
    assert Progress().seen("tensors") == 5
    (tmp_path / "taken.json").write_text("{")
    assert main(["learn", "--import-progress", file]) == 2
    assert "is no file of progress" in capsys.readouterr().err
    assert main(["learn", "--export-progress", str(tmp_path / "no" / "x.json")]) == 2
