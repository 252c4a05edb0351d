"""Activations as layers."""

from __future__ import annotations

from typing import Any

from autodiff.creation import full
from autodiff.nn import functional
from autodiff.nn.module import Module
from autodiff.nn.parameter import Parameter
from autodiff.tensor import Tensor

__all__ = [
    "CELU", "ELU", "GELU", "GLU", "Hardshrink", "Hardsigmoid", "Hardswish", "Hardtanh",
    "LeakyReLU", "LogSigmoid", "LogSoftmax", "Mish", "PReLU", "RReLU", "ReLU", "ReLU6", "SELU",
    "SiLU", "Sigmoid", "Softmax", "Softmin", "Softplus", "Softshrink", "Softsign", "Tanh",
    "Tanhshrink", "Threshold",
]  # fmt: skip


class _InPlace(Module):
    """Base of activations that can write their result into their input."""

    def __init__(self, inplace: bool = False) -> None:
        super().__init__()
        self.inplace = inplace

    def extra_repr(self) -> str:
        return "inplace=True" if self.inplace else ""

    def _told(self, text: str) -> str:
        return f"{text}, inplace=True" if self.inplace else text


class ReLU(_InPlace):
    """The positive part of each element.

    >>> import autodiff as ad
    >>> ad.nn.ReLU()(ad.tensor([-1.0, 2.0]))
    tensor([0., 2.])
    """

    def forward(self, x: Tensor) -> Tensor:
        return functional.relu(x, self.inplace)


class LeakyReLU(_InPlace):
    """Each element, or a small multiple of it where it is negative."""

    def __init__(self, negative_slope: float = 0.01, inplace: bool = False) -> None:
        super().__init__(inplace)
        self.negative_slope = negative_slope

    def forward(self, x: Tensor) -> Tensor:
        return functional.leaky_relu(x, self.negative_slope, self.inplace)

    def extra_repr(self) -> str:
        return self._told(f"negative_slope={self.negative_slope}")


class PReLU(Module):
    """A leaky relu whose slope, one for all or one per channel, is learned."""

    def __init__(self, num_parameters: int = 1, init: float = 0.25, dtype: Any = None) -> None:
        super().__init__()
        self.num_parameters = num_parameters
        self.weight = Parameter(full((num_parameters,), init, dtype=dtype))

    def forward(self, x: Tensor) -> Tensor:
        return functional.prelu(x, self.weight)

    def extra_repr(self) -> str:
        return f"num_parameters={self.num_parameters}"


class RReLU(_InPlace):
    """A leaky relu with random slopes in training, and the mean one otherwise."""

    def __init__(self, lower: float = 1 / 8, upper: float = 1 / 3, inplace: bool = False) -> None:
        super().__init__(inplace)
        self.lower, self.upper = lower, upper

    def forward(self, x: Tensor) -> Tensor:
        return functional.rrelu(x, self.lower, self.upper, self.training, self.inplace)

    def extra_repr(self) -> str:
        return self._told(f"lower={self.lower}, upper={self.upper}")


class ELU(_InPlace):
    """Each element, or ``alpha * (exp(x) - 1)`` where it is negative."""

    def __init__(self, alpha: float = 1.0, inplace: bool = False) -> None:
        super().__init__(inplace)
        self.alpha = alpha

    def forward(self, x: Tensor) -> Tensor:
        return functional.elu(x, self.alpha, self.inplace)

    def extra_repr(self) -> str:
        return self._told(f"alpha={self.alpha}")


class CELU(ELU):
    """Each element, or ``alpha * (exp(x / alpha) - 1)`` where it is negative."""

    def forward(self, x: Tensor) -> Tensor:
        return functional.celu(x, self.alpha, self.inplace)


class SELU(_InPlace):
    """A scaled ELU, through which signals keep mean 0 and variance 1."""

    def forward(self, x: Tensor) -> Tensor:
        return functional.selu(x, self.inplace)


class GELU(Module):
    """Each element times the share of a normal distribution below it."""

    def __init__(self, approximate: str = "none") -> None:
        super().__init__()
        self.approximate = approximate

    def forward(self, x: Tensor) -> Tensor:
        return functional.gelu(x, self.approximate)

    def extra_repr(self) -> str:
        return f"approximate={self.approximate!r}"


class SiLU(_InPlace):
    """Each element times its sigmoid."""

    def forward(self, x: Tensor) -> Tensor:
        return functional.silu(x, self.inplace)


