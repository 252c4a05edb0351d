"""A compiled function follows its arrays wherever they lie: machine code reads memory unasked."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

import autodiff as ad
from autodiff import nn


@pytest.fixture(autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUTODIFF_CACHE", str(tmp_path_factory.getbasetemp() / "programs"))


def unaligned(rows: int, columns: int) -> ad.Tensor:
    memory = np.zeros(rows * columns * 4 + 1, np.uint8)
    array = np.ndarray((rows, columns), np.float32, memory, 1)
    array[...] = np.random.default_rng(0).normal(size=(rows, columns))
    return ad.from_numpy(array)


LAYOUTS: dict[str, Callable[[int, int], ad.Tensor]] = {
    "in order": lambda n, m: ad.randn(n, m),
    "transposed": lambda n, m: ad.randn(m, n).T,
    "every other": lambda n, m: ad.randn(2 * n, 2 * m)[::2, ::2],
    "repeated": lambda n, m: ad.randn(n, 1).expand(n, m),
    "one row": lambda n, m: ad.randn(1, m),
    "float64": lambda n, m: ad.randn(n, m, dtype=ad.float64),
    "unaligned": unaligned,
}
"""Arrays that a program which was recorded with one in order may meet afterwards."""

LARGE = (1000, 300)
"""So many elements that a loop runs in parts."""


def near(x: ad.Tensor, y: ad.Tensor) -> None:
    assert x.shape == y.shape
    assert x.dtype == y.dtype
    np.testing.assert_allclose(x.detach().numpy(), y.detach().numpy(), rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("size", [(6, 5), LARGE])
@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("who", ["argument", "outside"])
def test_arrays(who: str, layout: str, size: tuple[int, int]) -> None:
    w = ad.randn(*size, requires_grad=True)

    def f(x: ad.Tensor) -> ad.Tensor:
        return ((x * w).tanh() * x).sum(0)

    compiled = ad.compile(f)
    x = ad.randn(*size)
    compiled(x), compiled(x)
    other = LAYOUTS[layout](*size)
    if who == "argument":
        x = other
    else:
        w.data = other
    for _ in range(2):
        gradients = []
        for function in (compiled, f):
            w.grad = None
            out = function(x)
            out.sum().backward()
            gradients.append((out, w.grad))
        near(gradients[0][0], gradients[1][0])
        near(gradients[0][1], gradients[1][1])


@pytest.mark.parametrize("layout", [name for name in LAYOUTS if name not in ("one row", "float64")])
def test_gradients_that_are_added_to(layout: str) -> None:
    model = nn.Linear(4, 3)

    def step(x: ad.Tensor) -> None:
        model(x).square().mean().backward()

    compiled, x = ad.compile(step), ad.randn(5, 4)
    compiled(x), compiled(x)
    start = LAYOUTS[layout](3, 4)
    model.weight.grad = start.clone() if layout == "repeated" else start
    before = start.clone()
    compiled(x)
    found, model.weight.grad = model.weight.grad, before
    step(x)
    near(found, model.weight.grad)


@pytest.mark.parametrize("layout", [name for name in LAYOUTS if name != "one row"])
def test_gradients_of_a_result(layout: str) -> None:
    w = ad.randn(6, 5, requires_grad=True)
    compiled, x = ad.compile(lambda x: (x * w).tanh()), ad.randn(6, 5)
    compiled(x).backward(ad.ones(6, 5))
    seed = LAYOUTS[layout](6, 5)
    w.grad = None
    compiled(x).backward(seed)
    found, w.grad = w.grad, None
    (x * w).tanh().backward(seed.float())
    near(found, w.grad)
