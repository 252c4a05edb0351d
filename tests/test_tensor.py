"""Tensor: creation, dtypes, indexing, views, in-place writes, the bridge to NumPy."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import autodiff as ad

# -- creation and dtypes ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "dtype"),
    [
        (1.5, ad.float32),
        (1, ad.int64),
        (True, ad.bool),
        ([], ad.float32),
        ([1, 2.5], ad.float32),
        ([True, 2], ad.int64),
        (np.zeros(2), ad.float64),
        (np.float64(1.5), ad.float64),
        (np.zeros(2, np.uint8), ad.uint8),
        ([np.zeros(2, np.int8)], ad.int8),
    ],
)
def test_the_dtype_follows_from_the_data(data, dtype) -> None:
    assert ad.tensor(data).dtype is dtype


def test_float64_from_python_keeps_every_digit() -> None:
    """They must not pass through the default float32 on the way."""
    assert ad.tensor(0.1, dtype=ad.float64).item() == 0.1
    assert ad.as_tensor([1 / 3], dtype=ad.float64).tolist() == [1 / 3]


def test_the_default_dtype_can_be_changed() -> None:
    ad.set_default_dtype(ad.float64)
    try:
        assert ad.tensor(0.1).item() == 0.1
        assert ad.zeros(1).dtype is ad.float64
        assert ad.ones(1, dtype=int).dtype is ad.int64
    finally:
        ad.set_default_dtype(ad.float32)


def test_tensor_copies_and_as_tensor_shares() -> None:
    array = np.zeros(2, np.float32)
    copied, shared, bridged = ad.tensor(array), ad.as_tensor(array), ad.from_numpy(array)
    array[0] = 7
    assert copied.tolist() == [0.0, 0.0]
    assert shared.tolist() == bridged.tolist() == [7.0, 0.0]


def test_a_tensor_of_tensors() -> None:
    assert ad.tensor([ad.tensor(1.0), ad.tensor(2.0)]).tolist() == [1.0, 2.0]


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (lambda: ad.zeros(2, 3), np.zeros((2, 3))),
        (lambda: ad.zeros((2, 3)), np.zeros((2, 3))),
        (lambda: ad.ones([2]), np.ones(2)),
        (lambda: ad.full((2,), 1.5), np.full(2, 1.5)),
        (lambda: ad.eye(2, 3), np.eye(2, 3)),
        (lambda: ad.arange(4), np.arange(4)),
        (lambda: ad.arange(1, 2, 0.25), np.arange(1, 2, 0.25)),
        (lambda: ad.linspace(0, 1, 5), np.linspace(0, 1, 5)),
        (lambda: ad.zeros_like(ad.ones(2, dtype=ad.int8)), np.zeros(2, np.int8)),
        (lambda: ad.full_like(ad.ones(2), 3), np.full(2, 3.0)),
    ],
)
def test_creation(made, expected) -> None:
    np.testing.assert_array_equal(made().numpy(), expected)


def test_random_numbers_repeat_from_a_seed() -> None:
    makers = (ad.rand, ad.randn, lambda n: ad.randint(0, 9, (n,)), ad.randperm)
    for make in makers:
        ad.manual_seed(3)
        first = make(100)
        ad.manual_seed(3)
        assert make(100).tolist() == first.tolist()
        assert make(100).tolist() != first.tolist()


def test_random_numbers_have_their_distributions() -> None:
    ad.manual_seed(0)
    uniform, normal = ad.rand(20_000).numpy(), ad.randn(20_000).numpy()
    integers = ad.randint(2, 5, (20_000,)).numpy()
    assert (uniform.min() >= 0, uniform.max() < 1) == (True, True)
    assert uniform.mean() == pytest.approx(0.5, abs=0.02)
    assert (normal.mean(), normal.std()) == pytest.approx((0, 1), abs=0.03)
    assert set(integers.tolist()) == {2, 3, 4}
    assert sorted(ad.randperm(10).tolist()) == list(range(10))


def test_conversions() -> None:
    x = ad.tensor([1.7, -2.3])
    assert x.int().tolist() == [1, -2]
    assert x.bool().tolist() == [True, True]
    assert (x.double().dtype, x.half().dtype, x.long().dtype) == (ad.float64, ad.float16, ad.int64)
    assert x.to(ad.float32) is x
    assert x.to(ad.tensor(1)).dtype is ad.int64
    assert x.to("cpu", ad.float64).dtype is ad.float64
    assert x.type(ad.int32).dtype is ad.int32


# -- describing -------------------------------------------------------------------------------


def test_shape_and_size() -> None:
    x = ad.zeros(2, 3, 4)
    assert x.shape == (2, 3, 4) == x.size()
    assert (x.size(-1), x.ndim, x.dim(), x.numel(), len(x)) == (4, 3, 3, 24, 2)
    assert x.stride() == (12, 4, 1)
    assert x.T.stride() == (1, 4, 12)
    assert x.element_size() == 4
    assert x.is_contiguous()
    assert not x.T.is_contiguous()
    assert x.T.contiguous().is_contiguous()


def test_numbers_out_of_a_tensor() -> None:
    x = ad.tensor([[2]])
    assert (x.item(), int(x), float(x), bool(x), [10, 20, 30][x]) == (2, 2, 2.0, True, 30)
    assert ad.tensor([[1.5, 2.0]]).tolist() == [[1.5, 2.0]]
    assert [y.item() for y in ad.tensor([1, 2])] == [1, 2]
    assert 2 in ad.tensor([1, 2])
    assert 3 not in ad.tensor([1, 2])


def test_copies_and_pickles() -> None:
    x = ad.tensor([1.0, 2.0], requires_grad=True)
    (x * 3).sum().backward()
    twin = copy.deepcopy(x)
    twin.grad.zero_()
    assert x.grad.tolist() == [3.0, 3.0]
    again = pickle.loads(pickle.dumps(x))
    assert (again.tolist(), again.requires_grad) == (x.tolist(), True)


def test_tensors_are_keys_by_identity() -> None:
    x, y = ad.tensor(1.0), ad.tensor(1.0)
    assert len({x, y, x}) == 2


# -- indexing, views, versions ----------------------------------------------------------------


def grid() -> ad.Tensor:
    return ad.arange(12.0).reshape(3, 4)


KEYS = [
    0, -1, slice(1, None), slice(None, None, 2), (1, 2), (slice(None), 1), (..., 0), None,
    (None, 1), (slice(None), None, 0), [0, 2], ([0, 2], [1, 3]), (slice(None), [3, 0, 3]),
    np.array([[0, 1], [2, 0]]), np.array([True, False, True]),
]  # fmt: skip


@pytest.mark.parametrize("key", KEYS, ids=str)
def test_indexing_is_numpys(key) -> None:
    np.testing.assert_array_equal(grid()[key].numpy(), np.arange(12.0).reshape(3, 4)[key])


def test_indexing_with_tensors() -> None:
    x = grid()
    assert x[ad.tensor([2, 0])].tolist() == x.numpy()[[2, 0]].tolist()
    assert x[x > 9].tolist() == [10.0, 11.0]
    assert x[ad.tensor(1), ad.tensor(2)].item() == 6.0


def test_assignment() -> None:
    x = grid()
    x[0] = 5
    x[1, 1:3] = ad.tensor([7.0, 8.0])
    x[x > 9] = 0
    x[ad.tensor([2]), 0] = -1
    assert x.tolist() == [[5.0] * 4, [4.0, 7.0, 8.0, 7.0], [-1.0, 9.0, 0.0, 0.0]]


VIEWS = {
    "index": lambda x: x[1],
    "one element": lambda x: x[1, 2],
    "slice": lambda x: x[:, 1:3],
    "reshape": lambda x: x.reshape(4, 3),
    "view": lambda x: x.view(-1),
    "transpose": lambda x: x.T,
    "permute": lambda x: x.permute(1, 0),
    "unsqueeze": lambda x: x.unsqueeze(1),
    "flatten": lambda x: x.flatten(),
    "detach": lambda x: x.detach(),
    "view of a view": lambda x: x.T[1:].unsqueeze(0),
}


@pytest.mark.parametrize("name", VIEWS)
def test_views_share_memory_and_version(name) -> None:
    x = grid()
    view = VIEWS[name](x)
    assert np.shares_memory(view.value, x.value)
    before = x._version
    view.fill_(9)
    assert (x == 9).value.any()
    assert x._version == view._version == before + 1
    x.zero_()
    assert view._version == x._version
    assert not view.value.any()


@pytest.mark.parametrize(
    "copied",
    [lambda x: x.clone(), lambda x: x[[0, 1]], lambda x: x + 0, lambda x: x.T.reshape(-1)],
)
def test_copies_do_not(copied) -> None:
    x = grid()
    y = copied(x)
    assert not np.shares_memory(x.value, y.value)
    y.zero_()
    assert x._version == 0
    assert x.value.any()


# -- in-place writes --------------------------------------------------------------------------


def test_in_place_arithmetic_keeps_the_memory() -> None:
    x = ad.tensor([1.0, 2.0])
    memory = x.value
    x += 1
    x *= ad.tensor([2.0, 3.0])
    x -= 1
    x /= 2
    x.exp_()
    assert x.value is memory
    np.testing.assert_allclose(memory, np.exp([1.5, 4.0]), rtol=1e-6)
    assert x._version == 5


def test_in_place_on_a_result_is_part_of_the_graph() -> None:
    x = ad.tensor([1.0, 2.0], requires_grad=True)
    y = x * 3
    y += x
    y.mul_(2)
    y.sum().backward()
    assert x.grad.tolist() == [8.0, 8.0]


def test_copy_and_fill() -> None:
    x = ad.zeros(2, 2)
    x.copy_(ad.tensor([1, 2]))
    assert x.tolist() == [[1.0, 2.0], [1.0, 2.0]]
    assert x.fill_(ad.tensor(3)).tolist() == [[3.0, 3.0], [3.0, 3.0]]
    assert x.zero_() is x


def test_updating_a_leaf_under_no_grad() -> None:
    w = ad.tensor([1.0], requires_grad=True)
    (w * 2).sum().backward()
    with ad.no_grad():
        w -= 0.5 * w.grad
    assert w.tolist() == [0.0]
    assert w.is_leaf
    assert w.requires_grad


def test_where_a_view_lies_in_memory() -> None:
    x = ad.arange(12).reshape(3, 4)
    assert x[1:, 2].storage_offset() == 6
    assert x[1:, 2].data_ptr() == x.data_ptr() + 6 * x.element_size()
    assert x.T.storage_offset() == 0


def test_data_escapes_the_version_counter() -> None:
    x = ad.tensor([1.0], requires_grad=True)
    x.data.fill_(5)
    assert x.tolist() == [5.0]
    assert x._version == 0
    x.data = ad.tensor([6.0])
    assert x.tolist() == [6.0]


# -- the bridge to NumPy ----------------------------------------------------------------------


def test_numpy_shares_memory_both_ways() -> None:
    x = ad.zeros(2)
    x.numpy()[0] = 1
    x[1] = 2
    assert x.numpy().tolist() == [1.0, 2.0]
    assert np.asarray(x).dtype == np.float32
    assert np.array(x, dtype=np.float64).dtype == np.float64


def test_arrays_mix_with_tensors() -> None:
    x = ad.tensor([1.0, 2.0], dtype=ad.float64, requires_grad=True)
    for out in (np.array([3.0, 4.0]) * x, x * np.array([3.0, 4.0])):
        assert isinstance(out, ad.Tensor)
        assert out.tolist() == [3.0, 8.0]
        assert out.requires_grad
    assert isinstance(np.float32(2) * x, ad.Tensor)


# -- leaves -----------------------------------------------------------------------------------


def test_leaves_and_results() -> None:
    x = ad.tensor([1.0], requires_grad=True)
    y = x * 2
    assert (x.is_leaf, y.is_leaf, y.detach().is_leaf) == (True, False, True)
    assert (x.grad_fn, y.requires_grad, y.detach().requires_grad) == (None, True, False)
    assert y.detach_().is_leaf


def test_gradients_follow_the_dtype_of_mixed_operands() -> None:
    x = ad.tensor([1.0], requires_grad=True)
    y = ad.tensor([2.0], dtype=ad.float64, requires_grad=True)
    (x * y).sum().backward()
    assert (x.grad.dtype, y.grad.dtype) == (ad.float32, ad.float64)
    assert (x.grad.tolist(), y.grad.tolist()) == ([2.0], [1.0])


@pytest.mark.parametrize("dtype", [ad.bool, ad.uint8, ad.int8, ad.int32, ad.int64])
def test_sums_of_integers_are_int64(dtype) -> None:
    x = ad.tensor([1, 0, 1], dtype=dtype)
    assert x.sum().dtype is x.sum(0, keepdim=True).dtype is ad.int64
    assert x.sum().item() == 2


@pytest.mark.parametrize("function", [ad.exp, ad.maximum, ad.add, ad.sum, ad.relu])
def test_functions_can_be_sent_to_other_processes(function: Callable[..., Any]) -> None:
    assert pickle.loads(pickle.dumps(function)) is function
