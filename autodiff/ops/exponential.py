"""Exponentials, logarithms and what is made of them."""

from __future__ import annotations

import math

from autodiff.backends import cpu
from autodiff.op import Elementwise

LN2, LN10 = math.log(2), math.log(10)
TWO_OVER_SQRT_PI = 2 / math.sqrt(math.pi)


class Exp(Elementwise):
    """e raised to the power of a value.

    >>> import autodiff as ad
    >>> ad.exp(ad.tensor([0.0, 1.0]))
    tensor([1.0000, 2.7183])
    """

    formula = "exp(x)"
    ufunc = "exp"
    floating = True

    def forward(x):
        return math.exp(x)

    def grad_x(g, out):
        return g * out


class Exp2(Elementwise):
    """2 raised to the power of a value.

    >>> import autodiff as ad
    >>> ad.exp2(ad.tensor([0.0, 3.0, -1.0]))
    tensor([1.0000, 8.0000, 0.5000])
    """

    formula = "2 ** x"
    ufunc = "exp2"
    floating = True

    def forward(x):
        return math.pow(2.0, x)

    def grad_x(g, out):
        return g * (out * LN2)


class Expm1(Elementwise):
    """exp(x) - 1, exact for small x.

    >>> import autodiff as ad
    >>> ad.expm1(ad.tensor(1e-10)), ad.exp(ad.tensor(1e-10)) - 1
    (tensor(1.0000e-10), tensor(0.))
    """

    formula = "exp(x) - 1"
    ufunc = "expm1"
    floating = True

    def forward(x):
        return math.expm1(x)

    def grad_x(g, out):
        return g * (out + 1)


class Log(Elementwise):
    """The natural logarithm.

    >>> import autodiff as ad
    >>> ad.log(ad.tensor([1.0, ad.e, 0.0]))
    tensor([0., 1., -inf])
    """

    formula = "log(x)"
    ufunc = "log"
    floating = True

    def forward(x):
        return math.log(x)

    def grad_x(g, x):
        return g / x


class Log2(Elementwise):
    """The logarithm to base 2.

    >>> import autodiff as ad
    >>> ad.log2(ad.tensor([1.0, 8.0, 0.5]))
    tensor([ 0.,  3., -1.])
    """

    formula = "log2(x)"
    ufunc = "log2"
    floating = True

    def forward(x):
        return math.log2(x)

    def grad_x(g, x):
        return g / (x * LN2)


class Log10(Elementwise):
    """The logarithm to base 10.

    >>> import autodiff as ad
    >>> ad.log10(ad.tensor([1.0, 1000.0, 0.1]))
    tensor([ 0.0000,  3.0000, -1.0000])
    """

    formula = "log10(x)"
    ufunc = "log10"
    floating = True

    def forward(x):
        return math.log10(x)

    def grad_x(g, x):
        return g / (x * LN10)


class Log1p(Elementwise):
    """log(1 + x), exact for small x.

    >>> import autodiff as ad
    >>> ad.log1p(ad.tensor(1e-10)), ad.log(1 + ad.tensor(1e-10))
    (tensor(1.0000e-10), tensor(0.))
    """

    formula = "log(1 + x)"
    ufunc = "log1p"
    floating = True

    def forward(x):
        return math.log1p(x)

    def grad_x(g, x):
        return g / (1 + x)

    def name(self) -> str:
        return "Log1PBackward0"


class Logaddexp(Elementwise):
    """log(exp(x) + exp(y)), computed without overflow.

    >>> import autodiff as ad
    >>> ad.logaddexp(ad.tensor(1000.0), ad.tensor(1000.0))  # 1000 + log(2)
    tensor(1000.6932)
    """

    formula = "log(exp(x) + exp(y))"
    ufunc = "logaddexp"
    not_for = "biu"
    in_place = False

    def forward(x, y):
        if x == y or x != x:
            return x + math.log(2)
        larger = x if x >= y else y
        return larger + math.log1p(math.exp(-abs(x - y)))

    def grad_x(g, x, y):
        return g / (1 + exp(y - x))

    def grad_y(g, x, y):
        return g / (1 + exp(x - y))


class Logaddexp2(Elementwise):
    """log2(2 ** x + 2 ** y), computed without overflow.

    >>> import autodiff as ad
    >>> ad.logaddexp2(ad.tensor(1000.0), ad.tensor(1000.0))
    tensor(1001.)
    """

    formula = "log2(2 ** x + 2 ** y)"
    ufunc = "logaddexp2"
    not_for = "biu"
    in_place = False

    def forward(x, y):
        if x == y or x != x:
            return x + 1
        larger = x if x >= y else y
        return larger + math.log1p(2.0 ** -abs(x - y)) / LN2

    def grad_x(g, x, y):
        return g / (1 + exp2(y - x))

    def grad_y(g, x, y):
        return g / (1 + exp2(x - y))


class Sigmoid(Elementwise):
    """The logistic function: squashes a value into (0, 1).

    >>> import autodiff as ad
    >>> ad.sigmoid(ad.tensor([0.0, 100.0, -100.0]))
    tensor([0.5000, 1.0000, 0.0000])
    """

    formula = "1 / (1 + exp(-x))"
    floating = True

    def forward(x):
        return 1 / (1 + exp(-x))

    def grad_x(g, out):
        return g * (out * (1 - out))


class Erf(Elementwise):
    """The error function, 2/sqrt(pi) times the integral of exp(-t**2) from 0 to x.

    Source: DLMF 7.2.1.

    >>> import autodiff as ad
    >>> ad.erf(ad.tensor([0.0, ad.inf]))
    tensor([0., 1.])
    """

    formula = "erf(x)"
    floating = True

    def forward(x):
        return math.erf(x)

    def arrays(x):
        return cpu.erf(x)

    def grad_x(g, x):
        return g * (TWO_OVER_SQRT_PI * exp(-(x * x)))


class Erfc(Elementwise):
    """1 - erf(x). Source: DLMF 7.2.2.

    >>> import autodiff as ad
    >>> ad.erfc(ad.tensor([0.0, ad.inf]))
    tensor([1., 0.])
    """

    formula = "1 - erf(x)"
    floating = True

    def forward(x):
        return math.erfc(x)

    def arrays(x):
        return cpu.erfc(x)

    def grad_x(g, x):
        return -g * (TWO_OVER_SQRT_PI * exp(-(x * x)))


# The functions that rules call.
exp, exp2, log, sigmoid = (op.apply for op in (Exp, Exp2, Log, Sigmoid))
