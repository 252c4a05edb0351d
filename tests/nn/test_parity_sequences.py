"""Recurrent layers, attention and embeddings beside PyTorch's in float64."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import autodiff as ad
from tests.nn.beside import array, assert_close, assert_same, copy_weights, numbers, outcome
from tests.nn.cases.sequences import ATTENTION, CELLS, EMBEDDINGS, RECURRENT

torch = pytest.importorskip("torch")
pytestmark = pytest.mark.parity


def flat(state: Any) -> list[Any]:
    return list(state) if isinstance(state, tuple) else [state]


def pair(make: Callable[[Any], Any]) -> tuple[Any, Any]:
    """Our layer and theirs, alike in text and names, with the same weights."""
    ours, theirs = make(ad.nn).double(), make(torch.nn).double()
    # PyTorch's attention holds a subclass of Linear, which prints its name
    assert repr(ours) == repr(theirs).replace("NonDynamicallyQuantizableLinear", "Linear")
    assert list(ours.state_dict()) == list(theirs.state_dict())
    copy_weights(theirs, ours)
    return ours, theirs


def run(m: Any, layer: Any, shape: tuple[int, ...], state: Any = None) -> list[Any]:
    """The outputs and the last state, the gradients of the input and of the parameters."""
    x = m.tensor(numbers(*shape), requires_grad=True)
    out, last = layer(x, state)
    total = (out * m.tensor(numbers(*out.shape, seed=3))).sum()
    for part in flat(last):
        total = total + (part * part).sum()
    total.backward()
    return [out, *flat(last), x.grad, *[p.grad for p in layer.parameters()]]


def state_of(m: Any, layer: Any, batch: tuple[int, ...]) -> Any:
    count = layer.num_layers * (2 if layer.bidirectional else 1)
    parts = [m.tensor(numbers(count, *batch, 4, seed=s)) for s in (1, 2)]
    return tuple(parts) if type(layer).__name__ == "LSTM" else parts[0]


by_layer = pytest.mark.parametrize(("make", "shape"), RECURRENT, ids=range(len(RECURRENT)))


@pytest.mark.parametrize("with_state", [False, True], ids=["from zeros", "from a state"])
@by_layer
def test_recurrent_layers(
    make: Callable[[Any], Any], shape: tuple[int, ...], with_state: bool
) -> None:
    batch = () if len(shape) == 2 else (2,)
    assert_same(
        *[
            run(m, layer, shape, state_of(m, layer, batch) if with_state else None)
            for m, layer in zip((ad, torch), pair(make), strict=True)
        ]
    )


UNUSUAL: dict[str, Callable[[tuple[int, ...]], tuple[int, ...]]] = {
    "nothing in the first dimension": lambda shape: (0, *shape[1:]),
    "nothing in the second dimension": lambda shape: (shape[0], 0, shape[-1]),
    "one step of one sample": lambda shape: (1, 1, shape[-1]),
    "two batches": lambda shape: (2, *shape),
    "no sequence": lambda shape: shape[-1:],
    "another size": lambda shape: (*shape[:-1], shape[-1] + 1),
}


@pytest.mark.parametrize("case", UNUSUAL)
@by_layer
def test_unusual_shapes(make: Callable[[Any], Any], shape: tuple[int, ...], case: str) -> None:
    ours, theirs = pair(make)
    assert_same(
        outcome(lambda: run(ad, ours, UNUSUAL[case](shape))),
        outcome(lambda: run(torch, theirs, UNUSUAL[case](shape))),
    )


def run_cell(m: Any, cell: Any, shape: tuple[int, ...]) -> list[Any]:
    x = m.tensor(numbers(*shape), requires_grad=True)
    state = cell(x, cell(x * 2))
    sum((part * part).sum() for part in flat(state)).backward()
    return [*flat(state), x.grad, *[p.grad for p in cell.parameters()]]


@pytest.mark.parametrize("shape", [(2, 3), (3,), (0, 3), (1, 3), (2, 2, 3), (2, 4)], ids=str)
@pytest.mark.parametrize("make", CELLS, ids=range(len(CELLS)))
def test_cells(make: Callable[[Any], Any], shape: tuple[int, ...]) -> None:
    ours, theirs = pair(make)
    assert_same(
        outcome(lambda: run_cell(ad, ours, shape)), outcome(lambda: run_cell(torch, theirs, shape))
    )


def attend(m: Any, layer: Any, batch: tuple[int, ...], call: dict[str, Any]) -> list[Any]:
    """The output and the weights, the gradients of the inputs and of the parameters."""

    def sequence(length: int, size: int, seed: int) -> Any:
        first = batch if layer.batch_first or not batch else ()
        shape = (*first, length, *(batch if not first else ()), size)
        return m.tensor(numbers(*shape, seed=seed), requires_grad=True)

    q = sequence(4, 6, 1)
    k, v = sequence(5, layer.kdim, 2), sequence(5, layer.vdim, 3)
    masks = {
        "float": numbers(4, 5, seed=4),
        "bool": numbers(4, 5, seed=4) > 0.9,
        "heads": numbers(2 * math.prod(batch), 4, 5, seed=4),
    }
    options = {name: x for name, x in call.items() if name not in ("mask", "padding")}
    if "mask" in call:
        options["attn_mask"] = m.tensor(masks[call["mask"]])
    if "padding" in call:
        padding = np.broadcast_to([False] * 4 + [True], (*batch, 5))
        options["key_padding_mask"] = m.tensor(padding.copy())
    out, weights = layer(q, k, v, **options)
    (out * m.tensor(numbers(*out.shape, seed=6))).sum().backward()
    kept = [] if weights is None else [weights]
    return [out, *kept, q.grad, k.grad, v.grad, *[p.grad for p in layer.parameters()]]


@pytest.mark.parametrize("batch", [(3,), (1,), (0,), (), (2, 2)], ids=str)
@pytest.mark.parametrize(("make", "call"), ATTENTION, ids=range(len(ATTENTION)))
def test_attention(
    make: Callable[[Any], Any], call: dict[str, Any], batch: tuple[int, ...]
) -> None:
    ours, theirs = (layer.eval() for layer in pair(make))
    assert_same(
        outcome(lambda: attend(ad, ours, batch, call)),
        outcome(lambda: attend(torch, theirs, batch, call)),
    )


@pytest.mark.parametrize("causal", [False, True])
def test_scaled_dot_product_attention(causal: bool) -> None:
    results = []
    for m in (ad, torch):
        q, k, v = (m.tensor(numbers(2, 3, 4, 5, seed=s), requires_grad=True) for s in range(3))
        out = m.nn.functional.scaled_dot_product_attention(q, k, v, is_causal=causal)
        out.sum().backward()
        results.append((out, q.grad, k.grad, v.grad))
    for a, b in zip(*results, strict=True):
        assert_close(a, b)


def look_up(m: Any, table: Any, places: Any) -> list[Any]:
    out = table(m.tensor(places))
    (out * m.tensor(numbers(*out.shape))).sum().backward()
    return [out, table.weight.grad, table.weight]


PLACES = {
    "a table": np.array([[1, 2, 2], [5, 0, 1]]),
    "one": np.array(3),
    "a batch of one": np.array([[2]]),
    "none": np.zeros((0, 2), np.int64),
    "int32": np.array([4, 4], np.int32),
    "too far": np.array([6]),
    "before the first": np.array([-1]),
    "floats": np.array([1.0]),
}


@pytest.mark.parametrize("case", PLACES)
@pytest.mark.parametrize("make", EMBEDDINGS, ids=range(len(EMBEDDINGS)))
def test_embedding(make: Callable[[Any], Any], case: str) -> None:
    ours, theirs = pair(make)
    assert_same(
        outcome(lambda: look_up(ad, ours, PLACES[case])),
        outcome(lambda: look_up(torch, theirs, PLACES[case])),
    )


def test_embedding_starts_with_a_row_of_zeros() -> None:
    table = ad.nn.Embedding(4, 3, padding_idx=1)
    assert array(table.weight)[1].tolist() == [0.0, 0.0, 0.0]
    frozen = ad.nn.Embedding.from_pretrained(ad.ones(2, 3))
    assert not frozen.weight.requires_grad
