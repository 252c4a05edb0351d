"""cuBLAS behind matrix products, played by a library that multiplies on the host."""

from __future__ import annotations

import ctypes
from typing import Any

import numpy as np
import pytest

from autodiff.backends.cuda import cublas, driver
from autodiff.backends.cuda.matmul import matmul
from autodiff.backends.cuda.operations import CudaArray
from autodiff.op import OPS
from tests.test_cuda_host import Notebook


class Library:
    """cuBLAS's products, in memory of the host: matrices lie column behind column."""

    def __init__(self) -> None:
        self.calls: list[tuple[int, ...]] = []
        self.stream: Any = None

    def create(self) -> int:
        return 7

    def set_stream(self, handle: int, stream: int) -> None:
        assert handle == 7
        self.stream = stream

    def sgemm_strided_batched(self, *given: int) -> None:
        self.multiply(np.float32, *given)

    def dgemm_strided_batched(self, *given: int) -> None:
        self.multiply(np.float64, *given)

    def multiply(
        self, dtype: Any, handle: int, turn_a: int, turn_b: int, m: int, n: int, k: int, alpha: int,
        a: int, lda: int, stride_a: int, b: int, ldb: int, stride_b: int, beta: int,
        c: int, ldc: int, stride_c: int, count: int,
    ) -> None:  # fmt: skip
        assert handle == 7
        size = np.dtype(dtype).itemsize
        assert _at(alpha, (1,), (0,), dtype)[0] == 1
        assert _at(beta, (1,), (0,), dtype)[0] == 0
        self.calls.append((turn_a, turn_b, m, n, k, count))
        for i in range(count):
            # What BLAS asks of its callers: a step between lines that is no shorter than a line.
            assert lda >= (k if turn_a else m)
            assert ldb >= (n if turn_b else k)
            assert ldc >= m
            left = _at(a + i * stride_a * size, (k, m) if turn_a else (m, k), (1, lda), dtype)
            right = _at(b + i * stride_b * size, (n, k) if turn_b else (k, n), (1, ldb), dtype)
            out = _at(c + i * stride_c * size, (m, n), (1, ldc), dtype)
            out[...] = (left.T if turn_a else left) @ (right.T if turn_b else right)


def _at(address: int, shape: tuple[int, ...], steps: tuple[int, ...], dtype: Any) -> np.ndarray:
    """The numbers at an address."""
    extent = 1 + sum((n - 1) * step for n, step in zip(shape, steps, strict=True))
    size = np.dtype(dtype).itemsize
    memory = np.frombuffer((ctypes.c_uint8 * (extent * size)).from_address(address), dtype)
    return np.lib.stride_tricks.as_strided(memory, shape, [step * size for step in steps])


@pytest.fixture
def library(monkeypatch: pytest.MonkeyPatch) -> Library:
    """A device with such a library, which is always the quickest."""
    played, device = Library(), Notebook()
    gpu = driver.Gpu(0, device)
    gpu.blas = cublas.Cublas(played, 5, lambda: None, device.synchronize)
    monkeypatch.setattr(driver, "gpu", lambda index: gpu)
    monkeypatch.setattr(driver, "count", lambda: 1)
    monkeypatch.setattr(cublas, "quickest", lambda ways, wait: "cuBLAS")
    return played


def draw(*shape: int, dtype: str = "float32") -> np.ndarray:
    return np.random.default_rng(sum(shape)).normal(size=shape).astype(dtype)


SHAPES = [
    ((5, 3), (3, 6)), ((1, 4), (4, 3)), ((4, 1), (1, 3)), ((3, 4), (4, 1)), ((1, 1), (1, 1)),
    ((2, 5, 3), (3, 4)), ((3, 4), (2, 4, 5)), ((2, 3, 2, 4), (2, 3, 4, 5)), ((4,), (4, 3)),
]  # fmt: skip


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("turned", ["", "x", "y", "xy"])
@pytest.mark.parametrize(("left", "right"), SHAPES)
def test_products(left: Any, right: Any, turned: str, dtype: str, library: Library) -> None:
    x, y = draw(*left, dtype=dtype), draw(*right, dtype=dtype)
    a, b = CudaArray.of(x), CudaArray.of(y)
    if "x" in turned and x.ndim > 1:
        a = CudaArray.of(x.swapaxes(-1, -2).copy()).mT
    if "y" in turned:
        b = CudaArray.of(y.swapaxes(-1, -2).copy()).mT
    out = matmul(a, b)
    np.testing.assert_allclose(out.to_cpu(), x @ y, rtol=1e-5, atol=1e-6)
    assert len(library.calls) == 1
    assert library.stream == 5


