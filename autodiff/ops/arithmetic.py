"""Arithmetic: sums, products, quotients, powers and roots."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from autodiff import dtypes, errors
from autodiff.op import Elementwise
from autodiff.ops.choice import no_gradient, where
from autodiff.ops.exponential import log
from autodiff.public import public


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

    @staticmethod
    def refuse(values, dtype):
        _refuse_bools("Subtraction", values)

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


class FloorDivide(Elementwise):
    """The quotient rounded down; flat between its jumps, so the gradient is 0."""

    formula = "floor(x / y)"
    ufunc = "floor_divide"
    not_for = "b"

    def forward(x, y):
        return x // y

    @staticmethod
    def refuse(values, dtype):
        _refuse_zero(values[1], dtype)

    def grad_x(g):
        return no_gradient(g)

    def grad_y(g):
        return no_gradient(g)


class TruncDivide(Elementwise):
    """The quotient without what follows the decimal point; its gradient is 0."""

    exported = False
    formula = "trunc(x / y)"
    not_for = "b"

    def forward(x, y):
        return float(math.trunc(x / y))

    def arrays(x, y):
        out = np.trunc(np.true_divide(x, y))
        return out.astype(np.result_type(x, y), copy=False)

    @staticmethod
    def refuse(values, dtype):
        _refuse_zero(values[1], dtype)

    def grad_x(g):
        return no_gradient(g)

    def grad_y(g):
        return no_gradient(g)


class Remainder(Elementwise):
    """What is left of x after division by y; it has the sign of y, as Python's %."""

    formula = "x - y floor(x / y)"
    ufunc = "remainder"
    not_for = "b"

    def forward(x, y):
        return x % y

    @staticmethod
    def refuse(values, dtype):
        _refuse_zero(values[1], dtype)

    def grad_x(g):
        return g

    def grad_y(g, x, y):
        return -g * FloorDivide.apply(x, y)

    def name(self) -> str:
        return f"RemainderBackward{int(not _is_number((self.constants or (None, None))[1]))}"


class Fmod(Elementwise):
    """What is left of x after division by y; it has the sign of x, as in C."""

    formula = "x - y trunc(x / y)"
    ufunc = "fmod"
    not_for = "b"

    def forward(x, y):
        return math.fmod(x, y)

    @staticmethod
    def refuse(values, dtype):
        _refuse_zero(values[1], dtype)

    def grad_x(g):
        return g

    def grad_y(g, x, y):
        return -g * TruncDivide.apply(x, y)

    def name(self) -> str:
        return f"FmodBackward{int(not _is_number((self.constants or (None, None))[1]))}"


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


class Neg(Elementwise):
    """The negative of a value."""

    formula = "-x"
    ufunc = "negative"

    def forward(x):
        return -x

    @staticmethod
    def refuse(values, dtype):
        _refuse_bools("Negation", values)

    def grad_x(g):
        return -g


class Abs(Elementwise):
    """The absolute value; the gradient at 0 is 0."""

    formula = "|x|"
    ufunc = "absolute"
    not_for = "b"

    def forward(x):
        return abs(x)

    def grad_x(g, x):
        return g * sign(x)


class Sign(Elementwise):
    """-1, 0 or 1, by the sign of a value; flat everywhere, so its gradient is 0."""

    formula = "sign(x)"

    def forward(x):
        return float((x > 0) - (x < 0))

    def arrays(x):
        return x if x.dtype.kind == "b" else np.subtract(x > 0, x < 0, dtype=x.dtype)

    def grad_x(g):
        return no_gradient(g)


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


class Lerp(Elementwise):
    """The value on the way from x to y: x at weight 0, y at weight 1."""

    formula = "x + weight (y - x)"
    keywords = ("input", "end", "weight")
    not_for = "biu"

    def forward(x, y, weight):
        # From the nearer end: at weight 1 the result is exactly y.
        return x + weight * (y - x) if abs(weight) < 0.5 else y - (y - x) * (1 - weight)

    def arrays(x, y, weight):
        way = y - x
        return np.where(np.abs(weight) < 0.5, x + weight * way, y - way * (1 - weight))

    @staticmethod
    def refuse(values, dtype):
        kinds = {v.dtype for v in values if hasattr(v, "dtype")}
        if len(kinds) > 1:
            raise errors.numbers.different_dtypes("lerp", kinds)

    def grad_x(g, weight):
        return g * (1 - weight)

    def grad_y(g, weight):
        return g * weight

    def grad_weight(g, x, y):
        return g * (y - x)

    def name(self) -> str:
        return f"LerpBackward{int(not _is_number((self.constants or (None,) * 3)[2]))}"


