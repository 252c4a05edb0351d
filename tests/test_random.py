"""Random tensors: the moments of each distribution, seeds and states."""

from __future__ import annotations

import numpy as np
import pytest

import autodiff as ad

COUNT = 40_000

# What to draw, and the mean and the variance of the distribution.
DISTRIBUTIONS = {
    "rand": (lambda g: ad.rand(COUNT, generator=g), 1 / 2, 1 / 12),
    "rand float16": (lambda g: ad.rand(COUNT, dtype=ad.float16, generator=g), 1 / 2, 1 / 12),
    "randn": (lambda g: ad.randn(COUNT, generator=g), 0, 1),
    "randint": (lambda g: ad.randint(-2, 4, (COUNT,), generator=g), 0.5, 35 / 12),
    "normal": (lambda g: ad.normal(3.0, 2.0, (COUNT,), generator=g), 3, 4),
    "normal of tensors": (lambda g: ad.normal(ad.ones(COUNT), ad.tensor(2.0), generator=g), 1, 4),
    "bernoulli": (lambda g: ad.bernoulli(ad.full((COUNT,), 0.3), generator=g), 0.3, 0.21),
    "normal_": (lambda g: ad.empty(COUNT).normal_(1, 3, generator=g), 1, 9),
    "uniform_": (lambda g: ad.empty(COUNT).uniform_(-1, 3, generator=g), 1, 16 / 12),
    "bernoulli_": (lambda g: ad.empty(COUNT).bernoulli_(0.2, generator=g), 0.2, 0.16),
    "random_": (lambda g: ad.empty(COUNT).random_(2, 8, generator=g), 4.5, 35 / 12),
    "exponential_": (lambda g: ad.empty(COUNT).exponential_(2, generator=g), 1 / 2, 1 / 4),
    "geometric_": (lambda g: ad.empty(COUNT).geometric_(0.25, generator=g), 4, 12),
    "multinomial": (
        lambda g: ad.multinomial(ad.tensor([1.0, 0.0, 3.0]), COUNT, True, generator=g), 1.5, 0.75,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", DISTRIBUTIONS)
def test_moments(name: str) -> None:
    draw, mean, variance = DISTRIBUTIONS[name]
    x = draw(ad.Generator().manual_seed(0)).value.astype(np.float64)
    # The mean of the sample is within 5 standard errors, its variance within 6 percent.
    assert abs(x.mean() - mean) < 5 * (variance / COUNT) ** 0.5
    assert abs(x.var() - variance) < 0.06 * variance


def test_multinomial_without_replacement_draws_in_proportion() -> None:
    """Position 2 comes first with probability 3/4; given that, 0 follows for sure."""
    g = ad.Generator().manual_seed(0)
    rows = ad.multinomial(ad.tensor([[1.0, 0.0, 3.0]]).repeat(4000, 1), 2, generator=g).value
    assert set(map(tuple, rows)) == {(0, 2), (2, 0)}
    assert abs((rows[:, 0] == 2).mean() - 3 / 4) < 0.03


@pytest.mark.parametrize("dtype", [ad.float16, ad.float32, ad.float64])
def test_rand_never_reaches_one(dtype: ad.dtype) -> None:
    assert ad.rand(200_000, dtype=dtype).value.max() < 1


@pytest.mark.parametrize(("dtype", "high"), [(ad.uint8, 127), (ad.int16, 2**15 - 1), (ad.bool, 1)])
def test_random_without_limits_fills_the_range(dtype: ad.dtype, high: int) -> None:
    x = ad.empty(20_000, dtype=dtype).random_().value
    assert x.min() <= high // 50
    assert x.max() >= high - high // 50


def test_a_state_continues_the_sequence() -> None:
    g = ad.Generator().manual_seed(7)
    ad.randn(3, generator=g)
    state = g.get_state()
    first = ad.randn(3, generator=g).tolist()
    assert ad.randn(3, generator=ad.Generator().set_state(state)).tolist() == first
    state = ad.get_rng_state()
    first = ad.rand(2).tolist()
    ad.set_rng_state(state)
    assert ad.rand(2).tolist() == first
    with pytest.raises(RuntimeError, match="state of a Generator"):
        g.set_state(ad.zeros(3))


def test_filling_in_place_is_noticed_by_the_backward_pass() -> None:
    x = ad.ones(2, requires_grad=True)
    y = x * 3
    y.normal_()
    y.sum().backward()
    assert x.grad.tolist() == [0.0, 0.0]
    y = x.exp()
    out = y * 1
    y.uniform_()
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        out.sum().backward()
