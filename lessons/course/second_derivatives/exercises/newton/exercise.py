"""Write one step of Newton's method towards the bottom (or top) of a curve.

Given the function ``f`` and the number ``x``, return the number

    x - f'(x) / f''(x)

Work both derivatives out with ``grad``, for any ``f`` of one Scalar.
"""

import autodiff as ad
from autodiff.autograd import grad


def newton_step(f, x):
    x = ad.Scalar(x)
    y = f(x)
    ...
