"""The works with torch.compile: the model and its loss are compiled, the optimizer is not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from works import (
    CIFAR_4,
    CIFAR_64,
    ELEMENTWISE,
    LARGE,
    LENET,
    MATMUL,
    MLP,
    MLP_SIZES,
    SIDE,
    SMALL,
    Work,
    batch_of,
    lenet,
    numbers,
)

__all__ = ["WORKS"]


def loss_step(loss: Callable[..., torch.Tensor], *leaves: torch.Tensor) -> Work:
    compiled = torch.compile(loss)

    def step() -> None:
        for leaf in leaves:
            leaf.grad = None
        compiled(*leaves).backward()

    return step


def small_graph() -> Work:
    leaves = [torch.tensor(numbers(8, seed=i), requires_grad=True) for i in range(3)]
    return loss_step(lambda a, b, c: (a * b + c).relu().sum(), *leaves)


def elementwise() -> Work:
    leaves = [torch.tensor(numbers(LARGE, seed=i), requires_grad=True) for i in range(2)]
    return loss_step(lambda x, y: (x * y + x.sin()).tanh().sum(), *leaves)


def matmul() -> Work:
    leaves = [torch.tensor(numbers(SIDE, SIDE), requires_grad=True) for _ in range(2)]
    return loss_step(lambda x, y: (x @ y).sum(), *leaves)


def training_step(model: Any, shape: tuple[int, ...], momentum: float) -> Work:
    x, target = (torch.tensor(values) for values in batch_of(shape))
    criterion = torch.nn.CrossEntropyLoss()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01, momentum=momentum)
    loss = torch.compile(lambda: criterion(model(x), target))

    def step() -> None:
        optimizer.zero_grad()
        loss().backward()
        optimizer.step()

    return step


def mlp() -> torch.nn.Module:
    nn = torch.nn
    a, b, c, d = MLP_SIZES
    return nn.Sequential(nn.Linear(a, b), nn.ReLU(), nn.Linear(b, c), nn.ReLU(), nn.Linear(c, d))


WORKS: dict[str, Callable[[], Work]] = {
    SMALL: small_graph,
    ELEMENTWISE: elementwise,
    MATMUL: matmul,
    MLP: lambda: training_step(mlp(), (64, 784), 0.9),
    LENET: lambda: training_step(lenet(torch), (64, 1, 28, 28), 0.0),
    CIFAR_4: lambda: training_step(lenet(torch, 3), (4, 3, 32, 32), 0.9),
    CIFAR_64: lambda: training_step(lenet(torch, 3), (64, 3, 32, 32), 0.9),
}
