"""`autodiff check-course`: a course that keeps the rules passes, and each broken rule is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from lessons.check_course import check_lesson
from lessons.cli import main
from lessons.format import load_course

STEP = """
# %% [markdown]
# Some prose.

# %%
print("shown")
"""

ASKING = """
# %% [markdown]
# **Before you go on:** what is n?

# %%
n = {n}
print("n is", n)

# %% [predict]
predict.number(n)
"""

DRAWING = """
# %% [markdown]
# **Before you go on:** what does it look like? See [the docs](lesson.py), then
# `autodiff learn one`.

# %%
import viz
from autodiff import Scalar

a = Scalar(2.0)
print(viz.graph(a * a))
"""

EXERCISE = """
# %% [markdown]
# Now you: write the slope.

# %% [exercise] slope
"""

LESSON = (
    '"""A lesson."""\n\nfrom lessons import predict\n'
    + ASKING.format(n=1)
    + ASKING.format(n=2)
    + DRAWING
    + STEP * 2
    + EXERCISE
)

FILES = {
    "lesson.py": LESSON,
    "exercises/slope/exercise.py": '"""Write the slope."""\n\n\ndef slope(x):\n    ...\n',
    "exercises/slope/solution.py": "def slope(x):\n    return 2 * x\n",
    "exercises/slope/check.py": "from lessons.checking import expect\n\n\ndef check(work):\n"
    '    expect(work.slope(3.0), 6.0, "slope(3.0)", wrong={9.0: "That is x squared."})\n',
    "exercises/slope/hints.md": "Look at x.\n\n---\n\nTwice x.\n",
    "exercises/slope/wrong/squared.py": "# expect: x SQUARED\ndef slope(x):\n    return x * x\n",
}

TOML = '[[lesson]]\nid = "one"\ntitle = "One"\nsummary = "A first one."\nminutes = 12\n'


def course(folder: Path, **changed: str | None) -> Path:
    """A course of one lesson that keeps the rules, but for the files that are changed."""
    names = {name: name.replace("/", "_").replace(".", "_") for name in FILES}
    for name, content in FILES.items():
        content = changed.get(names[name], content) if names[name] in changed else content
        if content is not None:
            file = folder / "one" / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(content)
    (folder / "course.toml").write_text(changed.get("toml") or TOML)
    return folder


def problems(folder: Path) -> str:
    lessons = load_course(folder)
    return "\n".join(map(str, check_lesson(lessons[0], lessons)))


def test_a_course_that_keeps_the_rules(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check-course", str(course(tmp_path))]) == 0
    assert capsys.readouterr().out == "one: all is well\n"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("file", "content", "words"),
    [
        ("lesson_py", LESSON + STEP + "# %% [predict]\n", "belongs after the code"),
        ("lesson_py", "", "has no steps"),
        ("lesson_py", None, "No such file"),
        ("lesson_py", LESSON.replace("n = 2", "n = 2 / 0"), "step 2: fails: ZeroDivisionError"),
        ("lesson_py", LESSON.replace('print("shown")', "pass"), "step 4: prints nothing"),
        ("lesson_py", LESSON.replace('"shown"', '" " + "a" * 80'), "prints 81 columns"),
        ("lesson_py", LESSON.replace('"shown"', '"a\\n" * 46'), "is 49 lines long"),
        ("lesson_py", LESSON.replace('"shown"', '"a" #' + "a" * 80), "columns wide"),
        ("lesson_py", LESSON.replace("number(n)", "number(n); 3", 1), "end with a question"),
        ("lesson_py", LESSON.replace("**Before you go on:** what does", "What does"), "asks 2"),
        ("lesson_py", LESSON.replace("# %% [predict]\npredict.number(n)", "", 1), "judges 1"),
        (
            "lesson_py",
            LESSON.replace("number(n)", 'number(n, wrong={1.0: "no"})', 1),
            "step 1: takes the wrong answer 1.0 for right",
        ),
        (
            "lesson_py",
            LESSON.replace("number(n)", 'number(n * 1.0, wrong={7.0: "a", 7.01: "b"})', 1),
            "step 1: tells the wrong answer 7.01 something else",
        ),
        ("lesson_py", LESSON.replace("Some prose", "x**2 + y**2", 1), "has 'x**2' outside of"),
        ("lesson_py", LESSON.replace("viz.graph(a * a)", "a"), "draws no graph"),
        ("lesson_py", LESSON.replace(EXERCISE, STEP), "has no exercise"),
        ("lesson_py", LESSON.replace("(lesson.py)", "(gone.md)"), "links to 'gone.md'"),
        ("lesson_py", LESSON.replace("learn one", "learn two"), "names a lesson 'two'"),
        ("lesson_py", LESSON.replace(STEP * 2, ""), "has 4 steps"),
        ("exercises_slope_solution_py", None, "lacks solution.py"),
        ("exercises_slope_solution_py", FILES["exercises/slope/exercise.py"], "does not pass"),
        ("exercises_slope_exercise_py", FILES["exercises/slope/solution.py"], "passes before"),
        ("exercises_slope_exercise_py", "# long\n" * 41, "has 41 lines"),
        ("exercises_slope_hints_md", "Look.\n---\n\n", "needs at least 2 hints"),
        ("exercises_slope_hints_md", "Look.\n", "needs at least 2 hints"),
        ("exercises_slope_wrong_squared_py", None, "no typical wrong solution"),
        ("exercises_slope_wrong_squared_py", "slope = 3\n", "does not begin with a line"),
        (
            "exercises_slope_wrong_squared_py",
            "# expect: x\n" + FILES["exercises/slope/solution.py"],
            "wrong/squared.py passes",
        ),
        (
            "exercises_slope_wrong_squared_py",
            "# expect: quite another thing\ndef slope(x):\n    return x * x\n",
            "is to be told 'quite another thing', but hears: slope(3.0) gives 9.0",
        ),
        ("toml", TOML.replace("12", "90"), "says 90 minutes"),
    ],
)
def test_each_broken_rule_is_named(
    tmp_path: Path, file: str, content: str | None, words: str
) -> None:
    assert words in problems(course(tmp_path, **{file: content}))


@pytest.mark.parametrize("name", ["hints.md", "exercise.py", "solution.py", "wrong/squared.py"])
def test_a_file_that_is_not_text_is_named(tmp_path: Path, name: str) -> None:
    folder = course(tmp_path)
    (folder / "one" / "exercises" / "slope" / name).write_bytes(b"# caf\xe9\n")
    assert f"{name} is not text in UTF-8: its byte 5 is 0xe9" in problems(folder)


def test_the_command_lists_what_is_to_mend(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = str(course(tmp_path, exercises_slope_solution_py=None))
    assert main(["check-course", folder, "--lesson", "one"]) == 1
    assert capsys.readouterr().out == "one: 1 to mend\n  exercise slope: lacks solution.py\n"
    assert main(["check-course", folder, "--lesson", "oen"]) == 2
    assert "Did you mean 'one'?" in capsys.readouterr().err


def test_a_folder_that_is_no_course(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check-course", str(tmp_path)]) == 2
    assert "course.toml" in capsys.readouterr().err
    (tmp_path / "course.toml").write_text("[[lesson]]\ntitle = 3\n")
    assert main(["check-course", str(tmp_path)]) == 2
    assert "is not the list of a course" in capsys.readouterr().err
