"""The programs that are timed, by name. Each is written once for whichever library it is given.

``lib`` is `autodiff` or `torch`: what they share, their API, is what makes the comparison fair.
Libraries with another API have their own versions of some works in `peers`, under the same names.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from moons import moons_step

Work = Callable[[], object]
"""One call is one turn of the work: a graph with its backward pass, or a training step."""

SMALL = "small graph, 8 floats"
MLP = "MLP 784-128-64-10, batch 64, SGD+momentum step"
LENET = "LeNet 1x28x28, batch 64, SGD step"
CIFAR_4 = "LeNet 3x32x32, batch 4, SGD+momentum step"
CIFAR_64 = "LeNet 3x32x32, batch 64, SGD+momentum step"
ELEMENTWISE = "(x*y + sin x).tanh().sum(), 4M elements, with backward"
MATMUL = "matmul 1024 x 1024, with backward"
MOONS = "two moons, 65,818 scalar nodes"

MLP_SIZES = (784, 128, 64, 10)
LARGE = 1 << 22
SIDE = 1024


def small_graph(lib: Any) -> Work:
    """(a * b + c).relu().sum().backward() on 8 floats: the cost of recording, not of arithmetic."""
    a, b, c = (lib.tensor(numbers(8, seed=i), requires_grad=True) for i in range(3))

    def step() -> None:
        a.grad = b.grad = c.grad = None
        (a * b + c).relu().sum().backward()

    return step


def mlp_step(lib: Any, sizes: tuple[int, ...] = MLP_SIZES, batch: int = 64) -> Work:
    """One SGD-with-momentum step of a multilayer perceptron."""
    nn = lib.nn
    layers = [nn.Linear(sizes[0], sizes[1])]
    for i in range(1, len(sizes) - 1):
        layers += [nn.ReLU(), nn.Linear(sizes[i], sizes[i + 1])]
    return training_step(lib, nn.Sequential(*layers), (batch, sizes[0]), momentum=0.9)


def lenet(lib: Any, channels: int = 1) -> Any:
    """LeNet for images of 28 x 28 (one channel) or 32 x 32 (three)."""
    nn = lib.nn
    return nn.Sequential(
        nn.Conv2d(channels, 6, 5, padding=2 if channels == 1 else 0), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(),
        nn.Linear(84, 10),
    )  # fmt: skip


def lenet_step(lib: Any) -> Work:
    """One SGD step on a batch of 64 images of 1 x 28 x 28."""
    return training_step(lib, lenet(lib), (64, 1, 28, 28), momentum=0.0)


def cifar_step(lib: Any, batch: int) -> Work:
    """One SGD-with-momentum step on images of 3 x 32 x 32."""
    return training_step(lib, lenet(lib, channels=3), (batch, 3, 32, 32), momentum=0.9)


def elementwise(lib: Any) -> Work:
    """A chain of elementwise operations that memory, not arithmetic, should limit."""
    x, y = (lib.tensor(numbers(LARGE, seed=i), requires_grad=True) for i in range(2))

    def step() -> None:
        x.grad = y.grad = None
        (x * y + x.sin()).tanh().sum().backward()

    return step


def scalar_step(lib: Any) -> Work:
    """One step of micrograd's two-moons demonstration."""
    number = lib.Scalar if hasattr(lib, "Scalar") else lib.Value
    step, _ = moons_step(number)
    return step


def training_step(lib: Any, model: Any, shape: tuple[int, ...], momentum: float) -> Work:
    """One step of training a classifier of ten classes."""
    x, target = (lib.tensor(values) for values in batch_of(shape))
    criterion = lib.nn.CrossEntropyLoss()
    optimizer = lib.optim.SGD(model.parameters(), lr=0.01, momentum=momentum)

    def step() -> None:
        optimizer.zero_grad()
        criterion(model(x), target).backward()
        optimizer.step()

    return step


def numbers(*shape: int, seed: int = 0) -> np.ndarray:
    """The same float32 numbers for every library."""
    return np.random.default_rng(seed).standard_normal(shape).astype(np.float32)


def batch_of(shape: tuple[int, ...]) -> tuple[np.ndarray, np.ndarray]:
    """Random images and classes."""
    return numbers(*shape), np.random.default_rng(1).integers(0, 10, shape[0])


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
    "softmax": lambda lib, x, y: lib.softmax(x, 1),
    "layer norm": lambda lib, x, y: lib.nn.functional.layer_norm(x, (x.shape[1],)),
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
    return lib.tensor(numbers(n, n), requires_grad=True)


TRAINING: dict[str, Callable[[Any], Work]] = {
    SMALL: small_graph,
    MLP: mlp_step,
    LENET: lenet_step,
    CIFAR_4: lambda lib: cifar_step(lib, 4),
    CIFAR_64: lambda lib: cifar_step(lib, 64),
    ELEMENTWISE: elementwise,
    MATMUL: forward_backward(LARGE_OPS["matmul"], SIDE),
}
OPS: dict[str, Callable[[Any], Work]] = {
    **{f"{name} 4x4": forward(f, 4) for name, f in SMALL_OPS.items()},
    **{f"{name} 4x4, with backward": forward_backward(f, 4) for name, f in SMALL_OPS.items()},
    **{f"{name} 1024x1024": forward(f, SIDE) for name, f in LARGE_OPS.items()},
    **{
        f"{name} 1024x1024, with backward": forward_backward(f, SIDE)
        for name, f in LARGE_OPS.items()
    },
}
SCALARS: dict[str, Callable[[Any], Work]] = {MOONS: scalar_step}
