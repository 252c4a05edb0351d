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
    Mistake(
        "adaptive pooling of two batches",
        lambda m: m.nn.functional.adaptive_avg_pool2d(m.ones(2, 2, 1, 4, 4), 2),
        RuntimeError,
        "adaptive_avg_pool2d: expected 3D or 4D input, but got 5D: [2, 2, 1, 4, 4]",
    ),
    Mistake(
        "dropout of channels of images",
        lambda m: m.nn.Dropout1d()(m.ones(2, 3, 4, 4)),
        RuntimeError,
        "dropout1d: expected 2D or 3D input, but got 4D",
    ),
    Mistake(
        "mirrored border of two batches",
        lambda m: m.nn.ReflectionPad2d(1)(m.ones(2, 2, 1, 4, 4)),
        NotImplementedError,
        "Padding size 4 is not supported for 5D input",
    ),
]
