"""Windows of convolution and pooling."""

from __future__ import annotations

from tests.mistakes.mistake import Mistake

MISTAKES = [
    Mistake(
        "channels of a filter",
        lambda m: m.nn.functional.conv2d(m.ones(1, 2, 3, 3), m.ones(1, 3, 2, 2)),
        RuntimeError,
        "expected input[1, 2, 3, 3] to have 3 channels, but got 2",
    ),
    Mistake(
        "image without channels",
        lambda m: m.nn.functional.conv2d(m.ones(3, 3), m.ones(1, 1, 2, 2)),
        RuntimeError,
        "dimensions",
    ),
    Mistake(
        "filter larger than the image",
        lambda m: m.nn.functional.conv2d(m.ones(1, 1, 3, 3), m.ones(1, 1, 5, 5)),
        RuntimeError,
        "does not fit",
    ),
    Mistake(
        "window larger than the image",
        lambda m: m.nn.functional.max_pool2d(m.ones(1, 1, 3, 3), 5),
        RuntimeError,
        "does not fit",
    ),
    Mistake(
        "padding larger than half",
        lambda m: m.nn.functional.max_pool2d(m.ones(1, 1, 3, 3), 2, padding=2),
        RuntimeError,
        "at most half",
    ),
]
