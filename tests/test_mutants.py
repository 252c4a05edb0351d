"""Each gradient rule is broken in turn, and the table of cases must notice every time."""

from __future__ import annotations

import pytest

from autodiff.op import OPS, Op
from tests.mutants import cases_of, mutants_of, noticed, planted, survivors_of

TESTED = [op for op in OPS.values() if op.rules and cases_of(op)]


@pytest.mark.parametrize("op", TESTED, ids=lambda op: op.__name__)
def test_no_mutant_survives(op: type[Op]) -> None:
    assert survivors_of(op)[1] == []
    assert not noticed(op), "the right rules are taken for wrong ones, or were not put back"


def test_most_rules_have_mutants_that_bite() -> None:
    for name in ("Mul", "Exp", "Matmul", "Convolution", "Softmax", "Cat"):
        bites = {}
        for mutant in mutants_of(OPS[name]):
            with planted(mutant.op, mutant.argument, mutant.rule):
                noticed(mutant.op)
            bites[mutant.argument, mutant.mistake] = mutant.bites
        assert all(b for (_, mistake), b in bites.items() if mistake != "wrong saved value")


def test_a_table_that_is_too_weak_lets_mutants_live(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a gradient is the same in all cases, a mutant of it could hide: here with no case."""
    monkeypatch.setattr("tests.mutants.cases_of", lambda op: [])
    mutant = next(mutants_of(OPS["Mul"]))
    with planted(mutant.op, mutant.argument, mutant.rule):
        assert not noticed(OPS["Mul"])
