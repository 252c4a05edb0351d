"""Cases of the ops in `autodiff.ops.trigonometry`."""

from __future__ import annotations

import numpy as np

from tests.cases.case import Case, binary, unary

CASES: list[Case] = [
    *unary("Sin", lambda m, x: x.sin(), np.sin),
    *unary("Cos", lambda m, x: x.cos(), np.cos),
    *unary("Tan", lambda m, x: x.tan(), np.tan, -1, 1),
    *unary("Tanh", lambda m, x: x.tanh(), np.tanh),
    *unary("Asin", lambda m, x: x.asin(), np.arcsin, -0.9, 0.9),
    *unary("Acos", lambda m, x: x.acos(), np.arccos, -0.9, 0.9),
    *unary("Atan", lambda m, x: x.atan(), np.arctan),
    *binary("Atan2", lambda m, x, y: m.atan2(x, y), np.arctan2),
    *unary("Sinh", lambda m, x: x.sinh(), np.sinh),
    *unary("Cosh", lambda m, x: x.cosh(), np.cosh),
    *unary("Asinh", lambda m, x: x.asinh(), np.arcsinh),
    *unary("Acosh", lambda m, x: x.acosh(), np.arccosh, 1.5, 3),
    *unary("Atanh", lambda m, x: x.atanh(), np.arctanh, -0.9, 0.9),
]
