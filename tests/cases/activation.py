"""Cases of the ops in `autodiff.ops.activation`."""

from __future__ import annotations

import math

import numpy as np

from tests.cases.case import Case, unary


def _normal_below(x: np.ndarray) -> np.ndarray:
    return np.vectorize(lambda v: 0.5 * math.erfc(-v / math.sqrt(2)), otypes=[float])(x)


CASES: list[Case] = [
    *unary(
        "LeakyRelu",
        lambda m, x: m.nn.functional.leaky_relu(x, 0.2),
        lambda x: np.where(x > 0, x, x * np.array(0.2, x.dtype)),
    ),
    *unary(
        "Elu",
        lambda m, x: m.nn.functional.elu(x, 1.5),
        lambda x: np.where(x > 0, x, 1.5 * np.expm1(x)).astype(x.dtype),
    ),
    *unary(
        "Gelu",
        lambda m, x: m.nn.functional.gelu(x),
        lambda x: (x * _normal_below(x)).astype(x.dtype),
    ),
    *unary("Silu", lambda m, x: m.nn.functional.silu(x), lambda x: x / (1 + np.exp(-x))),
    *unary(
        "Softplus",
        lambda m, x: m.nn.functional.softplus(x, 2.0),
        lambda x: np.log1p(np.exp(2 * x)) / 2,
    ),
    *unary(
        "LogSigmoid",
        lambda m, x: m.nn.functional.logsigmoid(x),
        lambda x: -np.log1p(np.exp(-x)),
    ),
    *unary(
        "Hardtanh",
        lambda m, x: m.nn.functional.hardtanh(x, -1.0, 0.5),
        lambda x: np.clip(x, -1, 0.5),
    ),
]
