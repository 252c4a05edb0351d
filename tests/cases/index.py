"""Cases of the ops in `autodiff.ops.index`."""

from __future__ import annotations

import numpy as np

from autodiff.op import OPS
from tests.cases.case import Case, array

INDEX = np.array([[0, 4, 4], [2, 1, 0]])
MASK = np.array([[True, False, True], [False, True, True]])


def _index_add(x: np.ndarray) -> np.ndarray:
    out = np.zeros((4, 3), x.dtype)
    for row, target in zip(x, [2, 0, 2], strict=True):
        out[target] += row
    return out


def _scatter(x: np.ndarray) -> np.ndarray:
    out = np.zeros((2, 5), x.dtype)
    for i, j in np.ndindex(*x.shape):
        out[i, INDEX[i, j]] += x[i, j]
    return out


CASES: list[Case] = [
    Case("Index", lambda m, x: x[1:, ::2], lambda x: x[1:, ::2], ((3, 4),), ints=True),
    Case("Index", lambda m, x: x[-1], lambda x: x[-1], ((3, 4),), note="row"),
    Case(
        "Index", lambda m, x: x[..., None, 0], lambda x: x[..., None, 0], ((3, 4),), note="newdim"
    ),
    Case("Index", lambda m, x: x[[2, 0, 2]], lambda x: x[[2, 0, 2]], ((3, 4),), note="repeats"),
    Case("Index", lambda m, x: x[array(m, MASK)], lambda x: x[MASK], ((2, 3),), note="mask"),
    Case(
        "IndexAdd",
        lambda m, x: OPS["IndexAdd"].apply(x, key=np.array([2, 0, 2]), shape=(4, 3)),
        _index_add,
        ((3, 3),),
        torch=lambda m, x: m.zeros(4, 3, dtype=x.dtype).index_add(0, m.tensor([2, 0, 2]), x),
    ),
    Case(
        "GatherAlong",
        lambda m, x: x.gather(1, array(m, INDEX)),
        lambda x: np.take_along_axis(x[:2], INDEX, 1),
        ((3, 5),),
    ),
    Case(
        "ScatterAlong",
        lambda m, x: OPS["ScatterAlong"].apply(x, index=INDEX, dim=1, size=5),
        _scatter,
        ((2, 3),),
        torch=lambda m, x: m.zeros(2, 5, dtype=x.dtype).scatter_add(1, m.tensor(INDEX), x),
    ),
]
