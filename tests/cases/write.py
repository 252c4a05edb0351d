"""Cases of the ops in `autodiff.ops.write`."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.cases.case import Case, array

MASK = np.array([True, False, True])


def _assign(key: Any) -> Any:
    """``x[key] = y`` on a copy of x."""

    def call(m: Any, x: Any, y: Any) -> Any:
        x = x.clone()
        x[array(m, key) if isinstance(key, np.ndarray) else key] = y
        return x

    return call


def _assigned(key: Any) -> Any:
    def oracle(x: np.ndarray, y: np.ndarray) -> np.ndarray:
        x = x.copy()
        x[key] = y
        return x

    return oracle


def _write_to_part(m: Any, x: Any, y: Any) -> Any:
    x = x.clone()
    x[1:].T[::2].mul_(y)
    return x


def _written_to_part(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    x = x.copy()
    x[1:, ::2] *= y[:, None] if y.ndim else y
    return x


ROWS = np.array([2, 0])

CASES: list[Case] = [
    Case("CopySlices", _assign((slice(None), 1)), _assigned((slice(None), 1)), ((3, 4), (3,))),
    Case("CopySlices", _assign(0), _assigned(0), ((3,), ()), note="element"),
    Case("CopySlices", _assign(...), _assigned(...), ((2, 3), (3,)), note="all"),
    Case(
        "CopySlices",
        lambda m, x, y: _write_to_part(m, x, y),
        _written_to_part,
        ((3, 4), (2,)),
        note="view-of-view",
    ),
    Case("IndexPut", _assign(ROWS), _assigned(ROWS), ((3, 2), (2, 2))),
    Case("IndexPut", _assign(MASK), _assigned(MASK), ((3, 2), (2,)), note="mask"),
    Case("IndexPut", _assign(ROWS), _assigned(ROWS), ((3, 2), ()), note="number"),
    Case(
        "Copy",
        lambda m, x, y: x.clone().copy_(y),
        lambda x, y: np.broadcast_to(y, x.shape),
        ((2, 3), (3,)),
    ),
    Case("Fill", lambda m, x: x.clone().fill_(3.0), lambda x: np.full_like(x, 3.0), ((2, 3),)),
]
