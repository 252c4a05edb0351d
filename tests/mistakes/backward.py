"""The backward pass."""

from __future__ import annotations

from typing import Any

from tests.mistakes.mistake import Mistake, leaf


def backward_twice(m: Any) -> None:
    y = leaf(m, 2.0) ** 2
    y.backward()
    y.backward()


def change_what_exp_saved(m: Any) -> None:
    y = leaf(m, 1.0).exp()
    y.add_(1)
    y.backward()


MISTAKES = [
    Mistake(
        "non-scalar",
        lambda m: (leaf(m, 1.0, 2.0) * 2).backward(),
        RuntimeError,
        "only for scalar outputs, and this one has shape [2]",
    ),
    Mistake(
        "nothing recorded",
        lambda m: m.tensor(1.0).backward(),
        RuntimeError,
        "does not require grad",
    ),
    Mistake("twice", lambda m: backward_twice(m), RuntimeError, "second time"),
    Mistake(
        "gradient of another shape",
        lambda m: (leaf(m, 1.0, 2.0) * 2).backward(m.ones(3)),
        RuntimeError,
        "has shape [3] and the output has shape [2]",
    ),
    Mistake(
        "saved value changed",
        lambda m: change_what_exp_saved(m),
        RuntimeError,
        "modified by an inplace operation",
    ),
    Mistake(
        "no inputs",
        lambda m: (leaf(m, 1.0) * 2).backward(inputs=[]),
        RuntimeError,
        "cannot be empty",
    ),
    Mistake(
        "input that needs no grad",
        lambda m: (leaf(m, 1.0) * 2).backward(inputs=[m.tensor(1.0)]),
        RuntimeError,
        "does not require grad",
    ),
    Mistake(
        "too few gradients",
        lambda m: m.autograd.backward([leaf(m, 1.0) * 2, leaf(m, 1.0) * 2], [m.tensor(1.0)]),
        RuntimeError,
        "got 2 tensors and 1 gradients",
    ),
    Mistake(
        "grad of something unused",
        lambda m: m.autograd.grad(leaf(m, 1.0) * 1, leaf(m, 2.0)),
        RuntimeError,
        "not have been used in the graph",
    ),
    Mistake(
        "grad of a constant",
        lambda m: m.autograd.grad(leaf(m, 1.0) * 1, m.tensor(2.0)),
        RuntimeError,
        "does not require grad",
    ),
    Mistake(
        "hook on a constant",
        lambda m: m.ones(2).register_hook(print),
        RuntimeError,
        "doesn't require gradient",
    ),
    Mistake(
        "retain_grad of a constant",
        lambda m: m.ones(2).retain_grad(),
        RuntimeError,
        "requires_grad=False",
    ),
]
