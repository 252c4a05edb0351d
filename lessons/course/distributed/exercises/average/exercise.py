"""An all-reduce for data parallelism.

`copies` are models with the same parameters, one for each worker; each has run
its backward pass on a part of the batch, with a *mean* over `counts[i]` samples
as its loss. Afterwards the `.grad` of every parameter, in every copy, must be
the gradient of the mean over the whole batch.

The copies are to be on different machines one day, so none may end up with a
tensor that another one has too.
"""

from autodiff import nn


def average(copies: list[nn.Module], counts: list[int]) -> None:
    raise NotImplementedError
