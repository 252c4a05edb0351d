"""Cases of the ops in `autodiff.ops.select` and `autodiff.ops.scatter`."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.cases.case import Case, array

COLUMNS = np.array([[2, 0, 2], [1, 1, 3]])  # along dim 1, with repeats
APART = np.array([[2, 0, 1], [1, 3, 0]])  # without
MASK = np.array([[True, False, True, False], [False, True, True, False]])


def _scatter(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    out = x.copy()
    for i, j in np.ndindex(*APART.shape):
        out[i, APART[i, j]] = y[i, j]
    return out


def _scatter_add(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    out = x.copy()
    for i, j in np.ndindex(*COLUMNS.shape):
        out[i, COLUMNS[i, j]] += y[i, j]
    return out


def _scatter_multiply(x: np.ndarray) -> np.ndarray:
    out = x.copy()
    for i, j in np.ndindex(*COLUMNS.shape):
        out[i, COLUMNS[i, j]] *= 3
    return out


def _index_add(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    out = x.copy()
    for row, target in zip(y, [2, 0, 2], strict=True):
        out[target] += 2 * row
    return out


def _written(x: np.ndarray, key: Any, y: Any) -> np.ndarray:
    out = x.copy()
    out[key] = y
    return out


def _added(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    out = x.copy()
    out[0, 1] += y[0] + y[1]
    return out


def _put(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    return _written(x.ravel(), [3, 0], y).reshape(x.shape)


def _torch_scatter_multiply(m: Any, x: Any) -> Any:
    factors = m.ones_like(x.detach())
    return x * factors.scatter(1, m.tensor(COLUMNS), 3.0, reduce="multiply")


CASES: list[Case] = [
    Case(
        "IndexSelect",
        lambda m, x: x.index_select(-1, array(m, np.array([2, 0, 2]))),
        lambda x: x[:, [2, 0, 2]],
        ((2, 3),),
        ints=True,
    ),
    Case(
        "IndexSelect",
        lambda m, x: x.repeat_interleave(array(m, np.array([2, 0, 1])), 0),
        lambda x: x[[0, 0, 2]],
        ((3, 2),),
        note="repeats",
    ),
    Case(
        "MaskedSelect",
        lambda m, x: x.masked_select(array(m, MASK)),
        lambda x: x[MASK],
        ((2, 4),),
        ints=True,
    ),
    Case(
        "Take",
        lambda m, x: x.take(array(m, COLUMNS)),
        lambda x: x.ravel()[COLUMNS],
        ((2, 3),),
        ints=True,
    ),
    Case(
        "AddAt",
        lambda m, x, y: x.index_put(
            (array(m, np.array([0, 0])), array(m, np.array([1, 1]))), y, accumulate=True
        ),
        _added,
        ((2, 3), (2,)),
    ),
    Case(
        "ScatterAdd",
        lambda m, x, y: x.scatter_add(1, array(m, COLUMNS), y),
        _scatter_add,
        ((2, 4), (2, 3)),
        ints=True,
    ),
    Case(
        "IndexAddTo",
        lambda m, x, y: x.index_add(0, array(m, np.array([2, 0, 2])), y, alpha=2),
        _index_add,
        ((4, 2), (3, 2)),
    ),
    Case(
        "ScatterMultiply",
        lambda m, x: x.scatter(1, array(m, COLUMNS), 3.0, reduce="multiply"),
        _scatter_multiply,
        ((2, 4),),
        torch=_torch_scatter_multiply,
    ),
    Case(
        "Scatter",
        lambda m, x, y: x.scatter(1, array(m, APART), y),
        _scatter,
        ((2, 4), (2, 3)),
        ints=True,
    ),
    Case(
        "Scatter",
        lambda m, x: x.scatter(1, array(m, APART), 1.5),
        lambda x: _scatter(x, np.full((2, 3), 1.5)),
        ((2, 4),),
        note="number",
    ),
    Case(
        "IndexCopy",
        lambda m, x, y: x.index_copy(1, array(m, np.array([2, 0])), y),
        lambda x, y: _written(x, (slice(None), [2, 0]), y),
        ((2, 3), (2, 2)),
        ints=True,
    ),
    Case(
        "IndexFill",
        lambda m, x, y: x.index_fill(0, array(m, np.array([2, 0])), y),
        lambda x, y: _written(x, [2, 0], y),
        ((3, 2), ()),
    ),
    Case(
        "Put",
        lambda m, x, y: x.put(array(m, np.array([3, 0])), y),
        _put,
        ((2, 3), (2,)),
        ints=True,
    ),
    Case(
        "PutAdd",
        lambda m, x, y: x.put(array(m, np.array([1, 1])), y, accumulate=True),
        _added,
        ((2, 3), (2,)),
    ),
    Case(
        "MaskedScatter",
        lambda m, x, y: x.masked_scatter(array(m, MASK), y),
        lambda x, y: _written(x, MASK, y[:4]),
        ((2, 4), (5,)),
        ints=True,
    ),
    Case(
        "MaskedFill",
        lambda m, x, y: x.masked_fill(array(m, MASK), y),
        lambda x, y: np.where(MASK, y, x),
        ((2, 4), ()),
    ),
    Case(
        "MaskedFill",
        lambda m, x: x.masked_fill(array(m, MASK), 0.5),
        lambda x: np.where(MASK, x.dtype.type(0.5), x),
        ((4,),),
        note="broadcast",
    ),
]
