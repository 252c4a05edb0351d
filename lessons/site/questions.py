"""Questions as data: what a page needs to judge an answer as `lessons.predict` does."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lessons.compare import close, flat
from lessons.mutants import MUTANTS
from lessons.predict import Choice, Gradient, Graph, Number, Question, Shape
from lessons.site.graphs import graph_data

__all__ = ["Asked", "asked"]


@dataclass(frozen=True)
class Asked:
    """A question for the page.

    ``data`` goes to the page's script as JSON; ``meanings`` are what wrong answers give away, in
    Markdown, in the order of ``data["wrong"]``.
    """

    ask: str
    truth: str
    because: str
    options: tuple[str, ...]
    meanings: tuple[str, ...]
    data: dict[str, Any]


def asked(question: Question, variables: Mapping[str, Any]) -> Asked:
    """A question of a lesson whose variables are these, right after its step has run."""
    wrong, meanings = _wrong(question)
    data: dict[str, Any] = {"kind": type(question).__name__.lower(), "wrong": wrong}
    match question:
        case Number():
            data |= {"truth": _plain(question.truth), "within": question.within}
        case Shape():
            data |= {"truth": list(question.truth)}
        case Choice():
            data |= {"truth": question.truth, "options": list(question.options)}
        case Graph():
            data |= graph_data(question, variables)
    return Asked(
        question.ask,
        question.truth_in_words,
        question.because,
        question.options if isinstance(question, Choice) else (),
        tuple(meanings),
        data,
    )


def _wrong(question: Question) -> tuple[list[Any], list[str]]:
    """Wrong answers that are recognised, and what each gives away; the first match counts."""
    numeric = isinstance(question, (Number, Shape))
    wrong: list[Any] = [_plain(flat(key)) if numeric else str(key) for key in question.wrong]
    meanings = list(question.wrong.values())
    if isinstance(question, Gradient):
        out = question.compute()
        for mutant in MUTANTS:
            numbers = mutant.answer(out, question.leaves, question.passes)
            if numbers is not None and not close(numbers, question.truth, question.within):
                wrong.append(_plain(numbers))
                meanings.append(mutant.belief)
    return wrong, meanings


def _plain(numbers: Any) -> list[float | str]:
    """Numbers for JSON, which has no word for infinity: that and nan become strings."""
    return [number if math.isfinite(number) else str(number) for number in numbers]
