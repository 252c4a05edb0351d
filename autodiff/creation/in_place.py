"""Random numbers written into a tensor: the methods `normal_`, `uniform_` and their relatives."""

from __future__ import annotations

from typing import Any

import numpy as np

from autodiff import errors
from autodiff.arrays import as_array
from autodiff.creation.sampling import (
    bernoulli_values,
    check_range,
    check_std,
    floating_dtype,
    normal_values,
    uniform_values,
)
from autodiff.random import Generator, source
from autodiff.tensor import Tensor

__all__ = ["bernoulli_", "exponential_", "geometric_", "normal_", "random_", "uniform_"]


def _write(x: Tensor, values: Any) -> Tensor:
    return x.copy_(Tensor._wrap(as_array(values)))


def normal_(
    x: Tensor, mean: float = 0, std: float = 1, *, generator: Generator | None = None
) -> Tensor:
    """Fill with numbers from a normal distribution, in place.

    Raises:
        RuntimeError: a negative std, or a leaf that requires grad.

    >>> import autodiff as ad
    >>> ad.empty(2).normal_(3.0, 0.0)
    tensor([3., 3.])
    """
    check_std(std)
    dtype = floating_dtype("normal_", x.value.dtype)
    return _write(x, mean + std * normal_values(generator, x.value.shape, dtype, x.device))


def uniform_(
    x: Tensor, from_: float = 0, to: float = 1, *, generator: Generator | None = None
) -> Tensor:
    """Fill with numbers uniform in [from, to), in place.

    Raises:
        RuntimeError: the limits are the wrong way round, or a leaf that requires grad.

    >>> import autodiff as ad
    >>> ad.empty(2).uniform_(3.0, 3.0)
    tensor([3., 3.])
    """
    if from_ > to:
        raise errors.numbers.bad_parameter("uniform_", "from <= to", (from_, to))
    dtype = floating_dtype("uniform_", x.value.dtype)
    return _write(
        x, from_ + (to - from_) * uniform_values(generator, x.value.shape, dtype, x.device)
    )


def bernoulli_(x: Tensor, p: Any = 0.5, *, generator: Generator | None = None) -> Tensor:
    """Fill with 1 with probability ``p`` (a number, or a tensor of them), else 0, in place.

    Raises:
        RuntimeError: a probability outside of [0, 1], or a leaf that requires grad.

    >>> import autodiff as ad
    >>> ad.empty(2).bernoulli_(1.0)
    tensor([1., 1.])
    """
    p = p.value if isinstance(p, Tensor) else p
    values = bernoulli_values(generator, x.value.shape, p, x.device)
    return _write(x, values.astype(x.value.dtype))


def random_(
    x: Tensor,
    from_: int | None = None,
    to: int | None = None,
    *,
    generator: Generator | None = None,
) -> Tensor:
    """Fill with integers: below ``to``, from ``from`` on; without limits all that the dtype holds.

    Floating-point tensors hold every integer up to 2 to the power of their digits.

    Raises:
        RuntimeError: no integer is within the limits, or a leaf that requires grad.

    >>> import autodiff as ad
    >>> ad.empty(2).random_(5, 6)
    tensor([5., 5.])
    """
    low, high = (0, from_) if to is None else (from_ or 0, to)
    if high is None:
        high = _largest(x.value.dtype) + 1
    check_range("random_", low, high)
    return _write(x, source(generator, x.device).integers(low, high, x.value.shape))


def _largest(dtype: np.dtype) -> int:
    """The integer up to which the dtype holds all of them."""
    if dtype.kind == "f":
        return 2 ** (np.finfo(dtype).nmant + 1)
    return 1 if dtype.kind == "b" else int(np.iinfo(dtype).max)


def exponential_(x: Tensor, lambd: float = 1, *, generator: Generator | None = None) -> Tensor:
    """Fill with numbers from the exponential distribution of mean 1 / lambd, in place.

    Raises:
        RuntimeError: ``lambd`` is not positive, integers, or a leaf that requires grad.

    >>> import autodiff as ad
    >>> bool(ad.empty(3).exponential_().min() >= 0)
    True
    """
    if lambd <= 0:
        raise errors.numbers.bad_parameter("exponential_", "lambd > 0", lambd)
    if x.value.dtype.kind != "f":
        raise errors.numbers.bad_parameter("exponential_", "a floating-point tensor", x.dtype)
    return _write(x, source(generator, x.device).exponential(1 / lambd, x.value.shape))


def geometric_(x: Tensor, p: float, *, generator: Generator | None = None) -> Tensor:
    """Fill with how many trials of probability ``p`` it takes to succeed, in place.

    Raises:
        RuntimeError: ``p`` is not within (0, 1), or a leaf that requires grad.

    >>> import autodiff as ad
    >>> bool(ad.empty(3).geometric_(0.5).min() >= 1)
    True
    """
    if not 0 < p < 1:
        raise errors.numbers.bad_parameter("geometric_", "p within (0, 1)", p)
    return _write(x, source(generator, x.device).geometric(p, x.value.shape))


for _name in __all__:
    setattr(Tensor, _name, globals()[_name])
