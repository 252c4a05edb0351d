"""The slope of x ** 2."""


def slope(x):
    return 2 * x
