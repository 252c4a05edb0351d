"""Activations and dropout as layers."""

from __future__ import annotations

from autodiff import errors
from autodiff.nn import functional
from autodiff.nn.module import Module
from autodiff.tensor import Tensor

__all__ = ["Dropout", "LogSoftmax", "ReLU", "Sigmoid", "Softmax", "Tanh"]


class ReLU(Module):
    """The positive part of each element.

    >>> import autodiff as ad
    >>> ad.nn.ReLU()(ad.tensor([-1.0, 2.0]))
    tensor([0., 2.])
    """

    def forward(self, x: Tensor) -> Tensor:
        return functional.relu(x)


class Sigmoid(Module):
    """Squashes each element into (0, 1)."""

    def forward(self, x: Tensor) -> Tensor:
        return functional.sigmoid(x)


class Tanh(Module):
    """Squashes each element into (-1, 1)."""

    def forward(self, x: Tensor) -> Tensor:
        return functional.tanh(x)


class Softmax(Module):
    """Positive numbers that sum to 1 along ``dim``."""

    def __init__(self, dim: int) -> None:
        super().__init__()
        self.dim = dim

    def forward(self, x: Tensor) -> Tensor:
        return functional.softmax(x, self.dim)

    def extra_repr(self) -> str:
        return f"dim={self.dim}"


class LogSoftmax(Softmax):
    """The logarithm of the softmax along ``dim``."""

    def forward(self, x: Tensor) -> Tensor:
        return functional.log_softmax(x, self.dim)


class Dropout(Module):
    """In training, sets each element to 0 with probability ``p`` and scales up the rest.

    Raises:
        ValueError: ``p`` is not between 0 and 1.
    """

    def __init__(self, p: float = 0.5) -> None:
        super().__init__()
        if not 0 <= p <= 1:
            raise errors.nn.dropout_probability(p)
        self.p = p

    def forward(self, x: Tensor) -> Tensor:
        return functional.dropout(x, self.p, self.training)

    def extra_repr(self) -> str:
        return f"p={self.p}, inplace=False"
