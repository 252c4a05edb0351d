"""A training step with two losses that share a part of the graph."""

import autodiff as ad


def train_step(w: ad.Tensor, optimizer, x: ad.Tensor) -> None:
    optimizer.zero_grad()
    features = (w * x).exp()
    first = features.sum()
    second = (features**2 * w).sum()
    (first + second).backward()
    optimizer.step()
