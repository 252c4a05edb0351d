"""Ops on single numbers, applied to every element: arithmetic, functions, comparisons.

Each class is one complete declaration; see `autodiff.op` for how to read it. The rules call the
functions at the end of this file, which are these same ops.
"""

from __future__ import annotations

import math

import numpy as np

from autodiff import errors
from autodiff.op import Elementwise

# -- arithmetic -------------------------------------------------------------------------------


class Add(Elementwise):
    """The sum of two values."""

    formula = "x + y"
    ufunc = "add"

    def forward(x, y):
        return x + y

    def grad_x(g):
        return g

    def grad_y(g):
        return g


class Sub(Elementwise):
    """The difference of two values."""

    formula = "x - y"
    ufunc = "subtract"

    def forward(x, y):
        return x - y

    def grad_x(g):
        return g

    def grad_y(g):
        return -g


class Mul(Elementwise):
    """The product of two values."""

    formula = "x * y"
    ufunc = "multiply"

    def forward(x, y):
        return x * y

    def grad_x(g, y):
        return g * y

    def grad_y(g, x):
        return g * x


class Div(Elementwise):
    """The quotient of two values; integers divide to floats."""

    formula = "x / y"
    ufunc = "true_divide"
    floating = True

    def forward(x, y):
        return x / y

    def grad_x(g, y):
        return g / y

    def grad_y(g, x, y):
        return -g * ((x / y) / y)


class Pow(Elementwise):
    """The first value raised to the power of the second."""

    formula = "x ** y"

    def forward(x, y):
        return math.pow(x, y)

    def arrays(x, y):
        return x**y

    def grad_x(g, x, y):
        if isinstance(y, (int, float)) and y != 0:
            return g * (y * pow(x, y - 1))  # Python's ** would make complex numbers of roots
        return where(y == 0, 0.0, g * (y * x ** (y - 1)))

    def grad_y(g, x, y, out):
        # At x = 0 the limit of out * log(x) is 0 for y >= 0, where 0 * -inf would be nan.
        return where((x == 0) & (y >= 0), 0.0, g * (out * log(x)))

    def name(self) -> str:
        numbers = [isinstance(x, (int, float, np.generic)) for x in self.constants or ()]
        if not any(numbers):
            return "PowBackward1"
        return "PowBackward2" if numbers[0] else "PowBackward0"


class Neg(Elementwise):
    """The negative of a value."""

    formula = "-x"
    ufunc = "negative"

    def forward(x):
        return -x

    def grad_x(g):
        return -g


class Abs(Elementwise):
    """The absolute value; the gradient at 0 is 0."""

    formula = "|x|"
    ufunc = "absolute"

    def forward(x):
        return abs(x)

    def grad_x(g, x):
        return g * sign(x)


class Sign(Elementwise):
    """-1, 0 or 1, by the sign of a value; flat everywhere, so its gradient is 0."""

    formula = "sign(x)"
    ufunc = "sign"

    def forward(x):
        return float((x > 0) - (x < 0)) if x == x else x

    def grad_x(g):
        return g * 0.0


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


class Reciprocal(Elementwise):
    """One over a value."""

    formula = "1 / x"
    floating = True

    def forward(x):
        return 1 / x

    def grad_x(g, out):
        return -g * (out * out)


class Sqrt(Elementwise):
    """The square root."""

    formula = "sqrt(x)"
    ufunc = "sqrt"
    floating = True

    def forward(x):
        return math.sqrt(x)

    def grad_x(g, out):
        return g / (2 * out)


# -- exponentials and logarithms --------------------------------------------------------------


class Exp(Elementwise):
    """e raised to the power of a value."""

    formula = "exp(x)"
    ufunc = "exp"
    floating = True

    def forward(x):
        return math.exp(x)

    def grad_x(g, out):
        return g * out


class Expm1(Elementwise):
    """exp(x) - 1, exact for small x."""

    formula = "exp(x) - 1"
    ufunc = "expm1"
    floating = True

    def forward(x):
        return math.expm1(x)

    def grad_x(g, out):
        return g * (out + 1)


class Log(Elementwise):
    """The natural logarithm."""

    formula = "log(x)"
    ufunc = "log"
    floating = True

    def forward(x):
        return math.log(x)

    def grad_x(g, x):
        return g / x


class Log1p(Elementwise):
    """log(1 + x), exact for small x."""

    formula = "log(1 + x)"
    ufunc = "log1p"
    floating = True

    def forward(x):
        return math.log1p(x)

    def grad_x(g, x):
        return g / (1 + x)

    def name(self) -> str:
        return "Log1PBackward0"


# -- trigonometry -----------------------------------------------------------------------------


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


# -- activations ------------------------------------------------------------------------------


class Tanh(Elementwise):
    """The hyperbolic tangent: squashes a value into (-1, 1)."""

    formula = "tanh(x)"
    ufunc = "tanh"
    floating = True

    def forward(x):
        return math.tanh(x)

    def grad_x(g, out):
        return g * (1 - out * out)


