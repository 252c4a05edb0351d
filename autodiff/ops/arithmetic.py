"""Arithmetic: sums and products, signs, and what is made of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from autodiff import dtypes, errors
from autodiff.op import Elementwise
from autodiff.ops.choice import no_gradient
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
    """The product of two values.

    >>> import autodiff as ad
    >>> ad.tensor([1.0, 2.0]) * ad.tensor([3.0, 4.0])
    tensor([3., 8.])
    """

    formula = "x * y"
    ufunc = "multiply"

    def forward(x, y):
        return x * y

    def grad_x(g, y):
        return g * y

    def grad_y(g, x):
        return g * x


class Neg(Elementwise):
    """The negative of a value.

    Raises:
        RuntimeError: the value is a truth value, which has no negative.

    >>> import autodiff as ad
    >>> -ad.tensor([1.0, -2.0])
    tensor([-1.,  2.])
    """

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
    """The absolute value; the gradient at 0 is 0.

    >>> import autodiff as ad
    >>> ad.abs(ad.tensor([1.0, -2.0]))
    tensor([1., 2.])
    """

    formula = "|x|"
    ufunc = "absolute"
    not_for = "b"

    def forward(x):
        return abs(x)

    def grad_x(g, x):
        return g * sign(x)


class Sign(Elementwise):
    """-1, 0 or 1, by the sign of a value; flat everywhere, so its gradient is 0.

    >>> import autodiff as ad
    >>> ad.sign(ad.tensor([3.0, 0.0, -2.0]))
    tensor([ 1.,  0., -1.])
    """

    formula = "sign(x)"

    def forward(x):
        return float((x > 0) - (x < 0))

    def arrays(x):
        return x if x.dtype.kind == "b" else np.subtract(x > 0, x < 0, dtype=x.dtype)

    def grad_x(g):
        return no_gradient(g)


class Reciprocal(Elementwise):
    """One over a value.

    >>> import autodiff as ad
    >>> ad.reciprocal(ad.tensor([2.0, 4.0, -1.0]))
    tensor([ 0.5000,  0.2500, -1.0000])
    """

    formula = "1 / x"
    floating = True

    def forward(x):
        return 1 / x

    def grad_x(g, out):
        return -g * (out * out)


class Lerp(Elementwise):
    """The value on the way from x to y: x at weight 0, y at weight 1.

    >>> import autodiff as ad
    >>> ad.lerp(ad.tensor([0.0, 10.0]), ad.tensor([4.0, 20.0]), 0.25)
    tensor([ 1.0000, 12.5000])
    """

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
        return f"LerpBackward{int(not dtypes.is_number((self.constants or (None,) * 3)[2]))}"


class Addcmul(Elementwise):
    """A value plus a multiple of a product.

    >>> import autodiff as ad
    >>> ad.addcmul(ad.tensor([1.0]), ad.tensor([2.0]), ad.tensor([3.0]), value=10)  # 1 + 10 * 2 * 3
    tensor([61.])
    """

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
    """A value plus a multiple of a quotient.

    >>> import autodiff as ad
    >>> ad.addcdiv(ad.tensor([1.0]), ad.tensor([6.0]), ad.tensor([3.0]), value=10)  # 1 + 10 * 6 / 3
    tensor([21.])
    """

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


# The function that rules call.
sign = Sign.apply


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
