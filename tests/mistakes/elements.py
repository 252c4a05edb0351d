"""Elements and dtypes."""

from __future__ import annotations

from tests.mistakes.mistake import Mistake

MISTAKES = [
    Mistake(
        "truth values subtracted",
        lambda m: m.tensor([True]) - m.tensor([False]),
        RuntimeError,
        "Subtraction",
    ),
    Mistake("truth values negated", lambda m: -m.tensor([True]), RuntimeError, "Negation"),
    Mistake(
        "integer to a negative power",
        lambda m: m.tensor([2]) ** -1,
        RuntimeError,
        "negative integer powers",
    ),
    Mistake(
        "bits of floats",
        lambda m: m.tensor([2.0]) & m.tensor([1.0]),
        NotImplementedError,
        "float32",
        explains=False,
    ),
    Mistake(
        "condition that is no truth",
        lambda m: m.where(m.ones(2), m.ones(2), m.ones(2)),
        RuntimeError,
        "boolean",
    ),
    Mistake("clamp without limits", lambda m: m.ones(2).clamp(), RuntimeError, "min"),
    Mistake(
        "string added",
        lambda m: m.tensor([2.0]) + "a",
        TypeError,
        "unsupported operand",
        explains=False,
    ),
    Mistake(
        "list added",
        lambda m: m.tensor([2.0]) + [1.0],  # noqa: RUF005
        TypeError,
        "unsupported operand",
        explains=False,
    ),
    Mistake(
        "many numbers formatted",
        lambda m: format(m.ones(2), ".2f"),
        TypeError,
        "format",
        explains=False,
    ),
]
