"""The derivative of sin(x**2) * x, by the chain rule and nothing else.

Replace the two zeros. `through_sin` is for the way from the result over `wave`
and `square` to `x`; `direct` is for the way straight from the result to `x`.
"""

from math import cos, sin


def slope(x: float) -> float:
    """The derivative of sin(x**2) * x with respect to x."""
    square = x**2
    wave = sin(square)  # and the result is wave * x

    through_sin = 0.0  # three local derivatives, multiplied
    direct = 0.0  # one local derivative
    return through_sin + direct
