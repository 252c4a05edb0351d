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


DTYPES = ["float16", "float32", "float64", "int8", "int16", "int32", "int64", "uint8", "bool"]
SPECIAL = [float("nan"), float("inf"), -float("inf"), 0.0, -0.0, 1.0, -3.0, 1e-5, 123456.0, 1e9]


def some_options(rng) -> dict:
    options = {
        "precision": int(rng.integers(0, 8)),
        "threshold": int(rng.choice([0, 5, 50, 1000])),
        "edgeitems": int(rng.integers(0, 5)),
        "linewidth": int(rng.choice([20, 40, 80, 120])),
        "sci_mode": [None, True, False][rng.integers(3)],
        "profile": [None, "default", "short", "full"][rng.integers(4)],
    }
    return {name: value for name, value in options.items() if rng.random() < 0.5}


@pytest.mark.parametrize("seed", range(8))
def test_random_tensors_and_options(seed) -> None:
    torch = pytest.importorskip("torch")
    rng = np.random.default_rng(seed)
    for _ in range(60):
        shape = tuple(rng.integers(0, rng.choice([2, 4, 9, 40]), rng.integers(0, 5)))
        shape = shape[:2] if np.prod(shape) > 3000 else shape
        values = rng.standard_normal(shape) * 10.0 ** rng.integers(-6, 9)
        if rng.random() < 0.4:
            values = np.round(values)
        if rng.random() < 0.3:
            values = np.where(rng.random(shape) < 0.3, rng.choice(SPECIAL, shape), values)
        dtype = rng.choice(DTYPES)
        if "float" not in dtype:
            values = np.nan_to_num(values).clip(0, 100)
        with np.errstate(over="ignore"):
            values = values.astype(dtype)
        options = some_options(rng)
        for m in (ad, torch):
            m.set_printoptions(profile="default")
            m.set_printoptions(**options)
        try:
            assert_same_text(lambda m, values=values: m.tensor(values))
            assert_same_text(lambda m, values=values: m.tensor(values).T if values.ndim == 2 else 0)
        finally:
            for m in (ad, torch):
                m.set_printoptions(profile="default")


def test_parameters_and_subclass_notes() -> None:
    assert_same_text(lambda m: m.nn.Parameter(m.zeros(2, 3)))
    assert_same_text(lambda m: m.nn.Parameter(m.zeros(2, 3), requires_grad=False))
    assert_same_text(lambda m: m.zeros(30, dtype=m.float64, requires_grad=True))
    assert_same_text(lambda m: str(m.tensor(1.5)) + repr([m.tensor(1), m.ones(2)]))


@pytest.mark.parametrize("data", [1.5, [[1.5, -2.0]], [1, 2], [True], [], [float("nan"), 1.0]])
def test_evaluating_the_text_gives_the_tensor_again(data) -> None:
    torch = pytest.importorskip("torch")
    for m, name in ((ad, "autodiff"), (torch, "torch")):
        nan_and_inf = {"nan": float("nan"), "inf": float("inf")}
        x = m.tensor(data, dtype=m.float64) if data == 1.5 else m.tensor(data)
        again = eval(repr(x), {"tensor": m.tensor, name: m, **nan_and_inf})
        assert again.dtype is x.dtype
        assert repr(again) == repr(x)
