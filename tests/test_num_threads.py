"""Loops that several threads share: the same bits as on one, errors that arrive, forks."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

import autodiff as ad
from autodiff.backends import cpu, direct, threads
from autodiff.backends.threads import in_parts
from autodiff.backends.window import Window


@pytest.fixture(autouse=True)
def three_threads() -> Iterator[None]:
    before = ad.get_num_threads()
    ad.set_num_threads(3)
    yield
    ad.set_num_threads(before)


def test_parts_cover_everything_once() -> None:
    seen: list[tuple[int, int]] = []

    def loop(start: int, stop: int, x: np.ndarray) -> tuple[float]:
        seen.append((start, stop))
        return (x[start:stop].sum(),)

    x = np.arange(23.0)
    assert in_parts(loop, len(x), x, parts=7) == (x.sum(),)
    assert sorted(seen) == [(0, 3), (3, 6), (6, 9), (9, 13), (13, 16), (16, 19), (19, 23)]


def test_what_parts_return_is_added_up_in_their_order() -> None:
    """1e16 + 1 is 1e16: in any other order the sum is 1."""
    x = np.array([1e16, 1.0, -1e16])
    first_waits = threading.Event()

    def loop(start: int, stop: int) -> tuple[float]:
        if start == 0:
            first_waits.wait(20)
        if start == 2:
            first_waits.set()
        return (x[start],)

    assert in_parts(loop, 3, parts=3) == (0.0,)


def test_other_threads_take_parts() -> None:
    """Each of three parts waits until the two others run."""
    meeting = threading.Barrier(3, timeout=20)

    def loop(start: int, stop: int) -> tuple[int]:
        meeting.wait()
        return (threading.get_ident(),)

    assert in_parts(loop, 3, parts=3)[0] > 0


def test_an_error_in_any_part_is_the_callers() -> None:
    def loop(start: int, stop: int) -> tuple[()]:
        if start == 5:
            raise ZeroDivisionError
        return ()

    with pytest.raises(ZeroDivisionError):
        in_parts(loop, 8)


def test_threads_that_are_busy_hold_nobody_up() -> None:
    """While the pool's threads sit in one loop, another caller does all of its own by itself."""
    leave = threading.Event()
    inside = threading.Barrier(4, timeout=20)

    def waits(start: int, stop: int) -> tuple[()]:
        inside.wait()
        leave.wait(20)
        return ()

    first = threading.Thread(target=in_parts, args=(waits, 3), kwargs={"parts": 3})
    first.start()
    inside.wait()
    assert in_parts(lambda a, b: (b - a,), 80) == (80,)
    leave.set()
    first.join()


def test_what_nobody_came_to_gives_way_to_the_next_offer() -> None:
    pool = threads._Pool(1)
    busy, leave, ran = threading.Event(), threading.Event(), threading.Event()

    def waits() -> None:
        busy.set()
        leave.wait(20)

    pool.offer(waits, 1)
    assert busy.wait(20)
    pool.offer(waits, 1)
    pool.offer(ran.set, 1)
    assert pool.offers.qsize() == 1
    leave.set()
    assert ran.wait(20)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="forks")
@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_a_fork_starts_threads_of_its_own() -> None:
    in_parts(lambda a, b: (), 8)
    child = os.fork()
    if child == 0:
        meeting = threading.Barrier(3, timeout=20)
        try:
            in_parts(lambda a, b: (meeting.wait() * 0,), 3, parts=3)
            os._exit(0)
        finally:
            os._exit(1)
    assert os.waitpid(child, 0)[1] == 0


@pytest.mark.parametrize("count", [0, -1, 1.5, True])
def test_the_number_of_threads_is_a_positive_integer(count: Any) -> None:
    with pytest.raises(RuntimeError, match="positive integer"):
        ad.set_num_threads(count)


def test_convolution_has_the_same_bits_on_any_number_of_threads() -> None:
    rng = np.random.default_rng(0)
    shapes = (50, 6, 14, 14), (7, 6, 5, 5), (50, 7, 10, 10)
    x, weight, g = (rng.standard_normal(shape).astype(np.float32) for shape in shapes)
    window = Window.of(5)

    def everything() -> list[np.ndarray]:
        assert x.size // len(x) * 7 * 25 * len(x) > direct.SHARED_FROM
        return [
            direct.conv2d(x, weight, None, window),
            direct.conv2d_input(g, weight, x.shape, window),
            direct.conv2d_weight(g, x, weight.shape, window),
            *cpu.max_pool2d(g, Window.of(2, stride=2)),
        ]

    shared = everything()
    ad.set_num_threads(1)
    for ours, alone in zip(shared, everything(), strict=True):
        np.testing.assert_array_equal(ours, alone)


def test_compiled_sums_have_the_same_bits_on_any_number_of_threads() -> None:
    f = ad.compile(lambda x: (x * x).sin().sum())
    x = ad.linspace(-3, 3, 300_001)
    f(x)
    shared = f(x).item()
    ad.set_num_threads(1)
    assert f(x).item() == shared
