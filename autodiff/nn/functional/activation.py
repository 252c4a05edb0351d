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
    """The positive part of each element: max(x, 0).

    >>> import autodiff as ad
    >>> ad.nn.functional.relu(ad.tensor([-1.0, 2.0]))
    tensor([0., 2.])
    """
    return x.relu_() if inplace else x.relu()


def leaky_relu(x: Any, negative_slope: float = 0.01, inplace: bool = False) -> Any:
    """``x``, or ``negative_slope * x`` where it is negative.

    >>> import autodiff as ad
    >>> ad.nn.functional.leaky_relu(ad.tensor([-1.0, 2.0]))
    tensor([-0.0100,  2.0000])
    """
    return _applied(lambda x: LeakyRelu.function(x, slope=negative_slope), x, inplace)


def prelu(x: Tensor, weight: Tensor) -> Tensor:
    """``x``, or ``weight * x`` where it is negative; one weight for all, or one per channel.

    ``x`` is (N, C, ...), or (C,); ``weight`` has shape (1,) or (C,).

    >>> import autodiff as ad
    >>> ad.nn.functional.prelu(ad.tensor([[-4.0, -4.0]]), ad.tensor([0.25, 0.5]))
    tensor([[-1., -2.]])
    """
    if weight.numel() > 1 and x.ndim > 1:
        weight = weight.reshape([-1 if i == 1 else 1 for i in range(x.ndim)])
    return _where(x > 0, x, x * weight)


def rrelu(
    x: Tensor, lower: float = 1 / 8, upper: float = 1 / 3, training: bool = False,
    inplace: bool = False,
) -> Tensor:  # fmt: skip
    """`leaky_relu` with a random slope for each element in training, and the mean one otherwise.

    >>> import autodiff as ad
    >>> ad.nn.functional.rrelu(ad.tensor([-2.0, 2.0]), 0.25, 0.75)  # not in training: 1/2
    tensor([-1.,  2.])
    """
    if not training:
        return leaky_relu(x, (lower + upper) / 2, inplace)
    slopes = source(None, x.device).uniform(lower, upper, x.shape).astype(x.value.dtype)
    return _applied(lambda x: _where(x > 0, x, x * Tensor._wrap(slopes)), x, inplace)


def elu(x: Any, alpha: float = 1.0, inplace: bool = False) -> Any:
    """``x``, or ``alpha * (exp(x) - 1)`` where it is negative.

    >>> import autodiff as ad
    >>> ad.nn.functional.elu(ad.tensor([-100.0, 0.0, 2.0]), alpha=3.0)
    tensor([-3.,  0.,  2.])
    """
    return _applied(lambda x: Elu.function(x, alpha=alpha), x, inplace)


def celu(x: Any, alpha: float = 1.0, inplace: bool = False) -> Any:
    """``x``, or ``alpha * (exp(x / alpha) - 1)`` where it is negative: smooth for every alpha.

    >>> import autodiff as ad
    >>> ad.nn.functional.celu(ad.tensor([-100.0, 0.0, 2.0]), alpha=3.0)
    tensor([-3.,  0.,  2.])
    """
    return _applied(lambda x: Elu.function(x / alpha, alpha=1.0) * alpha, x, inplace)


def selu(x: Any, inplace: bool = False) -> Any:
    """A scaled `elu`, through which signals keep mean 0 and variance 1.

    ``scale * elu(x, alpha)`` with scale = 1.0507 and alpha = 1.6733.

    Source: Klambauer et al., "Self-normalizing neural networks" (2017).

    >>> import autodiff as ad
    >>> ad.nn.functional.selu(ad.tensor([-100.0, 0.0, 1.0]))  # -1.0507 * 1.6733, 0, 1.0507
    tensor([-1.7581,  0.0000,  1.0507])
    """
    return _applied(lambda x: Elu.function(x, alpha=SELU_ALPHA) * SELU_SCALE, x, inplace)


def gelu(x: Any, approximate: str = "none") -> Any:
    """``x`` times the share of a normal distribution below it; "tanh" approximates that share.

    >>> import autodiff as ad
    >>> ad.nn.functional.gelu(ad.tensor([0.0, 1.0, 100.0]))
    tensor([  0.0000,   0.8413, 100.0000])
    """
    if approximate == "tanh":
        inner = (x + x**3 * 0.044715) * math.sqrt(2 / math.pi)
        return x * (inner.tanh() + 1) * 0.5
    if approximate != "none":
        raise RuntimeError(f"approximate argument must be either none or tanh, not {approximate!r}")
    return Gelu.function(x)


def silu(x: Any, inplace: bool = False) -> Any:
    """``x * sigmoid(x)``.

    >>> import autodiff as ad
    >>> ad.nn.functional.silu(ad.tensor([0.0, 1.0, 100.0]))
    tensor([  0.0000,   0.7311, 100.0000])
    """
    return _applied(lambda x: Silu.function(x), x, inplace)


def mish(x: Any, inplace: bool = False) -> Any:
    """``x * tanh(softplus(x))``.

    >>> import autodiff as ad
    >>> ad.nn.functional.mish(ad.tensor([0.0, 100.0]))
    tensor([  0., 100.])
    """
    return _applied(lambda x: x * softplus(x).tanh(), x, inplace)


def softplus(x: Any, beta: float = 1.0, threshold: float = 20.0) -> Any:
    """``log(1 + exp(beta * x)) / beta``; the identity where ``beta * x`` is above the threshold.

    >>> import autodiff as ad
    >>> ad.nn.functional.softplus(ad.tensor([-200.0, 0.0, 200.0]))  # log(2) at 0
    tensor([  0.0000,   0.6931, 200.0000])
    """
    return Softplus.function(x, beta=beta, threshold=threshold)


