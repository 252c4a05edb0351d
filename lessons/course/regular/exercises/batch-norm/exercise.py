"""Write batch norm, without its learned weight and bias.

`x` has the shape (samples, channels). In training, subtract each channel's
mean over the batch and divide by the square root of (variance + EPS). In eval
mode do the same with the running mean and variance instead.

Each call in training moves the running averages a tenth of the way towards
the batch's mean and variance. They are no part of any graph.
(To keep it simple, use the biased variance for both: `unbiased=False`.)
"""

import autodiff as ad
from autodiff import nn

EPS = 1e-5


class Norm(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.register_buffer("mean", ad.zeros(channels))
        self.register_buffer("var", ad.ones(channels))

    def forward(self, x):
        raise NotImplementedError
