"""The derivative of sin(x**2) * x, by the chain rule and nothing else."""

from math import cos, sin


def slope(x: float) -> float:
    """The derivative of sin(x**2) * x with respect to x."""
    square = x**2
    wave = sin(square)  # and the result is wave * x

    through_sin = x * cos(square) * (2 * x)
    direct = wave
    return through_sin + direct
