"""Mistakes in functions of one's own, and in the arguments of any function."""

from __future__ import annotations

from typing import Any

from autodiff.errors.teaching import shown, teach


def called_instance(name: str) -> Exception:
    return teach(
        RuntimeError,
        "Legacy autograd function with non-static forward method is deprecated.",
        why="a Function has no instances: its forward and backward are static methods.",
        fix=f"mark both with @staticmethod and call {name}.apply(...).",
        lesson="functions",
    )


def no_forward() -> Exception:
    return teach(
        NotImplementedError,
        "You must implement the forward function for custom autograd.Function.",
        fix="add `@staticmethod def forward(ctx, *inputs)`.",
        lesson="functions",
    )


def no_backward() -> Exception:
    return teach(
        NotImplementedError,
        "You must implement either the backward or vjp method for your custom autograd.Function "
        "to use it with backward mode AD.",
        fix="add `@staticmethod def backward(ctx, *gradients)`.",
        lesson="functions",
    )


def backward_and_vjp() -> Exception:
    return teach(
        RuntimeError,
        "Implementing both 'backward' and 'vjp' for a custom Function is not allowed.",
        why="they are two names of one method.",
        lesson="functions",
    )


def saves_variables_only(index: int, kind: str) -> Exception:
    return teach(
        TypeError,
        f"save_for_backward can only save variables, but argument {index} is of type {kind}",
        fix="keep other objects as attributes: ctx.factor = factor.",
        lesson="functions",
    )


def dirty_not_returned() -> Exception:
    return teach(
        RuntimeError,
        "Some elements marked as dirty during the forward method were not returned as output.",
        why="what a Function changes in place becomes its result: gradients arrive through it.",
        fix="return the inputs that ctx.mark_dirty() names.",
        lesson="functions",
    )


def differentiated_twice() -> Exception:
    return teach(
        RuntimeError,
        "trying to differentiate twice a function that was marked with @once_differentiable",
        why="its backward ran without recording, so there is nothing to differentiate.",
        fix="write backward in differentiable operations and take the decorator away.",
        lesson="functions",
    )


def not_a_gradient(kind: str) -> Exception:
    return teach(
        RuntimeError,
        f"expected Variable or None (got {kind})",
        why="backward() returns one gradient, a tensor or None, for each argument of forward().",
        lesson="functions",
    )


def gradient_of_non_variable(name: str, index: int) -> Exception:
    return teach(
        RuntimeError,
        f"function {name} returned a gradient different than None at position {index + 1}, but "
        "the corresponding forward input was not a Variable.",
        fix="return None in this position.",
        lesson="functions",
    )


def wrong_number_of_gradients(name: str, expected: int, got: int) -> Exception:
    return teach(
        RuntimeError,
        f"function {name} returned an incorrect number of gradients (expected {expected}, got "
        f"{got}).",
        why="backward() returns one gradient for each argument of forward() after ctx.",
        fix="return None for arguments that need no gradient.",
        lesson="functions",
    )


def wrong_gradient_shape(name: str, index: int, got: Any, expected: Any) -> Exception:
    return teach(
        RuntimeError,
        f"Function {name} returned an invalid gradient at index {index} - got {shown(got)} but "
        f"expected shape compatible with {shown(expected)}.",
        why="a gradient holds one number for each element of its input.",
        lesson="functions",
    )


def not_a_tensor(function: str, argument: str, position: int, given: Any) -> Exception:
    kind = type(given)
    name = kind.__name__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__name__}"
    known = name in ("numpy.ndarray", "list", "tuple", "int", "float")
    return teach(
        TypeError,
        f"{function}(): argument '{argument}' (position {position}) must be Tensor, not {name}.",
        why="operations on tensors are what the graph of gradients is made of.",
        fix="autodiff.tensor(x) makes a tensor of arrays, lists and numbers." if known else "",
        lesson="tensors",
    )


def unexpected_argument(function: str, name: str) -> Exception:
    return teach(TypeError, f"{function}() got an unexpected keyword argument {name!r}.")


def missing_argument(function: str, name: str) -> Exception:
    return teach(TypeError, f"{function}() is missing the argument {name!r}.")


def too_many_arguments(function: str, given: int, most: int) -> Exception:
    return teach(TypeError, f"{function}() takes at most {most} arguments, and got {given}.")


def invalid_setting(name: str, value: Any) -> Exception:
    return teach(ValueError, f"Invalid {name}: {value}.")
