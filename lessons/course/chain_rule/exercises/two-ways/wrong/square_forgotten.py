# expect: derivative of the square, 2 * x, is missing
from math import cos, sin


def slope(x):
    return x * cos(x**2) + sin(x**2)
