"""A training step with two losses that share a part of the graph.

`first` and `second` are computed from `features`, and `features` from `w`. Both
losses count: w is to take *one* step along the sum of their gradients. As it is,
the second backward() fails. Mend it.
"""

import autodiff as ad


def train_step(w: ad.Tensor, optimizer, x: ad.Tensor) -> None:
    optimizer.zero_grad()
    features = (w * x).exp()
    first = features.sum()
    second = (features**2 * w).sum()
    first.backward(retain_graph=True)
    optimizer.step()
    second.backward()
    optimizer.step()
