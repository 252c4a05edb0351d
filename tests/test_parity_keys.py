"""Reading and assigning through every kind of key: values, gradients and refusals as in PyTorch."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import autodiff as ad

pytestmark = pytest.mark.parity

SHAPE = (3, 4, 2)
ROWS, COLUMNS = [2, 0, 1], [3, 0, 3]
MASK = (np.arange(24).reshape(SHAPE) % 3 == 0).tolist()
ROW_MASK = [True, False, True]


def T(m: Any, x: Any) -> Any:  # noqa: N802
    return m.tensor(x)


KEYS = {
    "integer": lambda m: 1,
    "negative integer": lambda m: -1,
    "integers": lambda m: (1, 2, 0),
    "two integers": lambda m: (2, -1),
    "slice": lambda m: slice(1, None),
    "slice with step": lambda m: slice(None, None, 2),
    "empty slice": lambda m: slice(2, 1),
    "slice past the end": lambda m: slice(1, 100),
    "slice from the end": lambda m: slice(-2, None),
    "slices": lambda m: (slice(0, 2), slice(1, 3), slice(None, 1)),
    "column": lambda m: (slice(None), 1),
    "dots": lambda m: ...,
    "dots and integer": lambda m: (..., 0),
    "integer and dots": lambda m: (0, ...),
    "None": lambda m: None,
    "None between": lambda m: (slice(None), None, 1),
    "dots and None": lambda m: (..., None),
    "list": lambda m: ROWS,
    "list with repeats": lambda m: [0, 0, 2],
    "tensor": lambda m: T(m, ROWS),
    "tensor of one": lambda m: T(m, 1),
    "matrix of positions": lambda m: T(m, [[0, 1], [2, 2]]),
    "negative positions": lambda m: T(m, [-1, 0]),
    "uint8 positions as mask": lambda m: T(m, ROW_MASK),
    "no positions": lambda m: T(m, np.zeros(0, np.int64).tolist()).to(m.int64),
    "two tensors": lambda m: (T(m, ROWS), T(m, COLUMNS)),
    "two tensors that broadcast": lambda m: (T(m, [[0], [2]]), T(m, [1, 3])),
    "tensor and integer": lambda m: (T(m, ROWS), 1),
    "slice and tensor": lambda m: (slice(None), T(m, COLUMNS)),
    "tensor, slice, tensor": lambda m: (T(m, [0, 2]), slice(None), T(m, [1, 0])),
    "slice, tensor, slice": lambda m: (slice(1, 3), T(m, [1, 3]), slice(0, 1)),
    "tensor and None": lambda m: (T(m, [0, 2]), None),
    "mask of rows": lambda m: T(m, ROW_MASK),
    "list of bools": lambda m: ROW_MASK,
    "mask of all": lambda m: T(m, MASK),
    "mask of nothing": lambda m: T(m, [False, False, False]),
    "mask and integer": lambda m: (T(m, ROW_MASK), 2),
    "slice and mask": lambda m: (slice(None), T(m, [True, False, False, True])),
    "True": lambda m: True,
    "False": lambda m: False,
    "numpy array": lambda m: np.array([1, 2]),
    "numpy integer": lambda m: np.int64(2),
    "int32 positions": lambda m: T(m, [1, 2]).to(m.int32),
}

REFUSED = {
    "too far": lambda m: 3,
    "too far back": lambda m: -4,
    "too many": lambda m: (0, 0, 0, 0),
    "float": lambda m: 1.0,
    "float tensor": lambda m: T(m, [0.0, 1.0]),
    "position too far": lambda m: T(m, [0, 3]),
    "list position too far": lambda m: [0, 3],
    "mask of another length": lambda m: T(m, [True, False]),
    "positions that do not broadcast": lambda m: (T(m, [0, 1]), T(m, [0, 1, 2])),
    "negative step": lambda m: slice(None, None, -1),
}


def leaf(m: Any) -> Any:
    return m.tensor(np.linspace(-1, 2, 24).reshape(SHAPE).tolist(), requires_grad=True)


def read(m: Any, key: Any) -> list[Any]:
    x = leaf(m)
    out = x[key(m)]
    (out * out).sum().backward()
    return [out, x.grad]


def assign(m: Any, key: Any, kind: str) -> list[Any]:
    """``y[key] = value``, where the value is a number, a tensor of one, or one of its shape."""
    x = leaf(m)
    y = x * 2
    shape = y.detach()[key(m)].shape
    size = int(np.prod(shape))
    w = m.tensor(np.linspace(1, 2, size).tolist()).reshape(shape).requires_grad_()
    if kind == "number":
        y[key(m)] = 0.5
    elif kind == "wanted":
        y[key(m)] = w * 3
    else:
        y[key(m)] = m.tensor(2.5)
    (y * y).sum().backward()
    return [y, x.grad, *([w.grad] if kind == "wanted" else [])]


def assert_same(program: Any) -> None:
    torch = pytest.importorskip("torch")
    for ours, theirs in zip(program(ad), program(torch), strict=True):
        assert tuple(ours.shape) == tuple(theirs.shape)
        np.testing.assert_allclose(ours.tolist(), theirs.tolist(), rtol=1e-6)


@pytest.mark.parametrize("name", KEYS)
def test_read(name: str) -> None:
    assert_same(lambda m: read(m, KEYS[name]))


@pytest.mark.parametrize("kind", ["number", "tensor of one", "wanted"])
@pytest.mark.parametrize("name", KEYS)
def test_assign(name: str, kind: str) -> None:
    if name == "list with repeats" and kind == "wanted":
        pytest.skip("which of two values for one place stays is not defined")
    if name == "False" and kind == "wanted":
        pytest.skip("nothing is assigned, and PyTorch leaves out the value's gradient")
    assert_same(lambda m: assign(m, KEYS[name], kind))


@pytest.mark.parametrize("name", REFUSED)
def test_refused(name: str) -> None:
    torch = pytest.importorskip("torch")
    kinds = []
    for m in (torch, ad):
        with pytest.raises(Exception) as caught:  # noqa: PT011 - which type is what is compared
            leaf(m)[REFUSED[name](m)]
        kinds.append(caught.type)
    assert kinds[0] is kinds[1]


@pytest.mark.parametrize("name", REFUSED)
def test_assignment_refused(name: str) -> None:
    torch = pytest.importorskip("torch")
    kinds = []
    for m in (torch, ad):
        y = leaf(m) * 2
        with pytest.raises(Exception) as caught:  # noqa: PT011 - which type is what is compared
            y[REFUSED[name](m)] = 1.0
        kinds.append(caught.type)
    assert kinds[0] is kinds[1]
