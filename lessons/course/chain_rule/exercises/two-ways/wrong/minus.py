# expect: without a minus
from math import cos, sin


def slope(x):
    return -x * cos(x**2) * 2 * x + sin(x**2)
