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
    """Each element, or a small multiple of it where it is negative.

    >>> import autodiff as ad
    >>> ad.nn.LeakyReLU(0.5)(ad.tensor([-2.0, 2.0]))
    tensor([-1.,  2.])
    """

    def __init__(self, negative_slope: float = 0.01, inplace: bool = False) -> None:
        super().__init__(inplace)
        self.negative_slope = negative_slope

    def forward(self, x: Tensor) -> Tensor:
        return functional.leaky_relu(x, self.negative_slope, self.inplace)

    def extra_repr(self) -> str:
        return self._told(f"negative_slope={self.negative_slope}")


class PReLU(Module):
    """A leaky relu whose slope, one for all or one per channel, is learned.

    ``num_parameters`` is 1, or the number of channels of an input (N, C, ...).

    >>> import autodiff as ad
    >>> ad.nn.PReLU()(ad.tensor([-4.0, 4.0])).detach()  # the slope starts at 0.25
    tensor([-1.,  4.])
    """

    def __init__(self, num_parameters: int = 1, init: float = 0.25, dtype: Any = None) -> None:
        super().__init__()
        self.num_parameters = num_parameters
        self.weight = Parameter(full((num_parameters,), init, dtype=dtype))

    def forward(self, x: Tensor) -> Tensor:
        return functional.prelu(x, self.weight)

    def extra_repr(self) -> str:
        return f"num_parameters={self.num_parameters}"


class RReLU(_InPlace):
    """A leaky relu with random slopes in training, and the mean one otherwise.

    Each slope is drawn uniformly from ``lower`` to ``upper``; the mean one is in the middle.

    >>> import autodiff as ad
    >>> ad.nn.RReLU(0.25, 0.75).eval()(ad.tensor([-2.0, 2.0]))
    tensor([-1.,  2.])
    """

    def __init__(self, lower: float = 1 / 8, upper: float = 1 / 3, inplace: bool = False) -> None:
        super().__init__(inplace)
        self.lower, self.upper = lower, upper

    def forward(self, x: Tensor) -> Tensor:
        return functional.rrelu(x, self.lower, self.upper, self.training, self.inplace)

    def extra_repr(self) -> str:
        return self._told(f"lower={self.lower}, upper={self.upper}")


class ELU(_InPlace):
    """Each element, or ``alpha * (exp(x) - 1)`` where it is negative.

    >>> import autodiff as ad
    >>> ad.nn.ELU()(ad.tensor([-100.0, 0.0, 2.0]))  # exp(-100) - 1 is as good as -1
    tensor([-1.,  0.,  2.])
    """

    def __init__(self, alpha: float = 1.0, inplace: bool = False) -> None:
        super().__init__(inplace)
        self.alpha = alpha

    def forward(self, x: Tensor) -> Tensor:
        return functional.elu(x, self.alpha, self.inplace)

    def extra_repr(self) -> str:
        return self._told(f"alpha={self.alpha}")


class CELU(ELU):
    """Each element, or ``alpha * (exp(x / alpha) - 1)`` where it is negative.

    >>> import autodiff as ad
    >>> ad.nn.CELU(alpha=2.0)(ad.tensor([-100.0, 0.0, 2.0]))
    tensor([-2.,  0.,  2.])
    """

    def forward(self, x: Tensor) -> Tensor:
        return functional.celu(x, self.alpha, self.inplace)


class SELU(_InPlace):
    """A scaled ELU, through which signals keep mean 0 and variance 1.

    Source: Klambauer et al., "Self-normalizing neural networks" (2017).

    >>> import autodiff as ad
    >>> ad.nn.SELU()(ad.tensor([0.0, 1.0]))
    tensor([0.0000, 1.0507])
    """

    def forward(self, x: Tensor) -> Tensor:
        return functional.selu(x, self.inplace)


class GELU(Module):
    """Each element times the share of a normal distribution below it.

    >>> import autodiff as ad
    >>> ad.nn.GELU()(ad.tensor([0.0, 1.0, 100.0]))
    tensor([  0.0000,   0.8413, 100.0000])
    """

    def __init__(self, approximate: str = "none") -> None:
        super().__init__()
        self.approximate = approximate

    def forward(self, x: Tensor) -> Tensor:
        return functional.gelu(x, self.approximate)

    def extra_repr(self) -> str:
        return f"approximate={self.approximate!r}"