def test_parts_of_matrices_are_read_where_they_lie(library: Library) -> None:
    x, y = draw(6, 9), draw(8, 7)
    out = matmul(CudaArray.of(x)[1:4, 2:7], CudaArray.of(y)[1:6, 3:])
    np.testing.assert_allclose(out.to_cpu(), x[1:4, 2:7] @ y[1:6, 3:], rtol=1e-5, atol=1e-6)
    assert library.calls


def test_what_cublas_cannot_read_is_left_to_our_kernel(library: Library) -> None:
    x, y = CudaArray.of(draw(4, 8)), CudaArray.of(draw(4, 3))
    matmul(x[:, ::2], y)  # neither rows nor columns lie together
    matmul(CudaArray.of(draw(4, 4).astype(np.float16)), CudaArray.of(draw(4, 3).astype(np.float16)))
    matmul(CudaArray.of(np.ones((2, 2), np.int64)), CudaArray.of(np.ones((2, 2), np.int64)))
    with x.gpu.capturing():
        matmul(x.T, y[:, :2].T[:, :4].T)
    assert not library.calls


def test_bias_and_activation_follow_as_kernels(library: Library) -> None:
    x, y, bias = (CudaArray.of(draw(*s)) for s in ((2, 3), (3, 4), (4,)))
    device: Any = x.gpu.runtime
    device.launches.clear()
    matmul(x, y, bias, OPS["Relu"])  # type: ignore[arg-type]
    assert len(library.calls) == 1
    assert len(device.launches) == 2


def test_each_kind_of_product_is_measured_once(monkeypatch: pytest.MonkeyPatch) -> None:
    played, device = Library(), Notebook()
    blas = cublas.Cublas(played, 0, lambda: None, device.synchronize)
    asked: list[Any] = []

    def quickest(ways: dict[str, Any], wait: Any) -> str:
        asked.append(tuple(ways))
        return "kernel"

    monkeypatch.setattr(cublas, "quickest", quickest)
    gone: list[str] = []
    ways: Any = {"kernel": lambda: gone.append("kernel"), "cuBLAS": lambda: gone.append("cuBLAS")}
    for size in ((64, 64, 64), (65, 100, 127), (64, 64, 200)):
        gemm = cublas.Gemm.of((size[1], 1), (size[2], 1), size, 0, 0, 1)
        assert gemm is not None
        blas.run(gemm, "float32", (), ways)
    assert asked == [("kernel", "cuBLAS")] * 2  # sizes up to the next power of two are one kind
    assert gone == ["kernel"] * 3


def test_the_quickest_way(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]

    def taking(seconds: float) -> Any:
        return lambda: now.__setitem__(0, now[0] + seconds)

    monkeypatch.setattr(cublas.time, "perf_counter", lambda: now[0])
    assert cublas.quickest({"slow": taking(2.0), "fast": taking(1.0)}, lambda: None) == "fast"


def test_it_is_off_unless_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    class WithoutWheels(Notebook):
        def blas(self) -> Any:
            raise ImportError("No module named 'nvmath'")

    monkeypatch.delenv("AUTODIFF_CUBLAS", raising=False)
    assert driver.Gpu(0, WithoutWheels()).blas is None
    monkeypatch.setenv("AUTODIFF_CUBLAS", "1")
    assert driver.Gpu(0, Notebook()).blas is None  # a device that has none, as the simulator
    with pytest.raises(
        RuntimeError, match="could not be loaded: No module named 'nvmath'"
    ) as found:
        _ = driver.Gpu(0, WithoutWheels()).blas
    assert "autodiff-tutorial[cuda,cublas]" in str(found.value)
