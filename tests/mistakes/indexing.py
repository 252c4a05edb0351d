"""Indices."""

from __future__ import annotations

from tests.mistakes.mistake import Mistake, assign

MISTAKES = [
    Mistake(
        "index too large",
        lambda m: m.ones(2, 3)[5],
        IndexError,
        "out of bounds for axis 0 with size 2, in a tensor of shape [2, 3]",
    ),
    Mistake("too many indices", lambda m: m.ones(2, 3)[0, 0, 0], IndexError, "too many indices"),
    Mistake("float index", lambda m: m.ones(2, 3)[1.5], IndexError, "integers"),
    Mistake("float tensor index", lambda m: m.ones(2, 3)[m.tensor(1.5)], IndexError, "integer"),
    Mistake(
        "position too large", lambda m: m.ones(2, 3)[m.tensor([5])], IndexError, "out of bounds"
    ),
    Mistake(
        "mask of another shape",
        lambda m: m.ones(2, 3)[m.tensor([True, False, True])],
        IndexError,
        "boolean",
    ),
    Mistake(
        "negative step", lambda m: m.ones(3)[::-1], ValueError, "step must be greater than zero"
    ),
    Mistake("index of a number", lambda m: m.tensor(1.0)[0], IndexError, "too many indices"),
    Mistake(
        "assignment of another shape",
        lambda m: assign(m.ones(2, 3), 0, m.ones(4)),
        RuntimeError,
        "shape [4] cannot be assigned to a place of shape [3]",
    ),
    Mistake(
        "assignment too far", lambda m: assign(m.ones(2, 3), 7, 1.0), IndexError, "out of bounds"
    ),
    Mistake(
        "gather too far",
        lambda m: m.ones(2, 3).gather(1, m.tensor([[5]])),
        RuntimeError,
        "gather along dim 1",
    ),
    Mistake(
        "gather by floats",
        lambda m: m.ones(2, 3).gather(1, m.tensor([[1.0]])),
        RuntimeError,
        "float32",
    ),
    Mistake(
        "gather of another ndim",
        lambda m: m.ones(2, 3).gather(1, m.tensor([1])),
        RuntimeError,
        "shape [1]",
    ),
    Mistake(
        "gather too many rows",
        lambda m: m.ones(2, 3).gather(1, m.zeros(3, 1, dtype=m.int64)),
        RuntimeError,
        "no larger",
    ),
]
