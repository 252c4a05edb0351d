"""Fully connected layers."""

from __future__ import annotations

import math
from typing import Any

from autodiff.creation import empty
from autodiff.nn import functional, init
from autodiff.nn.module import Module
from autodiff.nn.parameter import Parameter
from autodiff.tensor import Tensor

__all__ = ["Flatten", "Identity", "Linear"]


class Linear(Module):
    """``x @ weight.T + bias``: every output is a weighted sum of all inputs.

    Input (..., in_features), output (..., out_features). Weight and bias start uniform within
    1 / sqrt(in_features).

    >>> import autodiff as ad
    >>> layer = ad.nn.Linear(3, 2)
    >>> layer
    Linear(in_features=3, out_features=2, bias=True)
    >>> layer(ad.zeros(5, 3)).shape
    autodiff.Size([5, 2])
    """

    def __init__(self, in_features: int, out_features: int, bias: bool = True, dtype: Any = None):
        super().__init__()
        self.in_features, self.out_features = in_features, out_features
        self.weight = Parameter(empty(out_features, in_features, dtype=dtype))
        self.register_parameter(
            "bias", Parameter(empty(out_features, dtype=dtype)) if bias else None
        )
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Start again from random weights."""
        init.kaiming_uniform_(self.weight, a=math.sqrt(5))
        if self.bias is not None:
            bound = 1 / math.sqrt(self.in_features) if self.in_features else 0
            init.uniform_(self.bias, -bound, bound)

    def forward(self, x: Tensor) -> Tensor:
        return functional.linear(x, self.weight, self.bias)

    def extra_repr(self) -> str:
        return (
            f"in_features={self.in_features}, out_features={self.out_features}, "
            f"bias={self.bias is not None}"
        )


class Flatten(Module):
    """Merges the dimensions from ``start_dim`` to ``end_dim``: by default all but the batch.

    >>> import autodiff as ad
    >>> ad.nn.Flatten()(ad.zeros(4, 1, 8, 8)).shape
    autodiff.Size([4, 64])
    """

    def __init__(self, start_dim: int = 1, end_dim: int = -1) -> None:
        super().__init__()
        self.start_dim, self.end_dim = start_dim, end_dim

    def forward(self, x: Tensor) -> Tensor:
        return x.flatten(self.start_dim, self.end_dim)

    def extra_repr(self) -> str:
        return f"start_dim={self.start_dim}, end_dim={self.end_dim}"


class Identity(Module):
    """Gives back what it gets."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__()

    def forward(self, x: Tensor) -> Tensor:
        return x
