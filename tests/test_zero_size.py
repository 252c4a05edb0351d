"""Tensors without elements through every op: the table of cases with one of its sizes set to 0."""

from __future__ import annotations

import warnings
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import autodiff as ad
import viz
from autodiff import nn
from tests.cases import CASES, Case

MAKE_NO_SENSE = {
    "AvgPool", "Col2Im", "Convolution", "ConvolutionInput", "Fold", "Im2Col", "IndexAddTo",
    "MaxPool", "SpreadWindows", "SumTo", "ViewDtype",
}  # fmt: skip
"""Ops whose cases have settings for another size, or whose channels PyTorch does not let be 0."""


def variants() -> list[Case]:
    """For each case and each of its sizes, the case with 0 in the place of that size."""
    found = []
    for case in CASES:
        for size in sorted({n for shape in case.shapes for n in shape} - {0}):
            shapes = tuple(tuple(0 if n == size else n for n in shape) for shape in case.shapes)
            found.append(replace(case, shapes=shapes, note=f"{case.note}-{size}".strip("-")))
    return found


VARIANTS = variants()


def run(m: Any, call: Any, inputs: list[np.ndarray]) -> Any:
    """Shape and dtype of a result and of the gradients of the inputs, and what they add up to.

    None where the op refuses such inputs.
    """
    xs = [m.tensor(x, requires_grad=True) for x in inputs]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            out = call(m, *xs)
        except (IndexError, RuntimeError, TypeError, ValueError):
            return None
        if out.requires_grad:
            out.backward(m.ones_like(out))
    return [described(x) for x in (out, *(x.grad for x in xs))]


def described(x: Any) -> Any:
    if x is None:
        return None
    return tuple(x.shape), str(x.dtype).rpartition(".")[2], x.detach().double().sum().item()


@pytest.mark.parametrize("case", VARIANTS, ids=lambda case: case.id)
def test_nothing_crashes_and_shapes_are_right(case: Case) -> None:
    inputs = case.inputs("float64")
    found = run(ad, case.call, inputs) if case.op not in MAKE_NO_SENSE else None
    if found is not None:
        for x, g in zip(inputs, found[1:], strict=True):
            assert g is None or g[:2] == (x.shape, "float64")


@pytest.mark.parity
@pytest.mark.parametrize(
    "case", [case for case in VARIANTS if case.op not in MAKE_NO_SENSE], ids=lambda case: case.id
)
def test_as_in_pytorch(case: Case) -> None:
    torch = pytest.importorskip("torch")
    inputs = case.inputs("float64")
    found, expected = run(ad, case.call, inputs), run(torch, case.torch or case.call, inputs)
    assert (found is None) == (expected is None)
    for x, t in zip(found or (), expected or (), strict=True):
        assert (x is None) == (t is None)
        if x is not None:
            assert x[:2] == t[:2]
            assert x[2] == pytest.approx(t[2], nan_ok=True)


LAYERS = {
    "conv": (lambda m: m.nn.Conv2d(2, 3, 3, padding=1), (0, 2, 4, 4)),
    "transposed": (lambda m: m.nn.ConvTranspose2d(2, 3, 2), (0, 2, 4, 4)),
    "max pool": (lambda m: m.nn.MaxPool2d(2), (0, 2, 4, 4)),
    "average pool": (lambda m: m.nn.AvgPool2d(2), (0, 2, 4, 4)),
    "batch norm": (lambda m: m.nn.BatchNorm2d(2), (0, 2, 4, 4)),
    "layer norm": (lambda m: m.nn.LayerNorm(4), (0, 2, 4)),
    "linear": (lambda m: m.nn.Linear(4, 3), (0, 4)),
    "linear on rows": (lambda m: m.nn.Linear(4, 3), (2, 0, 4)),
    "softmax": (lambda m: m.nn.Softmax(-1), (3, 0)),
    "log softmax": (lambda m: m.nn.LogSoftmax(-1), (3, 0)),
}


def through(m: Any, make: Any, shape: tuple[int, ...]) -> Any:
    layer = make(m)
    x = m.zeros(*shape, requires_grad=True)
    out = layer(x)
    out.sum().backward()
    gradients = [described(p.grad) for p in (x, *layer.parameters())]
    return described(out), gradients, [described(b) for b in layer.buffers()]


@pytest.mark.parametrize(("make", "shape"), LAYERS.values(), ids=LAYERS)
def test_layers_take_empty_batches(make: Any, shape: tuple[int, ...]) -> None:
    (_, gradients, _) = through(ad, make, shape)
    assert gradients[0] == (shape, "float32", 0.0)


@pytest.mark.parity
@pytest.mark.parametrize(("make", "shape"), LAYERS.values(), ids=LAYERS)
def test_layers_as_in_pytorch(make: Any, shape: tuple[int, ...]) -> None:
    assert through(ad, make, shape) == through(pytest.importorskip("torch"), make, shape)


@pytest.mark.parametrize(
    ("loss", "expected"), [("mean", float("nan")), ("sum", 0.0)], ids=["mean", "sum"]
)
def test_losses(loss: str, expected: float) -> None:
    x = ad.zeros(0, 3, requires_grad=True)
    for criterion, target in (
        (nn.MSELoss(reduction=loss), ad.zeros(0, 3)),
        (nn.CrossEntropyLoss(reduction=loss), ad.zeros(0, dtype=ad.int64)),
        (nn.BCEWithLogitsLoss(reduction=loss), ad.zeros(0, 3)),
    ):
        x.grad = None
        value = criterion(x, target)
        assert value.item() == pytest.approx(expected, nan_ok=True)
        value.backward()
        assert x.grad.shape == (0, 3)


def test_all_around(tmp_path: Path) -> None:
    """Printing, files, pictures, compiling, optimizers and loaders."""
    x = ad.zeros(0, 3, requires_grad=True)
    assert repr(x) == "tensor([], size=(0, 3), requires_grad=True)"
    ad.save({"x": x}, tmp_path / "x.pt")
    assert ad.load(tmp_path / "x.pt")["x"].shape == (0, 3)
    loss = (x.exp() * x).sum()
    assert "float32[0, 3]" in str(viz.graph(loss))
    assert viz.backward(loss).svg
    step = ad.compile(lambda x: (x.exp() * x).sum())
    for _ in range(2):
        x.grad = None
        step(x).backward()
        assert x.grad.shape == (0, 3)
    ad.optim.Adam([x]).step()
    data = ad.utils.data.TensorDataset(ad.zeros(0, 3))
    assert list(ad.utils.data.DataLoader(data, batch_size=2)) == []
    assert len(ad.utils.data.DataLoader(data, batch_size=2)) == 0
