"""no_grad, enable_grad, set_grad_enabled and inference_mode: nested, as decorators, per thread."""

from __future__ import annotations

import threading

import pytest

import autodiff as ad


@pytest.mark.parametrize("make", [lambda: ad.tensor(2.0, requires_grad=True), ad.Scalar])
@pytest.mark.parametrize("mode", [ad.no_grad, ad.inference_mode])
def test_nothing_is_recorded(mode, make) -> None:
    x = make()
    with mode():
        y = x * x
    assert not y.requires_grad
    assert y.grad_fn is None
    assert (x * x).requires_grad


def test_leaves_can_be_made_inside() -> None:
    with ad.no_grad():
        x = ad.tensor(1.0, requires_grad=True)
    assert (x * 2).requires_grad


def test_modes_nest() -> None:
    seen = [ad.is_grad_enabled()]
    with ad.no_grad():
        seen.append(ad.is_grad_enabled())
        with ad.enable_grad():
            seen.append(ad.is_grad_enabled())
            with ad.set_grad_enabled(False):
                seen.append(ad.is_grad_enabled())
            seen.append(ad.is_grad_enabled())
        seen.append(ad.is_grad_enabled())
    seen.append(ad.is_grad_enabled())
    assert seen == [True, False, True, False, True, False, True]


def test_one_mode_object_can_be_entered_again() -> None:
    mode = ad.no_grad()
    with mode, mode:
        assert not ad.is_grad_enabled()
    assert ad.is_grad_enabled()


def test_an_exception_restores_the_mode() -> None:
    with pytest.raises(KeyError), ad.no_grad():
        raise KeyError
    assert ad.is_grad_enabled()


@pytest.mark.parametrize(
    ("decorate", "inside"),
    [
        (ad.no_grad, False),
        (ad.no_grad(), False),
        (ad.enable_grad(), True),
        (ad.inference_mode(), False),
        (ad.inference_mode(False), True),
    ],
)
def test_decorators(decorate, inside) -> None:
    @decorate
    def f(depth: int = 0) -> bool:
        """What f says."""
        return f(depth + 1) if depth < 2 else ad.is_grad_enabled()

    assert f() is inside
    assert f() is inside
    assert ad.is_grad_enabled()
    assert f.__doc__ == "What f says."


def test_set_grad_enabled_as_a_statement_stays() -> None:
    try:
        ad.set_grad_enabled(False)
        assert not ad.is_grad_enabled()
    finally:
        ad.set_grad_enabled(True)
    assert ad.is_grad_enabled()


def test_set_grad_enabled_as_a_decorator_is_for_the_function_alone() -> None:
    @ad.set_grad_enabled(False)
    def f() -> bool:
        return ad.is_grad_enabled()

    assert ad.is_grad_enabled()
    assert [f(), f()] == [False, False]
    assert ad.is_grad_enabled()


def test_each_thread_has_its_own_mode() -> None:
    seen = []
    with ad.no_grad():
        thread = threading.Thread(target=lambda: seen.append(ad.is_grad_enabled()))
        thread.start()
        thread.join()
        assert not ad.is_grad_enabled()
    assert seen == [True]


def test_a_decorated_function_in_two_threads() -> None:
    both_inside = threading.Barrier(2)
    after = []

    @ad.no_grad()
    def f() -> None:
        both_inside.wait()

    def run() -> None:
        f()
        after.append(ad.is_grad_enabled())

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert after == [True, True]
