"""The CPU's computations against the reference: slow, obvious loops that define what they mean."""

from __future__ import annotations

import math

import numpy as np
import pytest

import autodiff as ad
from autodiff.backends import cpu, direct, reference
from autodiff.backends.window import Window, pair
from autodiff.nn import functional as F  # noqa: N812

WINDOWS = [
    Window.of(1),
    Window.of(2, stride=2),
    Window.of((2, 3), stride=(1, 2), padding=(0, 1)),
    Window.of(3, padding=1),
    Window.of(2, dilation=2, padding=1),
    Window.of((1, 3), stride=3, groups=2),
    Window.of(2, stride=2, padding=1, groups=4),
]

by_window = pytest.mark.parametrize("window", WINDOWS, ids=str)
by_dtype = pytest.mark.parametrize("dtype", [np.float32, np.float64])


def inputs(window: Window, dtype: type) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """x, weight, bias, and a gradient of the output."""
    rng = np.random.default_rng(3)
    shapes = [(2, 4, 6, 7), (8, 4 // window.groups, *window.kernel), (8,)]
    x, weight, bias = (rng.standard_normal(shape).astype(dtype) for shape in shapes)
    g = rng.standard_normal((2, 8, *window.out_size(x.shape[2:]))).astype(dtype)
    return x, weight, bias, g


def assert_same(out: np.ndarray, expected: np.ndarray) -> None:
    assert out.dtype == expected.dtype
    tolerance = 1e-4 if out.dtype == np.float32 else 1e-10
    np.testing.assert_allclose(out, expected, rtol=tolerance, atol=tolerance)


@by_window
@by_dtype
def test_convolution_and_its_gradients(window: Window, dtype: type) -> None:
    x, weight, bias, g = inputs(window, dtype)
    for f, arguments in (
        ("conv2d", (x, weight, bias, window)),
        ("conv2d", (x, weight, None, window)),
        ("conv2d_input", (g, weight, x.shape, window)),
        ("conv2d_weight", (g, x, weight.shape, window)),
    ):
        assert_same(getattr(cpu, f)(*arguments), getattr(reference, f)(*arguments))


@pytest.mark.parametrize("shapes", [((4, 5, 6, 7), (6, 5, 2, 3)), ((5, 3, 4, 4), (8, 3, 4, 3))])
@pytest.mark.parametrize("padding", [(0, 0), (1, 2), (3, 1)])
@by_dtype
def test_convolution_without_columns(shapes, padding, dtype: type) -> None:
    """Filters in fours and not; borders wider than the filter, whose gradient cuts ``g`` off."""
    rng = np.random.default_rng(4)
    x, weight = (rng.standard_normal(shape).astype(dtype) for shape in shapes)
    window = Window.of(weight.shape[2:], padding=padding)
    bias = rng.standard_normal(len(weight)).astype(dtype)
    g = rng.standard_normal((len(x), len(weight), *window.out_size(x.shape[2:]))).astype(dtype)
    for f, arguments in (
        ("conv2d", (x, weight, bias, window)),
        ("conv2d", (np.asfortranarray(x), weight, None, window)),
        ("conv2d_input", (g, weight, x.shape, window)),
        ("conv2d_weight", (g, x, weight.shape, window)),
    ):
        assert_same(getattr(direct, f)(*arguments), getattr(reference, f)(*arguments))


def test_convolution_goes_the_quicker_way(monkeypatch: pytest.MonkeyPatch) -> None:
    """A LeNet's layer needs no columns; few images, many filters or strides do."""
    ways: list[str] = []
    monkeypatch.setattr(cpu, "_direct", lambda: ways.append("direct") or direct)
    x, weight = np.zeros((64, 6, 14, 14), np.float32), np.zeros((16, 6, 5, 5), np.float32)
    cpu.conv2d(x, weight, None, Window.of(5))
    assert ways == ["direct"]
    cpu.conv2d(x[:1], weight, None, Window.of(5))
    cpu.conv2d(x, weight, None, Window.of(5, stride=2))
    cpu.conv2d(x, np.zeros((80, 6, 5, 5), np.float32), None, Window.of(5))
    assert ways == ["direct"]


@by_window
@by_dtype
def test_max_pooling(window: Window, dtype: type) -> None:
    x = inputs(window, dtype)[0]
    out, indices = cpu.max_pool2d(x, window)
    expected, expected_indices = reference.max_pool2d(x, window)
    assert_same(out, expected)
    np.testing.assert_array_equal(indices, expected_indices)


def test_inputs_that_are_not_in_order_in_memory() -> None:
    window = Window.of(2, stride=2)
    x, weight, bias, g = inputs(window, np.float64)
    turned = np.asfortranarray(x)
    assert_same(cpu.conv2d(turned, weight, bias, window), cpu.conv2d(x, weight, bias, window))
    assert_same(cpu.max_pool2d(turned, window)[0], cpu.max_pool2d(x, window)[0])
    spread = np.broadcast_to(np.float64(1.0), g.shape)
    assert_same(
        cpu.conv2d_input(spread, weight, x.shape, window),
        reference.conv2d_input(np.ones(g.shape), weight, x.shape, window),
    )


def test_pooling_takes_the_first_of_equals_and_any_nan() -> None:
    x = np.array([[[[1.0, 1.0, 2.0, np.nan], [1.0, 1.0, 3.0, 0.0]]]])
    out, indices = cpu.max_pool2d(x, Window.of(2, stride=2))
    assert out[0, 0, 0, 0] == 1.0
    assert np.isnan(out[0, 0, 0, 1])
    assert indices.reshape(-1).tolist() == [0, 3]


def test_pooling_of_negative_numbers_ignores_the_border() -> None:
    x = -np.ones((1, 1, 2, 2))
    out, _ = cpu.max_pool2d(x, Window.of(2, stride=2, padding=1))
    np.testing.assert_array_equal(out, -np.ones((1, 1, 2, 2)))


def test_scattering_adds_up_repeats() -> None:
    x = np.arange(6.0).reshape(2, 3)
    index = np.array([[0, 0, 4], [1, 2, 1]])
    out = cpu.scatter_last(x, index, 5)
    assert out.tolist() == [[1.0, 0.0, 0.0, 0.0, 2.0], [0.0, 8.0, 4.0, 0.0, 0.0]]


def test_pair() -> None:
    assert pair(3) == (3, 3)
    assert pair((1, 2)) == (1, 2)


@pytest.mark.parametrize(
    "dim", [None, (0,), (1,), (2,), (0, 1), (0, 2), (0, 1, 2), (1, 2)], ids=str
)
@pytest.mark.parametrize("keepdim", [False, True])
@by_dtype
def test_sums_of_large_arrays(dim, keepdim: bool, dtype: type) -> None:
    x = np.random.default_rng(0).standard_normal((40, 30, 50)).astype(dtype)
    assert x.size >= cpu.SUMS_FROM
    for array in (x, x.transpose(2, 0, 1), x[:, ::-1]):
        out = cpu.sum_over(array, dim, keepdim)
        expected = array.astype(np.float64).sum(dim, keepdims=keepdim)
        assert np.shape(out) == expected.shape
        assert out.dtype == dtype
        tolerance = 1e-4 if dtype == np.float32 else 1e-11
        np.testing.assert_allclose(out, expected, rtol=tolerance, atol=tolerance)


@pytest.mark.parametrize("size", [3, cpu.MASKS_FROM])
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_masks_drop_infinities_and_nan(size: int, dtype: type) -> None:
    x = np.resize([1.5, np.inf, np.nan, -np.inf, -0.0, 2.5], size).astype(dtype)
    keep = np.resize([True, False, False, True, True], size)
    for array in (x, np.broadcast_to(x[3:], (4, size - 3))):
        mask = np.resize(keep, array.shape)
        out = cpu.masked(array, mask)
        assert out.dtype == dtype
        np.testing.assert_array_equal(out, np.where(mask, array, dtype(0)))


@pytest.mark.parametrize("size", [5, cpu.COMPILED_FROM + 1])
def test_error_functions_of_few_and_many(size: int) -> None:
    x = np.linspace(-6, 6, size)
    np.testing.assert_allclose(cpu.erf(x), [math.erf(v) for v in x], rtol=1e-14)
    np.testing.assert_allclose(cpu.erfc(x), [math.erfc(v) for v in x], rtol=1e-14)


@pytest.mark.parametrize("settings", [{}, {"stride": 2}, {"groups": 2}, {"padding": 1}])
def test_convolution_of_no_images(settings: dict[str, int]) -> None:
    x = ad.zeros(0, 2, 3, 3, requires_grad=True)
    weight = ad.ones(4, 2 // settings.get("groups", 1), 2, 2, requires_grad=True)
    out = F.conv2d(x, weight, **settings)
    assert out.shape[:2] == (0, 4)
    out.sum().backward()
    assert x.grad.shape == x.shape
    assert not weight.grad.any()
    assert F.unfold(x, 2).shape == (0, 8, 4)
