"""Questions: how answers are read and matched, and what is said to them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import autodiff as ad
from autodiff import Scalar
from lessons import predict
from lessons.format import Lesson, parse
from lessons.player.session import Session


@pytest.mark.parametrize(
    ("truth", "answer", "right"),
    [
        (6.0, "6", True),
        (6.0, "5.97", True),
        (6.0, "5.8", False),
        (-0.003, "-0.003", True),
        (-0.003, "0", False),
        (0.0, "0", True),
        (1 / 3, "1/3", True),
        (6432, "6433", False),
        ([1.0, 2.0], "1, 2", True),
        ([1.0, 2.0], "a.grad = 1; b.grad = 2", True),
        ([1.0, 2.0], "2 1", False),
        ([1.0, 2.0], "1", False),
        (Scalar(2.5), "2.5", True),
        (ad.tensor([[1.0, -2.0], [0.5, 4.0]]), "tensor([[1, \N{MINUS SIGN}2], [.5, 4.]])", True),
        (float("nan"), "nan", True),
        (float("inf"), "inf", True),
    ],
)
def test_numbers(truth: Any, answer: str, right: bool) -> None:
    assert predict.number(truth).judge(answer).right is right


def test_the_misconception_of_a_wrong_number_is_named() -> None:
    question = predict.number([2.0, 3.0], wrong={(3.0, 2.0): "Swapped."}, because="A product.")
    verdict = question.judge("3, 2")
    assert str(verdict) == "Not quite: it is 2, 3. Swapped. A product."
    assert str(question.judge("2 3")) == "Right. A product."
    assert "1 of your 2 numbers is right." in str(question.judge("2 9"))
    assert "You gave 3 numbers where 2 were asked for." in str(question.judge("1 2 3"))


@pytest.mark.parametrize("answer", ["six", "1 2 x", "", "1/0", "?"])
def test_what_is_no_number_is_not_judged(answer: str) -> None:
    with pytest.raises(predict.UnclearError, match=r"Enter\.$"):
        predict.number(6.0).judge(answer)


def test_shapes() -> None:
    question = predict.shape(ad.zeros(2, 3).shape, wrong={(3, 2): "Rows come first."})
    assert question.judge("torch.Size([2, 3])").right
    assert question.judge("2 3").right
    assert question.judge("(3, 2)").misconception == "Rows come first."
    assert question.judge("6").misconception == "It has 2 dimensions."
    assert predict.shape(()).judge("()").right
    assert not predict.shape(()).judge("1").right


def test_choices() -> None:
    question = predict.choice("no", options=("yes", "no"), wrong={"yes": "It was freed."})
    assert (question.ask, question.options) == ("Choose one", ("yes", "no"))
    assert all(question.judge(answer).right for answer in ("no", " NO ", "2", "n"))
    assert question.judge("1").misconception == "It was freed."
    with pytest.raises(predict.UnclearError, match="none of the answers"):
        question.judge("maybe")
    assert predict.choice("RuntimeError").judge("runtimeerror").right
    with pytest.raises(ValueError, match="none of the options"):
        predict.choice("maybe", options=("yes", "no"))


def test_gradients_are_matched_with_engines_that_have_a_bug() -> None:
    a, b = Scalar(2.0), Scalar(-3.0)
    question = predict.gradient(lambda: a * b + a, a, b, wrong={(1.0, 1.0): "Foreseen."})
    assert question.judge("-2 2").right
    assert "swap" not in question.judge("1 1").misconception
    assert question.judge("1 1").misconception == "Foreseen."
    assert "replaced" in question.judge("-3 2").misconception
    assert question.judge("17 18").misconception == ""
    assert a.grad is None


def test_two_passes_add_up() -> None:
    x = ad.tensor([1.0, 2.0], requires_grad=True)
    question = predict.gradient(lambda: (x * x).sum(), x, passes=2)
    assert question.judge("4 8").right
    assert "does not clear .grad" in question.judge("2 4").misconception


def test_graphs() -> None:
    a, b = Scalar(2.0), Scalar(3.0)
    d = a * b
    question = predict.graph(d + d, wrong={"a * b + a * b": "Computed twice."})
    names = {"a": a, "b": b, "d": d}
    assert question.judge("d + d", names).right
    verdict = question.judge("a * b + a * b", names)
    assert verdict.misconception == "Computed twice."
    assert "(used twice)" in verdict.picture
    assert not question.judge("d * 2", names).right
    assert not question.judge("b * a + b * a", names).right
    assert not predict.graph(d * 2).judge("d * 3", names).right
    for answer in ("a *", "q", "3", "1 / 0"):
        with pytest.raises(predict.UnclearError):
            question.judge(answer, names)


ASKING = '''"""A lesson."""

from lessons import predict

# %% [markdown]
# **Before you go on:** what is n?

# %%
n = 1
print("n is", n)

# %% [predict]
doubled = 2 * n
predict.number(doubled)

# %% [markdown]
# More.

# %%
n += 1
print("n is", n)
'''


def lesson_of(folder: Path, source: str) -> Lesson:
    path = folder / "lesson.py"
    path.write_text(source)
    return Lesson("id", "Title", "", 1, path)


def test_a_session_makes_the_question_right_after_the_step(tmp_path: Path) -> None:
    lesson = lesson_of(tmp_path, ASKING)
    assert lesson.preamble.endswith("import predict\n")
    assert lesson.steps[0].code == 'n = 1\nprint("n is", n)'
    session = Session(lesson)
    assert session.output(1) == "n is 2\n"
    question = session.question(0)
    assert question is not None
    assert question.judge("2").right
    assert session.question(1) is None


def test_an_answer_is_judged_with_the_variables_of_its_step(tmp_path: Path) -> None:
    source = ASKING.replace("n = 1", "from autodiff import Scalar\nn = Scalar(3.0)\nm = n * n")
    source = source.replace("doubled = 2 * n\npredict.number(doubled)", "predict.graph(m)")
    session = Session(lesson_of(tmp_path, source))
    session.output(1)  # where n is another one
    assert session.judge(0, "n * n").right


def test_a_failing_predict_cell_shows_its_line(tmp_path: Path) -> None:
    output = Session(lesson_of(tmp_path, ASKING.replace("doubled = 2", "doubled = 2 / 0"))).output(
        0
    )
    assert output.startswith("n is 1\n")
    assert "line 13, in <module>" in output
    assert "ZeroDivisionError" in output


def test_an_exercise_ends_a_step() -> None:
    (step,) = parse("# %% [markdown]\n# Write it.\n# %% [exercise] my-slope\n")
    assert (step.prose, step.code, step.exercise) == ("Write it.", "", "my-slope")


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("# %% [predict]\n1\n", "belongs after the code"),
        ("# %% [markdown]\n# No question.\n# %%\n1\n# %% [predict]\n1\n", "belongs after the code"),
        ("# %% [exercise] slope\n", "needs prose before it"),
        ("# %% [markdown]\n# Write.\n# %% [exercise]\n", "is no heading of a cell"),
        ("# %% [marktdown]\n# Prose.\n# %%\n1\n", "is no heading of a cell"),
    ],
)
def test_misplaced_cells(source: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        parse(source)
