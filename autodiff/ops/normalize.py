"""Normalising: what batch, layer, group and instance normalisation have in common."""

from __future__ import annotations

from typing import Any

import numpy as np

from autodiff.op import Op
from autodiff.ops.reduce import Mean
from autodiff.ops.roots import Rsqrt

__all__ = ["Normalize"]


class Normalize(Op):
    """A value less its mean, over its standard deviation, both over some dimensions.

    Source: Ioffe & Szegedy, "Batch normalization" (2015), and Ba et al., "Layer normalization"
    (2016), for the gradient.
    """

    formula = "(x - mean(x)) / sqrt(var(x) + eps)"

    def forward(x, *, dims, eps):
        centred = x - x.mean(axis=dims, keepdims=True)
        variance = np.square(centred).mean(axis=dims, keepdims=True)
        return centred / np.sqrt(variance + x.dtype.type(eps))

    def grad_x(g, x, out, dims, eps):
        return (g - _mean(g, dims) - out * _mean(g * out, dims)) * _scale(x, dims, eps)

    def name(self) -> str:
        return f"Native{'Batch' if 0 in self.settings['dims'] else 'Layer'}NormBackward0"


def _mean(x: Any, dims: tuple[int, ...]) -> Any:
    return Mean.apply(x, dim=dims, keepdim=True)


def _scale(x: Any, dims: tuple[int, ...], eps: float) -> Any:
    centred = x - _mean(x, dims)
    return Rsqrt.function(_mean(centred * centred, dims) + eps)
