"""Write dropout.

`drop(x, p, training)` sets each number of `x` to 0 with probability `p`, and
scales the others so that the mean stays what it was. When `training` is False
it gives back `x` as it is.

`ad.rand_like(x)` draws a number from 0 to 1 for each number of `x`.
"""

import autodiff as ad


def drop(x: ad.Tensor, p: float, training: bool) -> ad.Tensor:
    raise NotImplementedError