class SiLU(_InPlace):
    """Each element times its sigmoid.

    >>> import autodiff as ad
    >>> ad.nn.SiLU()(ad.tensor([0.0, 1.0, 100.0]))
    tensor([  0.0000,   0.7311, 100.0000])
    """

    def forward(self, x: Tensor) -> Tensor:
        return functional.silu(x, self.inplace)


class Mish(_InPlace):
    """Each element times the tanh of its softplus.

    >>> import autodiff as ad
    >>> ad.nn.Mish()(ad.tensor([0.0, 100.0]))
    tensor([  0., 100.])
    """

    def forward(self, x: Tensor) -> Tensor:
        return functional.mish(x, self.inplace)


class Sigmoid(Module):
    """Squashes each element into (0, 1).

    >>> import autodiff as ad
    >>> ad.nn.Sigmoid()(ad.tensor([-100.0, 0.0, 100.0]))
    tensor([0.0000, 0.5000, 1.0000])
    """

    def forward(self, x: Tensor) -> Tensor:
        return functional.sigmoid(x)


class LogSigmoid(Module):
    """The logarithm of the sigmoid.

    >>> import autodiff as ad
    >>> ad.nn.LogSigmoid()(ad.tensor([-100.0, 0.0]))  # about x, and log(1 / 2)
    tensor([-100.0000,   -0.6931])
    """

    def forward(self, x: Tensor) -> Tensor:
        return functional.logsigmoid(x)


class Tanh(Module):
    """Squashes each element into (-1, 1).

    >>> import autodiff as ad
    >>> ad.nn.Tanh()(ad.tensor([-100.0, 0.0, 100.0]))
    tensor([-1.,  0.,  1.])
    """

    def forward(self, x: Tensor) -> Tensor:
        return functional.tanh(x)


class Tanhshrink(Module):
    """Each element less its tanh.

    >>> import autodiff as ad
    >>> ad.nn.Tanhshrink()(ad.tensor([-100.0, 0.0, 100.0]))
    tensor([-99.,   0.,  99.])
    """

    def forward(self, x: Tensor) -> Tensor:
        return functional.tanhshrink(x)


class Softsign(Module):
    """Each element over 1 plus its size.

    >>> import autodiff as ad
    >>> ad.nn.Softsign()(ad.tensor([-1.0, 0.0, 3.0]))
    tensor([-0.5000,  0.0000,  0.7500])
    """

    def forward(self, x: Tensor) -> Tensor:
        return functional.softsign(x)


class Softplus(Module):
    """``log(1 + exp(beta * x)) / beta``: a smooth relu.

    >>> import autodiff as ad
    >>> ad.nn.Softplus()(ad.tensor([-200.0, 0.0, 100.0]))  # log(2) at 0
    tensor([  0.0000,   0.6931, 100.0000])
    """

    def __init__(self, beta: float = 1.0, threshold: float = 20.0) -> None:
        super().__init__()
        self.beta, self.threshold = beta, threshold

    def forward(self, x: Tensor) -> Tensor:
        return functional.softplus(x, self.beta, self.threshold)

    def extra_repr(self) -> str:
        return f"beta={self.beta}, threshold={self.threshold}"


class Hardtanh(_InPlace):
    """Each element limited to an interval.

    >>> import autodiff as ad
    >>> ad.nn.Hardtanh()(ad.tensor([-3.0, 0.5, 3.0]))
    tensor([-1.0000,  0.5000,  1.0000])
    """

    def __init__(self, min_val: float = -1.0, max_val: float = 1.0, inplace: bool = False) -> None:
        super().__init__(inplace)
        self.min_val, self.max_val = min_val, max_val

    def forward(self, x: Tensor) -> Tensor:
        return functional.hardtanh(x, self.min_val, self.max_val, self.inplace)

    def extra_repr(self) -> str:
        return self._told(f"min_val={self.min_val}, max_val={self.max_val}")


class ReLU6(_InPlace):
    """``min(max(x, 0), 6)``.

    >>> import autodiff as ad
    >>> ad.nn.ReLU6()(ad.tensor([-3.0, 3.0, 9.0]))
    tensor([0., 3., 6.])
    """

    def forward(self, x: Tensor) -> Tensor:
        return functional.relu6(x, self.inplace)


