"""Cases of the ops in `autodiff.ops.roots`."""

from __future__ import annotations

import numpy as np

from tests.cases.case import Case, binary, unary

CASES: list[Case] = [
    *binary("Pow", lambda m, x, y: x**y, lambda x, y: x**y, 0.5, 3),
    *unary("Pow", lambda m, x: x**3, lambda x: x**3, note="cubed", ints=True),
    *unary("Pow", lambda m, x: 2.0**x, lambda x: 2.0**x, note="base"),
    *unary("Square", lambda m, x: x.square(), np.square, ints=True),
    *unary("Sqrt", lambda m, x: x.sqrt(), np.sqrt, 0.5, 3),
    *unary(
        "Pow",
        lambda m, x: m.float_power(x, 3),
        lambda x: x.astype(np.float64) ** 3,
        note="float_power",
        exact=False,
    ),
    *unary("Rsqrt", lambda m, x: x.rsqrt(), lambda x: 1 / np.sqrt(x), 0.5, 3),
    *binary("Hypot", lambda m, x, y: m.hypot(x, y), np.hypot),
]
