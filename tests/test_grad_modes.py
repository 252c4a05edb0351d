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


# -- inference mode: programs for this library and for PyTorch -----------------------------------


def made_inside(m) -> list[bool]:
    normal = m.ones(2, requires_grad=True)
    with m.inference_mode():
        made, double = m.ones(2), normal * 2
        results = [made, double, made.exp(), made + 1, made[:1], made @ made, normal]
        with m.inference_mode(False):
            results += [m.ones(2), normal * 2]
    results += [made[:1], made.detach(), made * 2, made.clone(), made + normal]
    return [x.is_inference() for x in results] + [x.requires_grad for x in results]


def modes(m) -> list[bool]:
    seen = []

    def look() -> None:
        seen.extend([m.is_inference_mode_enabled(), m.is_grad_enabled()])

    m.inference_mode(look)()
    m.inference_mode()(look)()
    with m.inference_mode():
        look()
        with m.inference_mode(False):
            look()
        with m.no_grad():
            look()
    with m.no_grad(), m.inference_mode(False):
        look()
    look()
    return seen


def never_recorded(m) -> list[bool]:
    with m.inference_mode(), m.enable_grad():
        x = m.ones(2, requires_grad=True)
        return [x.requires_grad, (x * 2).requires_grad]


def writes_inside(m) -> list[float]:
    with m.inference_mode():
        x = m.ones(2)
        x.add_(1)
        x[0] = 5
        x.exp_().log_()
    normal = m.ones(2)
    with m.inference_mode():
        normal.add_(1)
    return [round(v, 4) for v in x.tolist()] + normal.tolist() + [normal._version]


def usable_where_nothing_is_saved(m) -> list[float]:
    with m.inference_mode():
        c = m.tensor([2.0, 3.0])
    x = m.ones(2, requires_grad=True)
    (x + c).sum().backward()
    (x * c.clone()).sum().backward()
    return x.grad.tolist()


def inference_tensor(m):
    with m.inference_mode():
        return m.ones(2)


def save_in_a_function(m) -> None:
    def forward(ctx, x):
        ctx.save_for_backward(inference_tensor(m))
        return x * 2

    function = type("F", (m.autograd.Function,), {"forward": staticmethod(forward)})
    function.apply(m.ones(2, requires_grad=True))


INFERENCE = [made_inside, modes, never_recorded, writes_inside, usable_where_nothing_is_saved]
REFUSED = {
    "written to": (lambda m: inference_tensor(m).add_(1), "Inplace update to inference"),
    "element set": (lambda m: inference_tensor(m).__setitem__(0, 1.0), "Inplace update"),
    "saved": (lambda m: m.ones(2, requires_grad=True) * inference_tensor(m), "cannot be saved"),
    "saved by a function": (save_in_a_function, "cannot be saved"),
    "requires grad": (lambda m: inference_tensor(m).requires_grad_(), "Setting requires_grad"),
    "version": (lambda m: inference_tensor(m)._version, "do not track version"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_inference_tensors_refuse(name) -> None:
    program, words = REFUSED[name]
    with pytest.raises(RuntimeError, match=words):
        program(ad)


def test_a_refused_write_changes_nothing() -> None:
    x = inference_tensor(ad)
    for write in (lambda: x.add_(1), lambda: x.__setitem__(0, 5.0), lambda: x.fill_(7)):
        with pytest.raises(RuntimeError):
            write()
    assert x.tolist() == [1.0, 1.0]


@pytest.mark.parity
@pytest.mark.parametrize("program", INFERENCE, ids=lambda p: p.__name__)
def test_inference_mode_is_pytorchs(program) -> None:
    torch = pytest.importorskip("torch")
    theirs, ours = program(torch), program(ad)
    assert ours == theirs


@pytest.mark.parity
@pytest.mark.parametrize("name", REFUSED)
def test_pytorch_refuses_too(name) -> None:
    torch = pytest.importorskip("torch")
    program, words = REFUSED[name]
    with pytest.raises(RuntimeError, match=words):
        program(torch)
