"""Random programs, three ways: finite differences, the general path, and PyTorch.

The ordinary run tries a few, the slow one 2,000, and `python -m tests.properties.nightly` 100,000.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import TypeVar

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autodiff.op import OPS
from tests.mutants import Mutant, planted
from tests.properties.checks import (
    check_against_differences,
    check_against_general_path,
    check_against_torch,
)
from tests.properties.found import FOUND
from tests.properties.nightly import Dice
from tests.properties.programs import Program, random_program

T = TypeVar("T")


class Drawn:
    """Decisions of hypothesis, which looks for the smallest program that fails."""

    def __init__(self, data: st.DataObject) -> None:
        self._data = data

    def pick(self, options: Sequence[T]) -> T:
        return self._data.draw(st.sampled_from(list(options)))


def some(examples: int) -> settings:
    healthy = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example]
    return settings(
        max_examples=examples, deadline=None, suppress_health_check=healthy, derandomize=True
    )


def drawn(data: st.DataObject) -> Program:
    return random_program(Drawn(data), data.draw(st.integers(1, 14)))


@some(60)
@given(st.data())
def test_a_few_programs(data: st.DataObject) -> None:
    program = drawn(data)
    check_against_general_path(program)
    check_against_differences(program)


@pytest.mark.slow
@some(1000)
@given(st.data())
def test_many_programs(data: st.DataObject) -> None:
    program = drawn(data)
    check_against_general_path(program)
    check_against_differences(program)


@pytest.mark.parity
@some(1000)
@given(st.data())
def test_many_programs_beside_pytorch(data: st.DataObject) -> None:
    torch = pytest.importorskip("torch")
    check_against_torch(drawn(data), torch)


@pytest.mark.parametrize("program", FOUND.values(), ids=FOUND)
def test_what_once_failed(program: Program) -> None:
    check_against_general_path(program)
    check_against_differences(program)


@pytest.mark.parity
@pytest.mark.parametrize("program", FOUND.values(), ids=FOUND)
def test_what_once_failed_beside_pytorch(program: Program) -> None:
    check_against_torch(program, pytest.importorskip("torch"))


def test_programs_notice_a_wrong_rule() -> None:
    """With the rule of a product broken, some program of a hundred disagrees with its slope."""
    mutant = Mutant(OPS["Mul"], "x", "wrong factor")
    programs = [random_program(Dice(random.Random(seed)), 8) for seed in range(100)]
    with planted(mutant.op, mutant.argument, mutant.rule):
        disagree = 0
        for program in programs:
            try:
                check_against_differences(program)
            except AssertionError:
                disagree += 1
    assert disagree > 5
    for program in programs:
        check_against_differences(program)


def test_programs_use_what_they_are_for() -> None:
    programs = [random_program(Dice(random.Random(seed)), 12) for seed in range(200)]
    text = "\n".join(line for program in programs for line in program.lines)
    for part in ("_(", "[...] =", "register_hook", "@", "expand", "cat", "detach", "amax"):
        assert part in text, part
    assert sum(program.honest for program in programs) > 100
