"""Cases of the ops in `autodiff.ops.extremes`."""

from __future__ import annotations

import numpy as np

from tests.cases.case import Case

CASES: list[Case] = [
    Case("Amax", lambda m, x: x.amax(1), lambda x: x.max(1), ((3, 4),)),
    Case("MaxOfAll", lambda m, x: x.max(), np.max, ((3, 4),)),
    Case("MinOfAll", lambda m, x: x.min(), np.min, ((3, 4),)),
    Case("Sum", lambda m, x: x.sum(0), lambda x: x.sum(0), ((5,),), note="vector"),
    Case("Mean", lambda m, x: x.mean(-1), lambda x: x.mean(-1), ((5,),), note="vector"),
    Case(
        "Amin",
        lambda m, x: x.amin((0, 1), keepdim=True),
        lambda x: x.min((0, 1), keepdims=True),
        ((3, 4),),
    ),
    Case("Max", lambda m, x: x.max(1).values, lambda x: x.max(1), ((3, 4),)),
    Case(
        "Max",
        lambda m, x: x.max(-2, keepdim=True)[0],
        lambda x: x.max(-2, keepdims=True),
        ((3, 4),),
        note="keepdim",
    ),
    Case("Min", lambda m, x: x.min(0).values, lambda x: x.min(0), ((3, 4),)),
    Case("Argmax", lambda m, x: x.argmax(1), lambda x: x.argmax(1), ((3, 4),)),
    Case("Argmin", lambda m, x: x.argmin(), lambda x: x.argmin(), ((3, 4),)),
]
