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
        lesson="in-place",
    )


def in_place_on_view_of_leaf() -> Exception:
    return teach(
        RuntimeError,
        "a view of a leaf Variable that requires grad is being used in an in-place operation.",
        why="the view shows the leaf's own memory, and the leaf is what you differentiate with "
        "respect to; a recorded write would make it the result of an operation instead.",
        fix="write inside `with autodiff.no_grad():`, or to a view of a copy: y = x.clone().",
        lesson="in-place",
    )


def view_made_under_no_grad() -> Exception:
    return teach(
        RuntimeError,
        "A view was created in no_grad mode and is being modified inplace with grad mode enabled.",
        why="the tensor under the view would change without its history saying so.",
        fix="make the view and write to it both inside no_grad(), or both outside.",
        lesson="in-place",
    )


def write_to_expanded() -> Exception:
    return teach(
        RuntimeError,
        "unsupported operation: more than one element of the written-to tensor refers to a single "
        "memory location.",
        why="expand() repeats elements without copying them.",
        fix="call clone() before the write.",
        lesson="tensors",
    )


def detach_view_in_place() -> Exception:
    return teach(
        RuntimeError,
        "Can't detach views in-place.",
        why="the tensor under the view would keep a history that the view no longer has.",
        fix="use y = x.detach(), which leaves x as it is.",
        lesson="in-place",
    )


def in_place_shape(shape: Any, result: Any) -> Exception:
    return teach(
        RuntimeError,
        f"output with shape {shown(shape)} doesn't match the broadcast shape {shown(result)}.",
        why="an in-place operation writes into the memory it already has.",
        fix="use the operation without the trailing underscore to get a new tensor.",
        lesson="in-place",
    )


def in_place_dtype(result: Any, dtype: Any) -> Exception:
    return teach(
        RuntimeError,
        f"result type {result} can't be cast to the desired output type {dtype}.",
        why="an in-place operation writes into the memory it already has, and its dtype stays.",
        fix=f"convert first, as in x = x.to({result}), or use the operation that makes a new "
        "tensor.",
        lesson="in-place",
    )


def data_assignment(kind: str) -> Exception:
    return teach(
        TypeError,
        f"Variable data has to be a tensor, but got {kind}.",
        fix="x.data = autodiff.tensor(...)",
    )
