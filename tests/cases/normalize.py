"""Cases of the ops in `autodiff.ops.normalize`."""

from __future__ import annotations

import numpy as np

from tests.cases.case import Case


def _normalized(x: np.ndarray, dims: tuple[int, ...]) -> np.ndarray:
    return (x - x.mean(dims, keepdims=True)) / np.sqrt(x.var(dims, keepdims=True) + 1e-5)


CASES: list[Case] = [
    Case(
        "Normalize",
        lambda m, x: m.nn.functional.layer_norm(x, (4,)),
        lambda x: _normalized(x, (1,)),
        ((3, 4),),
        note="layer",
    ),
    Case(
        "Normalize",
        lambda m, x: m.nn.functional.batch_norm(x, None, None, training=True),
        lambda x: _normalized(x, (0, 2)),
        ((3, 2, 4),),
        note="batch",
    ),
]
