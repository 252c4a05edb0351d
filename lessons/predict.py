"""The questions of a course: a lesson asks before it tells, and the answer says what it rests on.

A ``# %% [predict]`` cell stands after the code of a step and runs after it, in the lesson's own
namespace; its last expression is one of these:

>>> from lessons import predict
>>> question = predict.number(2 * 3.0, wrong={3.0: "That is x. The slope of x ** 2 is 2 * x."})
>>> print(question.judge("3"))
Not quite: it is 6. That is x. The slope of x ** 2 is 2 * x.
>>> print(question.judge("6.0"))
Right.

In a plain script such a cell does nothing.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from autodiff.variable import Variable
from lessons.compare import UnclearError, close, flat, numbers_in, same_structure
from lessons.mutants import belief_behind, true_gradients

__all__ = ["Question", "UnclearError", "Verdict", "choice", "gradient", "graph", "number", "shape"]


@dataclass(frozen=True)
class Verdict:
    """What is said to an answer.

    ``truth`` is the right answer in words, ``misconception`` what a wrong one gives away (or ""),
    ``because`` the reason, and ``picture`` a drawing where there is one.
    """

    right: bool
    truth: str
    misconception: str = ""
    because: str = ""
    picture: str = ""

    def __str__(self) -> str:
        said = "Right." if self.right else f"Not quite: it is {self.truth}."
        return " ".join(part for part in (said, self.misconception, self.because) if part)


@dataclass(frozen=True, kw_only=True)
class Question:
    """What all questions have: the misconceptions that its author expects, and the reason.

    ``wrong`` maps a wrong answer to what it gives away; ``options`` are the answers to choose from,
    where the learner is given some.
    """

    wrong: Mapping[Any, str] = field(default_factory=dict)
    because: str = ""
    options: tuple[str, ...] = ()

    @property
    def ask(self) -> str:
        """How to answer, in a few words."""
        raise NotImplementedError

    @property
    def truth_in_words(self) -> str:
        raise NotImplementedError

    def judge(self, answer: str, variables: Mapping[str, Any] | None = None) -> Verdict:
        """What to say to an answer; ``variables`` are those of the lesson.

        Raises:
            UnclearError: the answer cannot be read.
        """
        raise NotImplementedError

    def _verdict(self, right: bool, misconception: str = "", picture: str = "") -> Verdict:
        return Verdict(right, self.truth_in_words, misconception, self.because, picture)


# -- numbers ---------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Number(Question):
    """One number, or several in order."""

    truth: tuple[float, ...]
    within: float = 0.01

    @property
    def ask(self) -> str:
        count = len(self.truth)
        return "Type a number" if count == 1 else f"Type {count} numbers, with spaces between"

    @property
    def truth_in_words(self) -> str:
        return ", ".join(f"{number:.6g}" for number in self.truth)

    def judge(self, answer: str, variables: Mapping[str, Any] | None = None) -> Verdict:
        numbers = numbers_in(answer)
        if close(numbers, self.truth, self.within):
            return self._verdict(True)
        for key, meaning in self.wrong.items():
            if close(numbers, flat(key), self.within):
                return self._verdict(False, meaning)
        return self._verdict(False, self._unforeseen(numbers))

    def _unforeseen(self, numbers: Sequence[float]) -> str:
        """What to say to a wrong answer that nobody expected."""
        wanted = len(self.truth)
        if len(numbers) != wanted:
            given = "1 number" if len(numbers) == 1 else f"{len(numbers)} numbers"
            return f"You gave {given} where {wanted} were asked for."
        right = sum(close([a], [b], self.within) for a, b in zip(numbers, self.truth, strict=True))
        return f"{right} of your {wanted} numbers {_are(right)} right." if right else ""


def number(
    truth: Any, *, within: float = 0.01, wrong: Mapping[Any, str] | None = None, because: str = ""
) -> Number:
    """Ask for one number, or for several.

    Args:
        truth: a number, a list, a Scalar or a tensor. An int is to be met exactly.
        within: how far an answer may be from it, relative to its size.
        wrong: what a wrong answer gives away; keys are numbers, or tuples of them.
        because: the reason, in a sentence or two.
    """
    exact = isinstance(truth, int)
    return Number(
        truth=tuple(flat(truth)), within=0.0 if exact else within, wrong=wrong or {},
        because=because,
    )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Gradient(Number):
    """Gradients of leaves; wrong answers are compared with engines that have one known bug."""

    compute: Callable[[], Any]
    leaves: tuple[Any, ...]
    passes: int = 1

    def _unforeseen(self, numbers: Sequence[float]) -> str:
        out = self.compute()
        mutant = belief_behind(numbers, out, self.leaves, self.passes, self.within)
        return mutant.belief if mutant else super()._unforeseen(numbers)


def gradient(
    compute: Callable[[], Any],
    *leaves: Any,
    passes: int = 1,
    within: float = 0.01,
    wrong: Mapping[Any, str] | None = None,
    because: str = "",
) -> Gradient:
    """Ask for what is in the ``.grad`` of leaves after ``passes`` backward passes.

    Args:
        compute: computes the result anew from the leaves, whose ``.grad`` is left alone.
        leaves: Scalars or tensors, in the order in which the learner is to give their gradients.
        within, wrong, because: as in `number`.

    >>> from autodiff import Scalar
    >>> a = Scalar(3.0)
    >>> question = gradient(lambda: a * a, a)
    >>> print(question.judge("3").misconception)
    One contribution has replaced another. Where a value is used more than once, each use sends
    a contribution, and they add up.
    """
    truth = true_gradients(compute(), leaves, passes)
    return Gradient(
        truth=tuple(truth), within=within, wrong=wrong or {}, because=because,
        compute=compute, leaves=leaves, passes=passes,
    )  # fmt: skip


# -- shapes and words ------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Shape(Question):
    """The shape of a tensor."""

    truth: tuple[int, ...]

    @property
    def ask(self) -> str:
        return "Type a shape, as in 2, 3 or ()"

    @property
    def truth_in_words(self) -> str:
        return str(self.truth)

    def judge(self, answer: str, variables: Mapping[str, Any] | None = None) -> Verdict:
        sizes = numbers_in(answer, "a shape, as in 2, 3", empty=True)
        if list(sizes) == list(self.truth):
            return self._verdict(True)
        for key, meaning in self.wrong.items():
            if list(sizes) == flat(key):
                return self._verdict(False, meaning)
        if len(sizes) != len(self.truth):
            return self._verdict(False, f"It has {len(self.truth)} dimensions.")
        return self._verdict(False)


def shape(truth: Any, *, wrong: Mapping[Any, str] | None = None, because: str = "") -> Shape:
    """Ask for a shape; the keys of ``wrong`` are shapes."""
    return Shape(truth=tuple(int(size) for size in truth), wrong=wrong or {}, because=because)


@dataclass(frozen=True, kw_only=True)
class Choice(Question):
    """A word: one of several, or one that the learner knows."""

    truth: str

    @property
    def ask(self) -> str:
        return "Choose one" if self.options else "Type a word"

    @property
    def truth_in_words(self) -> str:
        return self.truth

    def judge(self, answer: str, variables: Mapping[str, Any] | None = None) -> Verdict:
        word = self._chosen(_folded(answer))
        if word == _folded(self.truth):
            return self._verdict(True)
        for key, meaning in self.wrong.items():
            if word == _folded(key):
                return self._verdict(False, meaning)
        return self._verdict(False)

    def _chosen(self, word: str) -> str:
        options = [_folded(option) for option in self.options]
        if not options or word in options:
            return word
        numbered = {str(number): option for number, option in enumerate(options, start=1)}
        if word in numbered:
            return numbered[word]
        begun = [option for option in options if word and option.startswith(word)]
        if len(begun) == 1:
            return begun[0]
        raise UnclearError(f"{word!r} is none of the answers: {', '.join(self.options)}.")


def choice(
    truth: str,
    *,
    options: Sequence[str] = (),
    wrong: Mapping[str, str] | None = None,
    because: str = "",
) -> Choice:
    """Ask for a word: yes or no, a name, a dtype, the type of an error.

    Raises:
        ValueError: the truth, or a wrong answer, is none of the options.
    """
    for word in (truth, *(wrong or {})) if options else ():
        if word not in options:
            raise ValueError(f"{word!r} is none of the options {tuple(options)}")
    return Choice(truth=truth, options=tuple(options), wrong=wrong or {}, because=because)


# -- graphs ----------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Graph(Question):
    """An expression whose graph has the structure of another one."""

    truth: Any

    @property
    def ask(self) -> str:
        return "Type an expression, as in a * b"

    @property
    def truth_in_words(self) -> str:
        return "this graph"

    def judge(self, answer: str, variables: Mapping[str, Any] | None = None) -> Verdict:
        import viz

        variables = dict(variables or {})
        yours = _evaluated(answer, variables)
        if same_structure(self.truth, yours):
            return self._verdict(True)
        names = {name: value for name, value in variables.items() if hasattr(value, "grad_fn")}
        picture = f"{viz.graph(self.truth, params=names)}\n\nYours:\n"
        picture += str(viz.graph(yours, params=names))
        for key, meaning in self.wrong.items():
            if same_structure(_evaluated(key, variables), yours):
                return self._verdict(False, meaning, picture)
        return self._verdict(False, picture=picture)


def graph(truth: Any, *, wrong: Mapping[str, str] | None = None, because: str = "") -> Graph:
    """Ask for an expression over the lesson's variables that has the graph of ``truth``.

    The keys of ``wrong`` are expressions.
    """
    return Graph(truth=truth, wrong=wrong or {}, because=because)


def _evaluated(expression: str, variables: Mapping[str, Any]) -> Any:
    # The prompt's own exit would close the input that the next answer comes from.
    names = {**variables, "exit": sys.exit, "quit": sys.exit}
    try:
        value = eval(expression, names)
        shown = repr(value)
    except (Exception, SystemExit) as error:
        raise UnclearError(f"{expression!r} cannot be computed: {error}") from None
    if not isinstance(value, Variable) or value.edge is None:
        raise UnclearError(f"{expression!r} gives {shown}, which has no graph.")
    return value


def _folded(word: str) -> str:
    return " ".join(word.casefold().split())


def _are(count: int) -> str:
    return "is" if count == 1 else "are"
