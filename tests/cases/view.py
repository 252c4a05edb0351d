"""Cases of the ops in `autodiff.ops.view` and `autodiff.ops.order`."""

from __future__ import annotations

import numpy as np

from tests.cases.case import Case

CASES: list[Case] = [
    Case(
        "UnsafeView",
        lambda m, x: x.t().reshape(2, -1),
        lambda x: x.T.reshape(2, -1),
        ((3, 4),),
        ints=True,
    ),
    Case("UnsafeView", lambda m, x: x.mT.flatten(), lambda x: x.mT.ravel(), ((2, 3, 2),), note="f"),
    Case("Squeeze", lambda m, x: x.squeeze(), lambda x: x.squeeze(), ((1, 3, 1),), ints=True),
    Case("Squeeze", lambda m, x: x.squeeze(-1), lambda x: x.squeeze(-1), ((1, 3, 1),), note="last"),
    Case(
        "Squeeze", lambda m, x: x.squeeze((0, 1)), lambda x: x.squeeze(0), ((1, 3, 1),), note="two"
    ),
    Case("Squeeze", lambda m, x: x.squeeze(0), lambda x: x, ((),), note="0"),
    Case("Unsqueeze", lambda m, x: x.unsqueeze(-1), lambda x: x[..., None], ((3, 4),), ints=True),
    Case("Unsqueeze", lambda m, x: x.unsqueeze(0), lambda x: x[None], ((),), note="0"),
    Case("Unsqueeze", lambda m, x: x.unsqueeze(1), lambda x: x[:, None], ((0, 2),), note="1"),
    Case(
        "Transpose",
        lambda m, x: x.transpose(0, -1),
        lambda x: x.swapaxes(0, 2),
        ((2, 3, 4),),
        ints=True,
    ),
    Case("Transpose", lambda m, x: x.mT, lambda x: x.swapaxes(1, 2), ((2, 3, 4),), note="mT"),
    Case("T", lambda m, x: x.t(), lambda x: x.T, ((3, 4),), ints=True),
    Case("T", lambda m, x: x.t(), lambda x: x, ((3,),), note="vector"),
    Case(
        "ViewDtype",
        lambda m, x: x.contiguous().view(m.int16),
        lambda x: x.view(np.int16),
        ((2, 3),),
    ),
]
