"""How the cost of a step grows: with the nodes of a graph, the batch, the depth, the width."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from works import Work, mlp_step, numbers

__all__ = ["GROWTH", "growing"]

SIZES: dict[str, tuple[int, ...]] = {
    "nodes": (10, 100, 1_000, 10_000, 100_000, 1_000_000),
    "batch": (1, 4, 16, 64, 256, 1024, 4096),
    "depth": (1, 2, 4, 8, 16, 32, 64),
    "width": (8, 32, 128, 512, 2048),
}


def chain(lib: Any, nodes: int) -> Work:
    """A chain of products on 8 floats, and its backward pass."""
    x = lib.tensor(numbers(8), requires_grad=True)

    def step() -> None:
        x.grad = None
        out = x
        for _ in range(nodes - 1):
            out = out * 1.000001
        out.sum().backward()

    return step


def growing(kind: str, size: int) -> Callable[[Any], Work]:
    """The step whose ``kind`` of size is given, for a library."""
    if kind == "nodes":
        return lambda lib: chain(lib, size)
    if kind == "batch":
        return lambda lib: mlp_step(lib, batch=size)
    if kind == "depth":
        return lambda lib: mlp_step(lib, (128,) * (size + 1) + (10,))
    return lambda lib: mlp_step(lib, (128, size, size, 10))


GROWTH: dict[str, Callable[[Any], Work]] = {
    f"{kind} {size:,}": growing(kind, size) for kind, sizes in SIZES.items() for size in sizes
}
