"""Losses and their targets."""

from __future__ import annotations

from tests.mistakes.mistake import Mistake

MISTAKES = [
    Mistake(
        "probabilities",
        lambda m: m.nn.BCELoss()(m.tensor([2.0]), m.tensor([1.0])),
        RuntimeError,
        "all elements of input should be between 0 and 1",
    ),
    Mistake(
        "class too large",
        lambda m: m.nn.CrossEntropyLoss()(m.ones(1, 3), m.tensor([3])),
        IndexError,
        "Target 3 is out of bounds.",
    ),
    Mistake(
        "class below zero",
        lambda m: m.nn.CrossEntropyLoss()(m.ones(1, 3), m.tensor([-1])),
        IndexError,
        "Target -1 is out of bounds.",
    ),
    Mistake(
        "class of int32",
        lambda m: m.nn.NLLLoss()(m.ones(1, 3), m.tensor([1], dtype=m.int32)),
        RuntimeError,
        "expected scalar type Long for the target, but found autodiff.int32.",
    ),
    Mistake(
        "a column of class numbers",
        lambda m: m.nn.functional.cross_entropy(m.ones(2, 3), m.tensor([[1], [2]])),
        RuntimeError,
        "multi-target not supported: input [2, 3], target [2, 1]",
    ),
    Mistake(
        "class numbers for one sample",
        lambda m: m.nn.functional.cross_entropy(m.ones(3), m.tensor([1, 2])),
        ValueError,
        "Expected input batch_size (1) to match target batch_size (2)",
    ),
    Mistake(
        "one-hot integers",
        lambda m: m.nn.functional.cross_entropy(m.ones(1, 2), m.tensor([[0, 1]])),
        RuntimeError,
        "Expected floating point type for target with class probabilities, got autodiff.int64.",
    ),
    Mistake(
        "one-hot log-probabilities",
        lambda m: m.nn.functional.nll_loss(m.ones(1, 2), m.tensor([[0, 1]])),
        RuntimeError,
        "multi-target not supported",
    ),
    Mistake(
        "integers as binary targets",
        lambda m: m.nn.BCELoss()(m.ones(2), m.tensor([0, 1])),
        RuntimeError,
        "Found dtype autodiff.int64 for the target, but expected autodiff.float32.",
    ),
    Mistake(
        "truth values as binary targets",
        lambda m: m.nn.BCEWithLogitsLoss()(m.ones(2), m.tensor([False, True])),
        RuntimeError,
        "Found dtype autodiff.bool for the target",
    ),
    Mistake(
        "count of classes",
        lambda m: m.nn.CrossEntropyLoss()(m.ones(2, 3), m.tensor([1])),
        ValueError,
        "Expected input batch_size (2) to match target batch_size (1): input",
    ),
    Mistake(
        "float classes",
        lambda m: m.nn.CrossEntropyLoss()(m.ones(2, 3), m.tensor([1.0, 0.0])),
        RuntimeError,
        "expected scalar type Long for the target, but found autodiff.float32.",
    ),
    Mistake(
        "reduction",
        lambda m: m.nn.functional.mse_loss(m.ones(1), m.ones(1), reduction="max"),
        ValueError,
        "max is not a valid value for reduction: mean, sum or none.",
        explains=False,
    ),
    Mistake(
        "reduction none",
        lambda m: m.nn.CrossEntropyLoss(reduction="x")(m.ones(1, 3), m.tensor([1])),
        ValueError,
        "x is not a valid value for reduction: mean, sum or none.",
        explains=False,
    ),
    Mistake(
        "shapes of mse",
        lambda m: m.nn.MSELoss()(m.ones(2), m.ones(3)),
        RuntimeError,
        "The size of tensor a (2) must match the size of tensor b (3) at",
    ),
]
