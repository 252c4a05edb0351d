"""A short run of every fuzz target, and what longer runs have found."""

from __future__ import annotations

import time

import pytest

import autodiff as ad
from lessons import predict
from lessons.compare import UnclearError, numbers_in
from tests.fuzz.target import run
from tests.fuzz.targets import TARGETS


@pytest.mark.parametrize("name", TARGETS)
def test_nothing_crashes_or_hangs(name: str) -> None:
    result = run(TARGETS[name], inputs=10 if name == "labels" else 40)
    assert result.sound, (result.hangs, result.crashes)


def test_a_very_long_answer_is_read_at_once() -> None:
    start = time.process_time()
    with pytest.raises(UnclearError):
        numbers_in("a" * 100_000)
    assert time.process_time() - start < 5  # it took minutes


def test_a_number_of_thousands_of_digits_is_no_option() -> None:
    with pytest.raises(UnclearError):
        predict.choice("yes", options=("yes", "no")).judge("9" * 5000)


@pytest.mark.parametrize(
    "answer",
    [
        "exit()",
        "quit()",
        "__import__('sys').exit()",
        "type('X', (), {'edge': 1})()",
        "type('X', (), {'__getattr__': lambda s, n: 1 / 0})()",
        "type('X', (), {'__repr__': lambda s: 1 / 0})()",
    ],
)
def test_an_answer_does_not_end_the_lesson(answer: str) -> None:
    a, b = ad.Scalar(2.0), ad.Scalar(3.0)
    with pytest.raises(UnclearError):
        predict.graph(a * b).judge(answer, {"a": a, "b": b})
