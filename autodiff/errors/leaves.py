"""Mistakes with ``.grad`` and ``.requires_grad``, and warnings where the graph is left silently."""

from __future__ import annotations

from typing import Any

from autodiff.errors.teaching import shown, teach


def grad_not_a_tensor(kind: str) -> Exception:
    return teach(
        TypeError,
        f"assigned grad expected to be a Tensor or None but got grad of type {kind}.",
        fix="x.grad = autodiff.tensor(...), or x.grad = None to clear it.",
        lesson="grad-fn",
    )


def grad_of_itself() -> Exception:
    return teach(
        RuntimeError,
        "can't assign a tensor as its own grad.",
        why="adding a gradient would change the value it is the gradient of.",
        fix="x.grad = x.detach().clone()",
    )


def grad_shape(grad: Any, shape: Any) -> Exception:
    return teach(
        RuntimeError,
        f"attempting to assign a gradient of size '{shown(grad)}' to a tensor of size "
        f"'{shown(shape)}'.",
        why="a gradient holds one number for each element of its tensor.",
        fix="assign a gradient of the tensor's own shape.",
        lesson="grad-fn",
    )


def grad_dtype(grad: Any, dtype: Any) -> Exception:
    return teach(
        RuntimeError,
        f"attempting to assign a gradient with dtype {grad} to a tensor with dtype {dtype}.",
        why="backward() adds to the gradient in place, in the tensor's own dtype.",
        fix=f"convert it first, as in g.to({dtype}).",
        lesson="grad-fn",
    )


def requires_grad_of_non_leaf() -> Exception:
    return teach(
        RuntimeError,
        "you can only change requires_grad flags of leaf variables.",
        why="this value was computed by a recorded operation, so whether it requires grad follows "
        "from its inputs.",
        fix="use y = x.detach() for the same value outside the graph; call x.retain_grad() if its "
        "gradient is what you want.",
        lesson="grad-fn",
    )


def requires_grad_not_bool(value: Any) -> Exception:
    return teach(
        RuntimeError,
        f"requires_grad must be a bool, and got {value!r}.",
        fix="x.requires_grad = True",
    )


def non_leaf_copied() -> Exception:
    return teach(
        RuntimeError,
        "Only Tensors created explicitly by the user (graph leaves) support the deepcopy protocol.",
        why="this value was computed by a recorded operation; a copy would have to copy the whole "
        "graph, or lose it without a trace.",
        fix="copy.deepcopy(x.detach()), or x.clone() for a copy that stays in the graph.",
        lesson="grad-fn",
    )


def grad_of_non_leaf() -> Warning:
    return teach(
        UserWarning,
        "The .grad attribute of a Tensor that is not a leaf Tensor is being accessed. It is None.",
        why="backward() keeps the gradients of leaves only: of the tensors you made, not of those "
        "computed from them. x.float(), x.to(...) and x * 1 of a leaf are computed.",
        fix="call y.retain_grad() before backward(), or look at the .grad of the leaf.",
        lesson="grad-fn",
    )


def tensor_of_tensor() -> Warning:
    return teach(
        UserWarning,
        "To copy construct from a tensor, it is recommended to use x.detach().clone() or "
        "x.detach().clone().requires_grad_(True), rather than autodiff.tensor(x).",
        why="tensor(x) copies the numbers and cuts the graph, which is easily overlooked.",
        lesson="stopping",
    )


def number_of_variable() -> Warning:
    return teach(
        UserWarning,
        "Converting a tensor with requires_grad=True to a scalar may lead to unexpected behavior.",
        why="a Python number has no history: what is computed from it has no gradient.",
        fix="use x.item() or x.detach() where that is what you want.",
        lesson="stopping",
    )


def graph_grows() -> Warning:
    return teach(
        UserWarning,
        "this sum keeps the graphs of several earlier training steps alive.",
        why="a loss refers to everything it was computed from, and a sum refers to the losses: "
        "memory grows with every step, although backward() has already used these graphs.",
        fix="add numbers: total += loss.item(); or loss.detach() to keep a tensor.",
        lesson="training",
    )
