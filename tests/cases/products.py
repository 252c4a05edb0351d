"""Cases of the ops in `autodiff.ops.products`."""

from __future__ import annotations

import numpy as np

from tests.cases.case import Case

WEIGHTS = {"beta": 2, "alpha": 3}

CASES: list[Case] = [
    Case(
        "Addmm",
        lambda m, x, y, z: m.addmm(x, y, z),
        lambda x, y, z: x + y @ z,
        ((2,), (3, 4), (4, 2)),
        ints=True,
    ),
    Case(
        "Addmm",
        lambda m, x, y, z: x.addmm(y, z, **WEIGHTS),
        lambda x, y, z: 2 * x + 3 * (y @ z),
        ((3, 2), (3, 4), (4, 2)),
        note="weighted",
    ),
    Case(
        "Baddbmm",
        lambda m, x, y, z: m.baddbmm(x, y, z, **WEIGHTS),
        lambda x, y, z: 2 * x + 3 * (y @ z),
        ((2, 1, 2), (2, 3, 4), (2, 4, 2)),
    ),
    Case(
        "Addbmm",
        lambda m, x, y, z: m.addbmm(x, y, z, **WEIGHTS),
        lambda x, y, z: 2 * x + 3 * (y @ z).sum(0),
        ((3, 2), (2, 3, 4), (2, 4, 2)),
    ),
    Case(
        "Addmv",
        lambda m, x, y, z: m.addmv(x, y, z, **WEIGHTS),
        lambda x, y, z: 2 * x + 3 * (y @ z),
        ((3,), (3, 4), (4,)),
    ),
    Case(
        "Addr",
        lambda m, x, y, z: m.addr(x, y, z, **WEIGHTS),
        lambda x, y, z: 2 * x + 3 * np.outer(y, z),
        ((3, 4), (3,), (4,)),
    ),
    Case(
        "Matmul",
        lambda m, x, y: m.einsum("bij,kj->bik", x, y),
        lambda x, y: np.einsum("bij,kj->bik", x, y),
        ((2, 3, 4), (2, 4)),
        note="einsum",
    ),
    Case(
        "Matmul",
        lambda m, x, y: m.tensordot(x, y, ([0, 2], [1, 0])),
        lambda x, y: np.tensordot(x, y, ([0, 2], [1, 0])),
        ((2, 3, 4), (4, 2)),
        note="tensordot",
    ),
]
