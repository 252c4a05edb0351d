"""Numbers in sequence: arange, linspace, logspace, and the positions of triangles."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autodiff import dtypes, errors
from autodiff.creation.data import made, wanted_dtype, wanted_shape
from autodiff.tensor import Tensor


def _number(x: Any) -> Any:
    return x.item() if isinstance(x, Tensor) else x


def arange(
    start: Any = 0,
    end: Any = None,
    step: Any = 1,
    *,
    out: Tensor | None = None,
    dtype: Any = None,
    device: Any = None,
    requires_grad: bool = False,
) -> Tensor:
    """The numbers from start (0) to end, without the end, in steps (of 1).

    Integers unless a limit or the step is a float.

    Raises:
        RuntimeError: the steps do not lead from start to end.

    >>> import autodiff as ad
    >>> ad.arange(4)
    tensor([0, 1, 2, 3])
    >>> ad.arange(1, 2, 0.5)
    tensor([1.0000, 1.5000])
    """
    start, end = (0, start) if end is None else (start, end)
    start, end, step = _number(start), _number(end), _number(step)
    finite = math.isfinite(start) and math.isfinite(end) and math.isfinite(step)
    if not finite or not step or (end - start) * step < 0:
        raise errors.shapes.range_error(
            f"arange from {start} to {end} in steps of {step} never gets there."
        )
    if dtype is None and out is None and float not in (type(start), type(end), type(step)):
        dtype = dtypes.int64
    wanted = wanted_dtype(dtype, out)
    if wanted.kind in "iu":
        start, end, step = int(start), int(end), int(step) or 1
        return made(np.arange(start, end, step, dtype=wanted), requires_grad, device, out)
    count = math.ceil((end - start) / step)
    array = (start + step * np.arange(count)).astype(wanted)
    return made(array, requires_grad, device, out)


def linspace(
    start: Any,
    end: Any,
    steps: int,
    *,
    out: Tensor | None = None,
    dtype: Any = None,
    device: Any = None,
    requires_grad: bool = False,
) -> Tensor:
    """``steps`` numbers, evenly spaced from ``start`` to ``end`` inclusive.

    Raises:
        RuntimeError: ``steps`` is negative.

    >>> import autodiff as ad
    >>> ad.linspace(0, 1, 3)
    tensor([0.0000, 0.5000, 1.0000])
    """
    if steps < 0:
        raise errors.shapes.range_error(f"linspace: steps must be non-negative, not {steps}.")
    array = np.linspace(_number(start), _number(end), steps).astype(wanted_dtype(dtype, out))
    return made(array, requires_grad, device, out)


def logspace(
    start: Any,
    end: Any,
    steps: int,
    base: float = 10.0,
    *,
    out: Tensor | None = None,
    dtype: Any = None,
    device: Any = None,
    requires_grad: bool = False,
) -> Tensor:
    """``base`` to the power of ``steps`` numbers, evenly spaced from ``start`` to ``end``.

    Raises:
        RuntimeError: ``steps`` is negative.

    >>> import autodiff as ad
    >>> ad.logspace(0, 2, 3)
    tensor([  1.,  10., 100.])
    """
    if steps < 0:
        raise errors.shapes.range_error(f"logspace: steps must be non-negative, not {steps}.")
    powers = float(base) ** np.linspace(_number(start), _number(end), steps)
    return made(powers.astype(wanted_dtype(dtype, out)), requires_grad, device, out)


def tril_indices(
    row: int, col: int, offset: int = 0, *, dtype: Any = dtypes.int64, device: Any = None
) -> Tensor:
    """The positions of the lower triangle of a matrix: their rows, and their columns.

    >>> import autodiff as ad
    >>> ad.tril_indices(2, 2)
    tensor([[0, 1, 1],
            [0, 0, 1]])
    """
    rows, columns = wanted_shape((row, col))
    positions = np.stack(np.tril_indices(rows, offset, columns))
    return made(positions.astype(wanted_dtype(dtype)), device=device)


def triu_indices(
    row: int, col: int, offset: int = 0, *, dtype: Any = dtypes.int64, device: Any = None
) -> Tensor:
    """The positions of the upper triangle of a matrix: their rows, and their columns.

    >>> import autodiff as ad
    >>> ad.triu_indices(2, 2)
    tensor([[0, 0, 1],
            [0, 1, 1]])
    """
    rows, columns = wanted_shape((row, col))
    positions = np.stack(np.triu_indices(rows, offset, columns))
    return made(positions.astype(wanted_dtype(dtype)), device=device)
