"""An optimizer's update of a parameter as one loop, which reads and writes each number once.

They give the bits of the lines of NumPy that they stand for, which make a pass over the memory
each. Importing this module imports Numba.
"""

from __future__ import annotations

import math
from typing import Any

from numba import njit

__all__ = ["adam", "descend", "momentum"]

EXACT: dict[str, Any] = {"cache": True, "nogil": True, "error_model": "numpy"}
"""Every operation is rounded by itself, as NumPy does it."""


@njit(**EXACT)
def descend(x, g, rate):
    """A step of `SGD` without momentum."""
    for i in range(x.size):
        x[i] -= g[i] * rate


@njit(**EXACT)
def momentum(x, g, velocity, momentum, rate):
    """A step of `SGD` with momentum, after the first."""
    for i in range(x.size):
        v = velocity[i] * momentum + g[i]
        velocity[i] = v
        x[i] -= v * rate


@njit(**EXACT)
def adam(x, g, mean, square, beta1, share1, beta2, share2, unbias, eps, rate):
    """A step of `Adam`: ``share`` is what a new value counts in a mean, ``unbias`` a divisor."""
    for i in range(x.size):
        m = mean[i] * beta1 + g[i] * share1
        s = square[i] * beta2 + g[i] * g[i] * share2
        mean[i], square[i] = m, s
        x[i] -= m / (math.sqrt(s) / unbias + eps) * rate
