"""What a sample tells: variance, standard deviation, whether all or any, how many."""

from __future__ import annotations

import math
import warnings
from typing import Any

import numpy as np

from autodiff import dtypes, errors
from autodiff.op import Op
from autodiff.ops.choice import where
from autodiff.ops.exponential import exp
from autodiff.ops.reduce import Mean, keep_dims, mean, spread
from autodiff.ops.shape import Cast, Reshape, positive_dims
from autodiff.public import public

# -- declarations -----------------------------------------------------------------------------


class Var(Op):
    """The variance: the mean squared distance from the mean, with n - correction for n."""

    formula = "sum((x - mean(x)) ** 2) / (n - correction)"

    def forward(x, *, dim, correction, keepdim):
        return _squared_distances(x, dim, keepdim) / _divisor(x, dim, correction)

    def grad_x(g, x, x_shape, dim, correction):
        scale = 2 / _degrees(x_shape, dim, correction)
        return spread(g * scale, x_shape, dim) * (x - Mean.apply(x, dim=dim, keepdim=True))


class Std(Op):
    """The standard deviation: the square root of the variance; no gradient where it is 0."""

    formula = "sqrt(var(x))"

    def forward(x, *, dim, correction, keepdim):
        return np.sqrt(_squared_distances(x, dim, keepdim) / _divisor(x, dim, correction))

    def grad_x(g, x, out, x_shape, dim, correction):
        inverse = where(out == 0, 0.0, 1 / where(out == 0, 1.0, out))
        scale = 1 / _degrees(x_shape, dim, correction)
        distance = x - Mean.apply(x, dim=dim, keepdim=True)
        return spread(g * inverse * scale, x_shape, dim) * distance


class Logsumexp(Op):
    """log(sum(exp(x))), computed without overflow."""

    formula = "log(sum(exp(x)))"

    def forward(x, *, dim, keepdim):
        largest = x.max(axis=dim, keepdims=True, initial=-np.inf)
        shift = np.where(np.isfinite(largest), largest, 0)
        out = np.log(np.exp(x - shift).sum(axis=dim, keepdims=True)) + shift
        return out if keepdim else out.reshape(_without(x.shape, dim))

    def grad_x(g, x, out, x_shape, dim):
        kept = Reshape.apply(out, shape=keep_dims(x_shape, dim))
        return spread(g, x_shape, dim) * exp(x - kept)


class AllTrue(Op):
    """Whether all elements are true (not zero)."""

    formula = "all(x)"

    def forward(x, *, dim, keepdim):
        return np.all(x, axis=dim, keepdims=keepdim)


class AnyTrue(Op):
    """Whether at least one element is true (not zero)."""

    formula = "any(x)"

    def forward(x, *, dim, keepdim):
        return np.any(x, axis=dim, keepdims=keepdim)


class CountNonzero(Op):
    """How many elements are not zero."""

    formula = "number of x != 0"

    def forward(x, *, dim):
        return np.count_nonzero(x, axis=dim)


# -- what they share ------------------------------------------------------------------------------


