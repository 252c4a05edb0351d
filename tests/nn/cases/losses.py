"""The table of losses: the class, its settings, what it is given and the targets.

``make(m)`` is written against the API that autodiff and PyTorch share. test_parity_losses compares
each row with PyTorch, with each reduction; test_tables fails when a loss has no row.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from tests.nn.beside import numbers

__all__ = ["LOSSES"]

Make = Callable[[Any], Any]


def real(*shape: int, seed: int) -> Make:
    return lambda m: m.tensor(numbers(*shape, seed=seed))


def share(*shape: int, seed: int) -> Make:
    """Numbers between 0 and 1."""
    return lambda m: m.tensor(1 / (1 + np.exp(-numbers(*shape, seed=seed))))


def signs(*shape: int) -> Make:
    return lambda m: m.tensor(np.where(numbers(*shape, seed=9) > 0, 1.0, -1.0))


def labels(*shape: int, classes: int = 4) -> Make:
    return lambda m: m.tensor(np.random.default_rng(5).integers(0, classes, shape))


def several(m: Any) -> Any:
    return m.tensor(np.array([[3, 0, -1, 1], [1, -1, 0, 2], [0, 1, 2, 3]]))


LOSSES: list[tuple[str, dict[str, Any], Make, list[Make]]] = [
    ("MSELoss", {}, real(5, 4, seed=1), [real(5, 4, seed=2)]),
    ("L1Loss", {}, real(5, 4, seed=1), [real(5, 4, seed=2)]),
    ("SmoothL1Loss", {}, real(5, 4, seed=1), [real(5, 4, seed=2)]),
    ("SmoothL1Loss", {"beta": 0.3}, real(5, 4, seed=1), [real(5, 4, seed=2)]),
    ("SmoothL1Loss", {"beta": 0.0}, real(5, 4, seed=1), [real(5, 4, seed=2)]),
    ("HuberLoss", {}, real(5, 4, seed=1), [real(5, 4, seed=2)]),
    ("HuberLoss", {"delta": 0.7}, real(5, 4, seed=1), [real(5, 4, seed=2)]),
    ("BCELoss", {}, share(5, 4, seed=1), [share(5, 4, seed=2)]),
    ("BCELoss", {"weight": share(4, seed=3)}, share(5, 4, seed=1), [share(5, 4, seed=2)]),
    ("BCEWithLogitsLoss", {}, real(5, 4, seed=1), [share(5, 4, seed=2)]),
    (
        "BCEWithLogitsLoss", {"weight": share(4, seed=3), "pos_weight": share(4, seed=4)},
        real(5, 4, seed=1), [share(5, 4, seed=2)],
    ),
    ("KLDivLoss", {}, real(5, 4, seed=1), [share(5, 4, seed=2)]),
    ("KLDivLoss", {"log_target": True}, real(5, 4, seed=1), [real(5, 4, seed=2)]),
    ("PoissonNLLLoss", {}, real(5, 4, seed=1), [share(5, 4, seed=2)]),
    (
        "PoissonNLLLoss", {"log_input": False, "full": True},
        share(5, 4, seed=1), [lambda m: m.tensor(np.arange(20.0).reshape(5, 4))],
    ),
    (
        "PoissonNLLLoss", {"log_input": False, "eps": 0.1},
        share(5, 4, seed=1), [share(5, 4, seed=2)],
    ),
    ("GaussianNLLLoss", {}, real(5, 4, seed=1), [real(5, 4, seed=2), share(5, 4, seed=3)]),
    (
        "GaussianNLLLoss", {"eps": 0.6},
        real(5, 4, seed=1), [real(5, 4, seed=2), share(5, 4, seed=3)],
    ),
    ("GaussianNLLLoss", {"full": True}, real(5, 4, seed=1), [real(5, 4, seed=2), share(5, seed=3)]),
    ("GaussianNLLLoss", {}, real(5, 4, seed=1), [real(5, 4, seed=2), share(5, 1, seed=3)]),
    ("NLLLoss", {}, real(5, 4, 2, 3, seed=1), [labels(5, 2, 3)]),
    ("NLLLoss", {"weight": share(4, seed=3)}, real(5, 4, seed=1), [labels(5)]),
    ("NLLLoss", {"ignore_index": 1}, real(5, 4, seed=1), [labels(5)]),
    ("CrossEntropyLoss", {}, real(5, 4, 2, 3, seed=1), [labels(5, 2, 3)]),
    (
        "CrossEntropyLoss", {"weight": share(4, seed=3), "ignore_index": 2, "label_smoothing": 0.1},
        real(5, 4, 3, seed=1), [labels(5, 3)],
    ),
    ("CrossEntropyLoss", {}, real(5, 4, 3, seed=1), [share(5, 4, 3, seed=2)]),
    (
        "CrossEntropyLoss", {"weight": share(4, seed=3), "label_smoothing": 0.2},
        real(5, 4, 3, seed=1), [share(5, 4, 3, seed=2)],
    ),
    ("CrossEntropyLoss", {}, real(5, 4, seed=1), [labels(5)]),
    ("CrossEntropyLoss", {"weight": share(4, seed=3)}, real(5, 4, seed=1), [labels(5)]),
    ("CrossEntropyLoss", {"ignore_index": 3}, real(5, 4, seed=1), [labels(5)]),
    ("CrossEntropyLoss", {"label_smoothing": 0.2}, real(5, 4, seed=1), [labels(5)]),
    (
        "CrossEntropyLoss", {"weight": share(4, seed=3), "ignore_index": 0, "label_smoothing": 0.2},
        real(5, 4, seed=1), [labels(5)],
    ),
    ("CrossEntropyLoss", {}, real(5, 4, seed=1), [share(5, 4, seed=2)]),
    ("CrossEntropyLoss", {"label_smoothing": 0.1}, real(5, 4, seed=1), [share(5, 4, seed=2)]),
    ("CrossEntropyLoss", {"weight": share(4, seed=3)}, real(5, 4, seed=1), [share(5, 4, seed=2)]),
    ("MarginRankingLoss", {}, real(5, 4, seed=1), [real(5, 4, seed=2), signs(5, 4)]),
    ("MarginRankingLoss", {"margin": 0.3}, real(6, seed=1), [real(6, seed=2), signs(6)]),
    ("HingeEmbeddingLoss", {}, real(5, 4, seed=1), [signs(5, 4)]),
    ("HingeEmbeddingLoss", {"margin": 0.8}, real(5, 4, seed=1), [signs(5, 4)]),
    ("SoftMarginLoss", {}, real(5, 4, seed=1), [signs(5, 4)]),
    ("CosineEmbeddingLoss", {}, real(5, 4, seed=1), [real(5, 4, seed=2), signs(5)]),
    ("CosineEmbeddingLoss", {"margin": 0.2}, real(5, 4, seed=1), [real(5, 4, seed=2), signs(5)]),
    ("TripletMarginLoss", {}, real(5, 4, seed=1), [real(5, 4, seed=2), real(5, 4, seed=3)]),
    (
        "TripletMarginLoss", {"margin": 0.5, "p": 1.0, "swap": True},
        real(5, 4, seed=1), [real(5, 4, seed=2), real(5, 4, seed=3)],
    ),
    ("MultiMarginLoss", {}, real(5, 4, seed=1), [labels(5)]),
    (
        "MultiMarginLoss", {"p": 2, "margin": 0.7, "weight": share(4, seed=3)},
        real(5, 4, seed=1), [labels(5)],
    ),
    ("MultiLabelMarginLoss", {}, real(3, 4, seed=1), [several]),
    ("MultiLabelSoftMarginLoss", {}, real(5, 4, seed=1), [labels(5, 4, classes=2)]),
    (
        "MultiLabelSoftMarginLoss", {"weight": share(4, seed=3)},
        real(5, 4, seed=1), [share(5, 4, seed=2)],
    ),
]  # fmt: skip
