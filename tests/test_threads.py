"""Several threads that build and differentiate graphs: their own, shared leaves, shared graphs."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

import autodiff as ad
import viz
from autodiff import nn

THREADS = 4


@pytest.fixture(autouse=True)
def _many_switches() -> Iterator[None]:
    """Python changes threads a thousand times as often, so that races show."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(5e-6)
    yield
    sys.setswitchinterval(before)


def in_threads(work: Callable[[int], Any]) -> list[Any]:
    """What ``work(i)`` gives in each thread; they start together, and errors are not lost."""
    results: list[Any] = [None] * THREADS
    together = threading.Barrier(THREADS)

    def run(i: int) -> None:
        together.wait()
        try:
            results[i] = work(i)
        except BaseException as error:
            results[i] = error

    threads = [threading.Thread(target=run, args=(i,)) for i in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert not any(thread.is_alive() for thread in threads)
    for result in results:
        if isinstance(result, BaseException):
            raise result
    return results


def trained(seed: int) -> list[float]:
    """The weights of a small net after some steps; all its random numbers are its own."""
    generator = ad.Generator().manual_seed(seed)
    net = nn.Sequential(nn.Conv2d(1, 2, 3), nn.ReLU(), nn.Flatten(), nn.Linear(8, 3))
    with ad.no_grad():
        for p in net.parameters():
            p.copy_(ad.randn(p.shape, generator=generator))
    x = ad.randn(5, 1, 4, 4, generator=generator)
    y = ad.randint(3, (5,), generator=generator)
    optimizer = ad.optim.SGD(net.parameters(), lr=0.05, momentum=0.9)
    for _ in range(20):
        optimizer.zero_grad()
        nn.functional.cross_entropy(net(x), y).backward()
        optimizer.step()
    return [value for p in net.parameters() for value in p.flatten().tolist()]


def test_graphs_of_their_own() -> None:
    """Each thread gets the bits that it would get alone."""
    assert in_threads(trained) == [trained(i) for i in range(THREADS)]


@pytest.mark.parametrize("size", [1, 300_000])
def test_no_contribution_to_a_shared_leaf_is_lost(size: int) -> None:
    """Whole numbers add up exactly in any order; NumPy adds large arrays outside of any lock."""
    w = ad.ones(size, requires_grad=True)
    passes = 200 if size == 1 else 15

    def work(i: int) -> None:
        for _ in range(passes):
            (w * (i + 1)).sum().backward()

    in_threads(work)
    assert w.grad is not None
    assert w.grad.unique().tolist() == [passes * sum(range(1, THREADS + 1))]


def test_the_first_contribution_is_not_lost_either() -> None:
    for _ in range(100):
        w, s = ad.zeros(3, requires_grad=True), ad.Scalar(1.0)

        def work(i: int, w: ad.Tensor = w, s: ad.Scalar = s) -> None:
            (w * 2).sum().backward()
            (s * 3).backward()

        in_threads(work)
        assert w.grad is not None
        assert (w.grad.tolist(), s.grad) == ([2 * THREADS] * 3, 3 * THREADS)


class SlowFloat(float):
    """A gradient that lets other threads run while something is added to it."""

    def __add__(self, g: float) -> SlowFloat:
        before = float(self)
        time.sleep(1e-3)
        return SlowFloat(before + g)


class SlowArray(np.ndarray):
    """The same for arrays: between reading and writing there is time."""

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, out: Any = ()) -> Any:
        plain = [np.array(x) for x in inputs]
        time.sleep(1e-3)
        out[0].view(np.ndarray)[...] = ufunc(*plain)
        return out[0]


def test_additions_take_turns() -> None:
    """However long one takes, none starts from a sum that another is about to replace."""
    s, w = ad.Scalar(2.0), ad.ones(3, requires_grad=True)
    s.grad = SlowFloat(0.0)
    w.grad = ad.zeros(3)
    w.grad.value = w.grad.value.view(SlowArray)

    def work(i: int) -> None:
        for _ in range(5):
            (s * s).backward()
            (w * 2).sum().backward()

    in_threads(work)
    assert s.grad == 4.0 * 5 * THREADS
    assert w.grad.tolist() == [2.0 * 5 * THREADS] * 3


def test_a_shared_graph_that_is_retained() -> None:
    x = ad.arange(6.0).requires_grad_()
    y = (x * x).exp().log()

    def work(i: int) -> None:
        for _ in range(50):
            y.sum().backward(retain_graph=True)

    in_threads(work)
    assert x.grad is not None
    expected = (2 * x.detach() * 50 * THREADS).tolist()
    assert x.grad.tolist() == pytest.approx(expected, rel=1e-4)


def test_views_of_a_shared_tensor() -> None:
    """Every view that is alive follows a later write, whoever took it."""
    base = ad.zeros(THREADS, 200)
    views = in_threads(lambda i: [base[i, j] for j in range(200)])
    weights = ad.ones(THREADS, 200, requires_grad=True)
    base.add_(weights)
    assert all(view.requires_grad for row in views for view in row)
    for _ in range(3):
        in_threads(lambda i: [base[i, j].sum() for j in range(200)])
    sum(row[7] for row in views).backward()
    assert weights.grad is not None
    assert weights.grad.nonzero().tolist() == [[i, 7] for i in range(THREADS)]


def test_modes_belong_to_a_thread() -> None:
    def work(i: int) -> bool:
        x = ad.ones(2, requires_grad=True)
        for _ in range(200):
            with ad.set_grad_enabled(i % 2 == 0):
                assert (x * 2).requires_grad is (i % 2 == 0)
            assert ad.is_grad_enabled()
        with ad.no_grad():
            pass
        ad.set_grad_enabled(i % 2 == 0)
        return ad.is_grad_enabled()

    assert in_threads(work) == [i % 2 == 0 for i in range(THREADS)]
    assert ad.is_grad_enabled()
    assert (ad.ones(2, requires_grad=True) * 2).requires_grad


def test_observers_belong_to_a_thread() -> None:
    def work(i: int) -> int:
        x = ad.ones(3, requires_grad=True)
        with ad.autograd.profiler.profile() as profile:
            for _ in range(i + 1):
                x.exp().sum().backward()
        return sum(row.count for row in profile.key_averages() if row.key == "exp")

    assert in_threads(work) == [1, 2, 3, 4]


def test_questions_while_others_compute() -> None:
    """Pictures and explanations read notes that other threads go on writing."""
    w = ad.ones(2, requires_grad=True)
    stop = threading.Event()

    def work(i: int) -> str:
        if i:
            while not stop.is_set():
                (w.detach() + w).sum().backward()
            return ""
        try:
            for _ in range(20):
                loss = (w * 2).sum()
                told = str(viz.why(w, loss)) + str(viz.backward(loss))
        finally:
            stop.set()
        return told

    assert "w" in in_threads(work)[0]
