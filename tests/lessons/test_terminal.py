"""The player in a real (pseudo-)terminal, as a learner has it before them."""

from __future__ import annotations

import os
import select
import sys
import time
from pathlib import Path

import pytest

from tests.lessons.courses import small_course

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")


class Terminal:
    """``autodiff`` in a pseudo-terminal."""

    def __init__(self, *arguments: str, **environment: str) -> None:
        import pty

        self.process, self.descriptor = pty.fork()
        if self.process == 0:
            os.environ.update(environment)
            os.execv(sys.executable, [sys.executable, "-m", "lessons.cli", *arguments])
        self.shown = ""

    def wait_for(self, sign: str, seconds: float = 20) -> None:
        """Read until ``sign`` is on the screen."""
        end = time.monotonic() + seconds
        while sign not in self.shown:
            ready = select.select([self.descriptor], [], [], max(0, end - time.monotonic()))[0]
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


@pytest.fixture
def folder(tmp_path: Path) -> str:
    small_course(tmp_path / "course")
    return str(tmp_path / "course")


def test_a_learner_goes_through_a_lesson(folder: str, tmp_path: Path) -> None:
    first = Terminal("learn", "--course", folder)
    first.wait_for("q quits")
    first.press(b"\n")
    first.wait_for("c = a * b")
    first.wait_for("? \x1b")  # the keys
    first.press(b"\x1b")  # Escape alone does nothing, and does not swallow the next key
    time.sleep(0.2)
    first.press(b"t")
    first.wait_for(">>> ")
    first.press(b"c.item() * 7; del c; import os; os._exit(1)\n")
    first.wait_for("-42.0")
    first.wait_for("quit")
    first.press(b"\x1b[C")  # the right arrow
    first.wait_for("Type 2 numbers")
    first.press(b"-3 2\n")
    first.wait_for("Right.")
    first.wait_for("gradients")
    first.press(b"4")
    first.wait_for("my_slope.py")
    time.sleep(1.0)
    (tmp_path / "files" / "course" / "first" / "my_slope.py").write_text("def slope(x): return 2*x")
    first.wait_for("Passed.")
    first.press(b"q")
    first.wait_for("autodiff learn first --course")
    assert first.exit_code() == 0
    again = Terminal("learn", "--course", folder)
    again.wait_for("you have solved it")
    again.press(b"\x03")  # Ctrl-C
    again.wait_for("Your place is kept")
    assert again.exit_code() == 0


@pytest.mark.parametrize("environment", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_without_colours_it_is_text_alone(folder: str, environment: dict[str, str]) -> None:
    terminal = Terminal("learn", "first", "--course", folder, **environment)
    terminal.wait_for("Type: Enter next")
    terminal.press(b"next\n")
    terminal.wait_for("Type 2 numbers")
    terminal.press(b"2 -3\n")
    terminal.wait_for("Not quite: it is -3, 2.")
    terminal.wait_for("Type: Enter next")
    assert "\x1b" not in terminal.shown
    terminal.press(b"quit\n")
    terminal.wait_for("Your place is kept")
    assert terminal.exit_code() == 0
