"""Rounding: flat between its jumps, so the gradient is 0."""

from __future__ import annotations

import math

import numpy as np

from autodiff.op import Elementwise
from autodiff.ops.choice import no_gradient


class Floor(Elementwise):
    """The largest whole number that is not larger.

    >>> import autodiff as ad
    >>> ad.floor(ad.tensor([1.7, -1.7]))
    tensor([ 1., -2.])
    """

    formula = "floor(x)"
    ufunc = "floor"
    not_for = "b"

    def forward(x):
        return float(math.floor(x))

    def grad_x(g):
        return no_gradient(g)


class Ceil(Elementwise):
    """The smallest whole number that is not smaller.

    >>> import autodiff as ad
    >>> ad.ceil(ad.tensor([1.2, -1.2]))
    tensor([ 2., -1.])
    """

    formula = "ceil(x)"
    ufunc = "ceil"
    not_for = "b"

    def forward(x):
        return float(math.ceil(x))

    def grad_x(g):
        return no_gradient(g)


class Trunc(Elementwise):
    """The value without what follows the decimal point.

    >>> import autodiff as ad
    >>> ad.trunc(ad.tensor([1.7, -1.7]))
    tensor([ 1., -1.])
    """

    formula = "trunc(x)"
    ufunc = "trunc"
    not_for = "b"

    def forward(x):
        return float(math.trunc(x))

    def grad_x(g):
        return no_gradient(g)


class Round(Elementwise):
    """The nearest value with so many decimals; halves go to the even neighbour.

    >>> import autodiff as ad
    >>> ad.round(ad.tensor([0.5, 1.5, 1.7])), ad.round(ad.tensor([3.14159]), decimals=2)
    (tensor([0., 2., 2.]), tensor([3.1400]))
    """

    formula = "round(x)"
    not_for = "b"

    def forward(x, *, decimals=0):
        scale = 10.0**decimals
        return round(x * scale) / scale

    def arrays(x, *, decimals=0):
        return np.round(x, decimals)

    def grad_x(g):
        return no_gradient(g)

    def name(self) -> str:
        return f"RoundBackward{int(bool(self.settings.get('decimals')))}"


class Frac(Elementwise):
    """What follows the decimal point: the value minus its whole part.

    >>> import autodiff as ad
    >>> ad.frac(ad.tensor([1.75, -1.75]))
    tensor([ 0.7500, -0.7500])
    """

    formula = "x - trunc(x)"
    not_for = "biu"

    def forward(x):
        return math.fmod(x, 1.0)

    def arrays(x):
        return x - np.trunc(x)

    def grad_x(g):
        return g