class Mish(_InPlace):
    """Each element times the tanh of its softplus."""

    def forward(self, x: Tensor) -> Tensor:
        return functional.mish(x, self.inplace)


class Sigmoid(Module):
    """Squashes each element into (0, 1)."""

    def forward(self, x: Tensor) -> Tensor:
        return functional.sigmoid(x)


class LogSigmoid(Module):
    """The logarithm of the sigmoid."""

    def forward(self, x: Tensor) -> Tensor:
        return functional.logsigmoid(x)


class Tanh(Module):
    """Squashes each element into (-1, 1)."""

    def forward(self, x: Tensor) -> Tensor:
        return functional.tanh(x)


class Tanhshrink(Module):
    """Each element less its tanh."""

    def forward(self, x: Tensor) -> Tensor:
        return functional.tanhshrink(x)


class Softsign(Module):
    """Each element over 1 plus its size."""

    def forward(self, x: Tensor) -> Tensor:
        return functional.softsign(x)


class Softplus(Module):
    """``log(1 + exp(beta * x)) / beta``: a smooth relu."""

    def __init__(self, beta: float = 1.0, threshold: float = 20.0) -> None:
        super().__init__()
        self.beta, self.threshold = beta, threshold

    def forward(self, x: Tensor) -> Tensor:
        return functional.softplus(x, self.beta, self.threshold)

    def extra_repr(self) -> str:
        return f"beta={self.beta}, threshold={self.threshold}"


class Hardtanh(_InPlace):
    """Each element limited to an interval."""

    def __init__(self, min_val: float = -1.0, max_val: float = 1.0, inplace: bool = False) -> None:
        super().__init__(inplace)
        self.min_val, self.max_val = min_val, max_val

    def forward(self, x: Tensor) -> Tensor:
        return functional.hardtanh(x, self.min_val, self.max_val, self.inplace)

    def extra_repr(self) -> str:
        return self._told(f"min_val={self.min_val}, max_val={self.max_val}")


class ReLU6(_InPlace):
    """``min(max(x, 0), 6)``."""

    def forward(self, x: Tensor) -> Tensor:
        return functional.relu6(x, self.inplace)


class Hardsigmoid(_InPlace):
    """A sigmoid of three straight lines."""

    def forward(self, x: Tensor) -> Tensor:
        return functional.hardsigmoid(x, self.inplace)

    def extra_repr(self) -> str:
        return ""


class Hardswish(_InPlace):
    """Each element times its hardsigmoid."""

    def forward(self, x: Tensor) -> Tensor:
        return functional.hardswish(x, self.inplace)

    def extra_repr(self) -> str:
        return ""


class Hardshrink(Module):
    """Each element that is farther than ``lambd`` from 0, else 0."""

    def __init__(self, lambd: float = 0.5) -> None:
        super().__init__()
        self.lambd = lambd

    def forward(self, x: Tensor) -> Tensor:
        return functional.hardshrink(x, self.lambd)

    def extra_repr(self) -> str:
        return f"{self.lambd}"


class Softshrink(Hardshrink):
    """Each element moved by ``lambd`` towards 0, and 0 where it is nearer."""

    def forward(self, x: Tensor) -> Tensor:
        return functional.softshrink(x, self.lambd)


class Threshold(_InPlace):
    """Each element above ``threshold``; ``value`` in the place of the others."""

    def __init__(self, threshold: float, value: float, inplace: bool = False) -> None:
        super().__init__(inplace)
        self.threshold, self.value = threshold, value

    def forward(self, x: Tensor) -> Tensor:
        return functional.threshold(x, self.threshold, self.value, self.inplace)

    def extra_repr(self) -> str:
        return self._told(f"threshold={self.threshold}, value={self.value}")


class GLU(Module):
    """The first half along ``dim`` times the sigmoid of the second half."""

    def __init__(self, dim: int = -1) -> None:
        super().__init__()
        self.dim = dim

    def forward(self, x: Tensor) -> Tensor:
        return functional.glu(x, self.dim)

    def extra_repr(self) -> str:
        return f"dim={self.dim}"


class Softmax(Module):
    """Positive numbers that sum to 1 along ``dim``."""

    def __init__(self, dim: int | None = None) -> None:
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


class Softmin(Softmax):
    """The softmax of the negated elements along ``dim``."""

    def forward(self, x: Tensor) -> Tensor:
        return functional.softmin(x, self.dim)
