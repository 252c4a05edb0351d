"""100,000 inputs of one node, and 100,000 nodes of one input."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import autodiff as ad
from tests.depth.memory import assert_gives_back

MANY = 100_000


@pytest.mark.slow
@pytest.mark.parametrize("join", [ad.cat, ad.stack])
def test_joining_as_many_leaves(join: Any) -> None:
    def joined() -> None:
        xs = [ad.ones(1, requires_grad=True) for _ in range(MANY)]
        joined = join(xs).flatten()
        (joined * ad.arange(float(MANY))).sum().backward()
        assert [x.grad.item() for x in xs] == list(range(MANY))

    assert_gives_back(joined)


@pytest.mark.slow
@pytest.mark.parametrize("join", [ad.cat, ad.stack])
def test_joining_one_leaf_as_often(join: Any) -> None:
    def joined() -> None:
        x = ad.ones(1, requires_grad=True)
        join([x] * MANY).sum().backward()
        assert x.grad.item() == MANY

    assert_gives_back(joined)


USES: dict[str, Callable[[Any], Any]] = {
    "indexings": lambda x: sum((x[i] for i in range(MANY)), ad.tensor(0.0)),
    "unbind and stack": lambda x: ad.stack(x.unbind()).sum(),
    "split and cat": lambda x: ad.cat(x.split(1)).sum(),
}


@pytest.mark.slow
@pytest.mark.parametrize("use", USES.values(), ids=USES)
def test_as_many_views_of_one_tensor(use: Any) -> None:
    def used() -> None:
        x = ad.ones(MANY, requires_grad=True)
        use(x).backward()
        assert x.grad.eq(1).all()

    assert_gives_back(used)


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["tensor", "scalar"])
def test_one_leaf_in_as_many_nodes(kind: str) -> None:
    def used() -> None:
        x: Any = ad.Scalar(2.0) if kind == "scalar" else ad.tensor(2.0, requires_grad=True)
        out = x
        for _ in range(MANY - 1):
            out = out + x
        out.backward()
        assert float(x.grad) == MANY

    assert_gives_back(used)


@pytest.mark.slow
def test_writing_to_a_tensor_of_as_many_views() -> None:
    def written() -> None:
        x = ad.ones(MANY, requires_grad=True)
        y = x * 2
        views = y.unbind()
        y.mul_(3)
        (views[0] + views[-1]).backward()
        assert x.grad.sum().item() == 12

    assert_gives_back(written)
