"""exp, tanh, sin and cos of float32 numbers, in a form that the compiler can put into vectors.

The C library computes them one number at a time, which makes a loop over millions wait for little
else. Each function here is a polynomial without a branch, after its argument was brought into a
small range; the coefficients were fitted to the smallest largest error. Errors stay below two units
in the last place. The idea of the reduction in several parts: Cody & Waite, "Software manual for
the elementary functions" (1980). Huge arguments of sin and cos are left to the C library: see
`near`.
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

    def __init__(self, function: Callable[..., Any]) -> None:
        self.function = function

    def __call__(self, *arguments: Any) -> Any:
        return self.function(*arguments)

    @cached_property
    def _compiled(self) -> Any:
        from numba import njit

        return njit(**EXACT)(self.function)

    @property
    def _numba_type_(self) -> Any:
        return self._compiled._numba_type_


class _FusedMultiplyAdd(inlined):
    @cached_property
    def _compiled(self) -> Any:
        from numba import njit
        from numba.extending import intrinsic

        def typed(typing_context: Any, x: Any, y: Any, z: Any) -> Any:
            def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
                return builder.fma(*arguments)

            return x(x, y, z), code

        instruction: Any = intrinsic(typed)
        return njit(**EXACT | {"cache": False})(lambda x, y, z: instruction(x, y, z))


@_FusedMultiplyAdd
def fma(x, y, z):
    """x * y + z, rounded once: as LLVM does it, with one instruction where there is one."""
    return np.float32(np.float64(x) * np.float64(y) + np.float64(z))


f = np.float32
one, two, half = f(1), f(2), f(0.5)

# -- exp ----------------------------------------------------------------------------------------

ROUNDS = f(1.5 * 2**23)
ROUNDS_BITS = ROUNDS.view(np.int32)
LOG2_E = f(1.4426950408889634)
LN2_HIGH, LN2_LOW = f(0.693359375), f(-2.1219444005469057e-4)
EXP_MIN, EXP_MAX = f(-104.0), f(88.8)
E2, E3, E4, E5, E6 = f(0.5), f(0.16666577), f(0.04166638), f(0.00836318), f(0.00139411)


@inlined
def exp(x):
    """e**x = 2**n * e**r with a whole n and |r| <= ln(2) / 2."""
    n, r = _halved(min(max(x, EXP_MIN), EXP_MAX))
    p = _exp_less_one(r) + one
    # 2**n in two factors: at both ends one alone would not be a number of full precision.
    first = n >> 1
    out = p * _power_of_two(first) * _power_of_two(n - first)
    return x if x != x else out


@inlined
def _rounded(x):
    """The whole number next to x, as float32 and as int32, where |x| < 2**22.

    Numbers between 2**23 and 2**24 are whole, and their last bits count them.
    """
    shifted = np.float32(x + ROUNDS)
    return shifted - ROUNDS, np.int32(shifted.view(np.int32) - ROUNDS_BITS)


@inlined
def _halved(x):
    """x = n * ln(2) + r: how often e**x has to be halved, and the remainder."""
    n, count = _rounded(x * LOG2_E)
    return count, (x - n * LN2_HIGH) - n * LN2_LOW


@inlined
def _exp_less_one(r):
    return r + r * r * (E2 + r * (E3 + r * (E4 + r * (E5 + r * E6))))


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
SIGN = np.int32(-(2**31))


@inlined
def tanh(x):
    """1 - 2 / (e**2|x| + 1) with the sign of x; near 0, where that loses digits, a polynomial."""
    s = x * x
    near = x + x * s * (T1 + s * (T2 + s * (T3 + s * (T4 + s * (T5 + s * T6)))))
    n, r = _halved(two * min(abs(x), LARGE))
    power = _power_of_two(n)
    far = one - two / (_exp_less_one(r) * power + (power + one))
    signed = np.int32(np.float32(far).view(np.int32) | (np.float32(x).view(np.int32) & SIGN))
    return signed.view(np.float32) if abs(x) >= SMALL else near


# -- sin and cos --------------------------------------------------------------------------------

TWO_OVER_PI = f(0.63661975)
P1, P2 = f(1.5703125), f(4.837512969970703e-4)
P3, P4 = f(7.549790126404332e-8), f(-1.7151245100058819e-15)
"""pi / 2 in four parts. The first two have 11 bits, so that subtracting their multiples from a
number below FAR leaves no error."""
FAR = f(2**17)
FAR_SIZE = FAR.view(np.int32)
S1, S2, S3 = f(-0.16666665), f(0.00833275), f(-0.00019588)
C1, C2, C3 = f(4.16666647e-02), f(-1.38883036e-03), f(2.45480405e-05)


@inlined
def _reduced(x):
    """x = n * pi / 2 + r, where |x| < FAR: the remainder r, and n."""
    n, count = _rounded(x * TWO_OVER_PI)
    return fma(-n, P4, fma(-n, P3, fma(-n, P2, fma(-n, P1, x)))), count


@inlined
def _sin_of_rest(r):
    s = r * r
    return r + r * s * (S1 + s * (S2 + s * S3))


@inlined
def _cos_of_rest(r):
    s = r * r
    return one - half * s + s * s * (C1 + s * (C2 + s * C3))


@inlined
def _turned(r, n):
    """The sine of n * pi / 2 + r."""
    out = _cos_of_rest(r) if n & 1 else _sin_of_rest(r)
    return -out if n & 2 else out


@inlined
def size_of(x):
    """The bits of |x|, which as whole numbers are in the order of the numbers; nan comes last."""
    return np.int32(np.float32(x).view(np.int32) & np.int32(0x7FFFFFFF))


@inlined
def sin(x):
    return sin_near(x) if abs(x) < FAR else np.float32(np.sin(np.float64(x)))


@inlined
def cos(x):
    return cos_near(x) if abs(x) < FAR else np.float32(np.cos(np.float64(x)))


@inlined
def sin_near(x):
    """sin where |x| < FAR."""
    r, n = _reduced(x)
    return _turned(r, n)


@inlined
def cos_near(x):
    """cos where |x| < FAR."""
    r, n = _reduced(x)
    return _turned(r, n + 1)
