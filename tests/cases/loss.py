"""Cases of the ops in `autodiff.ops.loss`."""

from __future__ import annotations

import numpy as np

from tests.cases.case import Case, array

LABELS = np.array([2, 0, 1])


def _softmax(x: np.ndarray, axis: int) -> np.ndarray:
    e = np.exp(x - x.max(axis, keepdims=True))
    return e / e.sum(axis, keepdims=True)


CASES: list[Case] = [
    *[
        Case(
            "BinaryCrossEntropyWithLogits",
            lambda m, x, y, r=reduction: m.nn.functional.binary_cross_entropy_with_logits(
                x, y, reduction=r
            ),
            lambda x, y, r=reduce: r(np.log1p(np.exp(x)) - x * y),
            ((3, 4), (3, 4)),
            note=reduction,
        )
        for reduction, reduce in (("mean", np.mean), ("sum", np.sum), ("none", np.asarray))
    ],
    Case(
        "Softmax", lambda m, x: m.nn.functional.softmax(x, 1), lambda x: _softmax(x, 1), ((3, 4),)
    ),
    Case(
        "LogSoftmax",
        lambda m, x: m.nn.functional.log_softmax(x, -1),
        lambda x: np.log(_softmax(x, -1)),
        ((3, 4),),
    ),
    Case(
        "NllLoss",
        lambda m, x: m.nn.functional.nll_loss(x, array(m, LABELS)),
        lambda x: -x[np.arange(3), LABELS].mean(),
        ((3, 4),),
    ),
    Case(
        "NllLoss",
        lambda m, x: m.nn.functional.cross_entropy(x, array(m, LABELS)),
        lambda x: -np.log(_softmax(x, 1))[np.arange(3), LABELS].mean(),
        ((3, 4),),
        note="cross_entropy",
    ),
]
