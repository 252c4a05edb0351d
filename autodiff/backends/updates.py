"""An optimizer's update of a parameter as one loop, which reads and writes each number once.

They give the bits of the lines of NumPy that they stand for, which make a pass over the memory
each. The numbers of an update are in one array of its dtype. Importing this module imports LLVM.
"""

from __future__ import annotations

import math

from autodiff.native.kernel import kernel

__all__ = ["adam", "descend", "momentum"]


@kernel
def descend(x, g, numbers):
    """A step of `SGD` without momentum. ``numbers`` is the rate."""
    rate = numbers[0]
    for i in range(x.size):
        x[i] -= g[i] * rate


@kernel
def momentum(x, g, velocity, numbers):
    """A step of `SGD` with momentum, after the first."""
    momentum, rate = numbers[0], numbers[1]
    for i in range(x.size):
        v = velocity[i] * momentum + g[i]
        velocity[i] = v
        x[i] -= v * rate


@kernel
def adam(x, g, mean, square, numbers):
    """A step of `Adam`: ``share`` is what a new value counts in a mean, ``unbias`` a divisor."""
    beta1, share1, beta2, share2 = numbers[0], numbers[1], numbers[2], numbers[3]
    unbias, eps, rate = numbers[4], numbers[5], numbers[6]
    for i in range(x.size):
        m = mean[i] * beta1 + g[i] * share1
        s = square[i] * beta2 + g[i] * g[i] * share2
        mean[i], square[i] = m, s
        x[i] -= m / (math.sqrt(s) / unbias + eps) * rate
