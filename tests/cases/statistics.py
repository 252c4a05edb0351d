"""Cases of the ops in `autodiff.ops.statistics`."""

from __future__ import annotations

import numpy as np

from tests.cases.case import Case

CASES: list[Case] = [
    Case("Var", lambda m, x: x.var(), lambda x: x.var(ddof=1), ((3, 4),)),
    Case("Var", lambda m, x: x.var(0, unbiased=False), lambda x: x.var(0), ((3, 4),), note="dim"),
    Case(
        "Var",
        lambda m, x: x.var((0, -1), correction=2, keepdim=True),
        lambda x: x.var((0, 2), ddof=2, keepdims=True),
        ((2, 3, 4),),
        note="correction",
    ),
    Case("Var", lambda m, x: m.var_mean(x, 1)[0], lambda x: x.var(1, ddof=1), ((3, 4),), note="m"),
    Case("Std", lambda m, x: x.std(), lambda x: x.std(ddof=1), ((3, 4),)),
    Case(
        "Std",
        lambda m, x: x.std(1, keepdim=True),
        lambda x: x.std(1, ddof=1, keepdims=True),
        ((3, 4),),
        note="dim",
    ),
    Case("Std", lambda m, x: m.std_mean(x, 0)[0], lambda x: x.std(0, ddof=1), ((3, 4),), note="m"),
    Case("Logsumexp", lambda m, x: x.logsumexp(1), lambda x: np.log(np.exp(x).sum(1)), ((3, 4),)),
    Case(
        "Logsumexp",
        lambda m, x: m.logsumexp(x, (0, -1), keepdim=True),
        lambda x: np.log(np.exp(x).sum((0, 2), keepdims=True)),
        ((2, 3, 4),),
        note="keepdim",
    ),
    Case("Logsumexp", lambda m, x: x.logsumexp(0), lambda x: x, ((),), note="scalar"),
    Case("AllTrue", lambda m, x: (x > -1).all(), lambda x: (x > -1).all(), ((3, 4),), ints=True),
    Case(
        "AllTrue",
        lambda m, x: x.all(1, keepdim=True),
        lambda x: x.all(1, keepdims=True),
        ((3, 4),),
        ints=True,
        note="dim",
    ),
    Case("AnyTrue", lambda m, x: (x > 1.5).any(), lambda x: (x > 1.5).any(), ((3, 4),), ints=True),
    Case(
        "AnyTrue",
        lambda m, x: (x > 1).any((0, 1)),
        lambda x: (x > 1).any((0, 1)),
        ((3, 4, 2),),
        ints=True,
        note="dims",
    ),
    Case(
        "CountNonzero",
        lambda m, x: x.count_nonzero(),
        lambda x: np.int64(np.count_nonzero(x)),
        ((3, 4),),
        ints=True,
    ),
    Case(
        "CountNonzero",
        lambda m, x: (x > 0).count_nonzero(-1),
        lambda x: (x > 0).sum(-1),
        ((3, 4),),
        note="dim",
    ),
]
