"""Recurrent layers, attention and embeddings beside PyTorch's in float64."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import autodiff as ad
from tests.nn.beside import array, assert_close, copy_weights, numbers
from tests.nn.cases.sequences import ATTENTION, CELLS, EMBEDDINGS, RECURRENT

torch = pytest.importorskip("torch")
pytestmark = pytest.mark.parity


def flat(state: Any) -> list[Any]:
    return list(state) if isinstance(state, tuple) else [state]


@pytest.mark.parametrize("with_state", [False, True], ids=["from zeros", "from a state"])
@pytest.mark.parametrize(("make", "shape"), RECURRENT, ids=range(len(RECURRENT)))
def test_recurrent_layers(
    make: Callable[[Any], Any], shape: tuple[int, ...], with_state: bool
) -> None:
    theirs, ours = make(torch.nn).double(), make(ad.nn).double()
    assert repr(ours) == repr(theirs)
    assert list(ours.state_dict()) == list(theirs.state_dict())
    copy_weights(theirs, ours)
    results = []
    for m, layer in ((ad, ours), (torch, theirs)):
        x = m.tensor(numbers(*shape), requires_grad=True)
        state = None
        if with_state:
            batch = () if len(shape) == 2 else (2,)
            count = layer.num_layers * (2 if layer.bidirectional else 1)
            parts = [m.tensor(numbers(count, *batch, 4, seed=s)) for s in (1, 2)]
            state = tuple(parts) if type(layer).__name__ == "LSTM" else parts[0]
        out, last = layer(x, state)
        total = (out * m.tensor(numbers(*out.shape, seed=3))).sum()
        for part in flat(last):
            total = total + (part * part).sum()
        total.backward()
        results.append(([out, *flat(last)], x.grad, [p.grad for p in layer.parameters()]))
    (values, grad, grads), (their_values, their_grad, their_grads) = results
    for value, their_value in zip(values, their_values, strict=True):
        assert_close(value, their_value)
    assert_close(grad, their_grad)
    for g, their_g in zip(grads, their_grads, strict=True):
        assert_close(g, their_g)


@pytest.mark.parametrize("shape", [(2, 3), (3,)], ids=["batch", "lone"])
@pytest.mark.parametrize("make", CELLS, ids=range(len(CELLS)))
def test_cells(make: Callable[[Any], Any], shape: tuple[int, ...]) -> None:
    theirs, ours = make(torch.nn).double(), make(ad.nn).double()
    assert repr(ours) == repr(theirs)
    copy_weights(theirs, ours)
    results = []
    for m, cell in ((ad, ours), (torch, theirs)):
        x = m.tensor(numbers(*shape), requires_grad=True)
        state = cell(x, cell(x * 2))
        sum((part * part).sum() for part in flat(state)).backward()
        results.append((flat(state), x.grad))
    for value, their_value in zip(results[0][0], results[1][0], strict=True):
        assert_close(value, their_value)
    assert_close(results[0][1], results[1][1])


@pytest.mark.parametrize(("make", "call"), ATTENTION, ids=range(len(ATTENTION)))
def test_attention(make: Callable[[Any], Any], call: dict[str, Any]) -> None:
    theirs, ours = make(torch.nn).double().eval(), make(ad.nn).double().eval()
    assert list(ours.state_dict()) == list(theirs.state_dict())
    assert repr(ours).split("\n")[0] == repr(theirs).split("\n")[0]
    copy_weights(theirs, ours)
    results = []
    for m, layer in ((ad, ours), (torch, theirs)):

        def sequence(length: int, size: int, seed: int, m: Any = m) -> Any:
            shape = (3, length, size) if ours.batch_first else (length, 3, size)
            return m.tensor(numbers(*shape, seed=seed), requires_grad=True)

        q = sequence(4, 6, 1)
        k, v = sequence(5, ours.kdim, 2), sequence(5, ours.vdim, 3)
        options = {name: x for name, x in call.items() if name not in ("mask", "padding")}
        if call.get("mask") == "float":
            options["attn_mask"] = m.tensor(numbers(4, 5, seed=4))
        elif call.get("mask") == "bool":
            options["attn_mask"] = m.tensor(numbers(4, 5, seed=4) > 0.9)
        elif call.get("mask") == "heads":
            options["attn_mask"] = m.tensor(numbers(6, 4, 5, seed=4))
        if call.get("padding"):
            options["key_padding_mask"] = m.tensor(np.array([[False] * 4 + [True]] * 3))
        out, weights = layer(q, k, v, **options)
        (out * m.tensor(numbers(*out.shape, seed=6))).sum().backward()
        results.append(([out, *([] if weights is None else [weights]), q.grad, k.grad, v.grad],
                        [p.grad for p in layer.parameters()]))  # fmt: skip
    (values, grads), (their_values, their_grads) = results
    for a, b in zip(values + grads, their_values + their_grads, strict=True):
        assert_close(a, b)


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


@pytest.mark.parametrize("make", EMBEDDINGS, ids=range(len(EMBEDDINGS)))
def test_embedding(make: Callable[[Any], Any]) -> None:
    theirs, ours = make(torch.nn).double(), make(ad.nn).double()
    assert list(ours.state_dict()) == list(theirs.state_dict())
    assert repr(ours) == repr(theirs)
    copy_weights(theirs, ours)
    results = []
    for m, table in ((ad, ours), (torch, theirs)):
        out = table(m.tensor(np.array([[1, 2, 2], [5, 0, 1]])))
        (out * m.tensor(numbers(2, 3, 3))).sum().backward()
        results.append((out, table.weight.grad, table.weight))
    for a, b in zip(*results, strict=True):
        assert_close(a, b)


def test_embedding_starts_with_a_row_of_zeros() -> None:
    table = ad.nn.Embedding(4, 3, padding_idx=1)
    assert array(table.weight)[1].tolist() == [0.0, 0.0, 0.0]
    frozen = ad.nn.Embedding.from_pretrained(ad.ones(2, 3))
    assert not frozen.weight.requires_grad