class Addcmul(Elementwise):
    """A value plus a multiple of a product."""

    formula = "x + value y z"
    keywords = ("input", "tensor1", "tensor2")
    not_for = "b"

    def forward(x, y, z, *, value=1):
        return x + value * (y * z)

    def grad_x(g):
        return g

    def grad_y(g, z, value):
        return g * (value * z)

    def grad_z(g, y, value):
        return g * (value * y)


class Addcdiv(Elementwise):
    """A value plus a multiple of a quotient."""

    formula = "x + value y / z"
    keywords = ("input", "tensor1", "tensor2")

    def forward(x, y, z, *, value=1):
        return x + value * (y / z)

    @staticmethod
    def refuse(values, dtype):
        if all(dtypes.kind_of(v) != "f" for v in values[1:]):
            raise errors.numbers.integer_addcdiv()

    def grad_x(g):
        return g

    def grad_y(g, z, value):
        return g * (value / z)

    def grad_z(g, y, z, value):
        return -g * (value * (y / z) / z)


# The functions that rules call.
sign, sqrt, pow = Sign.apply, Sqrt.apply, Pow.apply


@public
def add(x: Any, y: Any, *, alpha: Any = 1) -> Any:
    """``x + alpha * y``.

    Raises:
        RuntimeError: the shapes cannot be broadcast, or ``alpha`` is a float beside integers.

    >>> import autodiff as ad
    >>> ad.tensor([1.0, 2.0]).add(ad.tensor([1.0, 1.0]), alpha=10)
    tensor([11., 12.])
    """
    return Add.apply(x, _scaled(x, y, alpha))


@public
def sub(x: Any, y: Any, *, alpha: Any = 1) -> Any:
    """``x - alpha * y``.

    Raises:
        RuntimeError: the shapes cannot be broadcast, or ``alpha`` is a float beside integers.

    >>> import autodiff as ad
    >>> ad.tensor([1.0, 2.0]).sub(1, alpha=0.5)
    tensor([0.5000, 1.5000])
    """
    return Sub.apply(x, _scaled(x, y, alpha))


@public
def div(x: Any, y: Any, *, rounding_mode: str | None = None) -> Any:
    """``x / y``; with ``rounding_mode`` "floor" or "trunc" rounded down, or towards zero.

    Raises:
        RuntimeError: there is no such rounding mode, or an integer is divided by 0 and rounded.

    >>> import autodiff as ad
    >>> ad.tensor([7, -7]).div(2, rounding_mode="trunc")
    tensor([ 3, -3])
    """
    ops = {None: Div, "floor": FloorDivide, "trunc": TruncDivide}
    if rounding_mode not in ops:
        raise errors.numbers.rounding_mode(rounding_mode)
    return ops[rounding_mode].apply(x, y)


@public
def float_power(x: Any, y: Any) -> Any:
    """``x ** y``, computed in float64.

    >>> import autodiff as ad
    >>> ad.tensor([1, 2]).float_power(0.5)
    tensor([1.0000, 1.4142], dtype=autodiff.float64)
    """
    x, y = (v.double() if hasattr(v, "double") else v for v in (x, y))
    return Pow.apply(x, y)


def _scaled(x: Any, y: Any, alpha: Any) -> Any:
    if isinstance(alpha, float) and all(
        getattr(v, "dtype", None) is None or not v.dtype.is_floating_point for v in (x, y)
    ):
        raise errors.numbers.float_alpha()
    return y if alpha == 1 else y * alpha


def _refuse_bools(what: str, values: Sequence[Any]) -> None:
    if any(dtypes.is_bool(v) for v in values):
        raise errors.numbers.bool_arithmetic(
            what, "-", "use ~x to invert, or convert with x.int()."
        )


def _refuse_zero(y: Any, dtype: np.dtype) -> None:
    """Refuse to divide integers by zero, which has no integer answer."""
    if dtype.kind in "iu" and np.any(np.equal(y, 0)):
        raise errors.numbers.integer_division_by_zero()


def _is_number(x: Any) -> bool:
    return isinstance(x, (int, float, np.generic))
