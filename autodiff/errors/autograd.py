"""Mistakes around the backward pass."""

from __future__ import annotations

from typing import Any

from autodiff.errors.teaching import shown, teach


def no_grad_fn() -> Exception:
    return teach(
        RuntimeError,
        "this value does not require grad and does not have a grad_fn: there is nothing to "
        "differentiate.",
        why="no operation on the way to it was recorded. Either no input had requires_grad=True, "
        "or the graph was cut: by no_grad(), detach(), .item(), argmax or a comparison.",
        fix="create the inputs with requires_grad=True, and compute the result outside no_grad().",
        lesson="stopping",
    )


def non_scalar_backward(shape: Any) -> Exception:
    return teach(
        RuntimeError,
        f"grad can be implicitly created only for scalar outputs, and this one has shape "
        f"{shown(shape)}.",
        why="the gradient of many numbers at once is a matrix (the Jacobian). The backward pass "
        "computes v @ Jacobian for one vector v, and only for a single number is v = 1 obvious.",
        fix="reduce it first, as in y.sum().backward(), or pass v: y.backward(gradient=v).",
        lesson="vjp",
    )


def gradient_shape(gradient: Any, shape: Any) -> Exception:
    return teach(
        RuntimeError,
        f"Mismatch in shape: the given gradient has shape {shown(gradient)} and the output has "
        f"shape {shown(shape)}.",
        why="`gradient` holds one number for each element of the output.",
        fix="pass a gradient of the output's own shape.",
        lesson="vjp",
    )


def backward_twice(name: str) -> Exception:
    return teach(
        RuntimeError,
        f"Trying to backward through the graph a second time: {name} has already freed the "
        "values it saved.",
        why="a backward pass frees what the forward pass saved, as soon as it has been used.",
        fix="run the forward pass again before each backward(). Only if the same graph must serve "
        "twice, pass retain_graph=True to the first backward().",
        lesson="grad-fn",
    )


def changed_since_saved(
    name: str, version: int, expected: int, saved_at: Any = None, changed_at: Any = None
) -> Exception:
    saved = saved_at or "known inside `with autodiff.autograd.detect_anomaly():`"
    changed = f"\n  Changed at: {changed_at}" if changed_at else ""
    return teach(
        RuntimeError,
        "one of the variables needed for gradient computation has been modified by an inplace "
        f"operation: {name} saved it at version {expected}, and it is at version {version} now."
        f"\n  Saved at: {saved}{changed}",
        why="the gradient rule needs the value from the forward pass, and that value is gone.",
        fix="use an operation that makes a new tensor (x = x + 1 instead of x += 1), or change it "
        "after backward().",
        lesson="in-place",
    )


def unused_input(index: int) -> Exception:
    return teach(
        RuntimeError,
        f"The differentiated Tensor at index {index} appears to not have been used in the graph.",
        why="no chain of operations leads from it to the outputs, so its gradient is undefined.",
        fix="pass allow_unused=True to get None for it.",
        lesson="grad-fn",
    )


def input_without_grad(index: int) -> Exception:
    return teach(
        RuntimeError,
        f"One of the differentiated tensors (number {index}) does not require grad.",
        fix="create it with requires_grad=True before computing the outputs.",
        lesson="grad-fn",
    )


def no_inputs() -> Exception:
    return teach(
        RuntimeError,
        "the `inputs` argument of backward() cannot be empty.",
        why="with no inputs there is nothing to accumulate into.",
        fix="leave it out to accumulate into every leaf.",
        lesson="grad-fn",
    )


def gradients_count(tensors: int, gradients: int) -> Exception:
    return teach(
        RuntimeError,
        f"got {tensors} tensors and {gradients} gradients.",
        fix="pass one gradient for each tensor to start from, None for single numbers.",
        lesson="vjp",
    )


def hook_without_grad() -> Exception:
    return teach(
        RuntimeError,
        "cannot register a hook on a tensor that doesn't require gradient.",
        why="no gradient will ever arrive here, so the hook would never be called.",
        fix="create the tensor with requires_grad=True.",
    )


def retain_grad_without_grad() -> Exception:
    return teach(
        RuntimeError,
        "can't retain_grad on Tensor that has requires_grad=False.",
        fix="create the inputs with requires_grad=True.",
    )


def post_accumulate_hook_on_non_leaf() -> Exception:
    return teach(
        RuntimeError,
        "post accumulate grad hooks cannot be registered on non-leaf tensors.",
        why="gradients accumulate in the .grad of leaves only.",
        fix="use register_hook to see the gradient of an intermediate value.",
    )


def pack_hook_writes() -> Exception:
    return teach(
        RuntimeError,
        "A saved tensor pack hook is modifying its input in place.",
        why="the tensor to save is still in use outside of the hook.",
        fix="let pack_hook return a new tensor, as in `lambda x: x * 2`.",
    )


def unpacked_not_a_tensor(kind: str) -> Exception:
    return teach(
        TypeError,
        f"Output of saved tensor unpack_hook expected to be a Tensor but got result of type {kind}",
        fix="let unpack_hook return a tensor equal to the one that pack_hook was given.",
    )


def gradient_edge_without_grad() -> Exception:
    return teach(
        RuntimeError,
        "It is not possible to get the gradient edge for a Tensor that does not require gradients.",
        why="no gradient ever arrives at it.",
        fix="create the inputs with requires_grad=True.",
    )


def gradient_edge_by_hand() -> Exception:
    return teach(
        RuntimeError,
        "this GradientEdge does not say which entry of the graph it means.",
        why="a node with several outputs has an entry for each, which belongs to that tensor.",
        fix="ask for it while the tensor is there: autograd.graph.get_gradient_edge(tensor).",
    )


def materialize_unused() -> Exception:
    return teach(
        ValueError,
        "Expected allow_unused to be True or not passed when materialize_grads=True, but got: "
        "allow_unused=False.",
        why="materialize_grads gives zeros for unused inputs, so they must be allowed.",
    )


def both_names_of_gradients() -> Exception:
    return teach(
        RuntimeError,
        "`grad_tensors` and `grad_variables` (deprecated) arguments both passed to `backward()`. "
        "Please only use `grad_tensors`.",
    )


def accumulate_into_edge() -> Exception:
    return teach(
        RuntimeError,
        "backward() cannot accumulate into an edge that is not the one of a leaf.",
        why="there is no tensor whose .grad would be added to.",
        fix="use autograd.grad(outputs, edge) to get the gradient as a value.",
    )


def nan_in_backward(name: str, index: int, made_by: str) -> Exception:
    return teach(
        RuntimeError,
        f"Function '{name}' returned nan values in its {index}th output.\n  {made_by}",
        why="a nan comes from 0 * inf, inf - inf or 0 / 0. A gradient rule met one of these, often "
        "where the derivative is infinite, as that of sqrt at 0.",
        fix="keep the input of this operation away from that point, as in (x + 1e-8).sqrt().",
    )


def gradcheck_without_grad() -> Exception:
    return teach(
        ValueError,
        "gradcheck expects at least one input that requires grad.",
        fix="tensor(..., dtype=autodiff.float64, requires_grad=True)",
    )
