"""Trigonometric and hyperbolic functions; angles are in radians."""

from __future__ import annotations

import math
from typing import Any

from autodiff.op import Elementwise
from autodiff.ops.choice import where
from autodiff.ops.roots import sqrt


class Sin(Elementwise):
    """The sine of an angle in radians."""

    formula = "sin(x)"
    ufunc = "sin"
    floating = True

    def forward(x):
        return math.sin(x)

    def grad_x(g, x):
        return g * cos(x)


class Cos(Elementwise):
    """The cosine of an angle in radians."""

    formula = "cos(x)"
    ufunc = "cos"
    floating = True

    def forward(x):
        return math.cos(x)

    def grad_x(g, x):
        return -g * sin(x)


class Tan(Elementwise):
    """The tangent of an angle in radians."""

    formula = "tan(x)"
    ufunc = "tan"
    floating = True

    def forward(x):
        return math.tan(x)

    def grad_x(g, out):
        return g * (1 + out * out)


class Asin(Elementwise):
    """The angle in radians whose sine is the value."""

    formula = "asin(x)"
    ufunc = "arcsin"
    floating = True

    def forward(x):
        return math.asin(x)

    def grad_x(g, x):
        return g / sqrt(1 - x * x)


class Acos(Elementwise):
    """The angle in radians whose cosine is the value."""

    formula = "acos(x)"
    ufunc = "arccos"
    floating = True

    def forward(x):
        return math.acos(x)

    def grad_x(g, x):
        return -g / sqrt(1 - x * x)


class Atan(Elementwise):
    """The angle in radians whose tangent is the value."""

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
    """The hyperbolic sine."""

    formula = "sinh(x)"
    ufunc = "sinh"
    floating = True

    def forward(x):
        return math.sinh(x)

    def grad_x(g, x):
        return g * cosh(x)


class Cosh(Elementwise):
    """The hyperbolic cosine."""

    formula = "cosh(x)"
    ufunc = "cosh"
    floating = True

    def forward(x):
        return math.cosh(x)

    def grad_x(g, x):
        return g * sinh(x)


class Tanh(Elementwise):
    """The hyperbolic tangent: squashes a value into (-1, 1)."""

    formula = "tanh(x)"
    ufunc = "tanh"
    floating = True

    def forward(x):
        return math.tanh(x)

    def grad_x(g, out):
        return g * (1 - out * out)


class Asinh(Elementwise):
    """The inverse of the hyperbolic sine."""

    formula = "asinh(x)"
    ufunc = "arcsinh"
    floating = True

    def forward(x):
        return math.asinh(x)

    def grad_x(g, x):
        return g / sqrt(x * x + 1)


class Acosh(Elementwise):
    """The inverse of the hyperbolic cosine."""

    formula = "acosh(x)"
    ufunc = "arccosh"
    floating = True

    def forward(x):
        return math.acosh(x)

    def grad_x(g, x):
        return g / sqrt(x * x - 1)


class Atanh(Elementwise):
    """The inverse of the hyperbolic tangent."""

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