def _without(shape: tuple[int, ...], dim: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(n for i, n in enumerate(shape) if i not in dim)


def _squared_distances(x: np.ndarray, dim: tuple[int, ...], keepdim: bool) -> np.ndarray:
    forward: Any = Mean.forward
    distance = x - forward(x, dim=dim, keepdim=True)
    return (distance * distance).sum(axis=dim, keepdims=keepdim)


def _degrees(shape: tuple[int, ...], dim: tuple[int, ...], correction: float) -> float:
    """The degrees of freedom; as in PyTorch nan or inf come out where there are none."""
    return max(math.prod(shape[d] for d in dim) - correction, 0) or math.nan


def _divisor(x: np.ndarray, dim: tuple[int, ...], correction: float) -> Any:
    degrees = max(math.prod(x.shape[d] for d in dim) - correction, 0)
    return x.dtype.type(degrees)


# -- public functions ---------------------------------------------------------------------------


@public
def var(
    x: Any, dim: Any = None, unbiased: bool = True, keepdim: bool = False, *, correction: Any = None
) -> Any:
    """The variance of all elements, or over ``dim``; the sum is divided by n - ``correction``.

    Args:
        correction: 1 by default, for a sample; 0 when the elements are all there is.
        unbiased: an older way to say it: False for a correction of 0.

    Raises:
        RuntimeError: ``x`` does not hold floats.

    >>> import autodiff as ad
    >>> ad.tensor([1.0, 2.0, 3.0]).var()
    tensor(1.)
    """
    return Var.apply(x, **_settings("var", x, dim, unbiased, keepdim, correction))


@public
def std(
    x: Any, dim: Any = None, unbiased: bool = True, keepdim: bool = False, *, correction: Any = None
) -> Any:
    """The standard deviation: the square root of `var`, with the same arguments.

    Raises:
        RuntimeError: ``x`` does not hold floats.

    >>> import autodiff as ad
    >>> ad.tensor([1.0, 2.0, 3.0]).std()
    tensor(1.)
    """
    return Std.apply(x, **_settings("std", x, dim, unbiased, keepdim, correction))


@public(method=False)
def var_mean(
    x: Any, dim: Any = None, unbiased: bool = True, keepdim: bool = False, *, correction: Any = None
) -> tuple[Any, Any]:
    """The variance and the mean.

    >>> import autodiff as ad
    >>> ad.var_mean(ad.tensor([1.0, 2.0, 3.0]))[1]
    tensor(2.)
    """
    settings = _settings("var", x, dim, unbiased, keepdim, correction)
    return Var.apply(x, **settings), mean(x, settings["dim"], keepdim)


@public(method=False)
def std_mean(
    x: Any, dim: Any = None, unbiased: bool = True, keepdim: bool = False, *, correction: Any = None
) -> tuple[Any, Any]:
    """The standard deviation and the mean.

    >>> import autodiff as ad
    >>> ad.std_mean(ad.tensor([1.0, 2.0, 3.0]))[0]
    tensor(1.)
    """
    settings = _settings("std", x, dim, unbiased, keepdim, correction)
    return Std.apply(x, **settings), mean(x, settings["dim"], keepdim)


def _settings(
    name: str, x: Any, dim: Any, unbiased: bool, keepdim: bool, correction: Any
) -> dict[str, Any]:
    if isinstance(dim, bool):  # x.var(False)
        dim, unbiased = None, dim
    if not x.dtype.is_floating_point:
        raise errors.numbers.spread_of_integers(name, x.dtype)
    dims = positive_dims(None if dim in ((), []) else dim, x.ndim)
    if correction is None:
        correction = 1 if unbiased else 0
    if math.prod(x.value.shape[d] for d in dims) <= correction:
        warnings.warn(
            f"{name}(): degrees of freedom is <= 0. Correction should be strictly less than the "
            "number of elements that are reduced.",
            stacklevel=3,
        )
    return {"dim": dims, "correction": correction, "keepdim": keepdim}


@public
def logsumexp(x: Any, dim: Any, keepdim: bool = False) -> Any:
    """The logarithm of the sum of exponentials over ``dim``.

    >>> import autodiff as ad
    >>> ad.tensor([100.0, 100.0]).logsumexp(0)
    tensor(100.6931)
    """
    if not x.dtype.is_floating_point:
        x = x.to(dtypes.get_default_dtype())
    return Logsumexp.apply(x, dim=positive_dims(dim, x.ndim), keepdim=keepdim)


@public
def all(x: Any, dim: Any = None, keepdim: bool = False) -> Any:
    """Whether all elements are true (not zero), or all along ``dim``.

    >>> import autodiff as ad
    >>> ad.tensor([True, False]).all()
    tensor(False)
    """
    return _truth(AllTrue, x, dim, keepdim)


@public
def any(x: Any, dim: Any = None, keepdim: bool = False) -> Any:
    """Whether at least one element is true (not zero), or one along ``dim``.

    >>> import autodiff as ad
    >>> ad.tensor([True, False]).any()
    tensor(True)
    """
    return _truth(AnyTrue, x, dim, keepdim)


def _truth(op: type[Op], x: Any, dim: Any, keepdim: bool) -> Any:
    out = op.apply(x, dim=positive_dims(dim, x.ndim), keepdim=keepdim)
    return Cast.apply(out, dtype=np.dtype(np.uint8)) if x.value.dtype == np.uint8 else out


@public
def count_nonzero(x: Any, dim: Any = None) -> Any:
    """How many elements are not zero, in all or along ``dim``.

    >>> import autodiff as ad
    >>> ad.tensor([0.0, 2.0, 3.0]).count_nonzero()
    tensor(2)
    """
    return CountNonzero.apply(x, dim=positive_dims(dim, x.ndim))
