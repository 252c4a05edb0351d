"""Convolution on the GPU, read from images where they lie, beside columns and the CPU."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autodiff.backends import cpu
from autodiff.backends.cuda import convolution, tiles
from autodiff.backends.cuda.operations import CudaArray
from autodiff.backends.window import Window

IMAGES: list[tuple[tuple[int, ...], int, Window]] = [
    ((2, 1, 5, 4), 2, Window.of(3)),
    ((2, 2, 5, 4), 3, Window.of((3, 2), padding=(1, 0))),
    ((1, 2, 6, 5), 5, Window.of(1)),
    ((2, 4, 5, 5), 6, Window.of(2, groups=2)),
    ((1, 1, 7, 6), 2, Window.of(3, padding=2, dilation=2)),
    ((2, 2, 6, 5), 2, Window.of(3, stride=2, padding=1)),
    ((1, 2, 5, 5), 2, Window.of((2, 3), stride=(1, 3), groups=2)),
    ((1, 1, 3, 3), 1, Window.of(1, padding=2)),
    ((0, 1, 3, 3), 2, Window.of(2)),
    ((0, 1, 3, 3), 2, Window.of(2, stride=2)),
]


def operands(shape: tuple[int, ...], filters: int, window: Window, dtype: str) -> list[np.ndarray]:
    random = np.random.default_rng(sum(shape))
    sizes = (filters, shape[1] // window.groups, *window.kernel)
    result = (shape[0], filters, *window.out_size(shape[2:]))
    return [random.normal(size=s).astype(dtype) for s in (shape, sizes, (filters,), result)]


@pytest.mark.parametrize(("shape", "filters", "window"), IMAGES)
@pytest.mark.parametrize("least_terms", [4, 256])
def test_all_three(
    shape: Any, filters: int, window: Window, least_terms: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(convolution, "LEAST_TERMS", least_terms)
    x, weight, bias, g = operands(shape, filters, window, "float32")
    on_gpu, w, b, gradient = map(CudaArray.of, (x, weight, bias, g))
    for ours, by_columns, expected in [
        (convolution.conv2d(on_gpu, w, b, window),
         convolution.conv2d_by_columns(on_gpu, w, b, window),
         cpu.conv2d(x, weight, bias, window)),
        (convolution.conv2d_input(gradient, w, shape, window),
         convolution.conv2d_input_by_columns(gradient, w, shape, window),
         cpu.conv2d_input(g, weight, shape, window)),
        (convolution.conv2d_weight(gradient, on_gpu, w.shape, window),
         convolution.conv2d_weight_by_columns(gradient, on_gpu, w.shape, window),
         cpu.conv2d_weight(g, x, weight.shape, window)),
    ]:  # fmt: skip
        np.testing.assert_allclose(ours.to_cpu(), expected, rtol=1e-4, atol=1e-5)
        np.testing.assert_allclose(by_columns.to_cpu(), expected, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("dtype", ["float16", "float64"])
def test_dtypes(dtype: str) -> None:
    shape, filters, window = IMAGES[0]
    x, weight, _, g = operands(shape, filters, window, dtype)
    on_gpu, w, gradient = map(CudaArray.of, (x, weight, g))
    near = 2e-2 if dtype == "float16" else 1e-12
    out = convolution.conv2d(on_gpu, w, None, window)
    assert out.dtype == dtype
    np.testing.assert_allclose(out.to_cpu(), cpu.conv2d(x, weight, None, window), near, near)
    turned = convolution.conv2d_weight(gradient, on_gpu, w.shape, window).to_cpu()
    np.testing.assert_allclose(turned, cpu.conv2d_weight(g, x, weight.shape, window), near, near)


def test_images_that_do_not_lie_in_order() -> None:
    shape, filters, window = IMAGES[1]
    x, weight, _, _ = operands(shape, filters, window, "float32")
    turned = CudaArray.of(x.transpose(2, 3, 0, 1).copy()).transpose(2, 3, 0, 1)
    out = convolution.conv2d(turned, CudaArray.of(weight), None, window)
    np.testing.assert_allclose(out.to_cpu(), cpu.conv2d(x, weight, None, window), 1e-4, 1e-5)


@pytest.mark.parametrize("tile", [tiles.LARGE, tiles.SMALL], ids=["large", "small"])
def test_the_tiles_of_hardware(tile: tiles.Tile, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tiles, "tile_for", lambda *sizes: tile)
    shape, filters, window = (2, 2, 6, 6), 3, Window.of(3, padding=1)
    x, weight, bias, g = operands(shape, filters, window, "float32")
    on_gpu, w, b, gradient = map(CudaArray.of, (x, weight, bias, g))
    out = convolution.conv2d(on_gpu, w, b, window).to_cpu()
    np.testing.assert_allclose(out, cpu.conv2d(x, weight, bias, window), 1e-4, 1e-5)
    back = convolution.conv2d_weight(gradient, on_gpu, w.shape, window).to_cpu()
    np.testing.assert_allclose(back, cpu.conv2d_weight(g, x, weight.shape, window), 1e-4, 1e-5)
