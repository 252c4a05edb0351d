"""Cases of the ops in `autodiff.ops.pool`."""

from __future__ import annotations

import numpy as np

from autodiff.backends import reference
from autodiff.backends.window import Window
from autodiff.ops.pool import SpreadWindows
from tests.cases.case import Case


def _averages(
    x: np.ndarray, stride: int, padding: int = 0, count_include_pad: bool = True,
    ceil_mode: bool = False,
) -> np.ndarray:  # fmt: skip
    """The mean of each window of 3 x 3, one after the other."""
    window = Window.of(3, stride, padding, ceil=ceil_mode)
    height, width = x.shape[2:]
    out = np.empty((*x.shape[:2], *window.out_size((height, width))), x.dtype)
    for i, j in np.ndindex(*out.shape[2:]):
        top, left = i * stride - padding, j * stride - padding
        bottom, right = min(top + 3, height + padding), min(left + 3, width + padding)
        part = x[:, :, max(top, 0) : bottom, max(left, 0) : right]
        count = (bottom - top) * (right - left) if count_include_pad else part[0, 0].size
        out[:, :, i, j] = part.sum((2, 3)) / count
    return out


def _columns(x: np.ndarray) -> np.ndarray:
    """The windows of 2 x 3, one row and two columns apart, of an image with a border of 1."""
    bordered = np.pad(x, ((0, 0), (0, 0), (1, 1), (1, 1)))
    parts = [
        bordered[:, :, i : i + 2, j : j + 3].reshape(len(x), -1)
        for i in range(4)
        for j in range(0, 4, 2)
    ]
    return np.stack(parts, -1)


def _folded(x: np.ndarray) -> np.ndarray:
    """Two windows of 2 x 2, one below the other, in an image of 3 x 2."""
    out = np.zeros((len(x), 2, 3, 2), x.dtype)
    for i in range(2):
        out[:, :, i : i + 2] += x[:, :, i].reshape(len(x), 2, 2, 2)
    return out


CASES: list[Case] = [
    Case(
        "MaxPool",
        lambda m, x: m.nn.functional.max_pool2d(x, 2),
        lambda x: reference.max_pool2d(x, Window.of(2, stride=2))[0],
        ((2, 2, 4, 5),),
    ),
    Case(
        "MaxPool",
        lambda m, x: m.nn.functional.max_pool2d(x, 3, stride=1, padding=1),
        lambda x: reference.max_pool2d(x, Window.of(3, stride=1, padding=1))[0],
        ((1, 2, 4, 4),),
        note="overlap",
    ),
    Case(
        "MaxPool",
        lambda m, x: m.nn.functional.max_pool2d(x, 2, ceil_mode=True),
        lambda x: reference.max_pool2d(x, Window.of(2, stride=2, ceil=True))[0],
        ((1, 2, 5, 4),),
        note="ceil",
    ),
    *[
        Case(
            "AvgPool",
            lambda m, x, more=settings: m.nn.functional.avg_pool2d(x, 3, **more),
            lambda x, more=settings: _averages(x, **more),
            ((2, 2, 5, 6),),
            note="-".join(settings),
        )
        for settings in (
            {"stride": 2},
            {"stride": 1, "padding": 1},
            {"stride": 2, "padding": 1, "count_include_pad": False},
            {"stride": 2, "ceil_mode": True},
        )
    ],
    Case(
        "SpreadWindows",
        lambda m, x: SpreadWindows.apply(x, shape=(1, 2, 4, 5), window=Window.of(2, stride=2)),
        lambda x: np.pad(x.repeat(2, 2).repeat(2, 3), ((0, 0), (0, 0), (0, 0), (0, 1))),
        ((1, 2, 2, 2),),
        torch=lambda m, x: m.nn.functional.pad(
            x.repeat_interleave(2, 2).repeat_interleave(2, 3), (0, 1)
        ),
    ),
    Case(
        "Im2Col",
        lambda m, x: m.nn.functional.unfold(x, (2, 3), padding=1, stride=(1, 2)),
        lambda x: _columns(x),
        ((2, 2, 3, 4),),
    ),
    Case(
        "Col2Im",
        lambda m, x: m.nn.functional.fold(x, (3, 2), (2, 2)),
        lambda x: _folded(x),
        ((2, 8, 2),),
    ),
]
