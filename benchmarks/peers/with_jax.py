"""The works in JAX: each is one jitted function of its parameters, which it gives back updated."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
from jax import lax
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
    numbers,
)

__all__ = ["WORKS"]


def gradients(loss: Callable[..., Any], *leaves: Any) -> Work:
    compiled = jax.jit(jax.value_and_grad(loss, argnums=tuple(range(len(leaves)))))
    return lambda: jax.block_until_ready(compiled(*leaves))


def small_graph() -> Work:
    leaves = [jnp.asarray(numbers(8, seed=i)) for i in range(3)]
    return gradients(lambda a, b, c: jax.nn.relu(a * b + c).sum(), *leaves)


def elementwise() -> Work:
    leaves = [jnp.asarray(numbers(LARGE, seed=i)) for i in range(2)]
    return gradients(lambda x, y: jnp.tanh(x * y + jnp.sin(x)).sum(), *leaves)


def matmul() -> Work:
    x = jnp.asarray(numbers(SIDE, SIDE))
    return gradients(lambda x, y: (x @ y).sum(), x, x)


def training_step(
    model: Callable[..., Any], parameters: Any, shape: tuple[int, ...], momentum: float
) -> Work:
    x, target = (jnp.asarray(values) for values in batch_of(shape))

    def loss(parameters: Any) -> Any:
        scores = jax.nn.log_softmax(model(parameters, x))
        return -jnp.take_along_axis(scores, target[:, None], 1).mean()

    @jax.jit
    def update(parameters: Any, velocity: Any) -> Any:
        g = jax.grad(loss)(parameters)
        velocity = jax.tree.map(lambda v, d: momentum * v + d, velocity, g)
        return jax.tree.map(lambda p, v: p - 0.01 * v, parameters, velocity), velocity

    state = [parameters, jax.tree.map(jnp.zeros_like, parameters)]

    def step() -> None:
        state[:] = jax.block_until_ready(update(*state))

    return step


def dense(inputs: int, outputs: int) -> tuple[Any, Any]:
    return jnp.asarray(numbers(inputs, outputs) * inputs**-0.5), jnp.zeros(outputs)


def filters(outputs: int, inputs: int) -> tuple[Any, Any]:
    weight = numbers(outputs, inputs, 5, 5) * (25 * inputs) ** -0.5
    return jnp.asarray(weight), jnp.zeros((outputs, 1, 1))


def mlp_step() -> Work:
    parameters = [dense(a, b) for a, b in itertools.pairwise(MLP_SIZES)]
    return training_step(classify, parameters, (64, 784), 0.9)


def classify(layers: Any, x: Any) -> Any:
    for weight, bias in layers[:-1]:
        x = jax.nn.relu(x @ weight + bias)
    weight, bias = layers[-1]
    return x @ weight + bias


def lenet_step(shape: tuple[int, ...], momentum: float) -> Work:
    border = 2 if shape[1] == 1 else 0
    parameters = [
        filters(6, shape[1]), filters(16, 6), dense(400, 120), dense(120, 84), dense(84, 10)
    ]  # fmt: skip

    def model(parameters: Any, x: Any) -> Any:
        for (weight, bias), padding in zip(parameters[:2], (border, 0), strict=True):
            x = lax.conv_general_dilated(x, weight, (1, 1), [(padding, padding)] * 2)
            x = jax.nn.relu(x + bias)
            x = lax.reduce_window(x, -jnp.inf, lax.max, (1, 1, 2, 2), (1, 1, 2, 2), "VALID")
        return classify(parameters[2:], x.reshape(len(x), -1))

    return training_step(model, parameters, shape, momentum)


WORKS: dict[str, Callable[[], Work]] = {
    SMALL: small_graph,
    ELEMENTWISE: elementwise,
    MATMUL: matmul,
    MLP: mlp_step,
    LENET: lambda: lenet_step((64, 1, 28, 28), 0.0),
    CIFAR_4: lambda: lenet_step((4, 3, 32, 32), 0.9),
    CIFAR_64: lambda: lenet_step((64, 3, 32, 32), 0.9),
}
