"""The course and its player: every lesson runs, and nothing a learner does loses anything."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from lessons.cli import main
from lessons.format import Lesson, load_course, parse
from lessons.player.progress import Progress
from lessons.player.session import Session
from lessons.player.terminal import Player

COURSE = load_course()

by_lesson = pytest.mark.parametrize("lesson", COURSE, ids=lambda lesson: lesson.id)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("AUTODIFF_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "lessons.cli", *arguments],
        capture_output=True,
        text=True,
        check=False,
    )


# -- the lessons ---------------------------------------------------------------------------------


@by_lesson
def test_a_lesson_is_also_a_script(lesson: Lesson) -> None:
    done = subprocess.run(
        [sys.executable, lesson.path], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout


@by_lesson
def test_every_step_runs_and_shows_something(lesson: Lesson) -> None:
    session = Session(lesson)
    for index, step in enumerate(lesson.steps):
        output = session.output(index)
        assert step.prose
        assert output.strip(), f"step {index + 1} prints nothing"
        assert "Traceback" not in output
        assert max(map(len, step.code.splitlines())) <= 76, "code is wider than the panel"
        assert len((step.prose + step.code + output).splitlines()) <= 60


@by_lesson
def test_pictures_fit_a_terminal(lesson: Lesson) -> None:
    session = Session(lesson)
    for index in range(len(lesson.steps)):
        for line in session.output(index).splitlines():
            drawn = any(mark in line for mark in ("└─", "├─", "step "))
            assert not drawn or len(line) <= 80, line


def test_the_pooled_grid_is_the_published_one() -> None:
    session = Session(next(lesson for lesson in COURSE if lesson.id == "convnet"))
    assert session.output(0) == "tensor([[6., 8.],\n        [3., 4.]], grad_fn=<ViewBackward0>)\n"
    rows = [line.strip(" [],)tensor(") for line in session.output(1).splitlines()]
    assert rows == ["0., 0., 0., 0.", "0., 1., 0., 1.", "1., 0., 0., 0.", "0., 0., 0., 1."]


def test_lessons_ask_before_they_tell() -> None:
    assert all(any(step.asks for step in lesson.steps) for lesson in COURSE)


def test_errors_name_lessons_that_exist() -> None:
    import re

    source = (Path(__file__).parents[1] / "autodiff" / "errors.py").read_text()
    named = set(re.findall(r'lesson="([\w-]+)"', source))
    assert named
    assert named <= {lesson.id for lesson in COURSE}


# -- the format ----------------------------------------------------------------------------------


def test_parse_keeps_line_numbers_for_tracebacks(tmp_path: Path) -> None:
    path = tmp_path / "lesson.py"
    path.write_text('"""Title."""\n\n# %% [markdown]\n# Prose.\n# %%\n\nx = 1\n1 / 0\n')
    (step,) = parse(path.read_text())
    assert (step.prose, step.code, step.line) == ("Prose.", "x = 1\n1 / 0", 7)
    output = Session(Lesson("id", "Title", "", 1, path)).output(0)
    assert 'lesson.py", line 8' in output
    assert "1 / 0" in output
    assert output.rstrip().endswith("ZeroDivisionError: division by zero")


@pytest.mark.parametrize("source", ["# %%\nprint(1)\n", "# %% [markdown]\n# Alone.\n"])
def test_a_step_needs_prose_and_code(source: str) -> None:
    with pytest.raises(ValueError, match="prose"):
        parse(source)


# -- the command -----------------------------------------------------------------------------------


def test_in_a_pipe_a_lesson_plays_as_plain_text() -> None:
    done = run("learn", "chain-rule")
    assert done.returncode == 0
    assert "\x1b" not in done.stdout
    assert "Step 11 of 11" in done.stdout
    assert "├─ a" in done.stdout


def test_list_and_step(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["learn", "--list"]) == 0
    listed = capsys.readouterr().out
    assert all(lesson.id in listed for lesson in COURSE)
    assert main(["learn", "tensors", "--plain", "--step", "11"]) == 0
    assert "Step 11 of 11" in capsys.readouterr().out


def test_unknown_names_and_steps_are_explained(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["learn", "chainrule"]) == 2
    assert "Did you mean 'chain-rule'?" in capsys.readouterr().err
    assert main(["learn", "tensors", "--step", "99"]) == 2
    assert "steps 1 to 11" in capsys.readouterr().err


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


# -- the player ------------------------------------------------------------------------------------


def play(keys: str, lesson: str = "chain-rule", step: int = 0) -> Progress:
    """Press the keys one after the other; the input then ends."""
    waiting = iter(keys)

    def key() -> str:
        try:
            return next(waiting)
        except StopIteration:
            raise EOFError from None

    progress = Progress()
    chosen = next(entry for entry in COURSE if entry.id == lesson)
    Player(COURSE, progress, key).play(chosen, step)
    return progress


def test_next_back_and_quit(capsys: pytest.CaptureFixture[str]) -> None:
    progress = play("nnbq")
    shown = capsys.readouterr().out
    assert "step 1 of 11" in shown
    assert "├─ d = a * b" in shown
    assert progress.step("chain-rule") == 1
    assert "Go on with: autodiff learn chain-rule" in shown


def test_a_question_waits_before_the_answer(capsys: pytest.CaptureFixture[str]) -> None:
    play("nnq")
    shown = capsys.readouterr().out
    assert "Make your guess" in shown
    assert "loss is now 3.997" not in shown
    play("nnnq")
    assert "loss is now 3.997" in capsys.readouterr().out


def test_going_back_does_not_run_a_step_again(capsys: pytest.CaptureFixture[str]) -> None:
    play("bbnnq", "grad-fn", step=4)
    shown = capsys.readouterr().out
    assert "after another    tensor([6., 8.])" in shown


def test_jump_and_choose(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    answers = iter(["9", "77", "grad-fn"])
    monkeypatch.setattr("lessons.player.screen.Screen.ask", lambda self, question: next(answers))
    progress = play("jjlq")
    shown = capsys.readouterr().out
    assert "step 9 of 11" in shown
    assert "There is no step '77'." in shown
    assert progress.last_lesson == "grad-fn"


def test_the_end_of_a_lesson_opens_the_next(capsys: pytest.CaptureFixture[str]) -> None:
    progress = play("nq", "tensors", step=10)
    assert progress.last_lesson in ("tensors", "chain-rule")
    progress = play("nnq", "tensors", step=10)
    assert progress.last_lesson == "chain-rule"
    assert "The chain rule on a graph" in capsys.readouterr().out


# -- the learner's place ---------------------------------------------------------------------------


def test_the_place_is_kept(home: Path) -> None:
    play("nq")
    again = Progress()
    assert (again.last_lesson, again.step("chain-rule"), again.seen("chain-rule")) == (
        "chain-rule",
        1,
        2,
    )
    assert json.loads((home / "progress.json").read_text())["last"] == "chain-rule"


def test_going_back_keeps_what_was_seen() -> None:
    progress = Progress()
    progress.at("tensors", 5)
    progress.at("tensors", 2)
    assert (progress.step("tensors"), progress.seen("tensors")) == (2, 6)


@pytest.mark.parametrize(
    "content", ["", "{", "[]", '{"last": null}', '{"last": 1, "lessons": [3]}']
)
def test_a_damaged_file_is_set_aside(home: Path, content: str) -> None:
    home.mkdir()
    (home / "progress.json").write_text(content)
    progress = Progress()
    assert progress.last_lesson is None
    assert "starting anew" in progress.note
    assert (home / "progress.json.bad").read_text() == content
    progress.at("tensors", 0)
    assert Progress().last_lesson == "tensors"


def test_a_folder_that_cannot_be_written_does_not_stop_the_course(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    progress = Progress(blocked)
    progress.at("tensors", 3)
    assert "cannot be kept" in progress.note


def test_reset(home: Path) -> None:
    play("nq")
    assert main(["learn", "--reset"]) == 0
    assert Progress().last_lesson is None


# -- a real terminal -------------------------------------------------------------------------------


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
def test_in_a_real_terminal(home: Path) -> None:
    import pty

    process, terminal = pty.fork()
    if process == 0:
        os.execv(sys.executable, [sys.executable, "-m", "lessons.cli", "learn", "chain-rule"])
    shown = ""
    for sign, key in (("step 1 of 11", b"n"), ("step 2 of 11", b""), ("leaf  10.0", b"q")):
        while sign not in shown:
            shown += os.read(terminal, 65536).decode(errors="replace")
        os.write(terminal, key)
    try:
        while data := os.read(terminal, 65536):
            shown += data.decode(errors="replace")
    except OSError:
        pass
    _, status = os.waitpid(process, 0)
    assert os.waitstatus_to_exitcode(status) == 0
    assert "The course" in shown
    assert Progress().step("chain-rule") == 1
