"""What a row is: a program with the mistake, the exception, and words of its message."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Mistake:
    """``explains``: the message also says why, or how to mend it."""

    name: str
    program: Callable[[Any], Any]
    kind: type[Exception]
    words: str
    explains: bool = True


def leaf(m: Any, *values: float) -> Any:
    return m.tensor(values if len(values) > 1 else values[0], requires_grad=True)


def assign(x: Any, key: Any, value: Any) -> None:
    x[key] = value
