"""Random numbers as tensors, and written into tensors.

The values come from NumPy's generator, so they differ from PyTorch's; the distributions do not.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from autodiff import dtypes, errors
from autodiff.arrays import as_array
from autodiff.creation.data import made, wanted_dtype, wanted_shape
from autodiff.device import device as Device  # noqa: N812 - PyTorch's class has no capital letter
from autodiff.device import wanted
from autodiff.ops.counting import search
from autodiff.random import Generator, source
from autodiff.tensor import Tensor


def floating_dtype(name: str, dtype: np.dtype) -> np.dtype:
    if dtype.kind != "f":
        raise errors.numbers.not_random(name, dtypes.from_numpy(dtype))
    return dtype


def uniform_values(generator: Generator | None, shape: Any, dtype: np.dtype, place: Device) -> Any:
    """Numbers in [0, 1), made in their own precision: rounding must not lead to 1."""
    rng = source(generator, place)
    if dtype == np.float16:
        return as_array(rng.integers(0, 2**11, shape) / 2**11).astype(dtype)
    return as_array(rng.random(shape, dtype))


def normal_values(generator: Generator | None, shape: Any, dtype: np.dtype, place: Device) -> Any:
    precise = dtype if dtype != np.float16 else np.dtype(np.float32)
    values = source(generator, place).standard_normal(shape, precise)
    return as_array(values).astype(dtype, copy=False)


def rand(
    *sizes: Any,
    size: Any = None,
    generator: Generator | None = None,
    out: Tensor | None = None,
    dtype: Any = None,
    device: Any = None,
    requires_grad: bool = False,
) -> Tensor:
    """Random numbers, uniform in [0, 1).

    >>> import autodiff as ad
    >>> x = ad.rand(2, 3)
    >>> x.shape, bool(x.max() < 1)
    (autodiff.Size([2, 3]), True)
    """
    floating = floating_dtype("rand", wanted_dtype(dtype, out))
    values = uniform_values(generator, wanted_shape(sizes, size), floating, wanted(device))
    return made(values, requires_grad, device, out)


def randn(
    *sizes: Any,
    size: Any = None,
    generator: Generator | None = None,
    out: Tensor | None = None,
    dtype: Any = None,
    device: Any = None,
    requires_grad: bool = False,
) -> Tensor:
    """Random numbers from the normal distribution of mean 0 and variance 1.

    >>> import autodiff as ad
    >>> ad.randn(2, 3).shape
    autodiff.Size([2, 3])
    """
    floating = floating_dtype("randn", wanted_dtype(dtype, out))
    values = normal_values(generator, wanted_shape(sizes, size), floating, wanted(device))
    return made(values, requires_grad, device, out)


def randint(
    *args: Any,
    low: int = 0,
    high: int | None = None,
    size: Any = None,
    generator: Generator | None = None,
    out: Tensor | None = None,
    dtype: Any = None,
    device: Any = None,
    requires_grad: bool = False,
) -> Tensor:
    """Random integers: ``randint(low, high, size)`` or ``randint(high, size)``; below ``high``.

    Raises:
        RuntimeError: no integer is at least ``low`` and below ``high``.

    >>> import autodiff as ad
    >>> ad.randint(5, 6, (3,))
    tensor([5, 5, 5])
    """
    given = list(args)
    if size is None and given:
        size = given.pop()
    if high is None and given:
        high = given.pop()
    if given:
        low = given.pop()
    if high is None or size is None or given:
        raise TypeError(
            "randint() needs high and size: randint(high, size) or randint(low, high, size)"
        )
    check_range("randint", low, high)
    integers = wanted_dtype(dtype if dtype is not None or out is not None else dtypes.int64, out)
    values = source(generator, wanted(device)).integers(low, high, wanted_shape((size,)))
    return made(as_array(values).astype(integers), requires_grad, device, out)


def check_range(name: str, low: Any, high: Any) -> None:
    if low >= high:
        raise errors.shapes.range_error(f"{name}: no integer is at least {low} and below {high}.")


def randperm(
    n: int,
    *,
    generator: Generator | None = None,
    out: Tensor | None = None,
    dtype: Any = dtypes.int64,
    device: Any = None,
    requires_grad: bool = False,
) -> Tensor:
    """The numbers 0 to n - 1 in random order.

    >>> import autodiff as ad
    >>> sorted(ad.randperm(4).tolist())
    [0, 1, 2, 3]
    """
    (n,) = wanted_shape((n,))
    values = source(generator, wanted(device)).permutation(n).astype(wanted_dtype(dtype))
    return made(values, requires_grad, device, out)


def rand_like(
    x: Tensor,
    *,
    generator: Generator | None = None,
    dtype: Any = None,
    device: Any = None,
    requires_grad: bool = False,
) -> Tensor:
    """Like `rand`, in the shape and dtype of ``x``.

    >>> import autodiff as ad
    >>> x = ad.rand_like(ad.zeros(2, 3, dtype=ad.float64))
    >>> x.shape, x.dtype, bool((x < 1).all())
    (autodiff.Size([2, 3]), autodiff.float64, True)
    """
    more: dict[str, Any] = {"device": device or x.device, "requires_grad": requires_grad}
    return rand(x.shape, generator=generator, dtype=dtype or x.dtype, **more)


def randn_like(
    x: Tensor,
    *,
    generator: Generator | None = None,
    dtype: Any = None,
    device: Any = None,
    requires_grad: bool = False,
) -> Tensor:
    """Like `randn`, in the shape and dtype of ``x``.

    >>> import autodiff as ad
    >>> x = ad.randn_like(ad.zeros(2, 3, dtype=ad.float64))
    >>> x.shape, x.dtype
    (autodiff.Size([2, 3]), autodiff.float64)
    """
    more: dict[str, Any] = {"device": device or x.device, "requires_grad": requires_grad}
    return randn(x.shape, generator=generator, dtype=dtype or x.dtype, **more)


def randint_like(
    x: Tensor,
    low: int = 0,
    high: int | None = None,
    *,
    generator: Generator | None = None,
    dtype: Any = None,
    device: Any = None,
    requires_grad: bool = False,
) -> Tensor:
    """Like `randint`, in the shape and dtype of ``x``: ``high``, or ``low`` and ``high``.

    >>> import autodiff as ad
    >>> x = ad.randint_like(ad.zeros(2, 3), 10, 13)
    >>> x.shape, x.dtype, set(x.flatten().tolist()) <= {10.0, 11.0, 12.0}
    (autodiff.Size([2, 3]), autodiff.float32, True)
    """
    low, high = (0, low) if high is None else (low, high)
    more: dict[str, Any] = {"device": device or x.device, "requires_grad": requires_grad}
    return randint(low, high, x.shape, generator=generator, dtype=dtype or x.dtype, **more)


# -- from parameters ------------------------------------------------------------------------------


def normal(
    mean: Any,
    std: Any = 1.0,
    size: Any = None,
    *,
    generator: Generator | None = None,
    out: Tensor | None = None,
    dtype: Any = None,
    device: Any = None,
    requires_grad: bool = False,
) -> Tensor:
    """Random numbers from normal distributions: of one mean and std, or one for each element.

    Raises:
        RuntimeError: a negative std.
        TypeError: two numbers without a size.

    >>> import autodiff as ad
    >>> ad.normal(ad.tensor([1.0, 2.0]), 0.0)
    tensor([1., 2.])
    """
    parameters = [p for p in (mean, std) if isinstance(p, Tensor)]
    if not parameters and size is None:
        raise TypeError("normal() of two numbers needs a size: normal(0.0, 1.0, (2, 3))")
    mean, std = (p.value if isinstance(p, Tensor) else p for p in (mean, std))
    check_std(std)
    shape = (
        np.broadcast_shapes(np.shape(mean), np.shape(std)) if parameters else wanted_shape((size,))
    )
    like = dtype if dtype is not None or not parameters else parameters[0].dtype
    floating = floating_dtype("normal", wanted_dtype(like, out))
    place = parameters[0].device if parameters else wanted(device)
    values = mean + std * normal_values(generator, shape, floating, place)
    return made(as_array(values).astype(floating, copy=False), requires_grad, place, out)


def check_std(std: Any) -> None:
    if np.any(as_array(std) < 0):
        raise errors.numbers.bad_parameter("normal", "std >= 0", std)


def bernoulli(
    x: Tensor,
    p: float | None = None,
    *,
    generator: Generator | None = None,
    out: Tensor | None = None,
) -> Tensor:
    """1 with the probability that each element gives (or ``p``), else 0.

    Raises:
        RuntimeError: a probability outside of [0, 1].

    >>> import autodiff as ad
    >>> ad.bernoulli(ad.tensor([0.0, 1.0]))
    tensor([0., 1.])
    """
    if p is None:
        floating_dtype("bernoulli", x.value.dtype)
    values = bernoulli_values(generator, x.shape, x.value if p is None else p, x.device)
    return made(values.astype(x.value.dtype), device=x.device, out=out)


def bernoulli_values(generator: Generator | None, shape: Any, p: Any, place: Device) -> Any:
    if not np.all((as_array(p) >= 0) & (as_array(p) <= 1)):
        raise errors.numbers.bad_parameter("bernoulli", "probabilities in [0, 1]", p)
    return as_array(source(generator, place).random(tuple(shape)) < p)


def multinomial(
    x: Tensor,
    num_samples: int,
    replacement: bool = False,
    *,
    generator: Generator | None = None,
    out: Tensor | None = None,
) -> Tensor:
    """Positions drawn with probabilities in proportion to ``x``, a vector or one row each.

    Raises:
        RuntimeError: negative weights, or all zero; integers; more samples than can be drawn.

    >>> import autodiff as ad
    >>> ad.multinomial(ad.tensor([0.0, 1.0, 0.0]), 2, replacement=True)
    tensor([1, 1])
    """
    weights = x.value
    if weights.dtype.kind != "f":
        raise errors.numbers.bad_parameter("multinomial", "floating-point weights", x.dtype)
    for fits, expected in [
        (weights.ndim in (1, 2), "a vector or a matrix of weights"),
        (num_samples > 0, "at least one sample"),
        (replacement or num_samples <= weights.shape[-1], "samples that can be drawn once each"),
        (np.isfinite(weights).all() and (weights >= 0).all(), "weights >= 0"),
        ((weights.sum(-1) > 0).all(), "a positive sum of weights"),
    ]:
        if not fits:
            raise errors.numbers.bad_parameter("multinomial", expected, f"{num_samples} of {x}")
    drawn = _drawn(source(generator, x.device), weights, num_samples, replacement)
    return made(drawn, device=x.device, out=out)


def _drawn(rng: Any, weights: Any, count: int, replacement: bool) -> Any:
    if replacement:
        sums = np.cumsum(weights, axis=-1, dtype=np.float64)
        places = rng.random((*weights.shape[:-1], count), np.float64) * sums[..., -1:]
        return search(sums, places, "right")
    # The first arrivals of processes with these rates: the exponential races of Efraimidis and
    # Spirakis, "Weighted random sampling with a reservoir" (2006).
    with np.errstate(divide="ignore"):
        arrivals = rng.exponential(1.0, weights.shape) / weights
    return np.argsort(arrivals, axis=-1, kind="stable")[..., :count]


setattr(Tensor, "multinomial", multinomial)  # noqa: B010 - the class does not declare it
