"""Write the slope of x ** 2, without an engine.

slope(x) gives the derivative of x ** 2 at x, as a number.
"""


def slope(x):
    raise NotImplementedError
