"""A training that stops, and goes on where it was."""

import tempfile
from pathlib import Path

import autodiff as torch
from autodiff import nn


def fresh():
    model = nn.Linear(2, 1)
    with torch.no_grad():
        model.weight.copy_(torch.tensor([[0.5, -0.5]]))
        model.bias.zero_()
    return model, torch.optim.Adam(model.parameters(), lr=0.1)


def train(model, optimizer, steps):
    x = torch.arange(8.0).reshape(4, 2)
    y = x.sum(1, keepdim=True)
    for _ in range(steps):
        optimizer.zero_grad()
        loss = nn.functional.mse_loss(model(x), y)
        loss.backward()
        optimizer.step()
    return loss.item()


model, optimizer = fresh()
train(model, optimizer, 10)
with tempfile.TemporaryDirectory() as folder:
    path = Path(folder) / "checkpoint.pt"
    torch.save({"model": model.state_dict(), "optimizer": optimizer.state_dict()}, path)
    straight_on = train(model, optimizer, 10)

    model, optimizer = fresh()
    checkpoint = torch.load(path, weights_only=True)
    model.load_state_dict(checkpoint["model"])
    optimizer.load_state_dict(checkpoint["optimizer"])
    resumed = train(model, optimizer, 10)
print(f"loss after 20 steps: {straight_on:.6f}; stopped and resumed: {resumed:.6f}")
print("weight:", model.weight)
