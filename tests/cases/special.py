"""Cases of the ops in `autodiff.ops.special`."""

from __future__ import annotations

import numpy as np

from tests.cases.case import Case, binary, unary


def _logit(x: np.ndarray) -> np.ndarray:
    return np.log(x / (1 - x))


def _gcd(m, x, y):
    """gcd of the whole parts, for it is defined for integers only."""
    return m.gcd((x * 8).int(), (y * 8).int())


def _lcm(m, x, y):
    return m.lcm((x * 8).int(), (y * 8).int())


CASES: list[Case] = [
    *unary("Logit", lambda m, x: x.logit(), _logit, 0.1, 0.9),
    *unary(
        "Logit",
        lambda m, x: m.logit(x, eps=0.3),
        lambda x: _logit(np.clip(x, np.array(0.3, x.dtype), np.array(1 - 0.3, x.dtype))),
        0.1,
        0.9,
        note="eps",
    ),
    *binary("Xlogy", lambda m, x, y: m.xlogy(x, y), lambda x, y: x * np.log(y), 0.5, 3),
    *unary(
        "Xlogy", lambda m, x: x.xlogy(2.0), lambda x: x * np.log(x.dtype.type(2)), note="number"
    ),
    *unary("Sinc", lambda m, x: x.sinc(), np.sinc, 0.1, 0.9),
    *unary("Deg2rad", lambda m, x: x.deg2rad(), np.deg2rad),
    *unary("Rad2deg", lambda m, x: x.rad2deg(), np.rad2deg),
    *binary("Copysign", lambda m, x, y: m.copysign(x, y), np.copysign),
    *unary("Copysign", lambda m, x: x.copysign(-1), lambda x: -abs(x), note="number"),
    *binary("Heaviside", lambda m, x, y: m.heaviside(x.detach(), y.detach()), np.heaviside),
    *binary("Gcd", _gcd, lambda x, y: np.gcd((x * 8).astype("i4"), (y * 8).astype("i4"))),
    *binary("Lcm", _lcm, lambda x, y: np.lcm((x * 8).astype("i4"), (y * 8).astype("i4"))),
]
