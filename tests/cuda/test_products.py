"""Matrix products on the GPU: layouts, batches, biases and activations, beside NumPy's."""

from __future__ import annotations

import numpy as np
import pytest

import autodiff as ad
from autodiff.backends.cuda import tiles
from autodiff.backends.cuda.matmul import matmul
from autodiff.backends.cuda.operations import CudaArray
from autodiff.op import OPS


def sent(x: np.ndarray) -> CudaArray:
    return CudaArray.of(x)


def draw(*shape: int) -> np.ndarray:
    return np.random.default_rng(sum(shape)).normal(size=shape).astype(np.float32)


SHAPES: list[tuple[tuple[int, ...], tuple[int, ...]]] = [
    ((5, 3), (3, 6)), ((1, 1), (1, 1)), ((4, 9), (9, 4)), ((2, 5, 3), (3, 4)),
    ((3, 4), (2, 3, 4, 5)), ((2, 1, 3, 4), (1, 3, 4, 2)), ((5,), (2, 5, 3)), ((2, 3, 5), (5,)),
    ((5,), (5,)), ((0, 3), (3, 2)), ((2, 0), (0, 3)), ((2, 1, 2, 1, 2, 3), (1, 3, 1, 2, 3, 2)),
]  # fmt: skip


@pytest.mark.parametrize(("left", "right"), SHAPES)
def test_shapes(left: tuple[int, ...], right: tuple[int, ...]) -> None:
    x, y = draw(*left), draw(*right)
    out = matmul(sent(x), sent(y)).to_cpu()
    np.testing.assert_allclose(out, x @ y, rtol=1e-5, atol=1e-6)
    assert out.shape == (x @ y).shape


@pytest.mark.parametrize("turned", ["", "x", "y", "xy"])
def test_turned_matrices_are_read_where_they_lie(turned: str) -> None:
    x, y = draw(5, 4), draw(4, 6)
    left = sent(x.T.copy()).T if "x" in turned else sent(x)
    right = sent(y.T.copy()).T if "y" in turned else sent(y)
    np.testing.assert_allclose(matmul(left, right).to_cpu(), x @ y, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("name", ["Relu", "Tanh", "Sigmoid", "Gelu", "LeakyRelu"])
@pytest.mark.parametrize("biased", [True, False])
def test_bias_and_activation_are_part_of_the_product(name: str, biased: bool) -> None:
    x, y, bias = draw(2, 5, 3), draw(3, 4), draw(4) if biased else None
    settings = (("slope", 0.3),) if name == "LeakyRelu" else ()
    given = sent(bias) if bias is not None else None
    out = matmul(sent(x), sent(y), given, OPS[name], settings)
    before = x @ y if bias is None else x @ y + bias
    expected = OPS[name].on_arrays(before, **dict(settings))
    np.testing.assert_allclose(out.to_cpu(), expected, rtol=1e-5, atol=1e-6)


def test_the_result_can_be_written_where_it_is_wanted() -> None:
    x, y = draw(3, 4), draw(4, 2)
    out = sent(draw(3, 2))
    assert matmul(sent(x), sent(y), out=out) is out
    np.testing.assert_allclose(out.to_cpu(), x @ y, rtol=1e-5, atol=1e-6)
    square = sent(draw(3, 3))
    expected = square.to_cpu() @ square.to_cpu()
    np.matmul(square, square, out=square)  # NumPy computes it as if it were not overwritten
    np.testing.assert_allclose(square.to_cpu(), expected, rtol=1e-5, atol=1e-6)
    half = np.matmul(sent(x), sent(y), out=sent(np.zeros((3, 2), np.float16)))
    assert half.dtype == np.float16
    np.testing.assert_allclose(half.to_cpu(), x @ y, rtol=1e-2, atol=1e-2)


@pytest.mark.parametrize("tile", [tiles.LARGE, tiles.SMALL], ids=["large", "small"])
def test_the_tiles_of_hardware(tile: tiles.Tile, monkeypatch: pytest.MonkeyPatch) -> None:
    """Elsewhere the simulator takes a tiny one, because each of its threads is slow to start."""
    monkeypatch.setattr(tiles, "tile_for", lambda *sizes: tile)
    x, y, bias = draw(tile.size + 3, tile.depth + 2), draw(tile.depth + 2, 7), draw(7)
    out = matmul(sent(x), sent(y), sent(bias), OPS["Relu"])
    expected = np.maximum(x @ y + bias, 0)
    np.testing.assert_allclose(out.to_cpu(), expected, rtol=1e-4, atol=1e-5)
    turned = matmul(sent(x.T.copy()).T, sent(y.T.copy()).T)
    np.testing.assert_allclose(turned.to_cpu(), x @ y, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("dtype", ["float16", "float64", "int64"])
def test_dtypes(dtype: str) -> None:
    x, y = (3 * draw(3, 5)).astype(dtype), (3 * draw(5, 2)).astype(dtype)
    out = matmul(sent(x), sent(y)).to_cpu()
    assert out.dtype == dtype
    np.testing.assert_allclose(out, x @ y, rtol=1e-2 if dtype == "float16" else 1e-12)


def test_what_does_not_fit() -> None:
    with pytest.raises(ValueError, match="do not fit"):
        matmul(sent(draw(2, 3)), sent(draw(2, 3)))
    with pytest.raises(ValueError, match="does not fit into"):
        matmul(sent(draw(2, 3)), sent(draw(3, 2)), out=sent(draw(2, 3)))
    with pytest.raises(RuntimeError, match="two devices"):
        ad.ones(2, 2, device="cuda") @ ad.ones(2, 2)
