"""Functions that are no ops: what there is, how often and where, on the GPU as on the CPU."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import autodiff as ad

NAN = float("nan")
NUMBERS = [2.0, 1.0, 2.0, NAN, -1.0, 1.0, NAN, 2.0]
ROWS = [[1, 2], [0, 5], [1, 2], [0, 3], [0, 5]]

CALLS: dict[str, Callable[[], Any]] = {
    "unique": lambda: ad.tensor(NUMBERS).unique(return_inverse=True, return_counts=True),
    "unique of a matrix": lambda: ad.tensor(ROWS).unique(return_inverse=True),
    "unique rows": lambda: ad.tensor(ROWS).unique(return_inverse=True, return_counts=True, dim=0),
    "unique columns": lambda: ad.tensor(ROWS).unique(dim=1),
    "unique truth values": lambda: ad.tensor([True, False, True]).unique(return_counts=True),
    "unique of nothing": lambda: ad.zeros(0).unique(return_inverse=True, return_counts=True),
    "unique_consecutive": lambda: ad.tensor(ROWS).unique_consecutive(
        return_inverse=True, return_counts=True, dim=0
    ),
    "searchsorted": lambda: ad.searchsorted(ad.tensor([1.0, 2.0, 2.0, 4.0]), ad.tensor(NUMBERS)),
    "searchsorted right": lambda: ad.searchsorted(
        ad.tensor([1, 2, 2, 4]), ad.tensor([[0.5, 2.0], [4.0, 9.0]]), right=True, out_int32=True
    ),
    "searchsorted rows": lambda: ad.searchsorted(
        ad.tensor([[1, 3, 5], [2, 4, 6]]), ad.tensor([[3], [3]])
    ),
    "searchsorted unsorted": lambda: ad.searchsorted(
        ad.tensor([3, 1, 2]), ad.tensor([2]), sorter=ad.tensor([1, 2, 0])
    ),
    "searchsorted number": lambda: ad.searchsorted(ad.tensor([1, 3, 5]), 4),
    "bucketize": lambda: ad.bucketize(ad.tensor(NUMBERS), ad.tensor([0.0, 1.0, 2.0])),
    "bincount": lambda: ad.tensor([3, 0, 3, 1]).bincount(minlength=6),
    "bincount weights": lambda: ad.tensor([1, 0, 1]).bincount(ad.tensor([0.5, 1.0, 2.0])),
    "bincount of nothing": lambda: ad.zeros(0, dtype=ad.int64).bincount(),
    "histc": lambda: ad.tensor([1.0, 2.0, 1.0, 3.0, 7.0]).histc(bins=4, min=0, max=3),
    "histc of all": lambda: ad.linspace(0, 1, 11).histc(bins=10),
    "isin": lambda: ad.isin(ad.tensor(NUMBERS), ad.tensor([1.0, NAN])),
    "isin inverted": lambda: ad.isin(ad.tensor(ROWS), 2, invert=True),
    "nonzero": lambda: ad.tensor(ROWS).nonzero(),
    "nonzero of a number": lambda: ad.tensor(3.0).nonzero(),
    "equal": lambda: ad.tensor(ad.tensor(ROWS).equal(ad.tensor(ROWS))),
    "mode": lambda: tuple(ad.tensor([[3, 1, 3, 1], [2, 2, 2, 1]]).mode()),
    "mode of nan": lambda: tuple(ad.tensor([NAN, NAN, 1.0]).mode()),
    "quantile": lambda: ad.tensor([3.0, 1.0, 2.0]).quantile(ad.tensor([0.25, 0.5])),
}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_functions_give_what_they_give_on_the_cpu(call: Callable[[], Any]) -> None:
    expected = call()
    ad.set_default_device("cuda")
    try:
        found = call()
    finally:
        ad.set_default_device(None)
    found, expected = (x if isinstance(x, tuple) else (x,) for x in (found, expected))
    for x, y in zip(found, expected, strict=True):
        assert x.is_cuda or x.dtype is ad.bool
        assert x.dtype is y.dtype
        np.testing.assert_array_equal(x.cpu().numpy(), y.numpy())


@pytest.mark.usefixtures("on_cuda")
def test_positions_are_drawn_in_proportion_to_weights() -> None:
    ad.manual_seed(0)
    drawn = ad.multinomial(ad.tensor([[1.0, 0.0, 3.0], [0.0, 1.0, 0.0]]), 400, replacement=True)
    assert drawn.is_cuda
    assert drawn.shape == (2, 400)
    counts = drawn[0].bincount(minlength=3).tolist()
    assert counts[1] == 0
    assert abs(counts[2] - 300) < 5 * (400 * 3 / 16) ** 0.5
    assert drawn[1].unique().tolist() == [1]


@pytest.mark.usefixtures("on_cuda")
def test_without_replacement_each_position_is_drawn_once() -> None:
    drawn = ad.multinomial(ad.tensor([1.0, 0.0, 3.0, 2.0]), 3)
    assert sorted(drawn.tolist()) == [0, 2, 3]


@pytest.mark.usefixtures("on_cuda")
def test_a_state_holds_the_sequence_of_the_gpu() -> None:
    g = ad.Generator().manual_seed(0)
    before = g.get_state()
    start = ad.rand(2, generator=g).tolist()
    state = g.get_state()
    first, second = (ad.rand(2, generator=g).tolist() for _ in range(2))
    assert first != second
    assert ad.rand(2, generator=g.set_state(state)).tolist() == first
    assert ad.rand(2, generator=ad.Generator().set_state(state)).tolist() == first
    assert ad.rand(2, generator=g.set_state(before)).tolist() == start


@pytest.mark.usefixtures("on_cuda")
def test_gradients_are_checked_on_the_gpu() -> None:
    x = ad.tensor([[2.0, 1.0], [0.5, 3.0]], dtype=ad.float64, requires_grad=True)
    assert ad.autograd.gradcheck(ad.linalg.inv, x, check_grad_dtypes=True)
    assert ad.autograd.gradgradcheck(ad.linalg.det, x, fast_mode=True)
