"""Ops that write values into a tensor: what an in-place write is in the graph.

Each computes a new tensor from the old one and the values. The old tensor's gradient is that of the
result without the part that was written over; the values get the gradient of that part.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from autodiff.arrays import beside, device_of, placed
from autodiff.op import Op
from autodiff.ops.choice import where
from autodiff.ops.index import Index
from autodiff.ops.shape import conform

Steps = tuple[tuple[type[Op], dict[str, Any]], ...]
"""View ops with their settings, one after the other."""


class CopySlices(Op):
    """``x`` with ``y`` written into the part of it that a view shows."""

    formula = "x, with y written into a part"

    def forward(x, y, *, steps):
        out = x.copy()
        part(out, steps)[...] = y
        return out

    def grad_x(g, x_shape, steps):
        return where(beside(g, ~_mask(x_shape, steps)), g, 0.0)

    def grad_y(g, y_shape, y_dtype, steps):
        return conform(part(g, steps), y_shape, y_dtype)

    def name(self) -> str:
        return "CopySlices"


class IndexPut(Op):
    """``x`` with ``y`` written to the elements that a key of positions or truth values picks."""

    formula = "x, with x[key] = y"

    def forward(x, y, *, key):
        out = x.copy()
        out[key] = y
        return out

    def grad_x(g, x_shape, key):
        mask = beside(g, np.ones(x_shape, bool))
        mask[key] = False
        return where(mask, g, 0.0)

    def grad_y(g, y_shape, y_dtype, key):
        return conform(Index.apply(g, key=key), y_shape, y_dtype)


class Copy(Op):
    """``y`` in the shape and the dtype of ``x``, whose own values no longer matter."""

    formula = "y"

    def forward(x, y):
        out = np.empty_like(x)
        out[...] = placed(y, device_of(x))
        return out

    def grad_x(g):
        return Fill.apply(g, value=0.0)

    def grad_y(g, y_shape, y_dtype):
        return conform(g, y_shape, y_dtype)

    def name(self) -> str:
        return "CopyBackwards"


class Fill(Op):
    """Every element the same number: nothing flows back."""

    formula = "value"

    def forward(x, *, value):
        return np.full_like(x, value)

    def grad_x(g):
        return Fill.apply(g, value=0.0)


def part(x: Any, steps: Steps) -> Any:
    """The view of ``x`` that the steps lead to."""
    for op, settings in steps:
        x = op.apply(x, **settings)
    return x


def _mask(shape: tuple[int, ...], steps: Steps) -> np.ndarray:
    """True where the view shows an element."""
    mask = np.zeros(shape, bool)
    part(mask, steps)[...] = True
    return mask
