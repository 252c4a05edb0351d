"""The interactive player, by its keys: steps, questions, exercises, lists, and coming back."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from rich.color import Color
from rich.style import Style

from lessons.format import Lesson, load_course
from lessons.player.colours import ACCENT, CODE, RIGHT, THEME, WRONG
from lessons.player.plain import PlainScreen, play_plain, wrapped
from lessons.player.progress import Progress
from lessons.player.screen import Screen
from lessons.player.terminal import Player
from tests.lessons.courses import small_course
from tests.lessons.test_format import write

Act = str | Callable[[], object]


def keyboard(*acts: Act) -> Callable[[float | None], str]:
    """A keyboard on which these keys are pressed; what is no key happens between them.

    When somebody waits with a time limit, one look passes without a key before the next key. The
    input then ends.
    """
    waiting: list[Act] = []
    for act in acts:
        waiting += list(act) if isinstance(act, str) else [act]

    def key(timeout: float | None) -> str:
        if not waiting:
            raise EOFError
        act = waiting.pop(0)
        if isinstance(act, str):
            return act
        act()
        if timeout is not None:
            return ""
        return key(timeout)

    return key


@pytest.fixture
def course(tmp_path: Path) -> list[Lesson]:
    return small_course(tmp_path / "course")


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the learner types at questions, one line after the other."""
    lines: list[str] = []
    monkeypatch.setattr("builtins.input", lambda *prompt: lines.pop(0))
    return lines


def play(course: list[Lesson], *acts: Act, step: int = 0, screen: Any = None) -> Progress:
    progress = Progress()
    Player(course, progress, screen or Screen(keyboard(*acts))).play(course[0], step)
    return progress


def shown(capsys: pytest.CaptureFixture[str]) -> str:
    return " ".join(capsys.readouterr().out.split())


# -- colours ---------------------------------------------------------------------------------------


