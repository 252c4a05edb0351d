"""Cases of the ops in `autodiff.ops.elementwise`."""

from __future__ import annotations

import numpy as np

from tests.cases.case import Case, array, binary, unary

MASK = np.array([[True, False, True], [False, True, True]])


CASES: list[Case] = [
    *binary("Add", lambda m, x, y: x + y, lambda x, y: x + y, ints=True),
    *binary("Sub", lambda m, x, y: x - y, lambda x, y: x - y, ints=True),
    *binary("Mul", lambda m, x, y: x * y, lambda x, y: x * y, ints=True),
    *binary("Div", lambda m, x, y: x / y, lambda x, y: x / y, 0.5, 3),
    *binary("Pow", lambda m, x, y: x**y, lambda x, y: x**y, 0.5, 3),
    *unary("Pow", lambda m, x: x**3, lambda x: x**3, note="cubed", ints=True),
    *unary("Pow", lambda m, x: 2.0**x, lambda x: 2.0**x, note="base"),
    *binary("Maximum", lambda m, x, y: m.maximum(x, y), np.maximum, ints=True),
    *binary("Minimum", lambda m, x, y: m.minimum(x, y), np.minimum, ints=True),
    *unary("Neg", lambda m, x: -x, lambda x: -x, ints=True),
    *unary("Abs", lambda m, x: x.abs(), np.abs, ints=True),
    *unary("Sign", lambda m, x: x.sign(), np.sign, ints=True),
    *unary("Square", lambda m, x: x.square(), np.square, ints=True),
    *unary("Reciprocal", lambda m, x: x.reciprocal(), lambda x: 1 / x, 0.5, 3),
    *unary("Sqrt", lambda m, x: x.sqrt(), np.sqrt, 0.5, 3),
    *unary("Exp", lambda m, x: x.exp(), np.exp),
    *unary("Expm1", lambda m, x: x.expm1(), np.expm1),
    *unary("Log", lambda m, x: x.log(), np.log, 0.5, 3),
    *unary("Log1p", lambda m, x: x.log1p(), np.log1p, -0.5, 3),
    *unary("Sin", lambda m, x: x.sin(), np.sin),
    *unary("Cos", lambda m, x: x.cos(), np.cos),
    *unary("Tan", lambda m, x: x.tan(), np.tan, -1, 1),
    *unary("Tanh", lambda m, x: x.tanh(), np.tanh),
    *unary("Sigmoid", lambda m, x: x.sigmoid(), lambda x: 1 / (1 + np.exp(-x))),
    *unary("Relu", lambda m, x: x.relu(), lambda x: np.maximum(x, 0), ints=True),
    *unary("Clamp", lambda m, x: x.clamp(min=-1, max=0.5), lambda x: np.clip(x, -1, 0.5)),
    Case(
        "Clamp",
        lambda m, x: x.clamp(min=0.1),
        lambda x: np.maximum(x, np.array(0.1, x.dtype)),
        ((5,),),
        note="min",
    ),
    Case(
        "Where",
        lambda m, x, y: m.where(array(m, MASK), x, y),
        lambda x, y: np.where(MASK, x, y),
        ((2, 3), (3,)),
    ),
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
]
