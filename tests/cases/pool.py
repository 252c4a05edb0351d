"""Cases of the ops in `autodiff.ops.pool`."""

from __future__ import annotations

from autodiff.backends import reference
from autodiff.backends.window import Window
from tests.cases.case import Case

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
]
