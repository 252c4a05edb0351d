"""A training loop for any device."""

from autodiff import nn, optim
from autodiff.nn import functional as F


def train(model: nn.Module, batches, device) -> list[float]:
    model.to(device)
    optimizer = optim.SGD(model.parameters(), lr=0.1)
    losses = []
    for x, y in batches:
        x, y = x.to(device), y.to(device)
        optimizer.zero_grad()
        loss = F.mse_loss(model(x), y)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses
