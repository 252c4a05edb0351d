"""Graphs of 1,000,000 nodes, one after the other: nothing recurses along them, and all goes."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import pytest

import autodiff as ad
import viz
from autodiff import Scalar
from tests.depth.memory import assert_gives_back

LENGTH = 1_000_000


def tensors(length: int) -> tuple[Any, Any]:
    """A leaf, and what a chain of so many nodes computes from it."""
    x = y = ad.ones(2, requires_grad=True)
    for _ in range(length):
        y = y * 1.0
    return x, y.sum()


def scalars(length: int) -> tuple[Any, Any]:
    x = y = Scalar(1.0)
    for _ in range(length):
        y = y * x
    return x, y


CHAINS = pytest.mark.parametrize("chain", [tensors, scalars])


@pytest.mark.slow
@CHAINS
def test_forward_backward_and_freeing(chain: Any) -> None:
    def forward_and_backward() -> None:
        x, y = chain(LENGTH)
        y.backward()
        assert x.grad.tolist() == [1, 1] if chain is tensors else x.grad == LENGTH + 1

    assert_gives_back(forward_and_backward)


@pytest.mark.slow
def test_a_chain_of_writes_in_place() -> None:
    def written() -> None:
        x = ad.ones(2, requires_grad=True)
        y = x * 1.0
        part = y[:1]
        for _ in range(20_000):
            y.mul_(1.0)
            part.add_(1.0)
        y.sum().backward()
        assert x.grad.tolist() == [1, 1]

    assert_gives_back(written)


@pytest.mark.slow
@CHAINS
def test_other_passes(chain: Any) -> None:
    """For the gradients alone, recording itself, watched, and through hooks of saved tensors."""
    length = 100_000

    def passes() -> None:
        x, y = chain(length)
        (g,) = ad.autograd.grad(y, x, create_graph=True)
        if chain is scalars:
            g.backward(retain_graph=True)  # d2/dx2 of x ** (length + 1) at 1
            assert x.grad == (length + 1) * length
        steps = ad.autograd.backward_steps(y, accumulate=False)
        assert sum(1 for _ in steps) >= length + 1

    # A gradient that was recorded knows its leaf, which holds it.
    assert_gives_back(passes, cycles=True)


@pytest.mark.slow
@CHAINS
def test_copies_and_freeing_without_a_backward_pass(chain: Any) -> None:
    def copied() -> None:
        _, y = chain(LENGTH)
        assert copy.copy(y).item() == y.item()
        assert pickle.loads(pickle.dumps(y)).item() == y.item()
        with pytest.raises(RuntimeError, match="deepcopy protocol"):
            copy.deepcopy(y)

    assert_gives_back(copied)


@pytest.mark.slow
def test_the_picture_of_a_million_nodes() -> None:
    x, y = tensors(LENGTH)
    text = str(viz.graph(y))
    assert f"{LENGTH - 3} more of: Mul" in text
    assert text.count("\n") < 12
    assert x.grad is None


@pytest.mark.slow
@CHAINS
def test_other_pictures(chain: Any) -> None:
    _, y = chain(50_000)
    assert "<svg" in viz.graph(y).svg
    assert "more of: Mul" in str(viz.backward(y))
    assert str(viz.diff(y, y)) == "no difference"


@CHAINS
def test_a_short_chain_is_given_back(chain: Any) -> None:
    """The same as above, small enough for the ordinary suite."""

    def forward_and_backward() -> None:
        _, y = chain(20_000)
        y.backward()

    forward_and_backward()
    assert_gives_back(forward_and_backward)


def test_copies_of_a_scalar() -> None:
    x = Scalar(2.0)
    x.grad = 3.0
    deep, revived = copy.deepcopy(x), pickle.loads(pickle.dumps(x))
    assert (deep.item(), deep.grad, deep.requires_grad) == (2.0, 3.0, True)
    assert (revived.item(), revived.requires_grad) == (2.0, True)
    x.data = 5.0
    assert deep.item() == 2.0
    with pytest.raises(RuntimeError, match="deepcopy protocol"):
        copy.deepcopy(x * x)
