"""Elementwise functions with a twist: signs copied, angles converted, 0 log 0 made 0."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autodiff import errors
from autodiff.op import Elementwise
from autodiff.ops.arithmetic import Mul, Sub
from autodiff.ops.choice import no_gradient, where
from autodiff.ops.roots import Pow
from autodiff.ops.trigonometry import cos, sin
from autodiff.public import public


class Logit(Elementwise):
    """The inverse of sigmoid; with ``eps`` the value is first limited to [eps, 1 - eps].

    >>> import autodiff as ad
    >>> ad.logit(ad.tensor([0.5, 1.0]))
    tensor([0., inf])
    """

    formula = "log(x / (1 - x))"
    floating = True

    def forward(x, *, eps=None):
        if eps is not None:
            x = min(max(x, eps), 1 - eps)
        return math.log(x / (1 - x))

    def arrays(x, *, eps=None):
        if eps is not None:
            x = np.clip(x, eps, 1 - eps)
        return np.log(x / (1 - x))

    def grad_x(g, x, eps):
        low, beyond = (0.0, math.nan) if eps is None else (eps, 0.0)
        outside = (x < low) | (x > 1 - low)
        return where(outside, beyond, g / (x * (1 - x)))


class Xlogy(Elementwise):
    """x log(y), and 0 where x is 0, whatever the logarithm is.

    >>> import autodiff as ad
    >>> ad.xlogy(ad.tensor([0.0, 2.0]), ad.tensor([0.0, ad.e]))
    tensor([0., 2.])
    """

    formula = "x log(y)"
    floating = True

    def forward(x, y):
        if y != y:
            return y
        return 0.0 if x == 0 else x * math.log(y)

    def arrays(x, y):
        y = np.asarray(y, np.result_type(x, y))
        return np.where((x == 0) & (y == y), x * 0, x * np.log(y))

    def grad_x(g, x, y):
        return where((x == 0) & (y <= 0), 0.0, xlogy(g, y))

    def grad_y(g, x, y):
        return g * x / y

    def name(self) -> str:
        numbers = [isinstance(x, (int, float, np.generic)) for x in self.constants or ()]
        if not any(numbers):
            return "XlogyBackward0"
        return "XlogyBackward1" if numbers[0] else "XlogyBackward2"


class Sinc(Elementwise):
    """The normalised sinc, sin(pi x) / (pi x), and 1 at 0.

    >>> import autodiff as ad
    >>> ad.sinc(ad.tensor([0.0, 0.5]))  # 1, and sin(pi / 2) / (pi / 2) = 2 / pi
    tensor([1.0000, 0.6366])
    """

    formula = "sin(pi x) / (pi x)"
    floating = True

    def forward(x):
        return math.sin(math.pi * x) / (math.pi * x) if x else 1.0

    def arrays(x):
        angle = math.pi * x
        return np.where(x == 0, x.dtype.type(1), np.sin(angle) / angle)

    def grad_x(g, x):
        angle = math.pi * x
        slope = (cos(angle) - sin(angle) / angle) / x
        return where(x == 0, 0.0, g * slope)


class Deg2rad(Elementwise):
    """Degrees as radians.

    >>> import autodiff as ad
    >>> ad.deg2rad(ad.tensor([0.0, 180.0]))
    tensor([0.0000, 3.1416])
    """

    formula = "pi / 180 x"
    floating = True

    def forward(x):
        return x * (math.pi / 180)

    def grad_x(g):
        return deg2rad(g)

    def name(self) -> str:
        return "Deg2RadBackward0"


class Rad2deg(Elementwise):
    """Radians as degrees.

    >>> import autodiff as ad
    >>> ad.rad2deg(ad.tensor([0.0, ad.pi]))
    tensor([  0., 180.])
    """

    formula = "180 / pi x"
    floating = True

    def forward(x):
        return x * (180 / math.pi)

    def grad_x(g):
        return rad2deg(g)

    def name(self) -> str:
        return "Rad2DegBackward0"


class Copysign(Elementwise):
    """The size of the first value with the sign of the second; no gradient at 0.

    >>> import autodiff as ad
    >>> ad.copysign(ad.tensor([1.0, 2.0]), ad.tensor([-3.0, 3.0]))
    tensor([-1.,  2.])
    """

    formula = "|x| with the sign of y"
    ufunc = "copysign"
    floating = True

    def forward(x, y):
        return math.copysign(x, y)

    def grad_x(g, x, out):
        return g * where(x == 0, 0.0, out / x)

    def grad_y(g):
        return no_gradient(g)

    def name(self) -> str:
        number = (self.constants or (None, None))[1]
        return f"CopysignBackward{int(isinstance(number, (int, float, np.generic)))}"


class Heaviside(Elementwise):
    """0 below 0, 1 above 0, and at 0 the second value.

    >>> import autodiff as ad
    >>> ad.heaviside(ad.tensor([-2.0, 0.0, 2.0]), ad.tensor(0.5))
    tensor([0.0000, 0.5000, 1.0000])
    """

    formula = "0 if x < 0 else 1 if x > 0 else y"

    def forward(x, y):
        return y if x == 0 else float(x > 0)

    def arrays(x, y):
        return np.where(x == 0, y, (x > 0).astype(x.dtype))

    @staticmethod
    def refuse(values, dtype):
        kinds = {getattr(x, "dtype", dtype) for x in values}
        if len(kinds) > 1:
            raise errors.numbers.different_dtypes("heaviside", kinds)


class Gcd(Elementwise):
    """The greatest common divisor of two integers.

    >>> import autodiff as ad
    >>> ad.gcd(ad.tensor([12, 7]), ad.tensor([18, 3]))
    tensor([6, 1])
    """

    formula = "gcd(x, y)"
    ufunc = "gcd"
    not_for = "bf"

    def forward(x, y):
        return math.gcd(x, y)


class Lcm(Elementwise):
    """The least common multiple of two integers.

    >>> import autodiff as ad
    >>> ad.lcm(ad.tensor([4, 7]), ad.tensor([6, 3]))
    tensor([12, 21])
    """

    formula = "lcm(x, y)"
    ufunc = "lcm"
    not_for = "bf"

    def forward(x, y):
        return math.lcm(x, y)


# The functions that rules call.
deg2rad, rad2deg, xlogy = Deg2rad.apply, Rad2deg.apply, Xlogy.apply


@public
def ldexp(x: Any, y: Any) -> Any:
    """``x * 2 ** y``.

    >>> import autodiff as ad
    >>> ad.tensor([1.0, 3.0]).ldexp(ad.tensor([2, 1]))
    tensor([4., 6.])
    """
    return Mul.apply(x, Pow.apply(2.0, y))


@public(method=False)
def rsub(x: Any, y: Any, *, alpha: Any = 1) -> Any:
    """``y - alpha * x``: subtraction with the operands in the other order.

    >>> import autodiff as ad
    >>> ad.rsub(ad.tensor([1.0, 2.0]), 10)
    tensor([9., 8.])
    """
    return Sub.apply(y, x if alpha == 1 else x * alpha)


@public
def positive(x: Any) -> Any:
    """``x`` itself, as with ``+x``.

    Raises:
        RuntimeError: ``x`` holds truth values.

    >>> import autodiff as ad
    >>> ad.positive(ad.tensor([-1.0]))
    tensor([-1.])
    """
    if x.value.dtype.kind == "b":
        raise errors.numbers.bool_arithmetic("positive", "+", "convert with x.int().")
    return x
