"""Build a net for gray pictures of 12 x 12.

It gives ten scores for each picture, to be used with CrossEntropyLoss, and
has, twice in a row, a convolution, a relu and a max pooling of 2 x 2. It
learns at most 4,000 numbers.
"""

from autodiff import nn


def small_net():
    return nn.Sequential(
        nn.Conv2d(1, 8, 3, padding=1),
        ...,
    )
