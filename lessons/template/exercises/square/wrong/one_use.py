# expect: one of the two contributions is missing
"""Counts one use of x only."""


def slope(x):
    return x
