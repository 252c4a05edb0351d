"""micrograd's demonstration on two moons: an MLP 2-16-16-1 on scalars, 100 points, 65,818 nodes.

The program is micrograd's README example in shape: neurons made of single numbers, the hinge loss
of 100 points and an L2 penalty. It runs on any class of numbers that differentiate themselves.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable
from typing import Any

SIZES = (2, 16, 16, 1)
POINTS = 100


def moons_step(number: Callable[[float], Any]) -> tuple[Callable[[], object], list[Any]]:
    """One evaluation of the loss with its backward pass, and the parameters it fills."""
    chance = random.Random(1337)
    layers = [
        [
            ([number(chance.uniform(-1, 1)) for _ in range(inputs)], number(0.0))
            for _ in range(outputs)
        ]
        for inputs, outputs in itertools.pairwise(SIZES)
    ]
    parameters = [p for layer in layers for w, b in layer for p in (*w, b)]
    points, labels = two_moons()

    def step() -> object:
        for p in parameters:
            p.grad = 0
        loss = hinge_loss(layers, parameters, points, labels, number)
        loss.backward()
        return loss

    return step, parameters


def hinge_loss(
    layers: Any, parameters: list[Any], points: Any, labels: Any, number: Callable[[float], Any]
) -> Any:
    """The mean of relu(1 - label * score), and a small penalty on the weights."""
    scores = [score(layers, [number(v) for v in point]) for point in points]
    losses = [(1 + -label * s).relu() for label, s in zip(labels, scores, strict=True)]
    return sum(losses) * (1.0 / len(losses)) + 1e-4 * sum(p * p for p in parameters)


def score(layers: Any, x: list[Any]) -> Any:
    for depth, layer in enumerate(layers):
        sums = [sum((wi * xi for wi, xi in zip(w, x, strict=True)), b) for w, b in layer]
        x = sums if depth == len(layers) - 1 else [s.relu() for s in sums]
    return x[0]


def two_moons() -> tuple[list[list[float]], list[float]]:
    """The demonstration's own data: points on two half circles, and labels of -1 and 1."""
    from sklearn.datasets import make_moons

    points, labels = make_moons(n_samples=POINTS, noise=0.1, random_state=0)
    return points.tolist(), (labels * 2.0 - 1).tolist()
