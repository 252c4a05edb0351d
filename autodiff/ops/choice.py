"""Ops that choose between values: the larger, the limited, the one a condition asks for."""

from __future__ import annotations

import math
import sys
from collections.abc import Sequence
from typing import Any

import numpy as np

from autodiff import dtypes, errors
from autodiff.backends import cpu
from autodiff.op import Elementwise, Op
from autodiff.ops.comparison import isfinite, isnan
from autodiff.public import public
from autodiff.recording import Recording


class Where(Elementwise):
    """The second value where the condition holds, else the third."""

    formula = "x if condition else y"
    exported = False

    def forward(condition, x, y):
        return x if condition else y

    def arrays(condition, x, y):
        dtype = getattr(condition, "dtype", None)
        if dtype is not None and dtype.kind != "b":
            if dtype != np.uint8:
                raise errors.numbers.condition_not_bool(dtype)
            condition = condition.astype(np.bool_)
        return np.where(condition, x, y)

    def grad_x(g, condition):
        return where(condition, g, 0.0)

    def grad_y(g, condition):
        return where(condition, 0.0, g)


class Maximum(Elementwise):
    """The larger of two values; where they are equal each gets half of the gradient.

    >>> import autodiff as ad
    >>> x, y = ad.tensor([1.0, 5.0], requires_grad=True), ad.tensor([3.0, 5.0])
    >>> out = ad.maximum(x, y)
    >>> out.detach(), ad.autograd.grad(out.sum(), x)[0]
    (tensor([3., 5.]), tensor([0.0000, 0.5000]))
    """

    formula = "max(x, y)"
    in_place = False
    ufunc = "maximum"

    def forward(x, y):
        return x if x >= y or x != x else y

    def grad_x(g, x, y):
        return where(x < y, 0.0, where(x == y, g / 2, g))

    def grad_y(g, x, y):
        return where(y < x, 0.0, where(x == y, g / 2, g))


class Minimum(Elementwise):
    """The smaller of two values; where they are equal each gets half of the gradient.

    >>> import autodiff as ad
    >>> ad.minimum(ad.tensor([1.0, 5.0]), ad.tensor([3.0, 2.0]))
    tensor([1., 2.])
    """

    formula = "min(x, y)"
    in_place = False
    ufunc = "minimum"

    def forward(x, y):
        return x if x <= y or x != x else y

    def grad_x(g, x, y):
        return where(x > y, 0.0, where(x == y, g / 2, g))

    def grad_y(g, x, y):
        return where(y > x, 0.0, where(x == y, g / 2, g))


class Fmax(Elementwise):
    """The larger of two values, where nan counts as missing.

    >>> import autodiff as ad
    >>> ad.fmax(ad.tensor([1.0, ad.nan]), ad.tensor([3.0, 2.0]))
    tensor([3., 2.])
    """

    formula = "max(x, y), ignoring nan"
    in_place = False
    ufunc = "fmax"

    def forward(x, y):
        return x if x >= y or y != y else y

    def grad_x(g, x, y):
        return where((x >= y) | isnan(y), g, 0.0)

    def grad_y(g, x, y):
        return where((x >= y) | isnan(y), 0.0, g)


class Fmin(Elementwise):
    """The smaller of two values, where nan counts as missing.

    >>> import autodiff as ad
    >>> ad.fmin(ad.tensor([1.0, ad.nan]), ad.tensor([3.0, 2.0]))
    tensor([1., 2.])
    """

    formula = "min(x, y), ignoring nan"
    in_place = False
    ufunc = "fmin"

    def forward(x, y):
        return x if x <= y or y != y else y

    def grad_x(g, x, y):
        return where((x <= y) | isnan(y), g, 0.0)

    def grad_y(g, x, y):
        return where((x <= y) | isnan(y), 0.0, g)


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


class ClampMin(Elementwise):
    """A value, or the limit where that is larger; only the one that is taken has a gradient.

    >>> import autodiff as ad
    >>> ad.tensor([-1.0, 2.0]).clamp_min(0)
    tensor([0., 2.])
    """

    formula = "max(x, min)"
    keywords = ("input", "min")

    def forward(x, min):
        return min if x < min or min != min else x

    def arrays(x, min):
        return np.maximum(x, min)

    @staticmethod
    def refuse(values, dtype):
        _refuse_bools(values, dtype)

    def grad_x(g, x, min):
        return where(x >= min, g, 0.0)

    def grad_min(g, x, min):
        return where(x < min, g, 0.0)

    def name(self) -> str:
        return f"ClampMinBackward{int(not _has_number(self))}"


class ClampMax(Elementwise):
    """A value, or the limit where that is smaller; only the one that is taken has a gradient.

    >>> import autodiff as ad
    >>> ad.tensor([-1.0, 2.0]).clamp_max(1)
    tensor([-1.,  1.])
    """

    formula = "min(x, max)"
    keywords = ("input", "max")

    def forward(x, max):
        return max if x > max or max != max else x

    def arrays(x, max):
        return np.minimum(x, max)

    @staticmethod
    def refuse(values, dtype):
        _refuse_bools(values, dtype)

    def grad_x(g, x, max):
        return where(x <= max, g, 0.0)

    def grad_max(g, x, max):
        return where(x > max, g, 0.0)

    def name(self) -> str:
        return f"ClampMaxBackward{int(not _has_number(self))}"


