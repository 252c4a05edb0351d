"""Cases of the ops in `autodiff.ops.sorting`."""

from __future__ import annotations

import numpy as np

from tests.cases.case import Case

CASES: list[Case] = [
    Case("Sort", lambda m, x: x.sort().values, np.sort, ((3, 4),), ints=True),
    Case(
        "Sort",
        lambda m, x: x.sort(0, descending=True)[0],
        lambda x: np.sort(x, 0)[::-1],
        ((3, 4),),
        ints=True,
        note="descending",
    ),
    Case(
        "Sort",
        lambda m, x: m.sort(x, dim=1, stable=True)[0],
        lambda x: np.sort(x, 1),
        ((2, 3, 2),),
        note="stable",
    ),
    Case("Sort", lambda m, x: x.sort()[0], lambda x: x, ((),), note="scalar"),
    Case("Sort", lambda m, x: x.sort()[0], lambda x: x, ((0, 3),), note="empty"),
    Case(
        "Topk", lambda m, x: x.topk(2).values, lambda x: np.sort(x)[:, :1:-1], ((3, 4),), ints=True
    ),
    Case(
        "Topk",
        lambda m, x: x.topk(1, 0, largest=False)[0],
        lambda x: x.min(0, keepdims=True),
        ((3, 4),),
        note="smallest",
    ),
    Case("Argsort", lambda m, x: x.argsort(), np.argsort, ((3, 4),)),
    Case(
        "Argsort",
        lambda m, x: x.argsort(0, descending=True),
        lambda x: np.argsort(-x, 0),
        ((3, 4),),
        note="descending",
    ),
    Case(
        "Argsort",
        lambda m, x: x.sort(stable=True)[1],
        lambda x: np.argsort(x, kind="stable"),
        ((3, 4),),
        ints=True,
        note="sort",
    ),
]
