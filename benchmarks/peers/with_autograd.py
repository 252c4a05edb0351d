"""The works in HIPS autograd, where NumPy itself is differentiated."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import autograd.numpy as np
from autograd import grad
from works import ELEMENTWISE, LARGE, MATMUL, MLP, MLP_SIZES, SIDE, SMALL, Work, batch_of, numbers

__all__ = ["WORKS"]


def gradients(loss: Callable[..., Any], *leaves: Any) -> Work:
    compute = grad(loss, tuple(range(len(leaves))))
    return lambda: compute(*leaves)


def small_graph() -> Work:
    leaves = [numbers(8, seed=i) for i in range(3)]
    return gradients(lambda a, b, c: np.sum(np.maximum(a * b + c, 0)), *leaves)


def elementwise() -> Work:
    leaves = [numbers(LARGE, seed=i) for i in range(2)]
    return gradients(lambda x, y: np.sum(np.tanh(x * y + np.sin(x))), *leaves)


def matmul() -> Work:
    x = numbers(SIDE, SIDE)
    return gradients(lambda x, y: np.sum(x @ y), x, x)


def mlp_step() -> Work:
    x, target = batch_of((64, 784))
    sizes = itertools.pairwise(MLP_SIZES)
    parameters = [p for a, b in sizes for p in (numbers(a, b) * a**-0.5, numbers(b) * 0)]
    velocity = [np.zeros_like(p) for p in parameters]
    rows = np.arange(len(x))

    def loss(parameters: Any) -> Any:
        out = x
        for weight, bias in zip(parameters[0:-2:2], parameters[1:-2:2], strict=True):
            out = np.maximum(out @ weight + bias, 0)
        out = out @ parameters[-2] + parameters[-1]
        highest = out.max(axis=1, keepdims=True)
        total = highest[:, 0] + np.log(np.exp(out - highest).sum(axis=1))
        return np.mean(total - out[rows, target])

    compute = grad(loss)

    def step() -> None:
        for p, v, g in zip(parameters, velocity, compute(parameters), strict=True):
            v *= 0.9
            v += g
            p -= np.float32(0.01) * v

    return step


WORKS: dict[str, Callable[[], Work]] = {
    SMALL: small_graph,
    ELEMENTWISE: elementwise,
    MATMUL: matmul,
    MLP: mlp_step,
}
