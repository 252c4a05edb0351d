"""Jacobians computed in two ways: by backward passes, and by nudging the inputs.

Source of the method: Griewank & Walther, "Evaluating Derivatives" (2008), section 1.1: a central
difference (f(x + e) - f(x - e)) / 2e has an error of order e**2.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autodiff.arrays import beside, on_cpu
from autodiff.autograd.passes import grad
from autodiff.grad_mode import no_grad
from autodiff.tensor import Tensor

__all__ = ["analytical", "listed", "numerical", "slope", "vector_product"]


def listed(x: Any) -> list[Any]:
    return list(x) if isinstance(x, (tuple, list)) else [x]


def vector_product(out: Tensor, x: Tensor, v: np.ndarray) -> np.ndarray:
    """v @ Jacobian by one backward pass, as a flat array; zeros where nothing is connected."""
    if not out.requires_grad:
        return np.zeros(x.numel())
    vector = Tensor._wrap(beside(out, v.astype(out.value.dtype).reshape(out.shape)))
    (g,) = grad(out, x, vector, retain_graph=True, allow_unused=True)
    return np.zeros(x.numel()) if g is None else on_cpu(g.value).reshape(-1).astype(np.float64)


def analytical(out: Tensor, x: Tensor) -> np.ndarray:
    """The Jacobian by backward passes, one for each element of ``out``: rows are outputs."""
    rows = [vector_product(out, x, row) for row in np.eye(out.numel())]
    return np.stack(rows) if rows else np.zeros((0, x.numel()))


def numerical(
    func: Callable[..., Any], inputs: list[Any], index: int, number: int, eps: float
) -> np.ndarray:
    """The Jacobian of output ``number`` by central differences, one input element at a time."""
    directions = np.eye(inputs[index].numel())
    return np.stack([slope(func, inputs, index, number, eps, u) for u in directions], axis=1)


def slope(
    func: Callable[..., Any],
    inputs: list[Any],
    index: int,
    number: int,
    eps: float,
    direction: np.ndarray,
) -> np.ndarray:
    """How output ``number`` changes as input ``index`` moves along ``direction``: Jacobian @ u."""
    original = inputs[index]
    sides = []
    for nudge in (eps, -eps):
        values = original.value.copy()
        values += beside(values, (nudge * direction).reshape(original.shape))
        moved = Tensor._wrap(values, requires_grad=True)
        out = listed(func(*inputs[:index], moved, *inputs[index + 1 :]))[number]
        with no_grad():
            sides.append(on_cpu(out.detach().value).reshape(-1).astype(np.float64))
    return (sides[0] - sides[1]) / (2 * eps)
