"""What is fuzzed, and how one input is tried: within a time, with the errors that it may raise."""

from __future__ import annotations

import random
import signal
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

__all__ = ["Result", "Target", "run"]

HANG = 10.0
"""How many seconds an input may take before it counts as a hang."""


@dataclass(frozen=True)
class Target:
    """A reader or writer: ``make`` an input from a source of chance, ``use`` it.

    ``sound`` makes one that is as it should be, and has to be accepted: where even that is refused,
    damaged inputs do not get far. ``refusals`` are the errors by which it may refuse an input;
    anything else is a crash.
    """

    name: str
    sound: Callable[[], Any]
    make: Callable[[random.Random], Any]
    use: Callable[[Any], object]
    refusals: tuple[type[BaseException], ...] = ()


@dataclass
class Result:
    """What happened to the inputs of one target."""

    inputs: int = 0
    refused: int = 0
    hangs: list[int] = field(default_factory=list)
    crashes: dict[int, str] = field(default_factory=dict)
    seconds: float = 0.0

    @property
    def sound(self) -> bool:
        return not (self.hangs or self.crashes)


class HangError(BaseException):
    """An input took too long. Not an Exception, so that nothing that reads files catches it."""


@contextmanager
def _within(seconds: float) -> Iterator[None]:
    def stop(number: int, frame: object) -> None:
        raise HangError

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def run(
    target: Target, *, seed: int = 0, inputs: int | None = None, seconds: float | None = None
) -> Result:
    """Try the inputs of seeds from ``seed`` on: so many, or for so long."""
    result = Result()
    start = time.monotonic()
    while result.inputs != inputs and (seconds is None or time.monotonic() - start < seconds):
        number = seed + result.inputs
        result.inputs += 1
        data = target.make(random.Random(f"{target.name} {number}"))
        try:
            with _within(HANG):
                target.use(data)
        except target.refusals:
            result.refused += 1
        except HangError:
            result.hangs.append(number)
        except BaseException as error:
            if isinstance(error, KeyboardInterrupt):
                raise
            result.crashes[number] = "".join(traceback.format_exception(error, limit=-4))
    result.seconds = time.monotonic() - start
    return result
