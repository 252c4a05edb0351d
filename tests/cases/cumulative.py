"""Cases of the ops in `autodiff.ops.cumulative`."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.cases.case import Case

SHAPES = (((3, 4),), ((5,),), ((),), ((0, 3),))


def _along(f: Any) -> Any:
    """A cumulative function along the first dimension; a single number is its own result."""
    return lambda x: f(x, axis=0) if x.ndim else x


def _with_zeros(x: Any) -> Any:
    """Some elements 0, so that no gradient can be found by dividing."""
    return x * (x > -1)


CASES: list[Case] = [
    *[Case("Cumsum", lambda m, x: x.cumsum(0), _along(np.cumsum), s, ints=True) for s in SHAPES],
    Case("Cumsum", lambda m, x: x.cumsum(-1), lambda x: x.cumsum(-1), ((2, 3, 4),), note="last"),
    *[Case("Cumprod", lambda m, x: x.cumprod(0), _along(np.cumprod), s, ints=True) for s in SHAPES],
    Case(
        "Cumprod",
        lambda m, x: _with_zeros(x).cumprod(1),
        lambda x: np.cumprod(_with_zeros(x), 1),
        ((2, 4),),
        note="zeros",
    ),
    *[
        Case("Cummax", lambda m, x: x.cummax(0)[0], _along(np.maximum.accumulate), s, ints=True)
        for s in SHAPES
    ],
    *[
        Case("Cummin", lambda m, x: x.cummin(0)[0], _along(np.minimum.accumulate), s, ints=True)
        for s in SHAPES
    ],
    Case(
        "Cummax",
        lambda m, x: m.cummax(x, -1).values,
        lambda x: np.maximum.accumulate(x, -1),
        ((2, 3, 4),),
        note="last",
    ),
    *[
        Case("Logcumsumexp", lambda m, x: x.logcumsumexp(0), _along(np.logaddexp.accumulate), s)
        for s in SHAPES
    ],
    Case(
        "Logcumsumexp",
        lambda m, x: x.logcumsumexp(-1),
        lambda x: np.log(np.cumsum(np.exp(x), -1)),
        ((2, 3, 4),),
        note="last",
    ),
    *[Case("Prod", lambda m, x: x.prod(), np.prod, s, ints=True) for s in SHAPES],
    Case("Prod", lambda m, x: x.prod(1), lambda x: x.prod(1), ((3, 4),), note="dim"),
    Case(
        "Prod",
        lambda m, x: x.prod(-2, keepdim=True),
        lambda x: x.prod(-2, keepdims=True),
        ((2, 3, 4),),
        note="keepdim",
    ),
    Case(
        "Prod",
        lambda m, x: _with_zeros(x).prod(),
        lambda x: _with_zeros(x).prod(),
        ((2, 3),),
        note="zeros",
    ),
    Case(
        "Prod",
        lambda m, x: (x * (x != x.max())).prod(),
        lambda x: (x * (x != x.max())).prod(),
        ((2, 3),),
        note="one-zero",
    ),
    Case(
        "Prod",
        lambda m, x: _with_zeros(x).prod(0),
        lambda x: _with_zeros(x).prod(0),
        ((3, 4),),
        note="zeros-dim",
    ),
]
