"""The programs that are timed. Each is written once, for whichever library it is given.

``lib`` is `autodiff` or `torch`: what they share, their API, is what makes the comparison fair.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

Work = Callable[[], object]


def small_graph(lib: Any) -> Work:
    """(a * b + c).relu().sum().backward() on 8 floats: the cost of recording, not of arithmetic."""
    rng = np.random.default_rng(0)
    a, b, c = (
        lib.tensor(rng.standard_normal(8).astype(np.float32), requires_grad=True) for _ in range(3)
    )

    def step() -> None:
        a.grad = b.grad = c.grad = None
        (a * b + c).relu().sum().backward()

    return step


def mlp_step(lib: Any) -> Work:
    """One SGD-with-momentum step of an MLP 784-128-64-10 on a batch of 64."""
    nn = lib.nn
    model = nn.Sequential(
        nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 64), nn.ReLU(), nn.Linear(64, 10)
    )
    return _training_step(lib, model, (64, 784), momentum=0.9)


def lenet_step(lib: Any) -> Work:
    """One SGD step of LeNet on a batch of 64 images of 1 x 28 x 28."""
    nn = lib.nn
    model = nn.Sequential(
        nn.Conv2d(1, 6, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(),
        nn.Linear(84, 10),
    )  # fmt: skip
    return _training_step(lib, model, (64, 1, 28, 28), momentum=0.0)


def _training_step(lib: Any, model: Any, shape: tuple[int, ...], momentum: float) -> Work:
    rng = np.random.default_rng(0)
    x = lib.tensor(rng.standard_normal(shape).astype(np.float32))
    target = lib.tensor(rng.integers(0, 10, shape[0]))
    criterion = lib.nn.CrossEntropyLoss()
    optimizer = lib.optim.SGD(model.parameters(), lr=0.01, momentum=momentum)

    def step() -> None:
        optimizer.zero_grad()
        criterion(model(x), target).backward()
        optimizer.step()

    return step


WORKS = {
    "small graph, 8 floats": small_graph,
    "MLP 784-128-64-10, batch 64, SGD+momentum step": mlp_step,
    "LeNet 1x28x28, batch 64, SGD step": lenet_step,
}
