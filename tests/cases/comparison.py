"""Cases of the ops in `autodiff.ops.comparison`."""

from __future__ import annotations

import math

import numpy as np

from tests.cases.case import Case, binary, unary

CASES: list[Case] = [
    *unary(
        "Isposinf",
        lambda m, x: m.isposinf(m.where(x > 0, math.inf, x)),
        lambda x: np.isposinf(np.where(x > 0, math.inf, x)),
    ),
    *unary(
        "Isneginf",
        lambda m, x: m.isneginf(m.where(x < 0, -math.inf, x)),
        lambda x: np.isneginf(np.where(x < 0, -math.inf, x)),
    ),
    *unary("Signbit", lambda m, x: x.signbit(), np.signbit),
    *binary("Eq", lambda m, x, y: x == y, lambda x, y: x == y, ints=True),
    *binary("Ne", lambda m, x, y: x != y, lambda x, y: x != y, ints=True),
    *binary("Lt", lambda m, x, y: x < y, lambda x, y: x < y, ints=True),
    *binary("Le", lambda m, x, y: x <= y, lambda x, y: x <= y, ints=True),
    *binary("Gt", lambda m, x, y: x > y, lambda x, y: x > y, ints=True),
    *binary("Ge", lambda m, x, y: x >= y, lambda x, y: x >= y, ints=True),
    *binary("LogicalAnd", lambda m, x, y: m.logical_and(x, y), np.logical_and, ints=True),
    *binary(
        "BitwiseAnd", lambda m, x, y: (x > 0) & (y > 0), lambda x, y: (x > 0) & (y > 0), ints=True
    ),
    *binary(
        "BitwiseOr", lambda m, x, y: (x > 0) | (y > 0), lambda x, y: (x > 0) | (y > 0), ints=True
    ),
    *unary("BitwiseNot", lambda m, x: ~(x > 0), lambda x: ~(x > 0), ints=True),
    *binary("LogicalOr", lambda m, x, y: m.logical_or(x, y), np.logical_or, ints=True),
    *binary("LogicalXor", lambda m, x, y: m.logical_xor(x, y), np.logical_xor, ints=True),
    *unary("LogicalNot", lambda m, x: x.logical_not(), np.logical_not, ints=True),
    *binary(
        "BitwiseXor", lambda m, x, y: (x > 0) ^ (y > 0), lambda x, y: (x > 0) ^ (y > 0), ints=True
    ),
    *unary("BitwiseLeftShift", lambda m, x: x.long() << 2, lambda x: x.astype(np.int64) << 2),
    *unary("BitwiseRightShift", lambda m, x: x.long() >> 1, lambda x: x.astype(np.int64) >> 1),
    *unary("Isnan", lambda m, x: x.isnan(), np.isnan, ints=True),
    *unary("Isinf", lambda m, x: x.isinf(), np.isinf, ints=True),
    *unary("Isfinite", lambda m, x: x.isfinite(), np.isfinite, ints=True),
    *binary(
        "Isclose",
        lambda m, x, y: m.isclose(x, y, rtol=0.5),
        lambda x, y: np.isclose(x, y, rtol=0.5),
        ints=True,
    ),
]
