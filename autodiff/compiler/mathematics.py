"""exp, tanh, sin and cos of float32 numbers, in a form that the compiler can put into vectors.

The C library computes them one number at a time, which makes a loop over millions wait for little
else. Each function here is a polynomial without a branch, after its argument was brought into a
small range; the coefficients were fitted to the smallest largest error. Errors stay below two units
in the last place. The idea of the reduction in several parts: Cody & Waite, "Software manual for
the elementary functions" (1980).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any

import numpy as np

__all__ = ["cos", "exp", "sigmoid", "sin", "tanh"]

EXACT: dict[str, Any] = {"cache": True, "error_model": "numpy", "forceinline": True}
"""These functions are exact to the last bits only without reordering: no fast mathematics."""


class inlined:  # noqa: N801
    """Decorator: a function that becomes a part of the loops that call it.

    Numba, which asks for ``_numba_type_``, is not imported before it compiles one.
    """

    def __init__(self, function: Callable[[Any], Any]) -> None:
        self.function = function

    def __call__(self, x: Any) -> Any:
        return self.function(x)

    @cached_property
    def _compiled(self) -> Any:
        from numba import njit

        return njit(**EXACT)(self.function)

    @property
    def _numba_type_(self) -> Any:
        return self._compiled._numba_type_


f = np.float32
one, two, half = f(1), f(2), f(0.5)

# -- exp ----------------------------------------------------------------------------------------

LOG2_E = f(1.4426950408889634)
LN2_HIGH, LN2_LOW = f(0.693359375), f(-2.1219444005469057e-4)
EXP_MIN, EXP_MAX = f(-104.0), f(88.8)
E2, E3, E4, E5, E6 = f(0.5), f(0.16666577), f(0.04166638), f(0.00836318), f(0.00139411)


@inlined
def exp(x):
    """e**x = 2**n * e**r with a whole n and |r| <= ln(2) / 2."""
    limited = min(max(x, EXP_MIN), EXP_MAX)
    n = np.floor(limited * LOG2_E + half)
    r = (limited - n * LN2_HIGH) - n * LN2_LOW
    p = r + r * r * (E2 + r * (E3 + r * (E4 + r * (E5 + r * E6)))) + one
    # 2**n in two factors: at both ends one alone would not be a number of full precision.
    first = np.int32(n) >> 1
    second = np.int32(n) - first
    out = p * _power_of_two(first) * _power_of_two(second)
    return x if x != x else out


@inlined
def _power_of_two(n):
    return np.int32((n + 127) << 23).view(np.float32)


@inlined
def sigmoid(x):
    return one / (one + exp(-x))


# -- tanh ---------------------------------------------------------------------------------------

T1, T2, T3 = f(-0.33333333), f(0.13333255), f(-0.05394896)
T4, T5, T6 = f(0.02169387), f(-0.0081239), f(0.00206908)
SMALL, LARGE = f(0.625), f(9.1)


@inlined
def tanh(x):
    """1 - 2 / (e**2x + 1), and near 0, where that loses digits, a polynomial."""
    size = min(abs(x), LARGE)
    s = x * x
    near = x + x * s * (T1 + s * (T2 + s * (T3 + s * (T4 + s * (T5 + s * T6)))))
    far = one - two / (exp(two * size) + one)
    far = far if x > f(0) else -far
    out = near if size < SMALL else far
    return x if x != x else out


# -- sin and cos --------------------------------------------------------------------------------

TWO_OVER_PI = 0.6366197723675814
HALF_PI_HIGH, HALF_PI_MIDDLE = 1.5707963267341256, 6.077100506303966e-11
HALF_PI_LOW = 2.0222662487959506e-21
S1, S2, S3 = f(-0.16666665), f(0.00833275), f(-0.00019588)
C1, C2, C3 = f(4.16666647e-02), f(-1.38883036e-03), f(2.45480405e-05)
HUGE = f(2**24)


def _remainders() -> np.ndarray:
    """2**e less its multiples of 2 pi, for each e: what huge arguments are made of."""
    from fractions import Fraction

    # 2 pi with 60 digits; the largest float32 has 39.
    two_pi = 2 * Fraction("3.14159265358979323846264338327950288419716939937510582097494")
    return np.array([float(Fraction(2) ** e % two_pi) for e in range(106)])


REMAINDERS = _remainders()


@inlined
def _reduced(x):
    """x = n * pi / 2 + r: the remainder r, and the last two bits of n."""
    bits = np.float32(x).view(np.int32)
    exponent = min(max(((bits >> 23) & 255) - 150, 0), 105)
    whole = np.float64((bits & 0x7FFFFF) | 0x800000)
    huge = whole * REMAINDERS[exponent]
    huge = (huge if x > f(0) else -huge) + np.float64(x - x)  # no number for infinities
    y = huge if abs(x) >= HUGE else np.float64(x)
    n = np.floor(y * TWO_OVER_PI + 0.5)
    r = ((y - n * HALF_PI_HIGH) - n * HALF_PI_MIDDLE) - n * HALF_PI_LOW
    return np.float32(r), np.int32(n) & 3


@inlined
def _sin_near(r):
    s = r * r
    return r + r * s * (S1 + s * (S2 + s * S3))


@inlined
def _cos_near(r):
    s = r * r
    return one - half * s + s * s * (C1 + s * (C2 + s * C3))


@inlined
def sin(x):
    r, quarter = _reduced(x)
    out = _cos_near(r) if quarter & 1 else _sin_near(r)
    return -out if quarter & 2 else out


@inlined
def cos(x):
    r, quarter = _reduced(x)
    out = _sin_near(r) if quarter & 1 else _cos_near(r)
    return -out if (quarter + 1) & 2 else out
