"""Summing losses with their graphs warns, on its line; sums that make sense do not."""

from __future__ import annotations

import gc
import linecache
import warnings
import weakref

import pytest

import autodiff as ad
from autodiff import growing

STEPS = growing.INTERVAL * growing.SUSPECTS + growing.SUMMANDS + 3  # not yet a second warning


@pytest.fixture(autouse=True)
def _fresh_start():
    growing._unwatch()
    while growing.next_pass() % growing.INTERVAL:
        pass
    yield
    assert not growing._plain, "the watch over sums did not end"


def tensors():
    return ad.tensor([1.0, 2.0], requires_grad=True)


def scalars():
    return ad.Scalar(2.0)


def loss_of(w):
    out = (w * w - 2) ** 2
    return out.sum() if isinstance(out, ad.Tensor) else out


def add_after(w):
    total = 0
    for _ in range(STEPS):
        loss = loss_of(w)
        loss.backward()
        total = total + loss  # here


def add_before(w):
    total = 0.0
    for _ in range(STEPS):
        loss = loss_of(w)
        total += loss  # here
        loss.backward()


def add_on_the_right(w):
    total = 0
    for _ in range(STEPS):
        loss = loss_of(w)
        loss.backward()
        total = loss + total  # here


def add_scaled(w):
    total = 0.0
    for _ in range(STEPS):
        loss = loss_of(w)
        loss.backward()
        total += loss * 64 / 1000  # here


def add_in_place(w):
    total = ad.zeros(()) if isinstance(w, ad.Tensor) else 0
    for _ in range(STEPS):
        loss = loss_of(w)
        loss.backward()
        total += loss  # here


@pytest.mark.parametrize("start", [tensors, scalars])
@pytest.mark.parametrize(
    "train", [add_after, add_before, add_on_the_right, add_scaled, add_in_place]
)
def test_a_growing_sum_warns_on_its_line(train, start) -> None:
    start() + start()  # the method is made when it is first called
    plain = ad.Tensor.__add__, ad.Tensor.__iadd__, ad.Scalar.__add__
    with pytest.warns(UserWarning, match="keeps the graphs") as notes:
        train(start())
    assert linecache.getline(notes[0].filename, notes[0].lineno).endswith("# here\n")
    assert len(notes) == 1
    assert (ad.Tensor.__add__, ad.Tensor.__iadd__, ad.Scalar.__add__) == plain


def numbers(w):
    total = 0.0
    for _ in range(STEPS):
        loss = loss_of(w)
        loss.backward()
        total += loss.item() if isinstance(loss, ad.Tensor) else loss.value


def detached(w):
    total = 0.0
    for _ in range(STEPS):
        loss = loss_of(w)
        loss.backward()
        total = total + loss.detach()


def gradient_accumulation(w):
    for _ in range(STEPS):
        for _ in range(4):
            (loss_of(w) / 4).backward()
        w.grad = None


def several_tasks(w):
    for _ in range(STEPS):
        total = 0
        for k in range(8):
            total = total + loss_of(w * k)
        total.backward()


def recurrent(w):
    for _ in range(STEPS // 4):
        total, state = 0, w
        for _ in range(12):
            state = state * 0.5
            total = total + loss_of(state)
        total.backward()


def kept_graph(w):
    """Passes that keep their graph, whose losses are added up and differentiated in the end."""
    total = 0
    for _ in range(STEPS):
        loss = loss_of(w)
        loss.backward(retain_graph=True)
        total = total + loss
    total.backward()


def adversaries(w):
    """Parts differentiated on their own and added for the report, while old losses are kept."""
    report = []
    for _ in range(STEPS):
        real, fake, penalty = loss_of(w), loss_of(w * 2), loss_of(w * 3)
        for part in (real, fake, penalty):
            part.backward()
        both = real + fake + penalty
        report.append((both.detach(), real))
    growing._unwatch()


def list_of_losses(w):
    """Old losses kept in a list, and legitimate sums meanwhile."""
    losses = []
    for _ in range(STEPS):
        loss = loss_of(w) + loss_of(w * 2) + loss_of(w * 3) + 1
        loss.backward()
        losses.append(loss)
    growing._unwatch()


def leaf_differentiated(w):
    x = ad.tensor(1.0, requires_grad=True)
    for _ in range(STEPS):
        x.backward()
        x + x + x + x + x + x + x


def doubling(w):
    """A sum whose graph has 2 ** 100 paths, while old losses are kept."""
    losses = []
    for _ in range(STEPS):
        loss = loss_of(w)
        loss.backward()
        losses.append(loss)
    for _ in range(100):
        loss = loss + loss
    growing._unwatch()


@pytest.mark.parametrize("start", [tensors, scalars])
@pytest.mark.parametrize(
    "train",
    [
        numbers, doubling, detached, gradient_accumulation, several_tasks, recurrent, kept_graph,
        adversaries, list_of_losses, leaf_differentiated,
    ],
)  # fmt: skip
def test_sums_that_make_sense_do_not_warn(train, start) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        train(start())


def test_watching_keeps_nothing_alive() -> None:
    w = tensors()
    for _ in range(STEPS):
        loss = loss_of(w)
        root = weakref.ref(loss.grad_fn)
        loss.backward()
    del loss
    gc.disable()
    try:
        assert root() is None
    finally:
        gc.enable()


@pytest.mark.parametrize("kind", [list, tuple])
def test_passes_that_start_from_a_list_are_not_taken_for_a_sum(kind):
    """A list has a ``+`` of its own, which is not to be watched."""
    kept = []
    for _ in range(STEPS):
        loss = loss_of(tensors())
        ad.autograd.backward(kind([loss]))
        kept.append(loss)
