"""Optimizers."""

from __future__ import annotations

from typing import Any

from tests.mistakes.mistake import Mistake


def same_parameter_twice(m: Any) -> Any:
    w = m.ones(1, requires_grad=True)
    return m.optim.SGD([{"params": [w]}, {"params": [w]}], lr=0.1)


def sgd(m: Any, **settings: Any) -> Any:
    return m.optim.SGD([m.ones(1, requires_grad=True)], lr=0.1, **settings)


MISTAKES = [
    Mistake(
        "empty SGD",
        lambda m: m.optim.SGD([], lr=0.1),
        ValueError,
        "optimizer got an empty parameter list.",
    ),
    Mistake(
        "SGD of no list",
        lambda m: m.optim.SGD(m.ones(1, requires_grad=True), lr=0.1),
        TypeError,
        "params argument given to the optimizer should be an iterable of",
    ),
    Mistake(
        "SGD of a number",
        lambda m: m.optim.SGD([1.0], lr=0.1),
        TypeError,
        "optimizer can only optimize Tensors, but one of the params is float.",
        explains=False,
    ),
    Mistake(
        "SGD of a non-leaf",
        lambda m: m.optim.SGD([m.ones(1, requires_grad=True) * 2], lr=0.1),
        ValueError,
        "can't optimize a non-leaf Tensor.",
    ),
    Mistake(
        "SGD of one twice",
        lambda m: same_parameter_twice(m),
        ValueError,
        "some parameters appear in more than one parameter group.",
    ),
    Mistake(
        "negative rate",
        lambda m: m.optim.SGD([m.ones(1)], lr=-0.1),
        ValueError,
        "Invalid learning rate: -0.1.",
        explains=False,
    ),
    Mistake(
        "Nesterov",
        lambda m: m.optim.SGD([m.ones(1)], lr=0.1, nesterov=True),
        ValueError,
        "Nesterov momentum requires a momentum and zero dampening.",
    ),
    Mistake(
        "beta",
        lambda m: m.optim.Adam([m.ones(1)], betas=(1.0, 0.9)),
        ValueError,
        "Invalid beta parameter: 1.0.",
        explains=False,
    ),
    Mistake(
        "optimizer of a model",
        lambda m: m.optim.SGD(m.nn.Linear(1, 1), lr=0.1),
        TypeError,
        "'Linear' object is not iterable",
    ),
    Mistake(
        "parameters in a set",
        lambda m: m.optim.SGD([{"params": {m.ones(1)}}], lr=0.1),
        TypeError,
        "optimizer parameters need to be organized in ordered collections",
    ),
    Mistake(
        "a group that is a list",
        lambda m: sgd(m).add_param_group([m.ones(1)]),
        TypeError,
        "param_group must be a dict, but got list.",
    ),
    Mistake(
        "state of other groups",
        lambda m: sgd(m).load_state_dict(
            {"state": {}, "param_groups": [{"params": [0]}, {"params": [1]}]}
        ),
        ValueError,
        "loaded state dict has a different number of parameter groups",
    ),
]
