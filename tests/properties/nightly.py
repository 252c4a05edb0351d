"""Many more random programs than a test run has time for.

    python -m tests.properties.nightly 100000        from seed 0
    python -m tests.properties.nightly 100000 7      from seed 7 * 100000

Needs torch. What fails is printed as a program; it belongs into `found`, with the fix.
"""

from __future__ import annotations

import importlib
import random
import sys
import time
import warnings
from collections.abc import Sequence
from typing import TypeVar

from tests.properties.checks import (
    check_against_differences,
    check_against_general_path,
    check_against_torch,
)
from tests.properties.programs import random_program

__all__ = ["Dice", "main"]

T = TypeVar("T")


class Dice:
    """Decisions of a random generator."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance

    def pick(self, options: Sequence[T]) -> T:
        return self._chance.choice(options)


def main(count: int, block: int = 0) -> int:
    """Try that many programs; the number of those that failed."""
    torch = importlib.import_module("torch")
    warnings.simplefilter("ignore")
    failures, start = 0, time.monotonic()
    for seed in range(block * count, (block + 1) * count):
        dice = Dice(random.Random(seed))
        program = random_program(dice, dice.pick(range(1, 16)))
        try:
            check_against_general_path(program)
            check_against_differences(program)
            check_against_torch(program, torch)
        except Exception as error:  # whatever it is, it is what this program looks for
            failures += 1
            print(f"seed {seed}: {type(error).__name__}: {error}\n{program}\n")
    print(f"{count} programs in {time.monotonic() - start:.0f} s, {failures} failed")
    return failures


if __name__ == "__main__":
    sys.exit(bool(main(*map(int, sys.argv[1:]))))
