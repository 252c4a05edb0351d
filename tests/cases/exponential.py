"""Cases of the ops in `autodiff.ops.exponential`."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from tests.cases.case import Case, binary, unary


def _each(f: Any) -> Any:
    return lambda x: np.vectorize(f, otypes=[x.dtype])(x) if x.size else x


CASES: list[Case] = [
    *binary("Logaddexp2", lambda m, x, y: m.logaddexp2(x, y), np.logaddexp2),
    *unary("Exp", lambda m, x: x.exp(), np.exp),
    *unary("Expm1", lambda m, x: x.expm1(), np.expm1),
    *unary("Log", lambda m, x: x.log(), np.log, 0.5, 3),
    *unary("Log1p", lambda m, x: x.log1p(), np.log1p, -0.5, 3),
    *unary("Sigmoid", lambda m, x: x.sigmoid(), lambda x: 1 / (1 + np.exp(-x))),
    *unary("Exp2", lambda m, x: x.exp2(), np.exp2),
    *unary("Log2", lambda m, x: x.log2(), np.log2, 0.5, 3),
    *unary("Log10", lambda m, x: x.log10(), np.log10, 0.5, 3),
    *binary("Logaddexp", lambda m, x, y: m.logaddexp(x, y), np.logaddexp),
    *unary("Erf", lambda m, x: x.erf(), _each(math.erf)),
    *unary("Erfc", lambda m, x: x.erfc(), _each(math.erfc)),
]