class Sigmoid(Elementwise):
    """The logistic function: squashes a value into (0, 1)."""

    formula = "1 / (1 + exp(-x))"
    floating = True

    def forward(x):
        return 1 / (1 + exp(-x))

    def grad_x(g, out):
        return g * (out * (1 - out))


class Relu(Elementwise):
    """The positive part of a value; the gradient at 0 is 0."""

    formula = "max(x, 0)"

    def forward(x):
        return x if x > 0 or x != x else 0.0

    def arrays(x):
        return np.maximum(x, 0)

    def grad_x(g, out):
        # The output is never negative, so its sign is 1 where x > 0 and 0 elsewhere.
        return g * sign(out)


# -- choices ----------------------------------------------------------------------------------


class Maximum(Elementwise):
    """The larger of two values; where they are equal each gets half of the gradient."""

    formula = "max(x, y)"
    ufunc = "maximum"

    def forward(x, y):
        return x if x >= y or x != x else y

    def grad_x(g, x, y):
        return where(x > y, g, where(x == y, g / 2, 0.0))

    def grad_y(g, x, y):
        return where(y > x, g, where(x == y, g / 2, 0.0))


class Minimum(Elementwise):
    """The smaller of two values; where they are equal each gets half of the gradient."""

    formula = "min(x, y)"
    ufunc = "minimum"

    def forward(x, y):
        return x if x <= y or x != x else y

    def grad_x(g, x, y):
        return where(x < y, g, where(x == y, g / 2, 0.0))

    def grad_y(g, x, y):
        return where(y < x, g, where(x == y, g / 2, 0.0))


class Where(Elementwise):
    """The second value where the condition holds, else the third."""

    formula = "x if condition else y"

    def forward(condition, x, y):
        return x if condition else y

    def arrays(condition, x, y):
        dtype = getattr(condition, "dtype", None)
        if dtype is not None and dtype.kind != "b":
            raise errors.numbers.condition_not_bool(dtype)
        return np.where(condition, x, y)

    def grad_x(g, condition):
        return where(condition, g, 0.0)

    def grad_y(g, condition):
        return where(condition, 0.0, g)


class Clamp(Elementwise):
    """A value limited to at least ``min`` and at most ``max``; no gradient beyond the limits."""

    formula = "min(max(x, low), high)"

    def forward(x, *, min=None, max=None):
        if min is not None and x < min:
            x = min
        return max if max is not None and x > max else x

    def arrays(x, *, min=None, max=None):
        if min is None and max is None:
            raise errors.numbers.clamp_without_limits()
        return np.clip(x, min, max)

    def grad_x(g, x, min, max):
        if min is not None:
            g = where(x >= min, g, 0.0)
        return g if max is None else where(x <= max, g, 0.0)

    def name(self) -> str:
        return "ClampBackward1"


# -- comparisons: no gradient flows through a yes or a no ---------------------------------------


class Eq(Elementwise):
    """True where two values are equal."""

    formula = "x == y"
    ufunc = "equal"

    def forward(x, y):
        return x == y


class Ne(Elementwise):
    """True where two values differ."""

    formula = "x != y"
    ufunc = "not_equal"

    def forward(x, y):
        return x != y


class Lt(Elementwise):
    """True where the first value is smaller."""

    formula = "x < y"
    ufunc = "less"

    def forward(x, y):
        return x < y


class Le(Elementwise):
    """True where the first value is smaller or equal."""

    formula = "x <= y"
    ufunc = "less_equal"

    def forward(x, y):
        return x <= y


class Gt(Elementwise):
    """True where the first value is larger."""

    formula = "x > y"
    ufunc = "greater"

    def forward(x, y):
        return x > y


class Ge(Elementwise):
    """True where the first value is larger or equal."""

    formula = "x >= y"
    ufunc = "greater_equal"

    def forward(x, y):
        return x >= y


class LogicalAnd(Elementwise):
    """True where both values are true (not zero)."""

    formula = "x and y"
    ufunc = "logical_and"

    def forward(x, y):
        return bool(x) and bool(y)


class BitwiseAnd(Elementwise):
    """The bits set in both values; for truth values, whether both hold."""

    formula = "x & y"
    ufunc = "bitwise_and"

    def forward(x, y):
        return x & y


class BitwiseOr(Elementwise):
    """The bits set in either value; for truth values, whether one holds."""

    formula = "x | y"
    ufunc = "bitwise_or"

    def forward(x, y):
        return x | y


class BitwiseNot(Elementwise):
    """Every bit turned round; for truth values, the opposite."""

    formula = "~x"
    ufunc = "invert"

    def forward(x):
        return not x if isinstance(x, bool) else ~x


# The functions that the rules above call.
where, log, exp, sign, sin, cos, pow = (op.apply for op in (Where, Log, Exp, Sign, Sin, Cos, Pow))
