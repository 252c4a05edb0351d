"""Cases of the ops in `autodiff.ops.expand`."""

from __future__ import annotations

from typing import Any

import numpy as np

from autodiff.op import OPS
from tests.cases.case import Case


def _windows(x: np.ndarray) -> np.ndarray:
    return np.stack([x[:, 0:2], x[:, 2:4]], 1)


def _fold(x: np.ndarray) -> np.ndarray:
    out = np.zeros(5, x.dtype)
    for i, window in enumerate(x):
        out[2 * i : 2 * i + 3] += window
    return out


def _torch_fold(m: Any, x: Any) -> Any:
    zeros = m.zeros(5, dtype=x.dtype, requires_grad=True)
    return m.autograd.grad(zeros.unfold(0, 3, 2), zeros, x, create_graph=True)[0]


CASES: list[Case] = [
    Case("Unfold", lambda m, x: x.unfold(1, 2, 2), _windows, ((3, 5),), ints=True),
    Case(
        "Unfold",
        lambda m, x: x.unfold(-1, 2, 1),
        lambda x: np.stack([x[:-1], x[1:]], 1),
        ((4,),),
        note="overlapping",
    ),
    Case(
        "Fold",
        lambda m, x: OPS["Fold"].apply(x, shape=(5,), dim=0, size=3, step=2),
        _fold,
        ((2, 3),),
        torch=_torch_fold,
    ),
]