def test_colours_can_be_read_on_white_and_on_black() -> None:
    def light(colour: Color) -> float:
        parts = [part / 255 for part in colour.get_truecolor()]
        r, g, b = (p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
        return 0.2126 * r + 0.7152 * g + 0.0722 * b

    styles = [*CODE.style_map.values(), *(Style.parse(n) for n in (ACCENT, RIGHT, WRONG))]
    styles += [THEME.styles[name] for name in ("markdown.code", "markdown.link")]
    colours = {style.color for style in styles if style.color}
    assert len(colours) >= 4
    for colour in colours:
        assert 1.05 / (light(colour) + 0.05) > 3.5, colour
        assert (light(colour) + 0.05) / 0.05 > 3.5, colour


# -- steps -----------------------------------------------------------------------------------------


def test_next_back_and_quit(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lesson = write(tmp_path, "n = 1\nprint('n is', n)", *["n += 1\nprint('n is', n)"] * 2)
    progress = play([lesson], "nnbbnrnq")
    out = capsys.readouterr().out
    assert re.findall(r"n is (\d)", out) == list("12321223")
    assert progress.step("id") == 2
    assert "Go on with: autodiff learn id" in out


def test_a_question_nobody_judges_waits_before_the_answer(
    course: list[Lesson], capsys: pytest.CaptureFixture[str]
) -> None:
    play(course, "q", step=2)
    out = shown(capsys)
    assert "Make your guess" in out
    assert "a second time" not in out
    play(course, "nq", step=2)
    assert "a second time" in shown(capsys)


def test_jumping(
    course: list[Lesson], answers: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    answers[:] = ["3"]
    play(course, "j7x1q")
    out = shown(capsys)
    assert "step 3 of 4" in out
    assert "There is no step '7'." in out
    assert "'x' does nothing here" in out
    assert out.count("step 1 of 4") == 2


def test_a_digit_may_be_the_beginning_of_a_number(tmp_path: Path, answers: list[str]) -> None:
    lesson = write(tmp_path, *["print(1)"] * 12)
    answers[:] = ["2", ""]
    assert play([lesson], "1q").step("id") == 11
    assert play([lesson], "1q").step("id") == 0


def test_another_lesson_by_number_or_name(
    course: list[Lesson], answers: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    answers[:] = ["fist", "grad-fn", "1", ""]
    progress = play(course, "lllq")
    out = shown(capsys)
    assert "there is no lesson 'fist'. Did you mean 'first'?" in out
    assert "The second · step 1" in out
    assert progress.last_lesson == "first"


def test_the_end_of_a_lesson_tells_what_is_left_and_opens_the_next(
    course: list[Lesson], capsys: pytest.CaptureFixture[str]
) -> None:
    progress = play(course, "nnnnq", step=3)
    out = shown(capsys)
    assert "The end of: The first" in out
    assert "A slope says how fast. Still to be solved in first: my-slope." in out
    assert "Next: The second. Two." in out
    assert "The second · step 1" in out
    assert "That was the last step of the course." in out
    assert progress.last_lesson == "grad-fn"
    assert progress.done(course[1])
    assert not progress.done(course[0])


def test_search_opens_a_step(
    course: list[Lesson], answers: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    answers[:] = ["ACCUMULATION", "1", "nowhere at all"]
    progress = play(course, "//q")
    assert progress.last_lesson == "grad-fn"
    assert "No lesson mentions 'nowhere at all'." in shown(capsys)


def test_an_error_opens_the_lesson_that_it_names(
    course: list[Lesson], capsys: pytest.CaptureFixture[str]
) -> None:
    progress = play(course, "eneq", step=2)
    out = shown(capsys)
    assert "No error on this screen names a lesson." in out
    assert "l and first brings you back here." in out
    assert progress.last_lesson == "grad-fn"


def test_an_error_of_the_lesson_at_hand_is_explained_here(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    play([write(tmp_path, "print('Lesson: autodiff learn id')")], "eq")
    assert "This is the lesson that explains it." in shown(capsys)


# -- questions -------------------------------------------------------------------------------------


def test_a_prediction_is_judged_before_the_output(
    course: list[Lesson], answers: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    answers[:] = ["two", "Help", "2, -3"]
    progress = play(course, "q", step=1)
    out = shown(capsys)
    assert "I cannot read 'two' as numbers" in out
    assert "the list of lessons" in out  # the help, after which the question is asked again
    assert "Not quite: it is -3, 2. The rules of the two operands have changed places." in out
    assert "Each factor gets the other one." in out
    assert out.index("Not quite") < out.index("gradients -3.0 2.0")
    assert progress.predictions("first") == (0, 1)


def test_a_question_may_be_skipped_or_left(
    course: list[Lesson], answers: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    answers[:] = [""]
    assert play(course, "q", step=1).predictions("first") == (0, 0)
    assert "gradients -3.0 2.0 Each factor gets the other one." in shown(capsys)
    answers[:] = ["b", "q"]
    assert play(course, "n", step=1).step("first") == 1
    assert "gradients -3.0" not in shown(capsys)


def test_n_is_no_before_it_is_next(
    tmp_path: Path, answers: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    course = small_course(tmp_path / "course")
    path = course[0].path
    question = 'predict.choice("yes", options=("yes", "no"), because="So it is.")'
    path.write_text(re.sub(r"predict\.gradient\(.*\)", question, path.read_text()))
    answers[:] = ["n"]
    assert play(load_course(tmp_path / "course"), "q", step=1).predictions("first") == (0, 1)
    assert "Not quite: it is yes. So it is." in shown(capsys)
    answers[:] = ["next"]
    Progress().reset()
    assert play(load_course(tmp_path / "course"), "q", step=1).predictions("first") == (0, 0)
    assert "gradients -3.0 2.0 So it is." in shown(capsys)


def test_the_end_of_a_lesson_opens_nothing_by_itself_and_leads_back(
    course: list[Lesson], capsys: pytest.CaptureFixture[str]
) -> None:
    progress = play(course, "nbq", step=3)
    out = shown(capsys)
    assert out.count("step 4 of 4") == 2
    assert "The second · step 1" not in out
    assert progress.last_lesson == "first"


def test_a_right_prediction_counts_at_the_end_of_the_lesson(
    course: list[Lesson], answers: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    answers[:] = ["-3 2"]
    play(course, "nnnnq", step=1)
    out = shown(capsys)
    assert "✓ Right." in out
    assert "Predictions in first: 1 of 1 right." in out


# -- the prompt ------------------------------------------------------------------------------------


def test_try_it_cannot_break_the_lesson(
    course: list[Lesson], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delattr("os.fork")
    lines = ["print('c is', c.item())", "del c", "a.data = 100.0", "1 / 0", "viz", "exit"]
    monkeypatch.setattr("builtins.input", lambda *prompt: lines.pop(0) if lines else "")
    play(course, "tn")
    out = shown(capsys)
    assert "this lesson's variables: a, b, c." in out
    assert "c is -6.0" in out
    assert "ZeroDivisionError" in out
    assert "<module 'viz'" in out
    assert "gradients -3.0 2.0" in out


# -- exercises -------------------------------------------------------------------------------------


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "files" / "first" / "my_slope.py"


def test_a_file_is_made_and_checked_when_it_is_saved(
    course: list[Lesson], file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def wrong() -> None:
        file.write_text("def slope(x):\n    return x * x\n")

    def right() -> None:
        file.write_text("print('mine')\ndef slope(x):\n    return 2 * x\n")

    nothing = lambda: None  # noqa: E731
    keys = keyboard("s", wrong, nothing, right, nothing, nothing, "sq")
    progress = play(course, step=3, screen=Screen(keys))
    out = shown(capsys)
    assert str(file) in out.replace(" ", "").replace("││", "") or file.name in out
    assert "The solution is shown once yours passes." in out
    assert "slope(3.0) gives 9.0, expected 6.0. That is x squared." in out
    assert out.count("Checking ...") == 2
    assert "your file printed: mine ✓ Passed." in out
    assert "return 2 * x # ours" in out
    assert "step 4 of 4" in out
    assert progress.passed("first", "my-slope")
    assert progress.last_lesson == "first"  # never on by itself


def test_hints_come_one_at_a_time_and_stay(
    course: list[Lesson], capsys: pytest.CaptureFixture[str]
) -> None:
    play(course, "hq", step=3)
    assert "second hint" not in shown(capsys)
    play(course, "hq", step=3)
    out = shown(capsys)
    assert "The first hint." in out
    assert "The second hint. These are all hints." in out


@pytest.mark.parametrize("plain", [False, True])
def test_hints_and_a_solution_that_are_not_text(
    course: list[Lesson], file: Path, plain: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    exercise = course[0].exercise("my-slope")
    for name in ("hints.md", "solution.py"):
        (exercise.folder / name).write_bytes(b"# caf\xe9\n")
    file.parent.mkdir(parents=True)
    file.write_text("def slope(x):\n    return 2 * x\n")
    screen: Any = PlainScreen() if plain else Screen()
    screen.key = keyboard("hsq")
    play(course, step=3, screen=screen)
    out = shown(capsys)
    for what in ("The hints cannot be shown:", "The solution cannot be shown:"):
        assert what in out
    assert "hints.md is not text in UTF-8: its byte 5 is 0xe9. Fix: save it again" in out


def test_an_exercise_that_is_no_text_is_named_in_a_pipe(course: list[Lesson]) -> None:
    start = course[0].exercise("my-slope").start
    start.write_bytes(b"# caf\xe9\n")
    out = StringIO()
    play_plain(course[0], out)
    assert f"Exercise my-slope cannot be shown: {start} is not text in UTF-8" in out.getvalue()
    start.unlink()
    play_plain(course[0], out)
    assert "No such file" in out.getvalue()


def test_starting_over_asks_and_keeps_a_copy(
    course: list[Lesson], file: Path, answers: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    play(course, "q", step=3)
    first = file.read_text()
    file.write_text("my work")
    answers[:] = ["", "y", "y"]
    play(course, "xq", step=3)
    assert file.read_text() == "my work"
    play(course, "xq", step=3)
    assert (file.read_text(), file.with_name("my_slope.py.bak").read_text()) == (first, "my work")
    play(course, "xq", step=3)
    assert sorted(path.name for path in file.parent.iterdir()) == ["my_slope.py", "my_slope.py.bak"]
    assert "What you had is in" in shown(capsys)


def test_coming_back_finds_the_work_and_never_writes_over_it(
    course: list[Lesson], file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file.parent.mkdir(parents=True)
    file.write_text("def slope(x):\n    return x * x\n")
    play(course, "q", step=3)
    assert "That is x squared." in shown(capsys)
    assert "x * x" in file.read_text()


def test_a_deleted_file_does_not_stop_the_player(
    course: list[Lesson], file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    play(course, lambda: file.unlink(), "cq", step=3)
    assert "There is no file" in shown(capsys)


def test_a_folder_that_cannot_be_written(
    course: list[Lesson], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "files").write_text("")
    play(course, "chsq", step=3)
    assert "Your file cannot be written" in shown(capsys)


# -- beginning -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("keys", "line", "lesson"),
    [("\nq", "", "first"), ("xlq", "grad-fn", "grad-fn"), ("lq", "", "first"), ("q", "", None)],
)
def test_welcome(
    course: list[Lesson],
    answers: list[str],
    capsys: pytest.CaptureFixture[str],
    keys: str,
    line: str,
    lesson: str | None,
) -> None:
    answers.append(line)
    progress = Progress()
    Player(course, progress, Screen(keyboard(keys))).welcome(course[0])
    assert progress.last_lesson == lesson
    assert str(Path(os.environ["AUTODIFF_FOLDER"]).name) in shown(capsys)


def test_where_the_place_cannot_be_kept_the_player_says_so(
    course: list[Lesson], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("")
    Player(course, Progress(tmp_path / "file"), Screen(keyboard("q"))).play(course[0], 0)
    out = shown(capsys)
    assert "Your place cannot be kept" in out
    assert "Your place is kept" not in out


# -- text alone ------------------------------------------------------------------------------------


def test_plain_mode_takes_words_and_writes_text_alone(
    course: list[Lesson], answers: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    answers[:] = [
        "next", "-3 2", "list", "", "3", "next", "", "help", "hint", "solution", "check", "wat",
        "quit",
    ]  # fmt: skip
    progress = Progress()
    screen = PlainScreen()
    screen.key = lambda timeout=None: PlainScreen.key(screen)  # type: ignore[method-assign]
    Player(course, progress, screen).play(course[0], 0)
    out = capsys.readouterr().out
    assert not set(out) & set("\x1b─━│╭✓✗") - set("─│")  # drawings of graphs keep their lines
    assert "\nThe first, step 2 of 4\n" in out
    assert "Right. Each factor gets the other one." in out
    assert "1. first: The first, 2 of 4, open now" in out
    assert "Hint 1 of 2:\nThe first hint." in out
    assert "Not yet: Here something is still to be written" in out
    assert "'wat' does nothing here." in out
    assert progress.step("first") == 3


def test_every_lesson_of_the_course_opens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("builtins.input", lambda *prompt: "q")
    course = load_course()
    for lesson in course:
        Player(course, Progress(), Screen(keyboard("q"))).play(lesson, 0)


def test_text_alone_has_no_stars_but_in_code() -> None:
    prose = "This is **bold\nwords**, *soft*; `2 * x * y` and 2 * 3 * 4 and `**kwargs`."
    assert wrapped(prose) == ("This is bold words, soft; `2 * x * y` and 2 * 3 * 4 and `**kwargs`.")


def test_underscores_in_prose_are_underscores(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    prose = "# Python calls __init__ and `__add__`; **bold** a_b_c.\n#\n#     __code__ = 1\n"
    lesson = write(tmp_path, "print(1)")
    lesson.path.write_text(lesson.path.read_text().replace("# Prose.\n", prose))
    play([lesson], "q")
    assert "Python calls __init__ and __add__; bold a_b_c. __code__ = 1" in shown(capsys)
