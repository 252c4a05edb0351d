"""The interactive player, by its keys: next, back, jump, lists, quitting and coming back."""

from __future__ import annotations

import os
import re
import select
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from lessons.format import load_course
from lessons.player.progress import Progress
from lessons.player.terminal import Player
from tests.lessons.test_format import write

COURSE = load_course()
BY_ID = {lesson.id: lesson for lesson in COURSE}


def pressed(keys: str) -> Callable[[], str]:
    """A keyboard on which these keys are pressed; the input then ends."""
    waiting = iter(keys)

    def key() -> str:
        try:
            return next(waiting)
        except StopIteration:
            raise EOFError from None

    return key


def play(keys: str, lesson: str = "chain-rule", step: int = 0) -> Progress:
    progress = Progress()
    Player(COURSE, progress, pressed(keys)).play(BY_ID[lesson], step)
    return progress


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the learner types at questions, one line after the other."""
    lines: list[str] = []
    monkeypatch.setattr("builtins.input", lambda *prompt: lines.pop(0))
    return lines


def test_next_back_and_quit(capsys: pytest.CaptureFixture[str]) -> None:
    progress = play("nnnbq")
    shown = capsys.readouterr().out
    assert "step 1 of" in shown
    assert "├─ d = a * b" in shown
    assert progress.step("chain-rule") == 1
    assert "Go on with: autodiff learn chain-rule" in shown


def test_a_question_waits_before_the_answer(capsys: pytest.CaptureFixture[str]) -> None:
    play("nnnq")
    shown = capsys.readouterr().out
    assert "Make your guess" in shown
    assert "loss is now  3.997" not in shown
    play("nnnnnq")
    assert "loss is now  3.997" in capsys.readouterr().out


def test_going_back_does_not_run_a_step_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lesson = write(tmp_path, "n = 1\nprint('n is', n)", *["n += 1\nprint('n is', n)"] * 2)
    Player([lesson], Progress(), pressed("nnbbnrnq")).play(lesson, 0)
    assert re.findall(r"n is (\d)", capsys.readouterr().out) == list("12321223")


def test_jumping_ahead_runs_what_lies_between(
    answers: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    answers[:] = ["2"]
    play("jnq")
    shown = capsys.readouterr().out
    assert "step 2 of" in shown
    assert "leaf  10.0" in shown


def test_a_digit_begins_a_jump(answers: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    answers[:] = ["0", "7"]
    progress = play("17q")
    shown = capsys.readouterr().out
    assert "step 10 of" in shown
    assert "There is no step '77'." in shown
    assert progress.last_lesson == "chain-rule"


def test_another_lesson_by_number_or_name(
    answers: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    answers[:] = ["conv", "grad-fn", "1"]
    progress = play("lllq")
    shown = capsys.readouterr().out
    assert "there is no lesson 'conv'. Did you mean 'convnet'?" in shown
    assert "grad_fn, leaves and accumulation  ·  step 1" in shown
    assert progress.last_lesson == "tensors"


def test_the_end_of_a_lesson_opens_the_next(capsys: pytest.CaptureFixture[str]) -> None:
    last = len(BY_ID["tensors"].steps) - 1
    progress = play("nnq", "tensors", step=last)
    assert progress.seen("tensors") == last + 1
    assert progress.last_lesson == "chain-rule"
    assert "The chain rule on a graph  ·  step 1" in capsys.readouterr().out


def test_the_end_of_the_course_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lesson = write(tmp_path, "1")
    Player([lesson], Progress(), pressed("nq")).play(lesson, 0)
    shown = capsys.readouterr().out
    assert "That was the last step of the course." in shown
    assert "done" in shown


def test_a_key_without_meaning_is_explained(capsys: pytest.CaptureFixture[str]) -> None:
    play("x?q")
    shown = capsys.readouterr().out
    assert "'x' does nothing here" in shown
    assert "quit; your place is kept" in shown


@pytest.mark.parametrize(("keys", "lesson"), [("\nq", "tensors"), ("3q", "by-hand"), ("q", None)])
def test_welcome(keys: str, lesson: str | None, capsys: pytest.CaptureFixture[str]) -> None:
    progress = Progress()
    Player(COURSE, progress, pressed(keys)).welcome(COURSE[0])
    assert progress.last_lesson == lesson
    shown = capsys.readouterr().out
    assert all(entry.id in shown for entry in COURSE)


def test_a_digit_may_be_the_beginning_of_a_number(answers: list[str]) -> None:
    progress = Progress()
    answers.append("2")
    Player(COURSE, progress, pressed("1q")).welcome(COURSE[0])
    assert progress.last_lesson == COURSE[11].id
    answers.append("")
    Player(COURSE, progress, pressed("1q")).welcome(COURSE[0])
    assert progress.last_lesson == COURSE[0].id


def test_where_the_place_cannot_be_kept_the_player_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("")
    Player(COURSE, Progress(tmp_path / "file"), pressed("q")).play(BY_ID["chain-rule"], 0)
    shown = " ".join(capsys.readouterr().out.split())
    assert "Your place cannot be kept" in shown
    assert "Your place is kept" not in shown


class Terminal:
    """``autodiff`` in a pseudo-terminal, as a learner has it before them."""

    def __init__(self, *arguments: str) -> None:
        import pty

        self.process, self.descriptor = pty.fork()
        if self.process == 0:
            os.execv(sys.executable, [sys.executable, "-m", "lessons.cli", *arguments])
        self.shown = ""

    def wait_for(self, sign: str, seconds: float = 20) -> None:
        """Read until ``sign`` is on the screen."""
        end = time.monotonic() + seconds
        while sign not in self.shown:
            ready = select.select([self.descriptor], [], [], end - time.monotonic())[0]
            assert ready, f"{sign!r} did not come; shown: {self.shown[-500:]}"
            try:
                self.shown += os.read(self.descriptor, 65536).decode(errors="replace")
            except OSError:
                pytest.fail(f"ended without {sign!r}; shown: {self.shown[-2000:]}")

    def press(self, keys: bytes) -> None:
        self.shown = ""
        os.write(self.descriptor, keys)

    def exit_code(self) -> int:
        return os.waitstatus_to_exitcode(os.waitpid(self.process, 0)[1])


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
def test_in_a_real_terminal() -> None:
    first = Terminal("learn")
    first.wait_for("q quits")
    first.press(b"2\n")
    first.wait_for("? help")
    first.press(b"\x1b[C")  # the right arrow
    first.wait_for("Make your guess")
    first.press(b"\x1b[C")
    first.wait_for("leaf  10.0")
    first.wait_for("? help")
    first.press(b"\x1b")  # Escape alone does nothing, and does not swallow the next key
    time.sleep(0.2)
    first.press(b"q")
    first.wait_for("autodiff learn chain-rule")
    assert first.exit_code() == 0
    again = Terminal("learn")
    again.wait_for("step 2 of")
    again.press(b"\x03")  # Ctrl-C
    again.wait_for("Your place is kept")
    assert again.exit_code() == 0
