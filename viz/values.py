"""What pictures keep of values: numbers and small arrays as they are, of large ones a summary.

A picture shows what was there when it was taken, so arrays are copied; and it must not keep a
model's memory alive, so large ones are not.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

__all__ = ["KEPT_IN_FULL", "Summary", "kept", "norm", "on_host", "summarise"]

KEPT_IN_FULL = 4096
"""Arrays of at most this many elements are kept element by element."""

LARGEST_IMAGE = 256 * 256 * 3
"""Images of at most this many elements are kept."""


@dataclass(frozen=True)
class Summary:
    """What is kept of a large array; ``low``, ``high``, ``mean`` of its finite elements."""

    shape: tuple[int, ...]
    low: float | None
    high: float | None
    mean: float | None
    norm: float
    nan: int
    inf: int
    first: np.ndarray | None = None
    """The image itself, or the first one of a batch."""


def on_host(value: Any) -> Any:
    """A value; of an array on a GPU a copy on the CPU, where it can be looked at."""
    return value.to_cpu() if hasattr(value, "to_cpu") else value


def kept(value: Any) -> Any:
    """What a picture keeps of a number or an array, or of None."""
    value = on_host(value)
    if not isinstance(value, np.ndarray):
        return value
    return value.copy() if value.size <= KEPT_IN_FULL else summarise(value)


def summarise(value: Any) -> Summary:
    """The range, the mean, the Euclidean norm and the oddities of an array."""
    array = np.asarray(value)
    numbers = array if array.dtype.kind in "fiub" else array.astype(np.float64)
    finite_mask = np.isfinite(numbers)
    all_finite = bool(finite_mask.all())
    finite = numbers if all_finite else numbers[finite_mask]
    nan = 0 if all_finite else int(np.isnan(numbers).sum())
    inf = 0 if all_finite else int(np.isinf(numbers).sum())
    image = array[0] if array.ndim == 4 and len(array) else array
    first = image.copy() if image.ndim == 3 and image.size <= LARGEST_IMAGE else None
    if not finite.size:
        return Summary(array.shape, None, None, None, 0.0, nan, inf, first)
    low, high = float(finite.min()), float(finite.max())
    mean = float(finite.mean(dtype=np.float64))
    return Summary(array.shape, low, high, mean, norm(finite), nan, inf, first)


def norm(value: Any) -> float:
    """The Euclidean norm of a number, an array or a summary; nan and inf stay what they are.

    >>> norm(np.array([3.0, 4.0])), norm(1e300)
    (5.0, 1e+300)
    """
    if isinstance(value, Summary):
        return float("nan") if value.nan else float("inf") if value.inf else value.norm
    numbers = np.asarray(value, dtype=np.float64).ravel()
    with np.errstate(over="ignore"):
        squares = float(numbers @ numbers)
        if 1e-280 < squares < np.inf or squares != squares:
            return float(np.sqrt(squares))
        # Squares of numbers this large or small leave the range of floats; the numbers do not.
        largest = float(np.abs(numbers).max(initial=0.0))
        if not 0 < largest < np.inf:
            return largest
        return float(largest * np.sqrt(np.square(numbers / largest).sum()))
