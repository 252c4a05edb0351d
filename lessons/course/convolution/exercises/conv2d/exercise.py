"""Write a convolution of one picture with one filter.

Lay the filter on every place of the picture where it fits, multiply number by
number, add up. A filter of the shape (high, wide) on a picture of the shape
(rows, columns) gives (rows - high + 1, columns - wide + 1) answers. Gradients
must reach both.

``F.conv2d`` is not allowed; loops are.
"""

import autodiff as ad


def conv2d(picture, pattern):
    raise NotImplementedError