class ClampBetween(Elementwise):
    """A value between two limits; only the one of the three that is taken has a gradient.

    Where the limits cross, the upper one is taken.
    """

    formula = "min(max(x, min), max)"
    exported = False

    def forward(x, min, max):
        return ClampMax.forward(ClampMin.forward(x, min), max)

    def arrays(x, min, max):
        return np.minimum(np.maximum(x, min), max)

    def grad_x(g, x, min, max):
        return where((x >= min) & (x <= max), g, 0.0)

    def grad_min(g, x, min, max):
        return where((x < min) & (min < max), g, 0.0)

    def grad_max(g, x, min, max):
        return where((x > max) | (max < min), g, 0.0)

    def name(self) -> str:
        return "ClampBackward0"


class Relu(Elementwise):
    """The positive part of a value; the gradient at 0 is 0.

    >>> import autodiff as ad
    >>> x = ad.tensor([-1.0, 0.0, 2.0], requires_grad=True)
    >>> out = ad.relu(x)
    >>> out.detach(), ad.autograd.grad(out.sum(), x)[0]
    (tensor([0., 0., 2.]), tensor([0., 0., 1.]))
    """

    formula = "max(x, 0)"

    def forward(x):
        return x if x > 0 or x != x else 0.0

    @staticmethod
    def refuse(values, dtype):
        if dtype.kind == "b":
            raise errors.numbers.relu_of_bools()

    def arrays(x):
        return np.maximum(x, 0)

    def grad_x(g, out):
        # The output is never negative, and nan is not 0.
        return where(out != 0, g, 0.0)


class NanToNum(Elementwise):
    """A value, or a number in the place of nan and of the infinities.

    Without ``posinf`` and ``neginf`` these are the largest and the smallest number of the dtype.

    >>> import autodiff as ad
    >>> ad.nan_to_num(ad.tensor([1.0, ad.nan, ad.inf]), posinf=9.0)
    tensor([1., 0., 9.])
    """

    formula = "x, or a number where x is nan or infinite"

    def forward(x, *, nan=0.0, posinf=None, neginf=None):
        if x != x:
            return nan
        if math.isinf(x):
            if x > 0:
                return sys.float_info.max if posinf is None else posinf
            return -sys.float_info.max if neginf is None else neginf
        return x

    def arrays(x, *, nan=0.0, posinf=None, neginf=None):
        return np.nan_to_num(x, nan=nan or 0.0, posinf=posinf, neginf=neginf)

    def grad_x(g, x):
        return g * isfinite(x)


def where(condition: Any, x: Any, y: Any) -> Any:
    """`Where` as rules call it: with short ways for gradients that are kept or dropped."""
    if type(condition) is bool and type(x) is float and type(y) is float:
        return x if condition else y
    if type(condition) is np.ndarray:
        if type(y) is float and y == 0 and type(x) is np.ndarray and x.shape == condition.shape:
            return cpu.masked(x, condition)
        if type(x) is float and x == 0 and type(y) is np.ndarray and y.shape == condition.shape:
            return cpu.masked(y, ~condition)
    return Where.apply(condition, x, y)


def no_gradient(g: Any) -> Any:
    """Zeros like ``g``: the gradient of a function that is flat almost everywhere."""
    return where(False, g, 0.0)


@public
def clamp(x: Any, min: Any = None, max: Any = None) -> Any:
    """Values limited to at least ``min`` and at most ``max``: numbers, or tensors that broadcast.

    Raises:
        RuntimeError: neither limit is given.
        TypeError: one limit is a number, and the other a tensor.

    >>> import autodiff as ad
    >>> ad.tensor([-1.0, 0.5, 2.0]).clamp(0, 1)
    tensor([0.0000, 0.5000, 1.0000])
    """
    limits = [limit for limit in (min, max) if limit is not None]
    if not any(isinstance(limit, Recording) for limit in limits):
        return Clamp.apply(x, min=min, max=max)
    if not all(isinstance(limit, Recording) for limit in limits):
        raise errors.numbers.mixed_limits()
    if len(limits) == 2:
        return ClampBetween.apply(x, min, max)
    return ClampMin.apply(x, min) if max is None else ClampMax.apply(x, max)


def _refuse_bools(values: Sequence[Any], dtype: np.dtype) -> None:
    """Truth values are limited by tensors of truth values only."""
    if dtype.kind == "b" and isinstance(values[1], int):
        raise errors.numbers.not_for_dtype("clamp", dtypes.bool_)


def _has_number(node: Op) -> bool:
    """Whether the limit of a clamp is a number."""
    return isinstance((node.constants or (None, None))[1], (int, float, np.generic))
