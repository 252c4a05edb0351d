"""Arrays on the GPU: views, dtypes, indexing, errors, memory."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import numpy as np
import pytest

import autodiff as ad
from autodiff.errors.devices import NotOnDeviceError

pytestmark = pytest.mark.usefixtures("on_cuda")

RNG = np.random.default_rng(0)


def both(shape: tuple[int, ...]) -> tuple[np.ndarray, ad.Tensor]:
    a = RNG.normal(size=shape).astype(np.float32)
    return a, ad.tensor(a)


def same(x: ad.Tensor, expected: Any, rtol: float = 1e-5) -> None:
    assert x.is_cuda
    assert x.shape == np.shape(expected)
    np.testing.assert_allclose(x.cpu().numpy(), expected, rtol=rtol, atol=1e-6)


# -- devices --------------------------------------------------------------------------------------


def test_where_tensors_are() -> None:
    assert ad.cuda.is_available()
    assert ad.accelerator.current_accelerator() == ad.device("cuda", 0)
    x = ad.ones(2)
    assert x.device == ad.device("cuda:0")
    assert x.to("cuda") is x
    assert x.cpu().device == ad.device("cpu")
    assert ad.ones(2, device="cuda:1").device == ad.device("cuda:1")
    assert ad.zeros_like(x.cpu()).device == ad.device("cpu")
    assert x.cpu().new_zeros(2).device == ad.device("cpu")
    assert repr(x) == "tensor([1., 1.], device='cuda:0')"
    with pytest.raises(RuntimeError, match="invalid device ordinal"):
        ad.ones(2, device="cuda:7")


@pytest.mark.parametrize("other", ["cpu", "cuda:1"])
@pytest.mark.parametrize(
    "f",
    [
        lambda x, y: x + y, lambda x, y: x @ y, lambda x, y: ad.cat([x, y]),
        lambda x, y: x.copy_(x * y), lambda x, y: ad.where(x > 0, x, y),
    ],
)  # fmt: skip
def test_devices_do_not_mix(f: Any, other: str) -> None:
    x, y = ad.ones(2, 2), ad.ones(2, 2, device=other)
    for pair in ((x, y), (y, x)):
        with pytest.raises(RuntimeError, match="Expected all tensors to be on the same device"):
            f(*pair)


def test_a_number_on_the_cpu_may_meet_a_tensor_on_the_gpu() -> None:
    """As in PyTorch: a tensor without dimensions is a number."""
    assert (ad.ones(2) * ad.tensor(3.0, device="cpu")).tolist() == [3.0, 3.0]


def test_nothing_is_copied_to_the_host_silently() -> None:
    x = ad.ones(2)
    with pytest.raises(TypeError, match=r"can't convert cuda:0 device type tensor to numpy"):
        x.numpy()
    with pytest.raises(TypeError, match=r"Use Tensor.cpu\(\)"):
        np.asarray(x)
    with pytest.raises(TypeError, match=r"Use Tensor.cpu\(\)"):
        np.asarray(x.value)
    with pytest.raises(NotOnDeviceError, match=r"numpy.fft.*cannot be computed|numpy.interp"):
        np.interp(x.value, [0, 1], [0, 1])
    assert x.numpy(force=True).tolist() == [1.0, 1.0]


def test_gradients_cross_devices() -> None:
    x = ad.tensor([1.0, 2.0], device="cpu", requires_grad=True)
    y = (x.cuda() * 3).to("cuda:1").exp().sum()
    assert y.grad_fn.next_functions[0][0].name() == "ExpBackward0"
    y.backward()
    assert x.grad.device == ad.device("cpu")
    np.testing.assert_allclose(x.grad, 3 * np.exp([3.0, 6.0]), rtol=1e-5)


# -- views and layouts ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "f",
    [
        lambda a: a.T, lambda a: a[1], lambda a: a[:, 1:3], lambda a: a[::2, None, 1],
        lambda a: a[..., -1], lambda a: a.reshape(2, 10), lambda a: a.reshape(-1),
        lambda a: a[1:][:, ::3], lambda a: a[4:], lambda a: a.T.reshape(10, 2),
    ],
)  # fmt: skip
def test_views(f: Any) -> None:
    a, x = both((4, 5))
    same(f(x), f(a))
    same(f(x) * 2 + f(x), f(a) * 3)
    same(f(x).clone(), f(a))


@pytest.mark.parametrize(
    "key",
    [
        np.array([2, 0, 0]), (slice(None), np.array([1, -1])), (np.array([0, 1]), np.array([3, 2])),
        (np.array([[0], [2]]), np.array([1, 3])), np.array([[True, False, True, False, True]] * 4),
        np.array([True, False, True, True]), (0, np.array([1, 2])), (slice(1, 3), None, 2),
        (np.array([1, 1]), slice(1, 4)),
    ],
)  # fmt: skip
def test_keys(key: Any) -> None:
    a, x = both((4, 5))
    parts = key if isinstance(key, tuple) else (key,)
    ours = tuple(ad.tensor(p) if isinstance(p, np.ndarray) else p for p in parts)
    same(x[ours], a[key])
    a[key] = 7
    x[ours] = 7
    same(x, a)
    values = RNG.normal(size=a[key].shape).astype(np.float32)
    if not (isinstance(key, np.ndarray) and key.dtype != bool):  # what repeats has no order
        a[key] = values
        x[ours] = ad.tensor(values)
        same(x, a)


def test_keys_between_dimensions() -> None:
    a, x = both((2, 3, 4, 5))
    i, j = np.array([0, 2]), np.array([1, 3])
    same(x[:, ad.tensor(i), ad.tensor(j)], a[:, i, j])
    same(x[:, ad.tensor(i), :, ad.tensor(j)], a[:, i, :, j])
    x[:, ad.tensor(i), ad.tensor(j)] = 0.0
    a[:, i, j] = 0
    same(x, a)


def test_a_position_out_of_range_is_reported_when_a_value_is_read() -> None:
    x = ad.zeros(3)
    y = x[ad.tensor([0, 5])]
    with pytest.raises(IndexError, match="out of range in an indexing operation on the GPU"):
        y.cpu()
    assert x[ad.tensor([0, -1])].tolist() == [0.0, 0.0]


# -- dtypes ---------------------------------------------------------------------------------------

DTYPES = [
    ad.float16, ad.float32, ad.float64, ad.int8, ad.int16, ad.int32, ad.int64, ad.uint8, ad.bool_,
]  # fmt: skip


@pytest.mark.parametrize("source", DTYPES)
@pytest.mark.parametrize("target", DTYPES)
def test_casts_and_promotion(source: Any, target: Any) -> None:
    a = np.array([0, 1, 1, 3]).astype(source.numpy)
    x, on_host = ad.tensor(a), ad.tensor(a, device="cpu")
    same(x.to(target), a.astype(target.numpy))
    total, expected = x + ad.ones(4, dtype=target), on_host + ad.ones(4, dtype=target, device="cpu")
    assert total.dtype is expected.dtype
    same(total, expected.numpy())


# -- work that threads share ----------------------------------------------------------------------


@pytest.mark.parametrize("shape", [(3, 100), (100, 3), (2, 5, 70), (1, 40000), (40000,)])
@pytest.mark.parametrize("name", ["sum", "mean", "amax", "argmax"])
def test_long_reductions(shape: tuple[int, ...], name: str) -> None:
    a, x = both(shape)
    f = {"amax": np.max}.get(name) or getattr(np, name)
    for dim in {0, len(shape) - 1}:
        if shape[dim] > 1000 and len(shape) == 2 and dim == 0:
            continue
        same(getattr(x, name)(dim), f(a, axis=dim), rtol=1e-3)


def test_a_reduction_gives_the_same_bits_each_time() -> None:
    _, x = both((3, 300))
    assert x.sum(1).tolist() == x.sum(1).tolist()


@pytest.mark.parametrize(("m", "k", "n"), [(1, 1, 1), (3, 5, 2), (4, 4, 4), (9, 7, 5), (2, 9, 11)])
def test_matrix_products_of_every_layout(m: int, k: int, n: int) -> None:
    a, x = both((m, k))
    b, y = both((k, n))
    same(x @ y, a @ b)
    same(x.T.contiguous().T @ y, a @ b)
    same(x @ y.T.contiguous().T, a @ b)
    c, z = both((2, 3, k, n))
    same(x @ z, a @ c)
    same(z.mT @ x.T, c.swapaxes(-1, -2) @ a.T)


def test_sorting_is_stable_and_nan_comes_last() -> None:
    a = np.array([[3, 1, np.nan, 1, 2, 1, -np.inf], [0, 0, 1, 1, 0, np.inf, np.nan]], np.float32)
    values, places = ad.tensor(a).sort(1, stable=True)
    np.testing.assert_array_equal(values.cpu(), np.sort(a, 1))
    np.testing.assert_array_equal(places.cpu(), np.argsort(a, 1, kind="stable"))


def test_contributions_to_one_element_are_added_in_order() -> None:
    x = ad.zeros(3, 2, requires_grad=True)
    index = ad.tensor([2, 0, 2, 2])
    (x[index] * ad.tensor([[1.0], [10.0], [100.0], [1000.0]])).sum().backward()
    assert x.grad.tolist() == [[10.0, 10.0], [0.0, 0.0], [1101.0, 1101.0]]


# -- random numbers -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "first",
    [
        "ad.randn(2, device='cuda')", "ad.zeros(2, device='cuda')", "ad.tensor([1.0]).cuda()",
        "ad.arange(3, device='cuda')", "ad.eye(2, device='cuda')",
        "ad.Generator('cuda').manual_seed(0)",
    ],
)  # fmt: skip
def test_whatever_comes_first_loads_what_is_needed(first: str) -> None:
    program = f"import autodiff as ad; x = {first}; print((ad.ones(2, device='cuda') + 1).tolist())"
    shown = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert shown.stdout.strip() == "[2.0, 2.0]", shown.stderr


def test_random_numbers_are_made_on_the_device_and_repeatable() -> None:
    ad.manual_seed(3)
    first = [ad.rand(50), ad.randn(50), ad.randint(0, 5, (50,)).float()]
    second = ad.rand(50)
    ad.manual_seed(3)
    again = [ad.rand(50), ad.randn(50), ad.randint(0, 5, (50,)).float()]
    for x, y in zip(first, again, strict=True):
        assert x.is_cuda
        assert x.tolist() == y.tolist()
    assert second.tolist() != first[0].tolist()
    ad.cuda.manual_seed(3)
    assert ad.rand(50).tolist() == first[0].tolist()
    assert 0 <= first[0].min().item() < 0.2 < 0.8 < first[0].max().item() < 1
    assert set(first[2].tolist()) == {0.0, 1.0, 2.0, 3.0, 4.0}
    assert sorted(ad.randperm(9).tolist()) == list(range(9))


def test_random_numbers_have_the_right_moments() -> None:
    ad.manual_seed(0)
    u, z = ad.rand(4000).cpu(), ad.randn(4000).cpu()
    assert abs(u.mean().item() - 0.5) < 0.02
    assert abs(u.var().item() - 1 / 12) < 0.005
    assert abs(z.mean().item()) < 0.05
    assert abs(z.std().item() - 1) < 0.05


# -- memory and other libraries -------------------------------------------------------------------


def test_memory_is_counted() -> None:
    before = ad.cuda.memory_allocated()
    x = ad.zeros(1024)
    assert ad.cuda.memory_allocated() == before + 4096
    del x
    assert ad.cuda.memory_allocated() == before
    assert ad.cuda.max_memory_allocated() >= before + 4096


def test_full_memory_leaves_the_process_usable() -> None:
    kept = ad.ones(4)
    with pytest.raises(ad.cuda.OutOfMemoryError, match="CUDA out of memory"):
        ad.empty(1 << 30)
    assert (kept + 1).tolist() == [2.0] * 4


def test_a_captured_step_is_replayed_on_new_data() -> None:
    x, w = ad.zeros(3), ad.tensor([1.0, 2.0, 3.0])
    graph = ad.cuda.CUDAGraph()
    with ad.cuda.graph(graph):
        y = (x * w).sum() + ad.rand(1)[0] * 0
        count = ad.zeros(2).add_(1)  # zeros are part of the work, too
        noise = ad.rand(1)
    seen = []
    for value in (1.0, 2.0):
        x.fill_(value)
        graph.replay()
        assert y.item() == 6 * value
        assert count.tolist() == [1.0, 1.0]
        seen.append(noise.item())
    assert seen[0] != seen[1]  # the sequence of random numbers goes on


def test_other_libraries_find_the_memory() -> None:
    x = ad.zeros(2, 3)
    interface = x.__cuda_array_interface__
    assert interface["shape"] == (2, 3)
    assert interface["typestr"] == "<f4"
    assert interface["data"] == (x.data_ptr(), False)
    assert x.T.__cuda_array_interface__["strides"] == (4, 12)
    assert x.__dlpack_device__() == (2, 0)
    with pytest.raises(AttributeError, match="__cuda_array_interface__"):
        _ = x.cpu().__cuda_array_interface__
    with pytest.raises(RuntimeError, match="requires grad"):
        _ = ad.zeros(1, requires_grad=True).__cuda_array_interface__


class Foreign:
    """An array of another library: all that is known of it is its description."""

    def __init__(self, x: ad.Tensor) -> None:
        self.owner = x
        self.__cuda_array_interface__ = x.__cuda_array_interface__


def test_memory_of_other_libraries_is_shared() -> None:
    x = ad.arange(6.0).reshape(2, 3)
    for take in (ad.as_tensor, ad.from_dlpack, ad.asarray):
        y = take(Foreign(x.T))
        same(y, x.cpu().numpy().T)
        y[0, 1] = 9.0
        assert x[1, 0].item() == 9.0
        x[1, 0] = 3.0
