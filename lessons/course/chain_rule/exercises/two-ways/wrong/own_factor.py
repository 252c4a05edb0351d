# expect: the *other* factor: wave
from math import cos


def slope(x):
    return x * cos(x**2) * 2 * x + x
