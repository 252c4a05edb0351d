"""Making tensors."""

from __future__ import annotations

import numpy as np

from tests.mistakes.mistake import Mistake

MISTAKES = [
    Mistake(
        "rows of different lengths", lambda m: m.tensor([[1.0], [1.0, 2.0]]), ValueError, "tensor"
    ),
    Mistake(
        "list of tensors",
        lambda m: m.tensor([m.ones(2), m.ones(2)]),
        ValueError,
        "autodiff.stack(list)",
    ),
    Mistake("Tensor of a float", lambda m: m.Tensor(3.5), TypeError, "must be a sequence"),
    Mistake("a string", lambda m: m.tensor("a"), TypeError, "supported types"),
    Mistake("strings", lambda m: m.tensor(["a", "b"]), ValueError, "strings"),
    Mistake("None", lambda m: m.tensor(None), RuntimeError, "NoneType"),
    Mistake(
        "objects", lambda m: m.tensor([object()]), RuntimeError, "Could not infer dtype of object"
    ),
    Mistake(
        "array of strings", lambda m: m.from_numpy(np.array(["a"])), TypeError, "supported types"
    ),
    Mistake(
        "not an array",
        lambda m: m.from_numpy([1]),
        TypeError,
        "expected np.ndarray",
        explains=False,
    ),
    Mistake("negative size", lambda m: m.zeros(2, -1), RuntimeError, "shape [2, -1]"),
    Mistake(
        "integer default dtype",
        lambda m: m.set_default_dtype(m.int64),
        TypeError,
        "floating-point",
        explains=False,
    ),
    Mistake(
        "unknown device", lambda m: m.device("gpu"), RuntimeError, "device type", explains=False
    ),
    Mistake("device without a number", lambda m: m.device("cuda:"), RuntimeError, "Invalid device"),
    Mistake("made on a GPU", lambda m: m.ones(2, device="cuda"), AssertionError, "is_available()"),
    Mistake("moved to a GPU", lambda m: m.ones(2).to("cuda:0"), AssertionError, "is_available()"),
    Mistake("cuda()", lambda m: m.ones(2).cuda(), AssertionError, "CUDA enabled"),
    Mistake(
        "model moved to a GPU",
        lambda m: m.nn.Linear(1, 1).to(m.device("cuda")),
        AssertionError,
        "CUDA enabled",
    ),
    Mistake(
        "arange that never ends",
        lambda m: m.arange(1, 0, 1),
        RuntimeError,
        "never gets there",
    ),
    Mistake(
        "arange that never moves",
        lambda m: m.arange(0, 1, 0),
        RuntimeError,
        "never gets there",
    ),
    Mistake(
        "negative steps",
        lambda m: m.linspace(0, 1, -1),
        RuntimeError,
        "non-negative",
    ),
    Mistake(
        "empty range of integers",
        lambda m: m.randint(5, 5, (2,)),
        RuntimeError,
        "5",
    ),
]
