"""Powers and roots."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autodiff import errors
from autodiff.op import Elementwise
from autodiff.ops.choice import where
from autodiff.ops.exponential import log
from autodiff.public import public


class Pow(Elementwise):
    """The first value raised to the power of the second."""

    formula = "x ** y"
    not_for = "b"
    keywords = ("input", "exponent")

    def forward(x, y):
        return math.pow(x, y)

    def arrays(x, y):
        return x**y

    @staticmethod
    def refuse(values, dtype):
        if dtype.kind in "iu" and isinstance(values[1], int) and values[1] < 0:
            raise errors.numbers.negative_integer_power()

    def grad_x(g, x, y):
        if isinstance(y, (int, float)) and y != 0:
            return g * (y * pow(x, y - 1))  # Python's ** would make complex numbers of roots
        return where(y == 0, 0.0, g * (y * x ** (y - 1)))

    def grad_y(g, x, y, out):
        # At x = 0 the limit of out * log(x) is 0 for y >= 0, where 0 * -inf would be nan.
        return g * where((x == 0) & (y >= 0), 0.0, out * log(x))

    def name(self) -> str:
        numbers = [isinstance(x, (int, float, np.generic)) for x in self.constants or ()]
        if not any(numbers):
            return "PowBackward1"
        return "PowBackward2" if numbers[0] else "PowBackward0"


class Square(Elementwise):
    """A value times itself."""

    formula = "x ** 2"
    ufunc = "square"

    def forward(x):
        return x * x

    def grad_x(g, x):
        return g * (2 * x)

    def name(self) -> str:
        return "PowBackward0"


class Sqrt(Elementwise):
    """The square root."""

    formula = "sqrt(x)"
    ufunc = "sqrt"
    floating = True

    def forward(x):
        return math.sqrt(x)

    def grad_x(g, out):
        return g / (2 * out)


class Rsqrt(Elementwise):
    """One over the square root."""

    formula = "1 / sqrt(x)"
    floating = True

    def forward(x):
        return 1 / math.sqrt(x)

    def arrays(x):
        return 1 / np.sqrt(x)

    def grad_x(g, out):
        return -0.5 * g * (out * out * out)


class Hypot(Elementwise):
    """The length of the hypotenuse, without overflow on the way."""

    formula = "sqrt(x ** 2 + y ** 2)"
    ufunc = "hypot"
    not_for = "biu"

    def forward(x, y):
        return math.hypot(x, y)

    def grad_x(g, x, out):
        return g * x / out

    def grad_y(g, y, out):
        return g * y / out


# The functions that rules call.
sqrt, pow = Sqrt.apply, Pow.apply


@public
def float_power(x: Any, y: Any) -> Any:
    """``x ** y``, computed in float64.

    >>> import autodiff as ad
    >>> ad.tensor([1, 2]).float_power(0.5)
    tensor([1.0000, 1.4142], dtype=autodiff.float64)
    """
    x, y = (v.double() if hasattr(v, "double") else v for v in (x, y))
    return Pow.apply(x, y)