class Hardsigmoid(_InPlace):
    """A sigmoid of three straight lines.

    >>> import autodiff as ad
    >>> ad.nn.Hardsigmoid()(ad.tensor([-3.0, 0.0, 3.0]))
    tensor([0.0000, 0.5000, 1.0000])
    """

    def forward(self, x: Tensor) -> Tensor:
        return functional.hardsigmoid(x, self.inplace)

    def extra_repr(self) -> str:
        return ""


class Hardswish(_InPlace):
    """Each element times its hardsigmoid.

    >>> import autodiff as ad
    >>> ad.nn.Hardswish()(ad.tensor([0.0, 1.5, 3.0]))  # 1.5 * (1.5 / 6 + 1/2)
    tensor([0.0000, 1.1250, 3.0000])
    """

    def forward(self, x: Tensor) -> Tensor:
        return functional.hardswish(x, self.inplace)

    def extra_repr(self) -> str:
        return ""


class Hardshrink(Module):
    """Each element that is farther than ``lambd`` from 0, else 0.

    >>> import autodiff as ad
    >>> ad.nn.Hardshrink()(ad.tensor([-0.25, 0.25, 2.0]))
    tensor([0., 0., 2.])
    """

    def __init__(self, lambd: float = 0.5) -> None:
        super().__init__()
        self.lambd = lambd

    def forward(self, x: Tensor) -> Tensor:
        return functional.hardshrink(x, self.lambd)

    def extra_repr(self) -> str:
        return f"{self.lambd}"


class Softshrink(Hardshrink):
    """Each element moved by ``lambd`` towards 0, and 0 where it is nearer.

    >>> import autodiff as ad
    >>> ad.nn.Softshrink()(ad.tensor([-2.0, 0.25, 2.0]))
    tensor([-1.5000,  0.0000,  1.5000])
    """

    def forward(self, x: Tensor) -> Tensor:
        return functional.softshrink(x, self.lambd)


class Threshold(_InPlace):
    """Each element above ``threshold``; ``value`` in the place of the others.

    >>> import autodiff as ad
    >>> ad.nn.Threshold(1.0, 20.0)(ad.tensor([0.0, 1.0, 2.0]))
    tensor([20., 20.,  2.])
    """

    def __init__(self, threshold: float, value: float, inplace: bool = False) -> None:
        super().__init__(inplace)
        self.threshold, self.value = threshold, value

    def forward(self, x: Tensor) -> Tensor:
        return functional.threshold(x, self.threshold, self.value, self.inplace)

    def extra_repr(self) -> str:
        return self._told(f"threshold={self.threshold}, value={self.value}")


class GLU(Module):
    """The first half along ``dim`` times the sigmoid of the second half.

    >>> import autodiff as ad
    >>> ad.nn.GLU()(ad.tensor([6.0, 8.0, 0.0, 100.0]))  # 6 * 1/2, 8 * 1
    tensor([3., 8.])
    """

    def __init__(self, dim: int = -1) -> None:
        super().__init__()
        self.dim = dim

    def forward(self, x: Tensor) -> Tensor:
        return functional.glu(x, self.dim)

    def extra_repr(self) -> str:
        return f"dim={self.dim}"


class Softmax(Module):
    """Positive numbers that sum to 1 along ``dim``.

    >>> import autodiff as ad
    >>> ad.nn.Softmax(dim=1)(ad.tensor([[1.0, 1.0], [0.0, 200.0]]))
    tensor([[0.5000, 0.5000],
            [0.0000, 1.0000]])
    """

    def __init__(self, dim: int | None = None) -> None:
        super().__init__()
        self.dim = dim

    def forward(self, x: Tensor) -> Tensor:
        return functional.softmax(x, self.dim)

    def extra_repr(self) -> str:
        return f"dim={self.dim}"


class LogSoftmax(Softmax):
    """The logarithm of the softmax along ``dim``.

    >>> import autodiff as ad
    >>> ad.nn.LogSoftmax(dim=0)(ad.tensor([1.0, 1.0]))  # log(1 / 2)
    tensor([-0.6931, -0.6931])
    """

    def forward(self, x: Tensor) -> Tensor:
        return functional.log_softmax(x, self.dim)


class Softmin(Softmax):
    """The softmax of the negated elements along ``dim``.

    >>> import autodiff as ad
    >>> ad.nn.Softmin(dim=0)(ad.tensor([0.0, 200.0]))
    tensor([1., 0.])
    """

    def forward(self, x: Tensor) -> Tensor:
        return functional.softmin(x, self.dim)
