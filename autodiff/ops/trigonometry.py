"""Trigonometric and hyperbolic functions; angles are in radians."""

from __future__ import annotations

import math
from typing import Any

from autodiff.op import Elementwise
from autodiff.ops.choice import where
from autodiff.ops.roots import sqrt


class Sin(Elementwise):
    """The sine of an angle in radians.

    >>> import autodiff as ad
    >>> ad.sin(ad.tensor([0.0, ad.pi / 2]))
    tensor([0., 1.])
    """

    formula = "sin(x)"
    ufunc = "sin"
    floating = True

    def forward(x):
        return math.sin(x)

    def grad_x(g, x):
        return g * cos(x)


class Cos(Elementwise):
    """The cosine of an angle in radians.

    >>> import autodiff as ad
    >>> ad.cos(ad.tensor([0.0, ad.pi]))
    tensor([ 1., -1.])
    """

    formula = "cos(x)"
    ufunc = "cos"
    floating = True

    def forward(x):
        return math.cos(x)

    def grad_x(g, x):
        return -g * sin(x)


class Tan(Elementwise):
    """The tangent of an angle in radians.

    >>> import autodiff as ad
    >>> ad.tan(ad.tensor([0.0, ad.pi / 4]))
    tensor([0., 1.])
    """

    formula = "tan(x)"
    ufunc = "tan"
    floating = True

    def forward(x):
        return math.tan(x)

    def grad_x(g, out):
        return g * (1 + out * out)


class Asin(Elementwise):
    """The angle in radians whose sine is the value.

    >>> import autodiff as ad
    >>> ad.asin(ad.tensor([0.0, 1.0]))  # 0 and pi / 2
    tensor([0.0000, 1.5708])
    """

    formula = "asin(x)"
    ufunc = "arcsin"
    floating = True

    def forward(x):
        return math.asin(x)

    def grad_x(g, x):
        return g / sqrt(1 - x * x)


class Acos(Elementwise):
    """The angle in radians whose cosine is the value.

    >>> import autodiff as ad
    >>> ad.acos(ad.tensor([1.0, -1.0]))  # 0 and pi
    tensor([0.0000, 3.1416])
    """

    formula = "acos(x)"
    ufunc = "arccos"
    floating = True

    def forward(x):
        return math.acos(x)

    def grad_x(g, x):
        return -g / sqrt(1 - x * x)


class Atan(Elementwise):
    """The angle in radians whose tangent is the value.

    >>> import autodiff as ad
    >>> ad.atan(ad.tensor([0.0, 1.0]))  # 0 and pi / 4
    tensor([0.0000, 0.7854])
    """

    formula = "atan(x)"
    ufunc = "arctan"
    floating = True

    def forward(x):
        return math.atan(x)

    def grad_x(g, x):
        return g / (1 + x * x)


class Atan2(Elementwise):
    """The angle in radians from the x-axis to the point (y, x), between -pi and pi.

    As everywhere the height comes first: the first value is the y of the point.

    >>> import autodiff as ad
    >>> ad.atan2(ad.tensor([1.0, 1.0]), ad.tensor([0.0, -1.0])) / ad.pi  # (0, 1) and (-1, 1)
    tensor([0.5000, 0.7500])
    """

    formula = "angle of the point (y, x)"
    ufunc = "arctan2"
    floating = True

    def forward(x, y):
        return math.atan2(x, y)

    def grad_x(g, x, y):
        return g * (y * _inverse(x * x + y * y))

    def grad_y(g, x, y):
        return g * (-x * _inverse(x * x + y * y))


class Sinh(Elementwise):
    """The hyperbolic sine.

    >>> import autodiff as ad
    >>> ad.sinh(ad.tensor([0.0, 1.0]))  # 0 and (e - 1 / e) / 2
    tensor([0.0000, 1.1752])
    """

    formula = "sinh(x)"
    ufunc = "sinh"
    floating = True

    def forward(x):
        return math.sinh(x)

    def grad_x(g, x):
        return g * cosh(x)


class Cosh(Elementwise):
    """The hyperbolic cosine.

    >>> import autodiff as ad
    >>> ad.cosh(ad.tensor([0.0, 1.0]))  # 1 and (e + 1 / e) / 2
    tensor([1.0000, 1.5431])
    """

    formula = "cosh(x)"
    ufunc = "cosh"
    floating = True

    def forward(x):
        return math.cosh(x)

    def grad_x(g, x):
        return g * sinh(x)


class Tanh(Elementwise):
    """The hyperbolic tangent: squashes a value into (-1, 1).

    >>> import autodiff as ad
    >>> ad.tanh(ad.tensor([0.0, 100.0, -100.0]))
    tensor([ 0.,  1., -1.])
    """

    formula = "tanh(x)"
    ufunc = "tanh"
    floating = True

    def forward(x):
        return math.tanh(x)

    def grad_x(g, out):
        return g * (1 - out * out)


class Asinh(Elementwise):
    """The inverse of the hyperbolic sine.

    >>> import autodiff as ad
    >>> ad.asinh(ad.sinh(ad.tensor([0.0, 1.0])))
    tensor([0., 1.])
    """

    formula = "asinh(x)"
    ufunc = "arcsinh"
    floating = True

    def forward(x):
        return math.asinh(x)

    def grad_x(g, x):
        return g / sqrt(x * x + 1)


class Acosh(Elementwise):
    """The inverse of the hyperbolic cosine.

    >>> import autodiff as ad
    >>> ad.acosh(ad.tensor([1.0, 0.0]))  # cosh is at least 1
    tensor([0., nan])
    """

    formula = "acosh(x)"
    ufunc = "arccosh"
    floating = True

    def forward(x):
        return math.acosh(x)

    def grad_x(g, x):
        return g / sqrt(x * x - 1)


class Atanh(Elementwise):
    """The inverse of the hyperbolic tangent.

    >>> import autodiff as ad
    >>> ad.atanh(ad.tensor([0.0, 1.0]))
    tensor([0., inf])
    """

    formula = "atanh(x)"
    ufunc = "arctanh"
    floating = True

    def forward(x):
        return math.atanh(x)

    def grad_x(g, x):
        return g / (1 - x * x)


# The functions that rules call.
sin, cos, sinh, cosh = (op.apply for op in (Sin, Cos, Sinh, Cosh))


def _inverse(x: Any) -> Any:
    """1 / x, and 0 where x is 0: no direction changes the angle of the origin more than another."""
    return where(x == 0, 0.0, 1 / where(x == 0, 1.0, x))
