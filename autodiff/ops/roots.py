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
    """The first value raised to the power of the second.

    >>> import autodiff as ad
    >>> ad.tensor([2.0, 3.0]) ** 2, 2 ** ad.tensor([3, 4])
    (tensor([4., 9.]), tensor([ 8, 16]))
    """

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
    """A value times itself.

    >>> import autodiff as ad
    >>> ad.square(ad.tensor([2.0, -3.0]))
    tensor([4., 9.])
    """

    formula = "x ** 2"
    ufunc = "square"

    def forward(x):
        return x * x

    def grad_x(g, x):
        return g * (2 * x)

    def name(self) -> str:
        return "PowBackward0"


class Sqrt(Elementwise):
    """The square root.

    >>> import autodiff as ad
    >>> ad.sqrt(ad.tensor([9.0, 0.0, -1.0]))
    tensor([3., 0., nan])
    """

    formula = "sqrt(x)"
    ufunc = "sqrt"
    floating = True

    def forward(x):
        return math.sqrt(x)

    def grad_x(g, out):
        return g / (2 * out)


class Rsqrt(Elementwise):
    """One over the square root.

    >>> import autodiff as ad
    >>> ad.rsqrt(ad.tensor([4.0, 0.25]))
    tensor([0.5000, 2.0000])
    """

    formula = "1 / sqrt(x)"
    floating = True

    def forward(x):
        return 1 / math.sqrt(x)

    def arrays(x):
        return 1 / np.sqrt(x)

    def grad_x(g, out):
        return -0.5 * g * (out * out * out)


class Hypot(Elementwise):
    """The length of the hypotenuse, without overflow on the way.

    >>> import autodiff as ad
    >>> ad.hypot(ad.tensor([3.0, 3e30]), ad.tensor([4.0, 4e30]))
    tensor([5.0000e+00, 5.0000e+30])
    """

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
