"""What learners get wrong about automatic differentiation, and where the course meets it.

Each row plays the mistake: a wrong answer to a question, or a wrong solution of an exercise, and
the words of the feedback meant for it. So no misconception drops out of the course unnoticed.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass

import pytest

from lessons.format import Lesson, load_course
from lessons.player.session import Session
from lessons.runner import check_file

BY_ID = {lesson.id: lesson for lesson in load_course()}


@dataclass(frozen=True)
class Answer:
    """A wrong answer to the question of a step; ``question`` is some words of its prose."""

    misconception: str
    lesson: str
    question: str
    answer: str
    feedback: str


@dataclass(frozen=True)
class Solution:
    """A wrong solution of an exercise, from its folder ``wrong``."""

    misconception: str
    lesson: str
    exercise: str
    file: str
    feedback: str


ANSWERS = [
    Answer("a pass replaces .grad", "grad-fn", "after this second one?", "3 4", "It adds to it"),
    Answer("values in between add up too", "grad-fn", "And two passes", "54", "Only leaves keep"),
    Answer("contributions replace each other", "by-hand", "end of the pass?", "12 18 6", "add up"),
    Answer("retain_graph mends it", "grad-fn", "pasted it in", "2 4", "added the same once more"),
    Answer("plain recursion will do", "order", "follow it with a pencil", "4", "once more the old"),
    Answer("a few visits more", "order", "How many for 10 lines?", "20", "Every line doubles"),
    Answer("in place is always wrong", "in-place", "passes will fail?", "both", "no sin"),
    Answer(
        "x ** 2 minds a write to its result", "in-place", "passes will fail?", "the square",
        "only the output was written to",
    ),
    Answer("a step is not a write", "in-place", "which line will fail", "2", "It writes"),
    Answer("a converted leaf is a leaf", "grad-fn", "Will `start.grad`", "yes", "That one is the"),
    Answer("backward gives one row", "vjp", "What do we see for (10, 1)", "20 0", "second row"),
    Answer(
        "any tensor that asks is connected", "stopping", "is `w.grad` filled now?", "yes",
        "no way from it to w",
    ),
    Answer("argmax has a gradient", "stopping", "a *soft* choice", "argmax", "stays the same"),
    Answer("cross_entropy wants probabilities", "losses", "as right as can be", "0", "second soft"),
    Answer("w -= lr * w.grad, anywhere", "in-place", "every text book", "w = 0.7", "is refused"),
    Answer("eval() stops gradients", "stopping", "which of the two will the", "none", "how layers"),
    Answer("freezing cuts the way", "stopping", "*second* layer is frozen", "no", "does not cut"),
    Answer("detach() changes nothing", "stopping", "What will `w.grad` be here", "6", "both ways"),
    Answer("NumPy gets it without a word", "tensors", "`total.numpy()`", "an array", "missing"),
    Answer("from_numpy copies", "tensors", "numbers in `array`", "50 2 3", "copies nothing"),
    Answer(".data is counted", "in-place", "version of `y` be", "2", "is not counted"),
    Answer("integers have slopes", "tensors", "whole numbers require", "yes", "no tiny change"),
    Answer("a view is a copy", "tensors", "What is it in the end?", "1", "no numbers of its own"),
    Answer("a view counts for itself", "in-place", "three writes below", "3", "the same count"),
    Answer("combining is impossible", "grad-fn", "two lines at the end", "no", "holds their sum"),
    Answer("asking makes a parameter", "modules", "which names", "w and mask", "two different"),
]  # fmt: skip

SOLUTIONS = [
    Solution("where hides a nan", "losses", "entropy", "hidden", "nan"),
    Solution("a sum of losses is a number", "training", "accumulate", "graphs_kept", "alive"),
    Solution("clear before every pass", "grad-fn", "batches", "cleared_between", "between the"),
    Solution("any order will do", "order", "order", "level_by_level", "has not sent"),
    Solution("asking again connects", "stopping", "reconnect", "asks_for_itself", "of its own"),
    Solution("retaining more helps", "in-place", "two-losses", "retained_more", "before the step"),
    Solution("a list of layers is a module", "modules", "stack", "plain_list", "ordinary list"),
]


@functools.cache
def session(lesson: str) -> Session:
    return Session(BY_ID[lesson])


def step_that_asks(lesson: Lesson, words: str) -> int:
    found = [
        index
        for index, step in enumerate(lesson.steps)
        if step.predict and words in " ".join(step.prose.split())
    ]
    assert len(found) == 1, f"{len(found)} questions of {lesson.id} say {words!r}"
    return found[0]


@pytest.mark.parametrize("row", ANSWERS, ids=lambda row: row.misconception)
def test_a_wrong_answer_is_understood(row: Answer) -> None:
    step = step_that_asks(BY_ID[row.lesson], row.question)
    verdict = session(row.lesson).judge(step, row.answer)
    assert not verdict.right
    assert row.feedback in verdict.misconception


@pytest.mark.parametrize("row", SOLUTIONS, ids=lambda row: row.misconception)
def test_a_wrong_solution_is_understood(row: Solution) -> None:
    exercise = BY_ID[row.lesson].exercise(row.exercise)
    report = check_file(exercise, exercise.folder / "wrong" / f"{row.file}.py")
    assert report.status == "failed"
    assert row.feedback in f"{report.what} {report.hint}"
