"""Cases of the ops in `autodiff.ops.join`."""

from __future__ import annotations

import numpy as np

from tests.cases.case import Case

CASES: list[Case] = [
    Case(
        "Cat",
        lambda m, x, y: m.cat([x, y], -1),
        lambda x, y: np.concatenate([x, y], -1),
        ((2, 3), (2, 1)),
        ints=True,
    ),
    Case(
        "Cat",
        lambda m, x, y: m.cat([x, y]),
        lambda x, y: np.concatenate([x, y]),
        ((0, 2), (3, 2)),
        note="nothing",
    ),
    Case(
        "Stack",
        lambda m, x, y: m.stack([x, y, x], 1),
        lambda x, y: np.stack([x, y, x], 1),
        ((2, 3), (2, 3)),
        ints=True,
    ),
    Case("Stack", lambda m, x, y: m.stack([x, y]), lambda x, y: np.stack([x, y]), ((), ())),
    Case("Split", lambda m, x: x.split(2, -1)[1], lambda x: x[:, 2:], ((2, 3),), ints=True),
    Case("Split", lambda m, x: x.chunk(2)[0], lambda x: x[:2], ((3, 2),), note="chunk"),
    Case("SplitWithSizes", lambda m, x: x.split([1, 2])[1], lambda x: x[1:], ((3, 2),), ints=True),
    Case("Unbind", lambda m, x: x.unbind(-1)[1], lambda x: x[:, 1], ((3, 2),), ints=True),
]
