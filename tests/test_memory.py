"""Memory: what a backward pass has used is freed at once, and training does not grow."""

from __future__ import annotations

import gc
import tracemalloc
import weakref

import pytest

import autodiff as ad
from autodiff.op import OPS

MEGABYTE = 1_000_000
N = 250_000  # float32: one megabyte


@pytest.fixture(autouse=True)
def _without_garbage_collection():
    """Nothing here may need the cycle collector: references alone decide."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


def chain(x, length):
    """``length`` ops that each save their own result."""
    for _ in range(length):
        x = x.tanh()
    return x


def peak_of(program) -> float:
    """The most memory in use while ``program`` runs, in megabytes above the start."""
    tracemalloc.start()
    before, _ = tracemalloc.get_traced_memory()
    program()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return (peak - before) / MEGABYTE


def test_saved_values_go_as_the_pass_goes() -> None:
    x = ad.zeros(N, requires_grad=True)
    alive = []
    values = []
    y = x
    for i in range(6):
        y = y.exp()
        values.append(weakref.ref(y.value))

        def look(g, i=i):
            alive.append([reference() is not None for reference in values])

        y.register_hook(look)
    y = y.sum()
    y.backward()
    # When the gradient of result i is known, the op after it has let go of what it saved.
    assert [sum(row) for row in alive] == [6, 5, 4, 3, 2, 1]
    assert not any(reference() is not None for reference in values)


def test_a_pass_needs_little_memory_of_its_own() -> None:
    x = ad.zeros(N, requires_grad=True)
    forward = peak_of(lambda: chain(x, 10))
    assert 9 < forward < 12
    loss = chain(x, 10).sum()
    assert peak_of(lambda: loss.backward()) < 5  # gradients in flight, and x.grad; not ten of them


def test_nothing_is_kept_without_gradients() -> None:
    x = ad.zeros(N)
    assert peak_of(lambda: chain(x, 10)) < 3
    with ad.no_grad():
        w = ad.zeros(N, requires_grad=True)
        assert peak_of(lambda: chain(w, 10)) < 3


def test_ops_that_save_nothing_keep_nothing() -> None:
    x = ad.zeros(N, requires_grad=True)

    def program():
        y = x
        for _ in range(10):
            y = y + 1
        return y

    assert peak_of(program) < 3.5


def test_a_graph_that_is_dropped_is_freed() -> None:
    x = ad.zeros(N, requires_grad=True)
    y = chain(x, 3)
    reference = weakref.ref(y.grad_fn.inputs[0])
    del y
    assert reference() is None


def test_a_loss_that_is_kept_does_not_keep_large_values() -> None:
    x = ad.zeros(N, requires_grad=True)
    losses = []

    def program():
        for _ in range(10):
            loss = chain(x, 3).sum()
            loss.backward()
            losses.append(loss)

    assert peak_of(program) < 7


def make_training():
    model = ad.nn.Sequential(ad.nn.Linear(8, 16), ad.nn.ReLU(), ad.nn.Linear(16, 3))
    optimizer = ad.optim.SGD(model.parameters(), lr=0.01, momentum=0.9)
    x = ad.randn(4, 8)
    target = ad.tensor([0, 1, 2, 0])
    criterion = ad.nn.CrossEntropyLoss()

    def step():
        optimizer.zero_grad()
        criterion(model(x), target).backward()
        optimizer.step()

    return step


def make_higher_order():
    x = ad.tensor([1.0, 2.0], requires_grad=True)

    def step():
        (g,) = ad.autograd.grad((x**3).sum(), x, create_graph=True)
        (h,) = ad.autograd.grad(g.sum(), x)
        assert h.tolist() == [6.0, 12.0]

    return step


def make_scalars():
    x = ad.Scalar(2.0)

    def step():
        x.grad = None
        (x * x + x).backward()

    return step


def make_in_place():
    x = ad.ones(4, requires_grad=True)

    def step():
        y = x * 2
        y[:2] *= 3
        y.add_(1)
        x.grad = None
        y.sum().backward()

    return step


@pytest.mark.parametrize("make", [make_training, make_higher_order, make_scalars, make_in_place])
def test_a_thousand_steps_do_not_grow(make) -> None:
    step = make()
    for _ in range(100):
        step()
    tracemalloc.start()
    for _ in range(50):
        step()
    before, _ = tracemalloc.get_traced_memory()
    for _ in range(1000):
        step()
    after, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert after - before < 20_000, "bytes that 1,000 steps left behind"


@pytest.mark.parametrize("join", [ad.cat, ad.stack])
def test_joining_other_numbers_of_tensors_keeps_no_more(join) -> None:
    def joined(count: int) -> None:
        xs = [ad.tensor([float(i)], requires_grad=i % 3 == 0) for i in range(count)]
        (join(xs) * ad.arange(float(count)).reshape(join(xs).shape)).sum().backward()
        assert [x.grad.item() for x in xs[::3]] == list(range(0, count, 3))
        assert all(x.grad is None for i, x in enumerate(xs) if i % 3)

    op = OPS[join.__name__.title()]
    joined(1), joined(4)
    before = len(op.recorders)
    for count in range(5, 50):
        joined(count)
    assert len(op.recorders) == before


def test_views_and_their_base_are_freed() -> None:
    x = ad.zeros(N)
    base = weakref.ref(x.value)
    row = x[:10]
    del x
    assert base() is not None
    del row
    assert base() is None
