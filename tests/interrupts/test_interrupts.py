"""Ctrl-C leaves the engine, files and processes clean, whenever it comes."""

from __future__ import annotations

from pathlib import Path

import pytest

import autodiff as ad
from tests.interrupts.moments import after_lines, lines_of
from tests.interrupts.programs import PROGRAMS
from tests.interrupts.trial import interrupt

# Where Python itself calls back, as before a fork, it cannot raise and only tells of it.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")

SLOW = ("an exercise", "compiled", "loading", "loading again")


@pytest.mark.parametrize("name", [name for name in PROGRAMS if name not in SLOW])
def test_some_moments(name: str, tmp_path: Path) -> None:
    interrupt(name, tmp_path, lines=3, times=1)


@pytest.mark.slow
@pytest.mark.parametrize("name", PROGRAMS)
def test_many_moments(name: str, tmp_path: Path) -> None:
    # Python only tells of an interruption while it forks, which in a large process takes long.
    few = name == "an exercise"
    assert interrupt(name, tmp_path, lines=6 if few else 40, times=20) > (3 if few else 30)


def test_the_moment_is_met() -> None:
    """What interrupts does so at the line that it is told to, and at none after the end."""
    done = []

    def program() -> None:
        for _ in range(3):
            done.append(ad.ones(2) + 1)

    total = lines_of(program)
    done.clear()
    assert not after_lines(program, total)
    assert len(done) == 3
    done.clear()
    assert after_lines(program, total // 2)
    assert len(done) in (1, 2)


@pytest.mark.parametrize("block", [ad.no_grad, ad.inference_mode, ad.enable_grad])
def test_a_mode_that_was_not_entered_is_not_kept(block: type) -> None:
    def entered() -> None:
        with block():
            pass

    for count in range(lines_of(entered)):
        after_lines(entered, count)
        assert ad.is_grad_enabled()
        assert not ad.is_inference_mode_enabled()
