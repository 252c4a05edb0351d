"""Cases of the ops in `autodiff.ops.choice`."""

from __future__ import annotations

import numpy as np

from tests.cases.case import Case, array, binary, unary

MASK = np.array([[True, False, True], [False, True, True]])

CASES: list[Case] = [
    *binary("Maximum", lambda m, x, y: m.maximum(x, y), np.maximum, ints=True),
    *binary("Minimum", lambda m, x, y: m.minimum(x, y), np.minimum, ints=True),
    *unary("Relu", lambda m, x: x.relu(), lambda x: np.maximum(x, 0), ints=True),
    *unary("Clamp", lambda m, x: x.clamp(min=-1, max=0.5), lambda x: np.clip(x, -1, 0.5)),
    Case(
        "Clamp",
        lambda m, x: x.clamp(min=0.1),
        lambda x: np.maximum(x, np.array(0.1, x.dtype)),
        ((5,),),
        note="min",
    ),
    Case(
        "Where",
        lambda m, x, y: m.where(array(m, MASK), x, y),
        lambda x, y: np.where(MASK, x, y),
        ((2, 3), (3,)),
    ),
    *binary("Fmax", lambda m, x, y: m.fmax(x, y), np.fmax, ints=True),
    *binary("Fmin", lambda m, x, y: m.fmin(x, y), np.fmin, ints=True),
    *unary(
        "ClampMin", lambda m, x: x.clamp_min(0.1), lambda x: np.maximum(x, np.array(0.1, x.dtype))
    ),
    *binary("ClampMin", lambda m, x, y: m.clamp_min(x, y), np.maximum, ints=True),
    *unary(
        "ClampMax", lambda m, x: x.clamp_max(0.1), lambda x: np.minimum(x, np.array(0.1, x.dtype))
    ),
    *binary("ClampMax", lambda m, x, y: m.clamp_max(x, y), np.minimum, ints=True),
    Case("ClampMin", lambda m, x, y: x.clamp(min=y), np.maximum, ((2, 3), (3,)), note="clamp"),
    Case("ClampMax", lambda m, x, y: x.clamp(max=y), np.minimum, ((2, 3), (3,)), note="clamp"),
    Case(
        "ClampBetween",
        lambda m, x, y, z: x.clamp(y, z),
        lambda x, y, z: np.minimum(np.maximum(x, y), z),
        ((2, 3), (3,), (3,)),
    ),
    Case(
        "ClampBetween",
        lambda m, x, y, z: m.clamp(x, min=y, max=z),
        lambda x, y, z: np.minimum(np.maximum(x, y), z),
        ((7,), (7,), (7,)),
        ints=True,
        note="m",
    ),
    *unary("NanToNum", lambda m, x: x.nan_to_num(), np.nan_to_num, ints=True),
]
