"""The works in tinygrad, each step captured by its TinyJit."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

from tinygrad import Context, Tensor, TinyJit, nn
from works import CIFAR_4, CIFAR_64, LENET, MLP, MLP_SIZES, SMALL, Work, batch_of, numbers

__all__ = ["WORKS"]


def small_graph() -> Work:
    a, b, c = (Tensor(numbers(8, seed=i)) for i in range(3))

    @TinyJit
    def compute() -> list[Any]:
        loss = (a * b + c).relu().sum()
        return [t.realize() for t in (loss, *loss.gradient(a, b, c))]

    return lambda: compute()[0].item()


def training_step(model: Any, shape: tuple[int, ...], momentum: float) -> Work:
    images, classes = batch_of(shape)
    x, target = Tensor(images), Tensor(classes.astype("int32"))
    optimizer = nn.optim.SGD(nn.state.get_parameters(model), lr=0.01, momentum=momentum)

    @TinyJit
    def update() -> Any:
        optimizer.zero_grad()
        loss = model(x).sparse_categorical_crossentropy(target).backward()
        optimizer.step()
        return loss.realize()

    def step() -> None:
        with Context(TRAINING=1):
            update().item()

    return step


class MLPNet:
    def __init__(self) -> None:
        self.layers = [nn.Linear(a, b) for a, b in itertools.pairwise(MLP_SIZES)]

    def __call__(self, x: Any) -> Any:
        for layer in self.layers[:-1]:
            x = layer(x).relu()
        return self.layers[-1](x)


class LeNet:
    def __init__(self, channels: int) -> None:
        self.convolutions = [
            nn.Conv2d(channels, 6, 5, padding=2 if channels == 1 else 0),
            nn.Conv2d(6, 16, 5),
        ]
        self.head = [nn.Linear(400, 120), nn.Linear(120, 84), nn.Linear(84, 10)]

    def __call__(self, x: Any) -> Any:
        for layer in self.convolutions:
            x = layer(x).relu().max_pool2d((2, 2))
        x = x.flatten(1)
        for layer in self.head[:-1]:
            x = layer(x).relu()
        return self.head[-1](x)


WORKS: dict[str, Callable[[], Work]] = {
    SMALL: small_graph,
    MLP: lambda: training_step(MLPNet(), (64, 784), 0.9),
    LENET: lambda: training_step(LeNet(1), (64, 1, 28, 28), 0.0),
    CIFAR_4: lambda: training_step(LeNet(3), (4, 3, 32, 32), 0.9),
    CIFAR_64: lambda: training_step(LeNet(3), (64, 3, 32, 32), 0.9),
}
