"""Whether an update runs as one compiled loop."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

__all__ = ["fused"]

FROM = 1 << 10
"""With fewer elements NumPy is as quick."""

NATIVE = "autodiff.native.machine_code"
"""The module that is in memory where machine code is."""


def fused(name: str, arrays: tuple[Any, ...], numbers: tuple[float, ...]) -> bool:
    """Update a parameter, the first of ``arrays``, by the loop of that name in `backends.updates`.

    False where it cannot: the arrays are no plain ones, or no machine code is in memory yet: a net
    that needs it for nothing else should not wait for it. The bits are the same either way.
    """
    x = arrays[0]
    if type(x) is not np.ndarray or x.size < FROM or NATIVE not in sys.modules:
        return False
    number = x.dtype.type
    if number is not np.float32 and number is not np.float64:
        return False
    for a in arrays:
        if a.dtype is not x.dtype or not a.flags.carray:
            return False
    _loop(name)(*[a.reshape(-1) for a in arrays], np.array(numbers, number))
    return True


@cache
def _loop(name: str) -> Callable[..., None]:
    from autodiff.backends import updates

    return getattr(updates, name)
