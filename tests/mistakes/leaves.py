"""Leaves, their gradients, and writes in place."""

from __future__ import annotations

import copy
from typing import Any

from tests.mistakes.mistake import Mistake, assign, leaf


def update_a_weight_in_the_open(m: Any) -> None:
    w = leaf(m, 1.0, 2.0)
    w -= 0.1


def switch_off_a_result(m: Any) -> None:
    (leaf(m, 1.0) * 1).requires_grad_(False)


def own_grad(m: Any) -> None:
    x = leaf(m, 1.0)
    x.grad = x


MISTAKES = [
    Mistake(
        "integers that require grad",
        lambda m: m.tensor([1, 2], requires_grad=True),
        RuntimeError,
        "floating point",
    ),
    Mistake(
        "integers asked to require grad",
        lambda m: m.tensor([1, 2]).requires_grad_(),
        RuntimeError,
        "floating point",
    ),
    Mistake(
        "truth values that require grad",
        lambda m: m.zeros(2, dtype=m.bool, requires_grad=True),
        RuntimeError,
        "floating point",
    ),
    Mistake(
        "result switched off", lambda m: switch_off_a_result(m), RuntimeError, "leaf variables"
    ),
    Mistake(
        "leaf changed in the open",
        lambda m: update_a_weight_in_the_open(m),
        RuntimeError,
        "leaf Variable that requires grad",
    ),
    Mistake(
        "leaf assigned into",
        lambda m: assign(leaf(m, 1.0, 2.0), 0, 5.0),
        RuntimeError,
        "in-place operation",
    ),
    Mistake("leaf zeroed", lambda m: leaf(m, 1.0, 2.0).zero_(), RuntimeError, "in-place operation"),
    Mistake(
        "view of a leaf changed", lambda m: leaf(m, 1.0, 2.0)[0].add_(1), RuntimeError, "in-place"
    ),
    Mistake(
        "in-place shape",
        lambda m: m.ones(3).add_(m.ones(2, 3)),
        RuntimeError,
        "output with shape [3] doesn't match the broadcast shape [2, 3]",
    ),
    Mistake("in-place dtype", lambda m: m.tensor([1, 2]).add_(0.5), RuntimeError, "can't be cast"),
    Mistake(
        "in-place division of integers",
        lambda m: m.tensor([1, 2]).div_(2),
        RuntimeError,
        "can't be cast",
    ),
    Mistake(
        "data that is no tensor",
        lambda m: setattr(leaf(m, 1.0), "data", 3.0),
        TypeError,
        "data has to be a tensor",
    ),
    Mistake(
        "grad of another shape",
        lambda m: setattr(leaf(m, 1.0, 2.0), "grad", m.ones(3)),
        RuntimeError,
        "assign a gradient of size '[3]' to a tensor of size '[2]'",
    ),
    Mistake(
        "grad of another dtype",
        lambda m: setattr(leaf(m, 1.0, 2.0), "grad", m.ones(2, dtype=m.float64)),
        RuntimeError,
        "with dtype autodiff.float64 to a tensor with dtype autodiff.float32",
    ),
    Mistake(
        "grad that is a number",
        lambda m: setattr(leaf(m, 1.0), "grad", 0.0),
        TypeError,
        "expected to be a Tensor or None but got grad of type float",
    ),
    Mistake("grad of itself", lambda m: own_grad(m), RuntimeError, "as its own grad"),
    Mistake(
        "requires_grad of a result",
        lambda m: setattr(leaf(m, 1.0) * 2, "requires_grad", True),
        RuntimeError,
        "leaf variables",
    ),
    Mistake(
        "requires_grad of a result off",
        lambda m: setattr(leaf(m, 1.0) * 2, "requires_grad", False),
        RuntimeError,
        "x.detach()",
    ),
    Mistake(
        "requires_grad of integers",
        lambda m: setattr(m.tensor([1, 2]), "requires_grad", True),
        RuntimeError,
        "floating point",
    ),
    Mistake(
        "requires_grad = 1",
        lambda m: setattr(m.ones(2), "requires_grad", 1),
        RuntimeError,
        "must be a bool, and got 1",
    ),
    Mistake(
        "deepcopy of a result",
        lambda m: copy.deepcopy(leaf(m, 1.0) * 2),
        RuntimeError,
        "deepcopy protocol",
    ),
    Mistake(
        "assigning grad_fn",
        lambda m: setattr(m.ones(2), "grad_fn", None),
        AttributeError,
        "grad_fn",
        explains=False,
    ),
]
