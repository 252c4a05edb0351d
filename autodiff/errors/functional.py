"""Mistakes with `autodiff.autograd.functional`."""

from __future__ import annotations

from typing import Any

from autodiff.errors.teaching import shown, teach


def not_a_tensor(what: str, kind: str) -> Exception:
    return teach(
        TypeError,
        f"The {what} must be either a Tensor or a tuple of Tensors, but there is a {kind}.",
    )


def not_a_single_number(name: str) -> Exception:
    return teach(
        RuntimeError,
        f"The Tensor returned by the function given to {name} should contain a single element.",
        why="second derivatives are those of one number; of many there would be one matrix each.",
        fix="reduce the result, as in f(x).sum().",
    )


def vector_missing(when: str) -> Exception:
    return teach(
        RuntimeError,
        f"The vector v can only be None if the user-provided function has {when}.",
        fix="pass v, of the same shape.",
        lesson="vjp",
    )


def vector_count(expected: int, got: int) -> Exception:
    return teach(
        RuntimeError,
        f"v is a tuple of invalid length: should be {expected} but got {got}.",
        lesson="vjp",
    )


def vector_shape(index: int, expected: Any, got: Any) -> Exception:
    return teach(
        RuntimeError,
        f"v has invalid size: entry {index} should be {shown(expected)} but got {shown(got)}.",
        lesson="vjp",
    )


def constant_output(index: int) -> Exception:
    return teach(
        RuntimeError,
        f"Output {index} of the user-provided function does not require gradients.",
        why="strict mode asks that each output is computed from the inputs.",
        fix="leave strict=True out to get zeros.",
    )


def independent(index: int) -> Exception:
    return teach(
        RuntimeError,
        f"Output 0 of the user-provided function is independent of input {index}. This is not "
        "allowed in strict mode.",
        fix="leave strict=True out to get zeros.",
    )


def constant_derivative(index: int) -> Exception:
    return teach(
        RuntimeError,
        f"The jacobian of the user-provided function is independent of input {index}. This is not "
        "allowed in strict mode when create_graph=True.",
        fix="leave strict=True out.",
    )


def no_such_strategy(strategy: str) -> Exception:
    return teach(
        NotImplementedError,
        f"strategy {strategy!r} is not there: Jacobians are computed in reverse mode only.",
        fix='leave strategy at "reverse-mode"; for products Jacobian @ v use jvp.',
    )


def no_such_check(name: str) -> Exception:
    return teach(
        NotImplementedError,
        f"{name} is not there: derivatives are computed in reverse mode, one vector at a time.",
        fix=f"leave {name} at False.",
    )
