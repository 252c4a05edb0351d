"""The programs that are timed. Each is written once, for whichever library it is given.

``lib`` is `autodiff` or `torch`: what they share, their API, is what makes the comparison fair.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from moons import moons_step

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


def cifar_step(lib: Any) -> Work:
    """One SGD-with-momentum step of a small convolutional net on 4 images of 3 x 32 x 32."""
    nn = lib.nn
    model = nn.Sequential(
        nn.Conv2d(3, 6, 5), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(),
        nn.Linear(84, 10),
    )  # fmt: skip
    return _training_step(lib, model, (4, 3, 32, 32), momentum=0.9)


def scalar_step(lib: Any) -> Work:
    """One step of micrograd's two-moons demonstration: 65,818 nodes of single numbers."""
    number = lib.Scalar if hasattr(lib, "Scalar") else lib.Value
    step, _ = moons_step(number)
    return step


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


Operation = Callable[[Any, Any, Any], Any]
"""What is done to two tensors; the library is the first argument."""

SMALL_OPS: dict[str, Operation] = {
    "add": lambda lib, x, y: x + y,
    "mul": lambda lib, x, y: x * y,
    "matmul": lambda lib, x, y: x @ y,
    "sum": lambda lib, x, y: x.sum(),
    "row": lambda lib, x, y: x[1],
    "reshape": lambda lib, x, y: x.reshape(-1),
}

LARGE_OPS: dict[str, Operation] = {
    "add": lambda lib, x, y: x + y,
    "mul": lambda lib, x, y: x * y,
    "exp": lambda lib, x, y: x.exp(),
    "tanh": lambda lib, x, y: x.tanh(),
    "relu": lambda lib, x, y: x.relu(),
    "sum": lambda lib, x, y: x.sum(),
    "sum(0)": lambda lib, x, y: x.sum(0),
    "mean(1)": lambda lib, x, y: x.mean(1),
    "max": lambda lib, x, y: x.max(),
    "matmul": lambda lib, x, y: x @ y,
}


def forward(operation: Operation, n: int) -> Callable[[Any], Work]:
    """One operation on n x n float32 tensors that require grad."""

    def work(lib: Any) -> Work:
        x, y = _square(lib, n), _square(lib, n)
        return lambda: operation(lib, x, y)

    return work


def forward_backward(operation: Operation, n: int) -> Callable[[Any], Work]:
    """The same, and the gradient of both."""

    def work(lib: Any) -> Work:
        x, y = _square(lib, n), _square(lib, n)
        g = lib.ones_like(operation(lib, x, y).detach())

        def step() -> None:
            x.grad = y.grad = None
            operation(lib, x, y).backward(g)

        return step

    return work


def _square(lib: Any, n: int) -> Any:
    values = np.random.default_rng(0).standard_normal((n, n)).astype(np.float32)
    return lib.tensor(values, requires_grad=True)


TRAINING: dict[str, Callable[[Any], Work]] = {
    "small graph, 8 floats": small_graph,
    "MLP 784-128-64-10, batch 64, SGD+momentum step": mlp_step,
    "LeNet 1x28x28, batch 64, SGD step": lenet_step,
    "CIFAR net 3x32x32, batch 4, SGD+momentum step": cifar_step,
}
OPS: dict[str, Callable[[Any], Work]] = {
    **{f"{name} 4x4": forward(f, 4) for name, f in SMALL_OPS.items()},
    **{f"{name} 4x4, with backward": forward_backward(f, 4) for name, f in SMALL_OPS.items()},
    **{f"{name} 1024x1024": forward(f, 1024) for name, f in LARGE_OPS.items()},
    **{
        f"{name} 1024x1024, with backward": forward_backward(f, 1024)
        for name, f in LARGE_OPS.items()
    },
}
SCALARS: dict[str, Callable[[Any], Work]] = {"two moons, 65,818 scalar nodes": scalar_step}
WORKS = TRAINING | OPS | SCALARS
