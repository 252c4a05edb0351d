"""The authoring format: cells become steps, and line numbers survive."""

from __future__ import annotations

from pathlib import Path

import pytest

from lessons.format import Lesson, closing_of, parse
from lessons.player.session import Session


def write(folder: Path, *cells: str) -> Lesson:
    """A lesson whose steps have the code in ``cells``."""
    path = folder / "lesson.py"
    path.write_text("".join(f"# %% [markdown]\n# Prose.\n# %%\n{code}\n" for code in cells))
    return Lesson("id", "Title", "", 1, path)


def test_a_step_is_the_prose_before_a_code_cell_and_the_cell() -> None:
    source = (
        '"""Title."""\n\n# %% [markdown]\n# One.\n#\n# Two.\n\n# %% [markdown]\n# Three.\n\n'
        "# %%\n\nx = 1\nprint(x)\n\n"
    )
    (step,) = parse(source)
    assert step.prose.split() == ["One.", "Two.", "Three."]
    assert (step.code, step.line) == ("x = 1\nprint(x)", 13)


def test_a_question_in_the_prose_makes_the_step_wait() -> None:
    asking, telling = parse(
        "# %% [markdown]\n# **Before you go on:** why?\n# %%\n1\n# %% [markdown]\n# So.\n# %%\n2\n"
    )
    assert asking.asks
    assert not telling.asks


def test_a_step_needs_prose() -> None:
    with pytest.raises(ValueError, match="prose"):
        parse("# %%\nprint(1)\n")


def test_prose_at_the_end_is_no_step_but_the_closing() -> None:
    source = "# %% [markdown]\n# One.\n# %%\nprint(1)\n"
    assert closing_of(source) == ""
    ended = source + "# %% [markdown]\n# So:\n#\n# - one\n# %% [markdown]\n# And on.\n"
    assert closing_of(ended) == "So:\n\n- one\n\nAnd on."
    assert parse(ended) == parse(source)


def test_a_traceback_names_the_line_of_the_lesson(tmp_path: Path) -> None:
    lesson = write(tmp_path, "x = 1", "y = 2\n1 / 0")
    output = Session(lesson).output(1)
    assert f'File "{lesson.path}", line 9' in output
    assert "    1 / 0" in output
    assert output.rstrip().endswith("ZeroDivisionError: division by zero")
    assert "session.py" not in output


@pytest.mark.parametrize("code", ["1 / 0", "raise SystemExit(3)", "this is no Python"])
def test_after_a_step_that_fails_the_lesson_goes_on(tmp_path: Path, code: str) -> None:
    session = Session(write(tmp_path, code, "print('alive')"))
    assert "Error" in session.output(0) or "SystemExit" in session.output(0)
    assert session.output(1) == "alive\n"


def test_each_step_runs_once_and_in_order(tmp_path: Path) -> None:
    session = Session(write(tmp_path, "n = 1\nprint(n)", "n += 1\nprint(n)", "n += 1\nprint(n)"))
    assert [session.output(index) for index in (2, 0, 2, 1)] == ["3\n", "1\n", "3\n", "2\n"]


def test_long_messages_are_folded_and_drawings_are_not(tmp_path: Path) -> None:
    session = Session(write(tmp_path, "print('word ' * 30)\nprint('  ' + 'drawing-' * 15)"))
    *folded, drawing = session.output(0).splitlines()
    assert len(folded) == 2
    assert max(map(len, folded)) <= 80
    assert drawing == "  " + "drawing-" * 15
