"""Cases of the ops in `autodiff.ops.division`."""

from __future__ import annotations

import numpy as np

from tests.cases.case import Case, binary, unary

CASES: list[Case] = [
    *binary("Div", lambda m, x, y: x / y, lambda x, y: x / y, 0.5, 3),
    *unary("Div", lambda m, x: x / 4, lambda x: x / 4, note="by number"),
    *unary("Div", lambda m, x: 1 / x, lambda x: 1 / x, 0.5, 3, note="of number"),
    # PyTorch has no derivative for these spellings, but for others of the same.
    *binary(
        "FloorDivide",
        lambda m, x, y: x // y,
        lambda x, y: x // y,
        0.52,
        3.17,
        torch=lambda m, x, y: x.div(y, rounding_mode="floor"),
    ),
    *unary(
        "FloorDivide",
        lambda m, x: x // 2,
        lambda x: x // 2,
        note="number",
        ints=True,
        torch=lambda m, x: x.div(2, rounding_mode="floor"),
    ),
    *unary(
        "Remainder",
        lambda m, x: 3 % x,
        lambda x: 3 % x,
        0.5,
        1.4,
        note="of number",
        torch=lambda m, x: m.full_like(x, 3).remainder(x),
    ),
    *binary(
        "FloorDivide",
        lambda m, x, y: x.div(y, rounding_mode="floor"),
        lambda x, y: np.floor_divide(x, y),
        0.52,
        3.17,
        note="mode",
    ),
    *binary(
        "TruncDivide",
        lambda m, x, y: x.div(y, rounding_mode="trunc"),
        lambda x, y: np.trunc(x / y),
        0.52,
        3.17,
    ),
    *unary(
        "TruncDivide",
        lambda m, x: x.div(-2, rounding_mode="trunc"),
        lambda x: np.trunc(x / -2),
        note="number",
        ints=True,
    ),
    *binary("Remainder", lambda m, x, y: x % y, lambda x, y: x % y, 0.52, 3.17),
    *unary("Remainder", lambda m, x: x % -3, lambda x: x % -3, note="number", ints=True),
    *binary("Fmod", lambda m, x, y: m.fmod(x, y), np.fmod, 0.52, 3.17),
    *unary("Fmod", lambda m, x: x.fmod(2), lambda x: np.fmod(x, 2), note="number", ints=True),
]
