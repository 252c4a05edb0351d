"""NumPy arrays and Python numbers."""

from __future__ import annotations

import numpy as np

from tests.mistakes.mistake import Mistake, leaf

MISTAKES = [
    Mistake(
        "NumPy function of a leaf",
        lambda m: np.exp(leaf(m, 1.0, 2.0)),
        RuntimeError,
        "numpy.exp was given one",
    ),
    Mistake(
        "NumPy list of leaves",
        lambda m: np.array([leaf(m, 1.0), leaf(m, 2.0)]),
        RuntimeError,
        "detach().numpy()",
    ),
    Mistake(
        "reversed array", lambda m: m.from_numpy(np.arange(3)[::-1]), ValueError, "a[::-1].copy()"
    ),
    Mistake(
        "foreign byte order",
        lambda m: m.tensor(np.array([1.0], ">f4")),
        ValueError,
        "byte order",
    ),
    Mistake(
        "export of a leaf", lambda m: leaf(m, 1.0).__dlpack__(), BufferError, "require gradient"
    ),
    Mistake("capsule of a list", lambda m: m.from_dlpack([1.0]), RuntimeError, "no DLPack capsule"),
    Mistake(
        "string among numbers", lambda m: "a" in m.ones(2), RuntimeError, "got str", explains=False
    ),
    Mistake(
        "if on several values",
        lambda m: 1 if m.tensor([1.0, -1.0]) > 0 else 0,
        RuntimeError,
        "any() or all()",
    ),
    Mistake(
        "and between tensors",
        lambda m: m.tensor([True, False]) and m.tensor([True, True]),
        RuntimeError,
        "any() or all()",
    ),
    Mistake(
        "assert of a comparison",
        lambda m: exec("assert m.ones(2) == m.ones(2)", {"m": m}),
        RuntimeError,
        "any() or all()",
    ),
    Mistake("max() of a matrix", lambda m: max(m.ones(2, 2)), RuntimeError, "any() or all()"),
    Mistake(
        "compared with None by <",
        lambda m: m.ones(2) < None,
        TypeError,
        "not supported",
        explains=False,
    ),
    Mistake(
        "index from two",
        lambda m: [10, 20][m.tensor([0, 1])],
        TypeError,
        "converted to an index",
    ),
    Mistake(
        "integer from nan",
        lambda m: int(m.tensor(float("nan"))),
        ValueError,
        "NaN",
        explains=False,
    ),
    Mistake("unknown type", lambda m: m.ones(2).type("Float"), ValueError, "invalid type"),
    Mistake(
        "numpy of a leaf", lambda m: leaf(m, 1.0, 2.0).numpy(), RuntimeError, "detach().numpy()"
    ),
    Mistake(
        "asarray of a leaf",
        lambda m: np.asarray(leaf(m, 1.0, 2.0)),
        RuntimeError,
        "detach().numpy()",
    ),
    Mistake("item of many", lambda m: m.ones(2).item(), RuntimeError, "this one has 2"),
    Mistake("float of many", lambda m: float(m.ones(2)), ValueError, "this one has 2"),
    Mistake("truth of many", lambda m: bool(m.ones(2)), RuntimeError, "this one has 2"),
    Mistake("truth of none", lambda m: bool(m.ones(0)), RuntimeError, "this one has 0"),
    Mistake("len of a number", lambda m: len(m.tensor(1.0)), TypeError, "0-d", explains=False),
    Mistake("iterating a number", lambda m: list(m.tensor(1.0)), TypeError, "0-d", explains=False),
    Mistake(
        "index from a float",
        lambda m: [10, 20][m.tensor(1.0)],
        TypeError,
        "only integer tensors",
    ),
]
