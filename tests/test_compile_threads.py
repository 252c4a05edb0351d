"""Compiled functions that several threads call at once."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

import autodiff as ad

THREADS, CALLS = 4, 20


def close(x: ad.Tensor, y: ad.Tensor) -> None:
    np.testing.assert_allclose(x.numpy(), y.numpy(), rtol=1e-3, atol=1e-3)


@pytest.fixture(autouse=True)
def _switching_often(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("AUTODIFF_CACHE", str(tmp_path))
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


def at_once(work: Callable[[int], None]) -> None:
    with ThreadPoolExecutor(THREADS) as pool:
        for done in [pool.submit(work, i) for i in range(THREADS)]:
            done.result()


def test_threads_do_not_see_each_others_buffers() -> None:
    w = ad.randn(64, 64)
    f = ad.compile(lambda x: (((x @ w).tanh() @ w).sin() @ w).sum(1))

    def work(seed: int) -> None:
        x = ad.full((32, 64), float(seed) / 10, requires_grad=True)
        eager = f.function(x)
        (expected,) = ad.autograd.grad(eager, x, ad.ones(32))
        for _ in range(CALLS):
            y = f(x)
            np.testing.assert_allclose(
                y.detach().numpy(), eager.detach().numpy(), rtol=1e-4, atol=1e-4
            )
            (g,) = ad.autograd.grad(y, x, ad.ones(32))
            close(g, expected)

    at_once(work)
    assert [len(entries) for entries in f.entries.values()] == [1]  # recorded once


def test_threads_do_not_see_each_others_numbers() -> None:
    f = ad.compile(lambda x, y: (x * y + x).tanh() * y)

    def work(seed: int) -> None:
        x, y = (ad.Scalar(0.1 * seed + i) for i in range(2))
        expected = f.function(x, y).item()
        for _ in range(CALLS * 10):
            assert f(x, y).item() == pytest.approx(expected)

    at_once(work)
