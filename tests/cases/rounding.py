"""Cases of the ops in `autodiff.ops.rounding`."""

from __future__ import annotations

import numpy as np

from tests.cases.case import Case, unary

CASES: list[Case] = [
    *unary("Floor", lambda m, x: x.floor(), np.floor, ints=True),
    *unary("Ceil", lambda m, x: x.ceil(), np.ceil, ints=True),
    *unary("Trunc", lambda m, x: x.trunc(), np.trunc, ints=True),
    *unary("Round", lambda m, x: x.round(), np.round, ints=True),
    *unary(
        "Round",
        lambda m, x: x.round(decimals=1),
        lambda x: np.round(x, 1),
        -1.9,
        2.03,
        note="decimals",
    ),
    *unary("Frac", lambda m, x: x.frac(), lambda x: x - np.trunc(x)),
]
