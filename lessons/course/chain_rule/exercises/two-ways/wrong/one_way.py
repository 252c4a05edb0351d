# expect: the direct way is missing
from math import cos


def slope(x):
    return x * cos(x**2) * 2 * x
