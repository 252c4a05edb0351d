"""Combine the gradients of several batches.

`loss_of(batch)` gives the loss of one batch, computed with the tensor `w`.
Return the gradient of the *mean* of these losses over all batches, by one
backward pass per batch. Only one batch's graph may be alive at a time, so do
not add up the losses themselves.

An earlier pass may have left something in `w.grad`. It must not count.
"""

import autodiff as ad


def mean_gradient(w: ad.Tensor, batches: list, loss_of) -> ad.Tensor:
    for batch in batches:
        loss_of(batch).backward()
    return w.grad
