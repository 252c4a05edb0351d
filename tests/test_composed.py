"""Functions made of ops: gradients against finite differences, values against NumPy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import autodiff as ad
from autodiff.autograd import gradcheck

SMOOTH: dict[str, Callable[[Any], Any]] = {
    "cdist": lambda x: ad.cdist(x, x[:2] + 5),
    "cdist of batches": lambda x: ad.cdist(x.reshape(2, 3, 2), x.reshape(2, 3, 2) * 2 + 9, p=3),
    "dist": lambda x: ad.dist(x, x * x, p=2),
    "cov": lambda x: ad.cov(x),
    "corrcoef": lambda x: ad.corrcoef(x),
    "cartesian_prod": lambda x: ad.cartesian_prod(x[0], x[1]),
    "combinations": lambda x: ad.combinations(x[0], 2),
    "block_diag": lambda x: ad.block_diag(x, x[0]),
    "trapezoid": lambda x: ad.trapezoid(x, ad.tensor([0.0, 1.0, 3.0]), dim=0),
    "vander": lambda x: ad.vander(x[0], 3),
    "svd": lambda x: ad.svd(x).S,
    "pca_lowrank": lambda x: ad.pca_lowrank(x, q=2)[1],
}


@pytest.mark.parametrize("name", SMOOTH)
def test_gradients(name: str) -> None:
    values = np.random.default_rng(3).normal(size=(3, 4))
    assert gradcheck(SMOOTH[name], ad.tensor(values, requires_grad=True))


def test_a_point_at_no_distance_from_itself_has_a_gradient() -> None:
    x = ad.zeros(2, 2, requires_grad=True)
    ad.cdist(x, x).sum().backward()
    assert x.grad.tolist() == [[0.0, 0.0], [0.0, 0.0]]


def test_covariances_are_numpys() -> None:
    x = np.random.default_rng(3).normal(size=(3, 5))
    np.testing.assert_allclose(ad.cov(ad.tensor(x)).numpy(), np.cov(x))
    np.testing.assert_allclose(ad.corrcoef(ad.tensor(x)).numpy(), np.corrcoef(x))


def test_components_are_those_of_the_centred_data() -> None:
    x = np.random.default_rng(3).normal(size=(6, 3))
    u, s, v = ad.pca_lowrank(ad.tensor(x), q=3)
    np.testing.assert_allclose((u * s @ v.T).numpy(), x - x.mean(0))
