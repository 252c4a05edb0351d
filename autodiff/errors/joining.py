"""Mistakes with joining tensors and taking them apart."""

from __future__ import annotations

from typing import Any

from autodiff.errors.teaching import shown, teach


def nothing_to_join(name: str, kind: type[Exception]) -> Exception:
    return teach(kind, f"{name}() expects a non-empty list of tensors.")


def element_not_a_tensor(index: int, kind: str) -> Exception:
    return teach(
        TypeError,
        f"expected Tensor as element {index} in argument 0, but got {kind}.",
        why="only tensors can be joined. (Where no gradient has arrived, .grad is None.)",
        fix="make numbers tensors first: autodiff.tensor(...).",
        lesson="tensors",
    )


def zero_dimensional_join() -> Exception:
    return teach(
        RuntimeError,
        "zero-dimensional tensors cannot be concatenated.",
        why="cat() joins along an existing dimension, and a single number has none.",
        fix="use stack(), which makes a new dimension.",
        lesson="tensors",
    )


def cannot_join(shapes: Any, dim: int) -> Exception:
    return teach(
        RuntimeError,
        f"cat() cannot join shapes {', '.join(shown(s) for s in shapes)} along dim {dim}.",
        why="all other dimensions must be equal.",
        lesson="tensors",
    )


def cannot_stack(shapes: Any) -> Exception:
    return teach(
        RuntimeError,
        "stack expects each tensor to be equal size, but got "
        f"{', '.join(shown(s) for s in shapes)}.",
        fix="use cat(), which joins along a dimension they have.",
        lesson="tensors",
    )


def split_sizes(sizes: Any, length: int, dim: int) -> Exception:
    return teach(
        RuntimeError,
        f"split: {sizes} does not divide dimension {dim} of size {length}.",
        why="one size must be positive; several must not be negative, and add up to the dimension.",
        lesson="tensors",
    )


def chunk_count(chunks: int) -> Exception:
    return teach(RuntimeError, f"the number of parts must be greater than 0, got: {chunks}.")


def unequal_split(name: str, shape: Any, dim: int, sections: int) -> Exception:
    return teach(
        RuntimeError,
        f"{name}: dimension {dim} of shape {shown(shape)} is not divisible by {sections}.",
        fix="use tensor_split(), whose parts may differ in size.",
        lesson="tensors",
    )
