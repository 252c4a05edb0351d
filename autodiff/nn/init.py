"""How parameters start: functions that fill a tensor in place, drawing numbers where it is.

Sources: Glorot & Bengio, "Understanding the difficulty of training deep feedforward neural
networks" (2010), for xavier; He et al., "Delving deep into rectifiers" (2015), for kaiming.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autodiff import errors
from autodiff.grad_mode import no_grad
from autodiff.random import Generator, source
from autodiff.tensor import Tensor

__all__ = [
    "calculate_gain", "constant_", "eye_", "kaiming_normal_", "kaiming_uniform_", "normal_",
    "ones_", "orthogonal_", "trunc_normal_", "uniform_", "xavier_normal_", "xavier_uniform_",
    "zeros_",
]  # fmt: skip

LINEAR = (
    "linear", "conv1d", "conv2d", "conv3d", "conv_transpose1d", "conv_transpose2d",
    "conv_transpose3d",
)  # fmt: skip


def uniform_(
    x: Tensor, a: float = 0.0, b: float = 1.0, generator: Generator | None = None
) -> Tensor:
    """Fill with random numbers, uniform from ``a`` to ``b``.

    >>> import autodiff as ad
    >>> x = ad.nn.init.uniform_(ad.empty(100), 2.0, 3.0)
    >>> bool((x >= 2).all() and (x <= 3).all())
    True
    """
    numbers = source(generator, x.device).random(x.shape, np.float64)
    return _fill(x, a + (b - a) * numbers)


def normal_(
    x: Tensor, mean: float = 0.0, std: float = 1.0, generator: Generator | None = None
) -> Tensor:
    """Fill with normally distributed random numbers.

    >>> import autodiff as ad
    >>> x = ad.nn.init.normal_(ad.empty(1000), mean=5.0, std=2.0)
    >>> round(x.mean().item()), round(x.std().item())
    (5, 2)
    """
    return _fill(x, _normal(x, mean, std, generator))


def constant_(x: Tensor, value: float) -> Tensor:
    """Fill with one value.

    >>> import autodiff as ad
    >>> ad.nn.init.constant_(ad.empty(2), 0.5)
    tensor([0.5000, 0.5000])
    """
    return _fill(x, value)


def zeros_(x: Tensor) -> Tensor:
    """Fill with zeros.

    >>> import autodiff as ad
    >>> ad.nn.init.zeros_(ad.empty(2))
    tensor([0., 0.])
    """
    return _fill(x, 0)


def ones_(x: Tensor) -> Tensor:
    """Fill with ones.

    >>> import autodiff as ad
    >>> ad.nn.init.ones_(ad.empty(2))
    tensor([1., 1.])
    """
    return _fill(x, 1)


def eye_(x: Tensor) -> Tensor:
    """Fill a matrix with the identity.

    Raises:
        ValueError: ``x`` is no matrix.

    >>> import autodiff as ad
    >>> ad.nn.init.eye_(ad.empty(2, 2))
    tensor([[1., 0.],
            [0., 1.]])
    """
    if x.ndim != 2:
        raise ValueError("Only tensors with 2 dimensions are supported")
    return _fill(x, np.eye(*x.shape))


def orthogonal_(x: Tensor, gain: float = 1.0, generator: Generator | None = None) -> Tensor:
    """Fill with a random matrix whose rows, or columns, are orthogonal and of length ``gain``.

    Source: Saxe et al., "Exact solutions to the nonlinear dynamics of learning in deep linear
    neural networks" (2013).

    Raises:
        ValueError: ``x`` has fewer than 2 dimensions.

    >>> import autodiff as ad
    >>> w = ad.nn.init.orthogonal_(ad.empty(2, 3))
    >>> ad.allclose(w @ w.T, ad.eye(2), atol=1e-6)
    True
    """
    if x.ndim < 2:
        raise ValueError("Only tensors with 2 or more dimensions are supported")
    rows, columns = x.shape[0], math.prod(x.shape[1:])
    # Drawn and worked out on the CPU, wherever x is: that is what factors one large matrix.
    random = source(generator).standard_normal((max(rows, columns), min(rows, columns)))
    q, r = np.linalg.qr(random)
    q = q * np.sign(np.diag(r))
    return _fill(x, gain * (q if rows >= columns else q.T).reshape(x.shape))


def trunc_normal_(
    x: Tensor, mean: float = 0.0, std: float = 1.0, a: float = -2.0, b: float = 2.0,
    generator: Generator | None = None,
) -> Tensor:  # fmt: skip
    """Fill with normally distributed numbers; those outside of [a, b] are drawn again.

    >>> import autodiff as ad
    >>> x = ad.nn.init.trunc_normal_(ad.empty(100))
    >>> bool((x.abs() <= 2).all())
    True
    """
    values = _normal(x, mean, std, generator)
    while (outside := (values < a) | (values > b)).any():
        values = np.where(outside, _normal(x, mean, std, generator), values)
    return _fill(x, values)


def xavier_uniform_(x: Tensor, gain: float = 1.0, generator: Generator | None = None) -> Tensor:
    """Uniform, with variance gain**2 * 2 / (fan_in + fan_out).

    Source: Glorot & Bengio, "Understanding the difficulty of training deep feedforward neural
    networks" (2010).

    >>> import autodiff as ad
    >>> w = ad.nn.init.xavier_uniform_(ad.empty(2, 4))  # variance 1/3: within 1 of 0
    >>> bool((w.abs() <= 1).all())
    True
    """
    fan_in, fan_out = _calculate_fan_in_and_fan_out(x)
    bound = gain * math.sqrt(6 / (fan_in + fan_out))
    return uniform_(x, -bound, bound, generator)


def xavier_normal_(x: Tensor, gain: float = 1.0, generator: Generator | None = None) -> Tensor:
    """Normal, with variance gain**2 * 2 / (fan_in + fan_out).

    Source: Glorot & Bengio, "Understanding the difficulty of training deep feedforward neural
    networks" (2010).

    >>> import autodiff as ad
    >>> w = ad.nn.init.xavier_normal_(ad.empty(50, 50))
    >>> round(50 * w.var().item())
    1
    """
    fan_in, fan_out = _calculate_fan_in_and_fan_out(x)
    return normal_(x, 0.0, gain * math.sqrt(2 / (fan_in + fan_out)), generator)


def kaiming_uniform_(
    x: Tensor,
    a: float = 0,
    mode: str = "fan_in",
    nonlinearity: str = "leaky_relu",
    generator: Generator | None = None,
) -> Tensor:
    """Uniform, with variance gain**2 / fan; ``a`` is the slope of the leaky relu that follows.

    Source: He et al., "Delving deep into rectifiers" (2015).

    >>> import autodiff as ad
    >>> w = ad.nn.init.kaiming_uniform_(ad.empty(4, 6))  # variance 2/6: within 1 of 0
    >>> bool((w.abs() <= 1).all())
    True
    """
    bound = calculate_gain(nonlinearity, a) * math.sqrt(3 / _fan(x, mode))
    return uniform_(x, -bound, bound, generator)


def kaiming_normal_(
    x: Tensor,
    a: float = 0,
    mode: str = "fan_in",
    nonlinearity: str = "leaky_relu",
    generator: Generator | None = None,
) -> Tensor:
    """Normal, with variance gain**2 / fan; ``a`` is the slope of the leaky relu that follows.

    Source: He et al., "Delving deep into rectifiers" (2015).

    >>> import autodiff as ad
    >>> w = ad.nn.init.kaiming_normal_(ad.empty(50, 50))
    >>> round(50 * w.var().item())
    2
    """
    return normal_(x, 0.0, calculate_gain(nonlinearity, a) / math.sqrt(_fan(x, mode)), generator)


def calculate_gain(nonlinearity: str, param: float | None = None) -> float:
    """By how much a nonlinearity shrinks a signal, inverted.

    Raises:
        ValueError: an unknown nonlinearity.

    >>> import autodiff as ad
    >>> ad.nn.init.calculate_gain("tanh")
    1.6666666666666667
    """
    if nonlinearity == "leaky_relu":
        slope = 0.01 if param is None else param
        return math.sqrt(2 / (1 + slope**2))
    gains = dict.fromkeys(LINEAR, 1.0)
    gains |= {"sigmoid": 1.0, "tanh": 5 / 3, "relu": math.sqrt(2), "selu": 3 / 4}
    if nonlinearity not in gains:
        raise errors.functions.invalid_setting("nonlinearity", nonlinearity)
    return gains[nonlinearity]


def _fill(x: Tensor, values: Any) -> Tensor:
    with no_grad():
        x.value[...] = values
        x.version[0] += 1
    return x


def _normal(x: Tensor, mean: float, std: float, generator: Generator | None) -> Any:
    return mean + std * source(generator, x.device).standard_normal(x.shape, np.float64)


def _calculate_fan_in_and_fan_out(x: Tensor) -> tuple[int, int]:
    """How many inputs each output of a weight has, and how many outputs each input.

    Many programs that write a layer of their own call it under PyTorch's name.
    """
    if x.ndim < 2:
        raise errors.functions.invalid_setting("shape for fan_in and fan_out", list(x.shape))
    field = math.prod(x.shape[2:])
    return x.shape[1] * field, x.shape[0] * field


def _fan(x: Tensor, mode: str) -> int:
    fans = dict(zip(("fan_in", "fan_out"), _calculate_fan_in_and_fan_out(x), strict=True))
    if mode not in fans:
        raise errors.functions.invalid_setting("mode", mode)
    return fans[mode]
