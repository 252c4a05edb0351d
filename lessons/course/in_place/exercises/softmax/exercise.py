"""A softmax that wanted to save memory.

exp of each number, divided by the sum of all: the shares of a soft choice. The
values are right, and the backward pass fails. Mend it.
"""

import autodiff as ad


def softmax(x: ad.Tensor) -> ad.Tensor:
    shares = x.exp()
    shares /= shares.sum()
    return shares
