"""Cases of the ops in `autodiff.ops.rearrange` and `autodiff.ops.diagonal`."""

from __future__ import annotations

import numpy as np

from tests.cases.case import Case


def _roll(x: np.ndarray) -> np.ndarray:
    return np.roll(np.roll(x, 1, 0), -2, 1)


def _embed(x: np.ndarray) -> np.ndarray:
    return np.stack([np.diag(row, 1) for row in x])


CASES: list[Case] = [
    Case("Flip", lambda m, x: x.flip(0, -1), lambda x: x[::-1, :, ::-1], ((2, 3, 4),), ints=True),
    Case("Flip", lambda m, x: x.fliplr(), lambda x: x[:, ::-1], ((2, 0),), note="empty"),
    Case("Roll", lambda m, x: x.roll((1, -2), (0, 1)), _roll, ((2, 3),), ints=True),
    Case("Roll", lambda m, x: x.roll(2), lambda x: np.roll(x, 2), ((5,),), note="row"),
    Case("Rot90", lambda m, x: x.rot90(), np.rot90, ((2, 3),), ints=True),
    Case(
        "Rot90",
        lambda m, x: x.rot90(-1, (2, 0)),
        lambda x: np.rot90(x, -1, (2, 0)),
        ((2, 3, 2),),
        note="back",
    ),
    Case(
        "Repeat",
        lambda m, x: x.repeat(2, 1, 3),
        lambda x: np.tile(x, (2, 1, 3)),
        ((2, 3),),
        ints=True,
    ),
    Case("Repeat", lambda m, x: x.tile(2), lambda x: np.tile(x, 2), ((2, 3),), note="tile"),
    Case("Repeat", lambda m, x: x.repeat(2), lambda x: np.tile(x, 2), ((),), note="number"),
    Case("Tril", lambda m, x: x.tril(-1), lambda x: np.tril(x, -1), ((2, 3, 4),), ints=True),
    Case("Triu", lambda m, x: x.triu(1), lambda x: np.triu(x, 1), ((3, 4),), ints=True),
    Case("Diagonal", lambda m, x: x.diagonal(1), lambda x: np.diagonal(x, 1), ((3, 4),), ints=True),
    Case(
        "Diagonal",
        lambda m, x: x.diagonal(-1, 2, 0),
        lambda x: np.diagonal(x, -1, 2, 0),
        ((3, 2, 4),),
        note="batch",
    ),
    Case("DiagonalCopy", lambda m, x: x.diag(-1), lambda x: np.diag(x, -1), ((3, 4),), ints=True),
    Case("DiagEmbed", lambda m, x: x.diag(2), lambda x: np.diag(x, 2), ((3,),), ints=True),
    Case("DiagEmbed", lambda m, x: x.diag_embed(1), _embed, ((2, 3),), note="batch"),
    Case("Trace", lambda m, x: x.trace(), np.trace, ((3, 4),), ints=True),
]
