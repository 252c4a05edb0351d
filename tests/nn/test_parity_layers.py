"""Every layer beside PyTorch's in float64: outputs, gradients, state, text, first weights."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import autodiff as ad
from tests.nn.beside import array, assert_close, assert_same, copy_weights, numbers, outcome
from tests.nn.cases.layers import LAYERS, RANDOM
from tests.nn.cases.sequences import ATTENTION, CELLS, EMBEDDINGS, RECURRENT

torch = pytest.importorskip("torch")

pytestmark = pytest.mark.parity

SLIPS = {
    ("AdaptiveAvgPool2d", "two batches"),
    ("AvgPool2d", "no batch"),
    ("InstanceNorm1d", "an empty batch"),
    ("InstanceNorm2d", "an empty batch"),
}
"""Where PyTorch fails by accident, or, for an output of size 1, gives a result by accident."""

ROUGH = {"Hardsigmoid": 1e-6}
"""How exact PyTorch is where it is not: it multiplies by 1/6 in single precision."""


def exactness(layer: Any) -> float:
    return ROUGH.get(type(layer).__name__, 1e-9)


by_layer = pytest.mark.parametrize("row", LAYERS, ids=range(len(LAYERS)))


def pair(make: Callable[[Any], Any]) -> tuple[Any, Any]:
    """Our layer and theirs, with the same weights."""
    ours, theirs = make(ad.nn).double(), make(torch.nn).double()
    copy_weights(theirs, ours)
    return ours, theirs


def run(m: Any, layer: Any, shapes: list[tuple[int, ...]]) -> list[Any]:
    """The output, the gradients of the inputs and of the parameters, and the buffers."""
    inputs = [m.tensor(numbers(*shape, seed=9 * i)) for i, shape in enumerate(shapes)]
    inputs = [x.requires_grad_() for x in inputs]
    out = layer(*[x * 1 for x in inputs])  # some write into their input: a leaf does not allow it
    out.backward(m.tensor(numbers(*out.shape, seed=1)))
    return [out, *[x.grad for x in (*inputs, *layer.parameters())], *layer.buffers()]


@by_layer
def test_layers(row: Any) -> None:
    make, *shapes = row
    ours, theirs = pair(make)
    assert repr(ours) == repr(theirs)
    assert list(ours.state_dict()) == list(theirs.state_dict())
    assert_same(run(ad, ours, shapes), run(torch, theirs, shapes), exactness(ours))
    # and in use, where running statistics take the place of the batch's
    for layer in (ours, theirs):
        layer.eval().zero_grad()
    assert_same(run(ad, ours, shapes), run(torch, theirs, shapes), exactness(ours))


UNUSUAL: dict[str, Callable[[tuple[int, ...]], tuple[int, ...]]] = {
    "a batch of one": lambda shape: (1, *shape[1:]),
    "an empty batch": lambda shape: (0, *shape[1:]),
    "no batch": lambda shape: shape[1:],
    "two batches": lambda shape: (2, *shape),
}


@pytest.mark.parametrize("case", UNUSUAL)
@by_layer
def test_unusual_shapes(row: Any, case: str) -> None:
    """The same result, or an error of the same type."""
    make, *shapes = row
    shapes = [UNUSUAL[case](shape) for shape in shapes]
    ours, theirs = pair(make)
    if (type(ours).__name__, case) in SLIPS:
        pytest.skip("an accident of PyTorch")
    result, their_result = (
        outcome(lambda m=m, layer=layer: run(m, layer, shapes))
        for m, layer in ((ad, ours), (torch, theirs))
    )
    assert_same(result, their_result, exactness(ours))


@pytest.mark.filterwarnings("ignore:dropout2d. Received a 3")
@pytest.mark.parametrize(("make", "shape"), RANDOM, ids=range(len(RANDOM)))
def test_random_layers(make: Callable[[Any], Any], shape: tuple[int, ...]) -> None:
    """The same kinds of values with the same frequency, and alike along the same dimensions."""
    results = []
    for m in (ad, torch):
        m.manual_seed(0)
        layer = make(m.nn)
        x = (-m.ones(*shape)).requires_grad_()
        out = layer(x * 1)
        out.sum().backward()
        for values in (array(out), array(x.grad)):
            alike = [bool((values == values.take([0], axis)).all()) for axis in range(len(shape))]
            results.append((repr(layer), alike, values.min(), values.max(), values.mean()))
    for ours, theirs in zip(results[:2], results[2:], strict=True):
        assert ours[:2] == theirs[:2]
        assert ours[2:] == pytest.approx(theirs[2:], abs=0.05)


MAKES = [*[row[0] for row in [*LAYERS, *RECURRENT, *ATTENTION]], *CELLS, *EMBEDDINGS]
LEARNED = [make for make in MAKES if list(make(ad.nn).parameters())]


@pytest.mark.parametrize("make", LEARNED, ids=range(len(LEARNED)))
def test_weights_start_from_the_same_distribution(make: Callable[[Any], Any]) -> None:
    """Of many draws, range, spread and mean agree."""
    for m in (ad, torch):
        m.manual_seed(0)

    def draws(nn: Any) -> list[Any]:
        layers = [list(make(nn).parameters()) for _ in range(300)]
        return [np.stack([array(p) for p in same]) for same in zip(*layers, strict=True)]

    for ours, theirs in zip(draws(ad.nn), draws(torch.nn), strict=True):
        spread, error = float(theirs.std()), 4 / math.sqrt(theirs.size)
        assert float(ours.std()) == pytest.approx(spread, rel=error)
        assert float(ours.mean()) == pytest.approx(float(theirs.mean()), abs=2 * error * spread)
        assert np.abs(ours).max() == pytest.approx(np.abs(theirs).max(), rel=0.25)


def test_cosine_similarity_of_short_vectors() -> None:
    """The value is PyTorch's; the gradient is exact, where PyTorch forgets that eps took part."""
    x, y = ad.tensor(0.1 * numbers(4, 6), requires_grad=True), ad.tensor(numbers(4, 6, seed=1))
    ours = ad.nn.CosineSimilarity(eps=2.0)
    assert_close(
        ours(x, y), torch.nn.CosineSimilarity(eps=2.0)(*map(torch.tensor, (array(x), array(y))))
    )
    assert ad.autograd.gradcheck(lambda x: ours(x, y), [x])
