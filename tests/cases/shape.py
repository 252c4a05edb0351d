"""Cases of the ops in `autodiff.ops.shape`."""

from __future__ import annotations

import numpy as np

from autodiff.op import OPS
from tests.cases.case import Case


def _sum_to_row(x: np.ndarray) -> np.ndarray:
    return x.sum(0, keepdims=True)


CASES: list[Case] = [
    Case(
        "Reshape", lambda m, x: x.reshape(2, -1), lambda x: x.reshape(2, -1), ((3, 4),), ints=True
    ),
    Case(
        "Reshape",
        lambda m, x: x.flatten(1),
        lambda x: x.reshape(2, -1),
        ((2, 3, 2),),
        note="flatten",
    ),
    Case(
        "Permute",
        lambda m, x: x.permute(2, 0, 1),
        lambda x: x.transpose(2, 0, 1),
        ((2, 3, 4),),
        ints=True,
    ),
    Case("Permute", lambda m, x: x.T, lambda x: x.T, ((3, 4),), note="T"),
    Case(
        "Expand",
        lambda m, x: x.expand(2, 3, 4),
        lambda x: np.broadcast_to(x, (2, 3, 4)),
        ((3, 1),),
        ints=True,
    ),
    Case(
        "Expand", lambda m, x: x.expand(3), lambda x: np.broadcast_to(x, (3,)), ((),), note="scalar"
    ),
    Case(
        "SumTo",
        lambda m, x: OPS["SumTo"].apply(x, shape=(1, 4)),
        _sum_to_row,
        ((3, 4),),
        torch=lambda m, x: x.sum(0, keepdim=True),
    ),
    Case(
        "Cast",
        lambda m, x: x.to(m.float32),
        lambda x: x.astype(np.float32),
        ((3,),),
        ints=True,
        exact=False,
    ),
    Case("Clone", lambda m, x: x.clone(), np.copy, ((3, 4),), ints=True),
    Case("Clone", lambda m, x: x.t().contiguous(), np.transpose, ((3, 4),), note="ordered"),
    Case(
        "Move",
        lambda m, x: OPS["Move"].apply(x, origin=x.device, place=x.device),
        np.copy,
        ((3, 4),),
        torch=lambda m, x: m.ops.aten._to_copy(x),
        ints=True,
    ),
]
