"""What the cells of a lesson's notebook call: predictions and exercises are checked in it too."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lessons.format import Exercise
from lessons.predict import Question, UnclearError
from lessons.runner import check_file

__all__ = ["check_exercise", "check_prediction"]


def check_prediction(
    question: Question, prediction: object, variables: Mapping[str, Any] | None = None
) -> None:
    """Print what there is to say to a prediction; None has the answer told.

    Args:
        question: what a predict cell ends with.
        prediction: a number, a list or tuple of them, or text as one would type it.
        variables: those of the notebook, where the question is about a graph.

    >>> from lessons import predict
    >>> check_prediction(predict.shape((2, 3), because="Rows come first."), (3, 2))
    Not quite: it is (2, 3). Rows come first.
    >>> check_prediction(predict.number(6), None)
    It is 6.
    """
    if prediction is None or not str(prediction).strip():
        print(f"It is {question.truth_in_words}. {question.because}".rstrip())
        return
    try:
        verdict = question.judge(str(prediction), variables)
    except UnclearError as error:
        print(error)
        return
    print(verdict)
    if verdict.picture:
        print(f"\n{verdict.picture}")


def check_exercise(folder: str | Path, file: str | Path) -> None:
    """Check a file for the exercise in a folder, and print what there is to say."""
    exercise = Exercise("", Path(folder).name, Path(folder))
    report = check_file(exercise, Path(file))
    if report.output:
        print(report.output)
    print("Passed." if report.passed else report.feedback)
