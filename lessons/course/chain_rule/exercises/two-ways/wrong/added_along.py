# expect: multiplied, not added
from math import cos, sin


def slope(x):
    return x + cos(x**2) + 2 * x + sin(x**2)
