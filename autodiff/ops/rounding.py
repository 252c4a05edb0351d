"""Rounding: flat between its jumps, so the gradient is 0."""

from __future__ import annotations

import math

import numpy as np

from autodiff.op import Elementwise
from autodiff.ops.choice import no_gradient


class Floor(Elementwise):
    """The largest whole number that is not larger."""

    formula = "floor(x)"
    ufunc = "floor"
    not_for = "b"

    def forward(x):
        return float(math.floor(x))

    def grad_x(g):
        return no_gradient(g)


class Ceil(Elementwise):
    """The smallest whole number that is not smaller."""

    formula = "ceil(x)"
    ufunc = "ceil"
    not_for = "b"

    def forward(x):
        return float(math.ceil(x))

    def grad_x(g):
        return no_gradient(g)


class Trunc(Elementwise):
    """The value without what follows the decimal point."""

    formula = "trunc(x)"
    ufunc = "trunc"
    not_for = "b"

    def forward(x):
        return float(math.trunc(x))

    def grad_x(g):
        return no_gradient(g)


class Round(Elementwise):
    """The nearest value with so many decimals; halves go to the even neighbour."""

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
    """What follows the decimal point: the value minus its whole part."""

    formula = "x - trunc(x)"
    not_for = "biu"

    def forward(x):
        return math.fmod(x, 1.0)

    def arrays(x):
        return x - np.trunc(x)

    def grad_x(g):
        return g
