"""Tensors print as PyTorch prints them: digits, exponents, line breaks, notes."""

from __future__ import annotations

import re

import numpy as np
import pytest

import autodiff as ad

pytestmark = pytest.mark.parity

VALUES = [
    1.5, 0.0, -0.0, 3, True, 1e10, 1 / 3, 123456.789, 1e-10, float("nan"), -float("inf"),
    [-1.0, 2.0], [1.0, 2.5], [1, -20, 300], [True, False], [], [[]],
    [float("nan"), 1.0], [float("inf"), 1.0, -2.5], [float("inf"), 1e10, 1.5], [-0.0, 1.0],
    [float("inf"), -float("inf")], [1e-5, 1.0], [1e8, 1.5], [1e8], [1.00000001e8], [1.0, 1e9],
    [1.0, 1001.0], [1.0, 1000.0], [0.5, 1000.5], [1e-4, 2e-4], [0.00123], [0.0, 0.0],
    [[1.0, 2.0], [3.0, 4.5]], [10**12, -1],
]  # fmt: skip
SHAPES = [
    (3, 4), (2, 3, 4), (2, 2, 2, 2), (30,), (1000,), (1001,), (20, 60), (2, 600), (600, 2),
    (3, 3, 200), (12, 12, 12), (1, 1),
]  # fmt: skip
USES = {
    "float32": lambda m, data: m.tensor(data, dtype=m.float32),
    "float64": lambda m, data: m.tensor(data, dtype=m.float64),
    "float16": lambda m, data: m.tensor(data, dtype=m.float16),
    "as given": lambda m, data: m.tensor(data),
    "leaf": lambda m, data: m.tensor(data, dtype=m.float32, requires_grad=True),
    "result": lambda m, data: m.tensor(data, dtype=m.float32, requires_grad=True) * 1,
}


def assert_same_text(make) -> None:
    torch = pytest.importorskip("torch")
    theirs = repr(make(torch)).replace("torch.", "autodiff.")
    assert unbroken(repr(make(ad))) == unbroken(theirs)


def unbroken(text: str) -> str:
    """Our dtypes have longer names, so a line may have to end before them where PyTorch's fits."""
    return re.sub(r",\s+dtype=", ", dtype=", text)


@pytest.mark.parametrize("use", USES)
@pytest.mark.parametrize("data", VALUES, ids=str)
def test_small(data, use) -> None:
    assert_same_text(lambda m: USES[use](m, data))


@pytest.mark.parametrize("scale", [1.0, 1e5, 1e-3, 100.0])
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_large(shape, scale) -> None:
    data = np.random.default_rng(1).standard_normal(shape) * scale
    for use in ("float32", "float64", "leaf", "result"):
        assert_same_text(lambda m, use=use: USES[use](m, data.tolist()))
    for values in (np.round(data * 3), (data * 3).astype(int), data > 0):
        assert_same_text(lambda m, values=values: m.tensor(values.tolist()))


@pytest.mark.parametrize("size", [(0,), (2, 0), (0, 3)], ids=str)
@pytest.mark.parametrize("dtype", ["float32", "float64", "int64", "bool"])
def test_empty(size, dtype) -> None:
    assert_same_text(lambda m: m.zeros(size, dtype=getattr(m, dtype)))


def test_views_sizes_and_dtypes() -> None:
    assert_same_text(lambda m: m.tensor([[1.0, 2.0], [3.0, 4.0]]).T)
    assert_same_text(lambda m: m.zeros(2, 3).shape)
    assert_same_text(lambda m: m.device("cpu"))
    assert_same_text(lambda m: m.int64)


@pytest.mark.parametrize("spec", ["", ".2f", "e", "8.3f"])
@pytest.mark.parametrize("requires_grad", [False, True])
def test_format(spec, requires_grad) -> None:
    torch = pytest.importorskip("torch")
    ours, theirs = (format(m.tensor(1.5, requires_grad=requires_grad), spec) for m in (ad, torch))
    assert ours == theirs
