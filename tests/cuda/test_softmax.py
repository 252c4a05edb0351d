"""Softmax and the loss of classes on the GPU, beside the CPU: any length of row, any dimension."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import autodiff as ad
from autodiff.backends.cuda import softmax
from autodiff.nn import functional as F  # noqa: N812

INF = float("inf")


def gradients(call: Any, x: np.ndarray, g: np.ndarray, device: str) -> list[np.ndarray]:
    """The result, the gradient of ``x``, and the gradient of that one's squares."""
    given = ad.tensor(x).to(device).requires_grad_()
    upstream = ad.tensor(g).to(device)
    out = call(given)
    (first,) = ad.autograd.grad(out, given, upstream, retain_graph=True)
    (recorded,) = ad.autograd.grad(out, given, upstream, create_graph=True)
    (second,) = ad.autograd.grad((recorded * recorded).sum(), given)
    return [t.detach().cpu().numpy() for t in (out, first, recorded, second)]


@pytest.mark.parametrize("name", ["softmax", "log_softmax"])
@pytest.mark.parametrize("dtype", ["float32", "float64", "float16"])
@pytest.mark.parametrize(
    ("shape", "dim"),
    [((3, 4), 1), ((3, 4), 0), ((2, 3, 4), 1), ((70,), 0), ((3, 70), 1), ((65, 2), 0), ((5, 1), 1)],
)
def test_rows(name: str, dtype: str, shape: tuple[int, ...], dim: int) -> None:
    random = np.random.default_rng(0)
    x, g = (random.normal(size=shape).astype(dtype) for _ in range(2))
    call = lambda t: getattr(ad, name)(t, dim)  # noqa: E731
    near = {"float32": 1e-5, "float64": 1e-12, "float16": 1e-2}[dtype]
    ours, expected = (gradients(call, x, g, device) for device in ("cuda", "cpu"))
    for a, b in zip(ours, expected, strict=True):
        assert a.dtype == b.dtype == dtype
        np.testing.assert_allclose(a, b, rtol=near, atol=near)


def test_turned_empty_and_whole_numbers() -> None:
    x = ad.tensor(np.random.default_rng(0).normal(size=(4, 3)).astype(np.float32))
    turned = x.to("cuda").T
    np.testing.assert_allclose(turned.softmax(0).cpu(), x.T.softmax(0), rtol=1e-6)
    assert ad.zeros(0, 3, device="cuda").softmax(1).shape == (0, 3)
    assert ad.tensor(2.0, device="cuda").softmax(0).item() == 1.0


def test_numbers_without_end() -> None:
    """Where a largest number is infinite there is no answer, and nan stays in its row."""
    rows = ad.tensor([[1e4, 0.0], [-INF, 0.0], [INF, 0.0], [np.nan, 0.0], [-INF, -INF]])
    for call in (ad.softmax, ad.log_softmax):
        np.testing.assert_array_equal(call(rows.to("cuda"), 1).cpu(), call(rows, 1))


@pytest.mark.parametrize("rows", [1, 5, 9])
def test_the_loss_of_many_rows_is_added_up_in_spans(
    rows: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(softmax, "SPAN", 4)
    random = np.random.default_rng(rows)
    x = random.normal(size=(rows, 3)).astype(np.float32)
    target, weight = ad.tensor(random.integers(0, 3, rows)), ad.tensor([0.5, 1.0, 2.0])
    for settings in ({}, {"reduction": "sum"}, {"ignore_index": 1}, {"weight": weight}):
        if settings.get("ignore_index") == 1 and rows == 1:
            continue  # the mean of no samples

        def loss(t: ad.Tensor, settings: dict[str, Any] = settings) -> ad.Tensor:
            moved = {k: v.to(t.device) if k == "weight" else v for k, v in settings.items()}
            return F.cross_entropy(t, target.to(t.device), **moved)

        g = np.float32(2)
        for a, b in zip(gradients(loss, x, g, "cuda"), gradients(loss, x, g, "cpu"), strict=True):
            np.testing.assert_allclose(a, b, rtol=1e-4, atol=1e-6)
