"""Cases of the ops in `autodiff.ops.reduce`."""

from __future__ import annotations

import math

import numpy as np

from tests.cases.case import Case

CASES: list[Case] = [
    Case("Sum", lambda m, x: x.sum(), np.sum, ((3, 4),), ints=True),
    Case("Sum", lambda m, x: x.sum(), np.sum, ((0, 4),), note="empty"),
    Case("Sum", lambda m, x: x.sum(-1), lambda x: x.sum(-1), ((2, 3, 4),), ints=True, note="last"),
    Case(
        "Sum",
        lambda m, x: x.sum((0, 2), keepdim=True),
        lambda x: x.sum((0, 2), keepdims=True),
        ((2, 3, 4),),
        note="keepdim",
    ),
    Case("Mean", lambda m, x: x.mean(), np.mean, ((3, 4),)),
    Case(
        "Mean", lambda m, x: x.mean((0, -1)), lambda x: x.mean((0, -1)), ((2, 3, 4),), note="dims"
    ),
    Case("Nansum", lambda m, x: x.nansum(), np.nansum, ((3, 4),)),
    Case(
        "Nansum",
        lambda m, x: m.where(x > 0, x, math.nan).nansum((0, -1), keepdim=True),
        lambda x: np.where(x > 0, x, 0).sum((0, 2), keepdims=True),
        ((2, 3, 4),),
        note="keepdim",
    ),
]
