"""Division: quotients, whole ones, and what is left over."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autodiff import dtypes, errors
from autodiff.op import Elementwise
from autodiff.ops.choice import no_gradient
from autodiff.public import public


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
    """The quotient rounded down; flat between its jumps, so the gradient is 0.

    >>> import autodiff as ad
    >>> ad.tensor([7, -7]) // 2
    tensor([ 3, -4])
    """

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
    """What is left of x after division by y; it has the sign of y, as Python's %.

    >>> import autodiff as ad
    >>> ad.tensor([7, -7]) % 3
    tensor([1, 2])
    """

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
        return f"RemainderBackward{int(not dtypes.is_number((self.constants or (None, None))[1]))}"


class Fmod(Elementwise):
    """What is left of x after division by y; it has the sign of x, as in C.

    >>> import autodiff as ad
    >>> ad.fmod(ad.tensor([7, -7]), 3)
    tensor([ 1, -1])
    """

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
        return f"FmodBackward{int(not dtypes.is_number((self.constants or (None, None))[1]))}"


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


def _refuse_zero(y: Any, dtype: np.dtype) -> None:
    """Refuse to divide integers by zero, which has no integer answer."""
    if dtype.kind in "iu" and np.any(np.equal(y, 0)):
        raise errors.numbers.integer_division_by_zero()
