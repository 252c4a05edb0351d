"""Cases of the ops in `autodiff.ops.arithmetic`."""

from __future__ import annotations

import numpy as np

from tests.cases.case import Case, binary, unary

CASES: list[Case] = [
    *binary("Add", lambda m, x, y: x + y, lambda x, y: x + y, ints=True),
    *binary("Sub", lambda m, x, y: x - y, lambda x, y: x - y, ints=True),
    *binary("Mul", lambda m, x, y: x * y, lambda x, y: x * y, ints=True),
    *unary("Neg", lambda m, x: -x, lambda x: -x, ints=True),
    *unary("Abs", lambda m, x: x.abs(), np.abs, ints=True),
    *unary("Sign", lambda m, x: x.sign(), np.sign, ints=True),
    *unary("Reciprocal", lambda m, x: x.reciprocal(), lambda x: 1 / x, 0.5, 3),
    *unary("Add", lambda m, x: x + 3, lambda x: x + 3, note="number", ints=True),
    *unary("Add", lambda m, x: x.add(2, alpha=3), lambda x: x + 6, note="alpha", ints=True),
    *unary("Sub", lambda m, x: 3 - x, lambda x: 3 - x, note="from number", ints=True),
    *unary("Mul", lambda m, x: x * -2, lambda x: x * -2, note="number", ints=True),
    Case(
        "Lerp",
        lambda m, x, y, w: m.lerp(x, y, w),
        lambda x, y, w: x + w * (y - x),
        ((2, 3), (3,), (2, 1)),
    ),
    Case(
        "Lerp",
        lambda m, x, y: x.lerp(y, 0.25),
        lambda x, y: x + 0.25 * (y - x),
        ((2, 3), (2, 3)),
        note="number",
    ),
    Case(
        "Addcmul",
        lambda m, x, y, z: x.addcmul(y, z, value=2),
        lambda x, y, z: x + 2 * y * z,
        ((2, 3), (3,), (2, 1)),
        ints=True,
    ),
    Case(
        "Addcmul",
        lambda m, x, y, z: m.addcmul(x, y, z),
        lambda x, y, z: x + y * z,
        ((3,), (3,), (3,)),
        note="plain",
    ),
    Case(
        "Addcdiv",
        lambda m, x, y, z: x.addcdiv(y, z, value=2),
        lambda x, y, z: x + 2 * y / z,
        ((2, 3), (3,), (2, 1)),
        0.5,
        3,
    ),
]
