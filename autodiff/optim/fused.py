"""Whether an update runs as one compiled loop."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np

__all__ = ["fused"]

FROM = 1 << 10
"""With fewer elements NumPy is as quick."""


def fused(name: str, arrays: tuple[Any, ...], numbers: tuple[float, ...]) -> bool:
    """Update a parameter, the first of ``arrays``, by the loop of that name in `backends.updates`.

    False where it cannot: the arrays are no plain ones, or Numba is not in memory yet, since a net
    that needs it for nothing else should not wait for it. The bits are the same either way.
    """
    x = arrays[0]
    if type(x) is not np.ndarray or x.size < FROM or "numba" not in sys.modules:
        return False
    if x.dtype not in (np.float32, np.float64):
        return False
    if any(a.dtype is not x.dtype or not a.flags.carray for a in arrays):
        return False
    from autodiff.backends import updates

    number = x.dtype.type
    flat = [a.reshape(-1) for a in arrays]
    getattr(updates, name)(*flat, *(number(n) for n in numbers))
    return True
