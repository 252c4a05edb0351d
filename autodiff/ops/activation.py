"""Activations: what networks bend their sums with.

They are exported by `autodiff.nn.functional`, as in PyTorch.
"""

from __future__ import annotations

import math

import numpy as np

from autodiff.backends import cpu
from autodiff.op import Elementwise
from autodiff.ops.choice import Minimum, where
from autodiff.ops.exponential import Erfc, exp, sigmoid

ROOT_2 = math.sqrt(2)
ROOT_2_PI = math.sqrt(2 * math.pi)

minimum, erfc = Minimum.function, Erfc.function


class Activation(Elementwise, abstract=True):
    """Base of the activations that only `autodiff.nn.functional` exports."""

    exported = False
    in_place = False
    floating = True
    not_for = "biu"


class LeakyRelu(Activation):
    """A value, or a small multiple of it where it is negative."""

    formula = "x if x > 0 else slope * x"

    def forward(x, *, slope=0.01):
        return x if x > 0 else slope * x

    def arrays(x, *, slope=0.01):
        return np.where(x > 0, x, x * x.dtype.type(slope))

    def grad_x(g, x, slope):
        return where(x > 0, g, g * slope)


class Elu(Activation):
    """A value, or exp(x) - 1 where it is negative: smooth at 0 for alpha = 1.

    Source: Clevert et al., "Fast and accurate deep network learning by exponential linear units"
    (2016).
    """

    formula = "x if x > 0 else alpha * (exp(x) - 1)"

    def forward(x, *, alpha=1.0):
        return x if x > 0 else alpha * math.expm1(x)

    def arrays(x, *, alpha=1.0):
        return np.where(x > 0, x, x.dtype.type(alpha) * np.expm1(np.minimum(x, 0)))

    def grad_x(g, x, alpha):
        return where(x > 0, g, g * (alpha * exp(minimum(x, 0.0))))


class Gelu(Activation):
    """A value times the share of a normal distribution that lies below it.

    Source: Hendrycks & Gimpel, "Gaussian error linear units" (2016).
    """

    formula = "x * P(normal < x)"

    def forward(x):
        return 0.5 * x * math.erfc(-x / ROOT_2)

    def arrays(x):
        return x * (cpu.erfc(-x / x.dtype.type(ROOT_2)) * x.dtype.type(0.5))

    def grad_x(g, x):
        below = erfc(x * (-1 / ROOT_2)) * 0.5
        return g * (below + x * exp(x * x * -0.5) * (1 / ROOT_2_PI))


class Silu(Activation):
    """A value times its sigmoid, also known as swish."""

    formula = "x * sigmoid(x)"

    def forward(x):
        return x * sigmoid(x)

    def arrays(x):
        return x * sigmoid(x)

    def grad_x(g, x):
        return g * (sigmoid(x) * (1 + x * sigmoid(-x)))


class Softplus(Activation):
    """A smooth version of relu; the identity where beta * x is above the threshold."""

    formula = "log(1 + exp(beta * x)) / beta"

    def forward(x, *, beta=1.0, threshold=20.0):
        return x if beta * x > threshold else math.log1p(math.exp(beta * x)) / beta

    def arrays(x, *, beta=1.0, threshold=20.0):
        scaled = x * x.dtype.type(beta)
        bent = np.log1p(np.exp(np.minimum(scaled, threshold))) / x.dtype.type(beta)
        return np.where(scaled > threshold, x, bent)

    def grad_x(g, x, beta, threshold):
        return where(x * beta > threshold, g, g * sigmoid(x * beta))


class LogSigmoid(Activation):
    """The logarithm of the sigmoid, without its overflow."""

    formula = "log(sigmoid(x))"

    def forward(x):
        return min(x, 0.0) - math.log1p(math.exp(-abs(x)))

    def arrays(x):
        return np.minimum(x, 0) - np.log1p(np.exp(-np.abs(x)))

    def grad_x(g, x):
        return g * sigmoid(-x)


class Hardtanh(Activation):
    """A value limited to an interval; no gradient at its ends and beyond."""

    formula = "min(max(x, low), high)"

    def forward(x, *, low=-1.0, high=1.0):
        return min(max(x, low), high)

    def arrays(x, *, low=-1.0, high=1.0):
        return np.clip(x, low, high)

    def grad_x(g, x, low, high):
        return where(x > low, where(x < high, g, 0.0), 0.0)