def softsign(x: Any) -> Any:
    """``x / (1 + |x|)``.

    >>> import autodiff as ad
    >>> ad.nn.functional.softsign(ad.tensor([-1.0, 0.0, 3.0]))
    tensor([-0.5000,  0.0000,  0.7500])
    """
    return x / (x.abs() + 1)


def tanhshrink(x: Any) -> Any:
    """``x - tanh(x)``.

    >>> import autodiff as ad
    >>> ad.nn.functional.tanhshrink(ad.tensor([-100.0, 0.0, 100.0]))
    tensor([-99.,   0.,  99.])
    """
    return x - x.tanh()


def logsigmoid(x: Any) -> Any:
    """The logarithm of the sigmoid, without overflow.

    >>> import autodiff as ad
    >>> ad.nn.functional.logsigmoid(ad.tensor([-100.0, 0.0]))  # about x, and log(1 / 2)
    tensor([-100.0000,   -0.6931])
    """
    return LogSigmoid.function(x)


def hardtanh(x: Any, min_val: float = -1.0, max_val: float = 1.0, inplace: bool = False) -> Any:
    """``x`` limited to an interval.

    >>> import autodiff as ad
    >>> ad.nn.functional.hardtanh(ad.tensor([-3.0, 0.5, 3.0]), -2.0, 2.0)
    tensor([-2.0000,  0.5000,  2.0000])
    """
    return _applied(lambda x: Hardtanh.function(x, low=min_val, high=max_val), x, inplace)


def relu6(x: Any, inplace: bool = False) -> Any:
    """``min(max(x, 0), 6)``.

    >>> import autodiff as ad
    >>> ad.nn.functional.relu6(ad.tensor([-3.0, 3.0, 9.0]))
    tensor([0., 3., 6.])
    """
    return hardtanh(x, 0.0, 6.0, inplace)


def hardsigmoid(x: Any, inplace: bool = False) -> Any:
    """A sigmoid of three straight lines: ``min(max(x / 6 + 1/2, 0), 1)``.

    >>> import autodiff as ad
    >>> ad.nn.functional.hardsigmoid(ad.tensor([-3.0, 0.0, 1.5, 3.0]))
    tensor([0.0000, 0.5000, 0.7500, 1.0000])
    """
    return _applied(lambda x: Hardtanh.function(x, low=-3.0, high=3.0) / 6 + 0.5, x, inplace)


def hardswish(x: Any, inplace: bool = False) -> Any:
    """``x * hardsigmoid(x)``.

    >>> import autodiff as ad
    >>> ad.nn.functional.hardswish(ad.tensor([0.0, 1.5, 3.0]))  # 1.5 * (1.5 / 6 + 1/2)
    tensor([0.0000, 1.1250, 3.0000])
    """
    return _applied(lambda x: x * hardsigmoid(x), x, inplace)


def hardshrink(x: Any, lambd: float = 0.5) -> Any:
    """``x`` where it is farther than ``lambd`` from 0, else 0.

    >>> import autodiff as ad
    >>> ad.nn.functional.hardshrink(ad.tensor([-0.25, 0.25, 2.0]))
    tensor([0., 0., 2.])
    """
    return _where(x.abs() > lambd, x, 0.0)


def softshrink(x: Any, lambd: float = 0.5) -> Any:
    """``x`` moved by ``lambd`` towards 0, and 0 where it is nearer than that.

    >>> import autodiff as ad
    >>> ad.nn.functional.softshrink(ad.tensor([-2.0, 0.25, 2.0]))
    tensor([-1.5000,  0.0000,  1.5000])
    """
    return _where(x.abs() > lambd, x - x.detach().sign() * lambd, 0.0)


def threshold(x: Any, threshold: float, value: float, inplace: bool = False) -> Any:
    """``x`` where it is above ``threshold``, else ``value``.

    >>> import autodiff as ad
    >>> ad.nn.functional.threshold(ad.tensor([0.0, 1.0, 2.0]), 1.0, 20.0)
    tensor([20., 20.,  2.])
    """
    return _applied(lambda x: _where(x > threshold, x, value), x, inplace)


def glu(x: Tensor, dim: int = -1) -> Tensor:
    """The first half of ``x`` along ``dim`` times the sigmoid of the second half.

    Raises:
        RuntimeError: ``dim`` cannot be halved.

    >>> import autodiff as ad
    >>> ad.nn.functional.glu(ad.tensor([6.0, 8.0, 0.0, 100.0]))  # 6 * 1/2, 8 * 1
    tensor([3., 8.])
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
    """`autodiff.log_softmax`, which chooses a dimension, with a warning, where none is given.

    >>> import autodiff as ad
    >>> ad.nn.functional.log_softmax(ad.tensor([1.0, 1.0]), dim=0)  # log(1 / 2)
    tensor([-0.6931, -0.6931])
    """
    return FUNCTIONS["log_softmax"](x, _dim_for("log_softmax", x, dim), dtype)


def softmin(x: Tensor, dim: int | None = None, dtype: Any = None) -> Tensor:
    """`softmax` of ``-x``.

    >>> import autodiff as ad
    >>> ad.nn.functional.softmin(ad.tensor([0.0, 200.0]), dim=0)
    tensor([1., 0.])
    """
    return FUNCTIONS["softmax"](-x, _dim_for("softmin", x, dim), dtype)


def _dim_for(name: str, x: Tensor, dim: int | None) -> int:
    """The dimension that was asked for; without one, PyTorch's choice."""
    if dim is None:
        dim = 0 if x.ndim in (0, 1, 3) else 1
        warnings.warn(errors.nn.no_dim(name, dim), stacklevel=4)
    return dim
