"""Comparisons and logic: no gradient flows through a yes or a no."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autodiff import errors
from autodiff.op import Elementwise
from autodiff.public import public


class Eq(Elementwise):
    """True where two values are equal.

    >>> import autodiff as ad
    >>> ad.tensor([1, 2]) == ad.tensor([1, 3])
    tensor([ True, False])
    """

    formula = "x == y"
    ufunc = "equal"

    def forward(x, y):
        return x == y


class Ne(Elementwise):
    """True where two values differ.

    >>> import autodiff as ad
    >>> ad.tensor([1, 2]) != ad.tensor([1, 3])
    tensor([False,  True])
    """

    formula = "x != y"
    ufunc = "not_equal"

    def forward(x, y):
        return x != y


class Lt(Elementwise):
    """True where the first value is smaller.

    >>> import autodiff as ad
    >>> ad.tensor([1, 2, 3]) < 2
    tensor([ True, False, False])
    """

    formula = "x < y"
    ufunc = "less"

    def forward(x, y):
        return x < y


class Le(Elementwise):
    """True where the first value is smaller or equal.

    >>> import autodiff as ad
    >>> ad.tensor([1, 2, 3]) <= 2
    tensor([ True,  True, False])
    """

    formula = "x <= y"
    ufunc = "less_equal"

    def forward(x, y):
        return x <= y


class Gt(Elementwise):
    """True where the first value is larger.

    >>> import autodiff as ad
    >>> ad.tensor([1, 2, 3]) > 2
    tensor([False, False,  True])
    """

    formula = "x > y"
    ufunc = "greater"

    def forward(x, y):
        return x > y


class Ge(Elementwise):
    """True where the first value is larger or equal.

    >>> import autodiff as ad
    >>> ad.tensor([1, 2, 3]) >= 2
    tensor([False,  True,  True])
    """

    formula = "x >= y"
    ufunc = "greater_equal"

    def forward(x, y):
        return x >= y


class LogicalAnd(Elementwise):
    """True where both values are true (not zero).

    >>> import autodiff as ad
    >>> ad.logical_and(ad.tensor([True, True]), ad.tensor([True, False]))
    tensor([ True, False])
    """

    formula = "x and y"
    ufunc = "logical_and"

    def forward(x, y):
        return bool(x) and bool(y)


class LogicalOr(Elementwise):
    """True where at least one value is true (not zero).

    >>> import autodiff as ad
    >>> ad.logical_or(ad.tensor([True, False]), ad.tensor([False, False]))
    tensor([ True, False])
    """

    formula = "x or y"
    ufunc = "logical_or"

    def forward(x, y):
        return bool(x) or bool(y)


class LogicalXor(Elementwise):
    """True where exactly one value is true (not zero).

    >>> import autodiff as ad
    >>> ad.logical_xor(ad.tensor([True, True]), ad.tensor([True, False]))
    tensor([False,  True])
    """

    formula = "bool(x) != bool(y)"
    ufunc = "logical_xor"

    def forward(x, y):
        return bool(x) != bool(y)


class LogicalNot(Elementwise):
    """True where a value is zero.

    >>> import autodiff as ad
    >>> ad.logical_not(ad.tensor([0.0, 3.0]))
    tensor([ True, False])
    """

    formula = "not x"
    ufunc = "logical_not"

    def forward(x):
        return not x


class BitwiseAnd(Elementwise):
    """The bits set in both values; for truth values, whether both hold.

    >>> import autodiff as ad
    >>> ad.tensor([6]) & 3  # 110 and 011
    tensor([2])
    """

    formula = "x & y"
    ufunc = "bitwise_and"

    def forward(x, y):
        return x & y


class BitwiseOr(Elementwise):
    """The bits set in either value; for truth values, whether one holds.

    >>> import autodiff as ad
    >>> ad.tensor([6]) | 3  # 110 and 011
    tensor([7])
    """

    formula = "x | y"
    ufunc = "bitwise_or"

    def forward(x, y):
        return x | y


class BitwiseXor(Elementwise):
    """The bits set in exactly one value; for truth values, whether one of two holds.

    >>> import autodiff as ad
    >>> ad.tensor([6]) ^ 3  # 110 and 011
    tensor([5])
    """

    formula = "x ^ y"
    ufunc = "bitwise_xor"

    def forward(x, y):
        return x ^ y


class BitwiseNot(Elementwise):
    """Every bit turned round; for truth values, the opposite.

    >>> import autodiff as ad
    >>> ~ad.tensor([True, False]), ~ad.tensor([5])
    (tensor([False,  True]), tensor([-6]))
    """

    formula = "~x"
    ufunc = "invert"

    def forward(x):
        return not x if isinstance(x, bool) else ~x


class BitwiseLeftShift(Elementwise):
    """The bits moved to the left: x times 2 to the power y.

    >>> import autodiff as ad
    >>> ad.tensor([1, 3]) << 2
    tensor([ 4, 12])
    """

    formula = "x << y"
    ufunc = "left_shift"
    not_for = "b"

    def forward(x, y):
        return x << y


class BitwiseRightShift(Elementwise):
    """The bits moved to the right: x divided by 2 to the power y, rounded down.

    >>> import autodiff as ad
    >>> ad.tensor([4, 13]) >> 2
    tensor([1, 3])
    """

    formula = "x >> y"
    ufunc = "right_shift"
    not_for = "b"

    def forward(x, y):
        return x >> y


class Isnan(Elementwise):
    """True where a value is not a number.

    >>> import autodiff as ad
    >>> ad.isnan(ad.tensor([1.0, ad.nan, ad.inf]))
    tensor([False,  True, False])
    """

    formula = "x is nan"
    in_place = False

    def forward(x):
        return x != x


class Isinf(Elementwise):
    """True where a value is infinite.

    >>> import autodiff as ad
    >>> ad.isinf(ad.tensor([1.0, ad.nan, -ad.inf]))
    tensor([False, False,  True])
    """

    formula = "|x| is inf"
    in_place = False
    ufunc = "isinf"

    def forward(x):
        return math.isinf(x)


class Isfinite(Elementwise):
    """True where a value is neither nan nor infinite.

    >>> import autodiff as ad
    >>> ad.isfinite(ad.tensor([1.0, ad.nan, ad.inf]))
    tensor([ True, False, False])
    """

    formula = "x is finite"
    in_place = False
    ufunc = "isfinite"

    def forward(x):
        return math.isfinite(x)


class Isposinf(Elementwise):
    """True where a value is inf.

    >>> import autodiff as ad
    >>> ad.isposinf(ad.tensor([1.0, ad.inf, -ad.inf]))
    tensor([False,  True, False])
    """

    formula = "x is inf"
    in_place = False

    def forward(x):
        return x == math.inf


class Isneginf(Elementwise):
    """True where a value is -inf.

    >>> import autodiff as ad
    >>> ad.isneginf(ad.tensor([1.0, ad.inf, -ad.inf]))
    tensor([False, False,  True])
    """

    formula = "x is -inf"
    in_place = False

    def forward(x):
        return x == -math.inf


class Signbit(Elementwise):
    """True where a value is negative, -0 among them.

    >>> import autodiff as ad
    >>> ad.signbit(ad.tensor([1.0, -1.0, -0.0]))
    tensor([False,  True,  True])
    """

    formula = "sign bit of x"
    in_place = False

    def forward(x):
        return math.copysign(1.0, x) < 0

    def arrays(x):
        return np.signbit(x) if x.dtype.kind == "f" else x < 0


class Isclose(Elementwise):
    """True where two values are equal up to a relative and an absolute tolerance.

    ``|x - y| <= atol + rtol * |y|``; nans are close to each other only with ``equal_nan``.

    >>> import autodiff as ad
    >>> ad.isclose(ad.tensor([1.0, 1.0]), ad.tensor([1.000001, 1.1]))
    tensor([ True, False])
    """

    formula = "|x - y| <= atol + rtol |y|"
    in_place = False

    def forward(x, y, *, rtol=1e-05, atol=1e-08, equal_nan=False):
        if x != x or y != y:
            return equal_nan and x != x and y != y
        return x == y or (math.isfinite(y) and abs(x - y) <= atol + rtol * abs(y))

    def arrays(x, y, *, rtol=1e-05, atol=1e-08, equal_nan=False):
        return np.isclose(x, y, rtol, atol, equal_nan)

    @staticmethod
    def refuse(values, dtype):
        kinds = {getattr(x, "dtype", dtype) for x in values}
        if len(kinds) > 1:
            raise errors.numbers.different_dtypes("isclose", kinds)


@public
def allclose(
    x: Any, y: Any, rtol: float = 1e-05, atol: float = 1e-08, equal_nan: bool = False
) -> bool:
    """Whether all elements of two tensors are equal up to the tolerances of `isclose`.

    Raises:
        RuntimeError: the dtypes differ, or the shapes cannot be broadcast.

    >>> import autodiff as ad
    >>> ad.tensor([1.0]).allclose(ad.tensor([1.000001]))
    True
    """
    return bool(Isclose.apply(x, y, rtol=rtol, atol=atol, equal_nan=equal_nan).value.all())


@public
def isreal(x: Any) -> Any:
    """True everywhere: there are no complex numbers here.

    >>> import autodiff as ad
    >>> ad.tensor([1.0, 2.0]).isreal()
    tensor([True, True])
    """
    return x._wrap(np.ones(x.shape, np.bool_))


@public(method=False)
def is_nonzero(x: Any) -> bool:
    """Whether the only element of a tensor is not zero.

    Raises:
        RuntimeError: there is not exactly one element.

    >>> import autodiff as ad
    >>> ad.is_nonzero(ad.tensor([0.5]))
    True
    """
    return bool(x)


@public
def equal(x: Any, y: Any) -> bool:
    """Whether two tensors have the same shape and the same elements.

    >>> import autodiff as ad
    >>> ad.tensor([1, 2]).equal(ad.tensor([1, 2]))
    True
    """
    return x.shape == y.shape and bool(np.array_equal(x.value, y.value))


# The functions that rules call.
isnan, isfinite = Isnan.apply, Isfinite.apply
