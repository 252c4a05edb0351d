"""Activations as functions."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable
from typing import Any

from autodiff import errors
from autodiff.ops.activation import (
    Elu,
    Gelu,
    Hardtanh,
    LeakyRelu,
    LogSigmoid,
    Silu,
    Softplus,
)
from autodiff.public import FUNCTIONS
from autodiff.random import source
from autodiff.tensor import Tensor

__all__ = [
    "celu", "elu", "gelu", "glu", "hardshrink", "hardsigmoid", "hardswish", "hardtanh",
    "leaky_relu", "log_softmax", "logsigmoid", "mish", "prelu", "relu", "relu6", "rrelu", "selu",
    "sigmoid", "silu", "softmax", "softmin", "softplus", "softshrink", "softsign", "tanh",
    "tanhshrink", "threshold",
]  # fmt: skip

sigmoid, tanh = FUNCTIONS["sigmoid"], FUNCTIONS["tanh"]
_where = FUNCTIONS["where"]

SELU_ALPHA, SELU_SCALE = 1.6732632423543772848170429916717, 1.0507009873554804934193349852946
"""Klambauer et al., "Self-normalizing neural networks" (2017)."""


def _applied(f: Callable[[Any], Any], x: Any, inplace: bool) -> Any:
    """``f(x)``, written into ``x`` where that was asked for.

    The rules of some functions need ``x`` as it was, so those work on a copy.
    """
    return x.copy_(f(x.clone())) if inplace else f(x)


def relu(x: Any, inplace: bool = False) -> Any:
    """The positive part of each element: max(x, 0)."""
    return x.relu_() if inplace else x.relu()


def leaky_relu(x: Any, negative_slope: float = 0.01, inplace: bool = False) -> Any:
    """``x``, or ``negative_slope * x`` where it is negative.

    >>> import autodiff as ad
    >>> ad.nn.functional.leaky_relu(ad.tensor([-1.0, 2.0]))
    tensor([-0.0100,  2.0000])
    """
    return _applied(lambda x: LeakyRelu.function(x, slope=negative_slope), x, inplace)


def prelu(x: Tensor, weight: Tensor) -> Tensor:
    """``x``, or ``weight * x`` where it is negative; one weight for all, or one per channel."""
    if weight.numel() > 1 and x.ndim > 1:
        weight = weight.reshape([-1 if i == 1 else 1 for i in range(x.ndim)])
    return _where(x > 0, x, x * weight)


def rrelu(
    x: Tensor, lower: float = 1 / 8, upper: float = 1 / 3, training: bool = False,
    inplace: bool = False,
) -> Tensor:  # fmt: skip
    """`leaky_relu` with a random slope for each element in training, and the mean one otherwise."""
    if not training:
        return leaky_relu(x, (lower + upper) / 2, inplace)
    slopes = source(None, x.device).uniform(lower, upper, x.shape).astype(x.value.dtype)
    return _applied(lambda x: _where(x > 0, x, x * Tensor._wrap(slopes)), x, inplace)


def elu(x: Any, alpha: float = 1.0, inplace: bool = False) -> Any:
    """``x``, or ``alpha * (exp(x) - 1)`` where it is negative."""
    return _applied(lambda x: Elu.function(x, alpha=alpha), x, inplace)


def celu(x: Any, alpha: float = 1.0, inplace: bool = False) -> Any:
    """``x``, or ``alpha * (exp(x / alpha) - 1)`` where it is negative: smooth for every alpha."""
    return _applied(lambda x: Elu.function(x / alpha, alpha=1.0) * alpha, x, inplace)


def selu(x: Any, inplace: bool = False) -> Any:
    """A scaled `elu`, through which signals keep mean 0 and variance 1."""
    return _applied(lambda x: Elu.function(x, alpha=SELU_ALPHA) * SELU_SCALE, x, inplace)


def gelu(x: Any, approximate: str = "none") -> Any:
    """``x`` times the share of a normal distribution below it; "tanh" approximates that share."""
    if approximate == "tanh":
        inner = (x + x**3 * 0.044715) * math.sqrt(2 / math.pi)
        return x * (inner.tanh() + 1) * 0.5
    if approximate != "none":
        raise RuntimeError(f"approximate argument must be either none or tanh, not {approximate!r}")
    return Gelu.function(x)


def silu(x: Any, inplace: bool = False) -> Any:
    """``x * sigmoid(x)``."""
    return _applied(lambda x: Silu.function(x), x, inplace)


def mish(x: Any, inplace: bool = False) -> Any:
    """``x * tanh(softplus(x))``."""
    return _applied(lambda x: x * softplus(x).tanh(), x, inplace)


def softplus(x: Any, beta: float = 1.0, threshold: float = 20.0) -> Any:
    """``log(1 + exp(beta * x)) / beta``; the identity where ``beta * x`` is above the threshold."""
    return Softplus.function(x, beta=beta, threshold=threshold)


def softsign(x: Any) -> Any:
    """``x / (1 + |x|)``."""
    return x / (x.abs() + 1)


def tanhshrink(x: Any) -> Any:
    """``x - tanh(x)``."""
    return x - x.tanh()


def logsigmoid(x: Any) -> Any:
    """The logarithm of the sigmoid, without overflow."""
    return LogSigmoid.function(x)


def hardtanh(x: Any, min_val: float = -1.0, max_val: float = 1.0, inplace: bool = False) -> Any:
    """``x`` limited to an interval."""
    return _applied(lambda x: Hardtanh.function(x, low=min_val, high=max_val), x, inplace)


def relu6(x: Any, inplace: bool = False) -> Any:
    """``min(max(x, 0), 6)``."""
    return hardtanh(x, 0.0, 6.0, inplace)


def hardsigmoid(x: Any, inplace: bool = False) -> Any:
    """A sigmoid of three straight lines: ``min(max(x / 6 + 1/2, 0), 1)``."""
    return _applied(lambda x: Hardtanh.function(x, low=-3.0, high=3.0) / 6 + 0.5, x, inplace)


def hardswish(x: Any, inplace: bool = False) -> Any:
    """``x * hardsigmoid(x)``."""
    return _applied(lambda x: x * hardsigmoid(x), x, inplace)


def hardshrink(x: Any, lambd: float = 0.5) -> Any:
    """``x`` where it is farther than ``lambd`` from 0, else 0."""
    return _where(x.abs() > lambd, x, 0.0)


def softshrink(x: Any, lambd: float = 0.5) -> Any:
    """``x`` moved by ``lambd`` towards 0, and 0 where it is nearer than that."""
    return _where(x.abs() > lambd, x - x.detach().sign() * lambd, 0.0)


def threshold(x: Any, threshold: float, value: float, inplace: bool = False) -> Any:
    """``x`` where it is above ``threshold``, else ``value``."""
    return _applied(lambda x: _where(x > threshold, x, value), x, inplace)


def glu(x: Tensor, dim: int = -1) -> Tensor:
    """The first half of ``x`` along ``dim`` times the sigmoid of the second half.

    Raises:
        RuntimeError: ``dim`` cannot be halved.
    """
    if x.shape[dim] % 2:
        raise RuntimeError(
            f"Halving dimension must be even, but dimension {dim} is size {x.shape[dim]}"
        )
    first, gate = x.chunk(2, dim)
    return first * gate.sigmoid()


def softmax(x: Tensor, dim: int | None = None, dtype: Any = None) -> Tensor:
    """`autodiff.softmax`, which chooses a dimension, with a warning, where none is given.

    >>> import autodiff as ad
    >>> ad.nn.functional.softmax(ad.tensor([0.0, 0.0]), dim=0)
    tensor([0.5000, 0.5000])
    """
    return FUNCTIONS["softmax"](x, _dim_for("softmax", x, dim), dtype)


def log_softmax(x: Tensor, dim: int | None = None, dtype: Any = None) -> Tensor:
    """`autodiff.log_softmax`, which chooses a dimension, with a warning, where none is given."""
    return FUNCTIONS["log_softmax"](x, _dim_for("log_softmax", x, dim), dtype)


def softmin(x: Tensor, dim: int | None = None, dtype: Any = None) -> Tensor:
    """`softmax` of ``-x``."""
    return FUNCTIONS["softmax"](-x, _dim_for("softmin", x, dim), dtype)


def _dim_for(name: str, x: Tensor, dim: int | None) -> int:
    """The dimension that was asked for; without one, PyTorch's choice."""
    if dim is None:
        dim = 0 if x.ndim in (0, 1, 3) else 1
        warnings.warn(errors.nn.no_dim(name, dim), stacklevel=4)
    return dim
