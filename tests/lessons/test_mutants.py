"""Each mutant engine has its bug on a graph made for it, and the true engine has none of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import autodiff as ad
from autodiff import Scalar
from lessons.mutants import MUTANTS, belief_behind, true_gradients

BY_NAME = {mutant.name: mutant for mutant in MUTANTS}

A, B, C = Scalar(2.0), Scalar(-3.0), Scalar(5.0)
ROW = ad.tensor([1.0, 2.0], requires_grad=True)
GRID = ad.tensor([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]], requires_grad=True)


def twice_of_twice() -> Scalar:
    b = A + A
    return b + b


def early() -> Scalar:
    b = A * C
    return b * (b * A)


def worked(*numbers: float) -> list[float]:
    """What a learner with the misconception would write down."""
    return list(numbers)


CASES: dict[str, tuple[Callable[[], Any], list[Any], int, list[float]]] = {
    "overwrites": (lambda: A * A + A * B, [A, B], 1, worked(-3.0, 2.0)),
    "keeps the first": (lambda: A * A + A * B, [A, B], 1, worked(2.0, 2.0)),
    "starts anew": (lambda: A * B, [A, B], 2, worked(-3.0, 2.0)),
    "keeps values in between": (lambda: (A * B) * C, [A, B, C], 2, worked(-45.0, 30.0, -12.0)),
    "plain recursion": (twice_of_twice, [A], 1, worked(6.0)),
    "sends too early": (early, [A, C], 1, worked(200.0, 40.0)),
    "no un-broadcasting": (lambda: (GRID * ROW).sum(), [ROW], 1, worked(1, 2, 3, 4, 5, 6)),
    "swaps the rules": (lambda: A * B + C, [A, B, C], 1, worked(2.0, -3.0, 1.0)),
    "adds along a path": (lambda: A * B + C, [A, B, C], 1, worked(-2.0, 3.0, 1.0)),
    "forgets the upstream gradient": (lambda: (A * B) * C, [A, B, C], 1, worked(-3.0, 2.0, -6.0)),
    "forgets the inner derivative": (lambda: (A * B) ** 2, [A, B], 1, worked(-12.0, -12.0)),
    "loses the minus sign": (lambda: (A * B - C * A) * 2, [A, B, C], 1, worked(4.0, 4.0, 4.0)),
    "value instead of gradient": (lambda: A * B * C, [A, B, C], 1, worked(2.0, -3.0, 5.0)),
}


def test_there_is_a_case_for_every_mutant() -> None:
    assert set(CASES) == set(BY_NAME)


@pytest.mark.parametrize("name", CASES)
def test_a_mutant_gives_what_a_learner_with_its_bug_writes(name: str) -> None:
    compute, leaves, passes, answer = CASES[name]
    assert BY_NAME[name].answer(compute(), leaves, passes) == pytest.approx(answer)
    assert answer != pytest.approx(true_gradients(compute(), leaves, passes))


@pytest.mark.parametrize("name", CASES)
def test_the_answer_names_the_misconception(name: str) -> None:
    compute, leaves, passes, answer = CASES[name]
    found = belief_behind(answer, compute(), leaves, passes)
    assert found is not None
    assert found.name == name


@pytest.mark.parametrize("name", CASES)
def test_the_true_engine_matches_no_mutant(name: str) -> None:
    compute, leaves, passes, _ = CASES[name]
    truth = true_gradients(compute(), leaves, passes)
    assert belief_behind(truth, compute(), leaves, passes) is None


@pytest.mark.parametrize("name", CASES)
def test_the_truth_is_what_backward_leaves(name: str) -> None:
    compute, leaves, passes, _ = CASES[name]
    expected = true_gradients(compute(), leaves, passes)
    assert all(leaf.grad is None for leaf in leaves)
    out = compute()
    for _ in range(passes):
        out.backward(retain_graph=True)
    left = [leaf.grad if isinstance(leaf, Scalar) else leaf.grad.tolist() for leaf in leaves]
    for leaf in leaves:
        leaf.grad = None
    assert [n for g in left for n in (g if isinstance(g, list) else [g])] == expected


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_mutants_run_on_tensors_with_several_outputs_or_decline(mutant: Any) -> None:
    x = ad.tensor([[3.0, 1.0], [2.0, 5.0]], requires_grad=True)
    values, _ = x.max(dim=1)
    first, second = ad.split(x, 1)
    answer = mutant.answer((values.sum() + (first @ second.T).sum()) * x.mean(), [x])
    assert answer is None or len(answer) == 4


def test_recursion_gives_up_on_a_ladder_that_takes_for_ever() -> None:
    x = Scalar(1.0)
    for _ in range(60):
        x = x + x
    assert BY_NAME["plain recursion"].answer(x, []) is None


def test_a_leaf_without_gradient_has_no_number() -> None:
    with pytest.raises(ValueError, match="no gradient arrives"):
        true_gradients(A * B, [C])
