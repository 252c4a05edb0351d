"""Truncated backpropagation through time."""

from autodiff.nn import functional as F


def train(model, inputs, targets, size, optimizer) -> list[float]:
    losses = []
    h = None
    for start in range(0, len(inputs), size):
        part = slice(start, start + size)
        scores, h = model(inputs[part], h)
        loss = F.cross_entropy(scores, targets[part])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
        h = h.detach()
    return losses
