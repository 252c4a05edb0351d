"""The functions of nn.functional beside PyTorch's, where no layer has them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import autodiff as ad
from tests.nn.beside import assert_close, copy_weights, numbers

torch = pytest.importorskip("torch")
pytestmark = pytest.mark.parity

FUNCTIONS: list[Callable[[Any, Any, Any], Any]] = [
    lambda f, x, y: f.normalize(x),
    lambda f, x, y: f.normalize(x, p=1, dim=0),
    lambda f, x, y: f.cosine_similarity(x, y),
    lambda f, x, y: f.pairwise_distance(x, y),
    lambda f, x, y: f.pairwise_distance(x, y, p=1, keepdim=True),
    lambda f, x, y: f.bilinear(x, y, y.reshape(1, 4, 6)[:, :, :6].expand(2, 4, 6).mT @ x),
    lambda f, x, y: f.softmin(x, 1),
    lambda f, x, y: f.hardsigmoid(x * 0),
    lambda f, x, y: f.pad(x, (1, 2), value=3.0),
    lambda f, x, y: f.pad(x, (1, -2, 0, 1)),
    lambda f, x, y: f.pad(x[None], (2, 1), mode="reflect"),
    lambda f, x, y: f.pad(x[None], (2, 1), mode="replicate"),
    lambda f, x, y: f.pad(x[None], (2, 1), mode="circular"),
    lambda f, x, y: f.interpolate(x[None], size=9),
    lambda f, x, y: f.interpolate(x[None], scale_factor=0.5, mode="linear"),
    lambda f, x, y: f.interpolate(x[None, None], scale_factor=(2, 0.5), mode="bilinear"),
    lambda f, x, y: f.interpolate(x[None, None], size=(2, 3), mode="area"),
    lambda f, x, y: f.max_pool2d(x[None], 2, return_indices=True)[1].double() + x.sum(),
    lambda f, x, y: f.adaptive_max_pool2d(x[None], (2, 3), return_indices=True)[1] + x.sum(),
]


@pytest.mark.parametrize("call", FUNCTIONS, ids=range(len(FUNCTIONS)))
def test_functions(call: Callable[[Any, Any, Any], Any]) -> None:
    results = []
    for m in (ad, torch):
        x = m.tensor(numbers(4, 6), requires_grad=True)
        y = m.tensor(numbers(4, 6, seed=1), requires_grad=True)
        out = call(m.nn.functional, x, y)
        out.backward(m.tensor(numbers(*out.shape, seed=2)))
        results.append((out, x.grad))
    assert_close(results[0][0], results[1][0])
    assert_close(results[0][1], results[1][1])


def test_bilinear_layer() -> None:
    theirs, ours = torch.nn.Bilinear(3, 4, 2).double(), ad.nn.Bilinear(3, 4, 2).double()
    assert repr(ours) == repr(theirs)
    copy_weights(theirs, ours)
    results = [
        layer(m.tensor(numbers(5, 3)), m.tensor(numbers(5, 4, seed=1)))
        for m, layer in ((ad, ours), (torch, theirs))
    ]
    assert_close(*results)
