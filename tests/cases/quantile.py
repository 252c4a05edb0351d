"""Cases of the ops in `autodiff.ops.quantile`."""

from __future__ import annotations

import numpy as np

from tests.cases.case import Case


def _with_nan(m, x):
    return m.where(x > x.max() - 0.1, float("nan"), x)


def _nan(x: np.ndarray) -> np.ndarray:
    return np.where(x > x.max() - 0.1, x.dtype.type(np.nan), x)


def _lower(x: np.ndarray, axis: int | None = None) -> np.ndarray:
    return np.quantile(x, 0.5, axis, method="lower")


CASES: list[Case] = [
    Case("Median", lambda m, x: x.median(), _lower, ((3, 4),), ints=True),
    Case("Median", lambda m, x: x.median(), lambda x: x, ((),), note="scalar"),
    Case(
        "MedianAlong",
        lambda m, x: x.median(1).values,
        lambda x: _lower(x, 1),
        ((3, 4),),
        ints=True,
    ),
    Case(
        "MedianAlong",
        lambda m, x: m.median(x, dim=0, keepdim=True)[0],
        lambda x: np.median(x, 0, keepdims=True),
        ((3, 4),),
        note="keepdim",
    ),
    Case("MedianAlong", lambda m, x: x.median(0)[0], lambda x: x, ((),), note="scalar"),
    Case("Nanmedian", lambda m, x: x.nanmedian(), _lower, ((3, 4),)),
    Case(
        "NanmedianAlong",
        lambda m, x: _with_nan(m, x).nanmedian(0)[0],
        lambda x: np.nanquantile(_nan(x), 0.5, 0, method="lower"),
        ((3, 4),),
    ),
    Case(
        "Kthvalue",
        lambda m, x: x.kthvalue(2).values,
        lambda x: np.sort(x)[:, 1],
        ((3, 4),),
        ints=True,
    ),
    Case(
        "Kthvalue",
        lambda m, x: m.kthvalue(x, 3, 0, keepdim=True)[0],
        lambda x: x.max(0, keepdims=True),
        ((3, 4),),
        note="keepdim",
    ),
    Case("Kthvalue", lambda m, x: x.kthvalue(1)[0], lambda x: x, ((),), note="scalar"),
    Case("Mode", lambda m, x: x.mode().values, lambda x: x.min(1), ((3, 4),)),
    Case(
        "Mode",
        lambda m, x: x.mode(0, True)[0],
        lambda x: x.min(0, keepdims=True),
        ((2, 3, 2),),
        note="keepdim",
    ),
    Case("Mode", lambda m, x: x.mode()[0], lambda x: x, ((),), note="scalar"),
]
