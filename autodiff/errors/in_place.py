"""Mistakes with leaves and writes in place."""

from __future__ import annotations

from typing import Any

from autodiff.errors.teaching import shown, teach


def integers_require_grad(dtype: Any) -> Exception:
    return teach(
        RuntimeError,
        f"Only Tensors of floating point dtype can require gradients, and this one is {dtype}.",
        why="a derivative asks what happens when a value changes a tiny bit; an integer cannot.",
        fix="make it a float: tensor([1., 2.]), tensor(..., dtype=autodiff.float32) or x.float().",
        lesson="tensors",
    )


def in_place_on_leaf() -> Exception:
    return teach(
        RuntimeError,
        "a leaf Variable that requires grad is being used in an in-place operation.",
        why="the leaf is what you differentiate with respect to; a recorded write would make it "
        "the result of an operation instead.",
        fix="update it inside `with autodiff.no_grad():`, as an optimizer does.",
        lesson="grad-fn",
    )


def in_place_on_view() -> Exception:
    return teach(
        RuntimeError,
        "an in-place write to a view of a tensor that is part of a graph is not recorded.",
        why="the write would have to become part of the history of the tensor under the view.",
        fix="build a new tensor with where(), cat() or stack(), or write under no_grad().",
        lesson="tensors",
    )


def in_place_shape(shape: Any, result: Any) -> Exception:
    return teach(
        RuntimeError,
        f"output with shape {shown(shape)} doesn't match the broadcast shape {shown(result)}.",
        why="an in-place operation writes into the memory it already has.",
        fix="use the operation without the trailing underscore to get a new tensor.",
        lesson="tensors",
    )


def in_place_dtype(result: Any, dtype: Any) -> Exception:
    return teach(
        RuntimeError,
        f"result type {result} can't be cast to the desired output type {dtype}.",
        why="an in-place operation writes into the memory it already has, and its dtype stays.",
        fix=f"convert first, as in x = x.to({result}), or use the operation that makes a new "
        "tensor.",
        lesson="tensors",
    )


def data_assignment(kind: str) -> Exception:
    return teach(
        TypeError,
        f"Variable data has to be a tensor, but got {kind}.",
        fix="x.data = autodiff.tensor(...)",
    )
