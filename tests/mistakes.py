"""The table of mistakes: a program with the mistake, the exception, and words of its message.

``program(m)`` runs with autodiff or PyTorch as ``m``, so that the exception types can be compared.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

__all__ = ["MISTAKES", "Mistake"]


@dataclass(frozen=True)
class Mistake:
    """``explains``: the message also says why, or how to mend it."""

    name: str
    program: Callable[[Any], Any]
    kind: type[Exception]
    words: str
    explains: bool = True


def leaf(m: Any, *values: float) -> Any:
    return m.tensor(values if len(values) > 1 else values[0], requires_grad=True)


def backward_twice(m: Any) -> None:
    y = leaf(m, 2.0) ** 2
    y.backward()
    y.backward()


def change_what_exp_saved(m: Any) -> None:
    y = leaf(m, 1.0).exp()
    y.add_(1)
    y.backward()


def update_a_weight_in_the_open(m: Any) -> None:
    w = leaf(m, 1.0, 2.0)
    w -= 0.1


def switch_off_a_result(m: Any) -> None:
    (leaf(m, 1.0) * 1).requires_grad_(False)


def own_grad(m: Any) -> None:
    x = leaf(m, 1.0)
    x.grad = x


def assign(x: Any, key: Any, value: Any) -> None:
    x[key] = value


MISTAKES = [
    # the backward pass
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
    # leaves and in-place writes
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
    # flags and gradients of leaves
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
    # NumPy and Python numbers
    Mistake(
        "NumPy function of a leaf",
        lambda m: np.exp(leaf(m, 1.0, 2.0)),
        RuntimeError,
        "numpy.exp was given one",
    ),
    Mistake(
        "NumPy list of leaves",
        lambda m: np.array([leaf(m, 1.0), leaf(m, 2.0)]),
        RuntimeError,
        "detach().numpy()",
    ),
    Mistake(
        "reversed array", lambda m: m.from_numpy(np.arange(3)[::-1]), ValueError, "a[::-1].copy()"
    ),
    Mistake(
        "foreign byte order",
        lambda m: m.tensor(np.array([1.0], ">f4")),
        ValueError,
        "byte order",
    ),
    Mistake(
        "export of a leaf", lambda m: leaf(m, 1.0).__dlpack__(), BufferError, "require gradient"
    ),
    Mistake("capsule of a list", lambda m: m.from_dlpack([1.0]), RuntimeError, "no DLPack capsule"),
    Mistake(
        "string among numbers", lambda m: "a" in m.ones(2), RuntimeError, "got str", explains=False
    ),
    Mistake(
        "if on several values",
        lambda m: 1 if m.tensor([1.0, -1.0]) > 0 else 0,
        RuntimeError,
        "any() or all()",
    ),
    Mistake(
        "and between tensors",
        lambda m: m.tensor([True, False]) and m.tensor([True, True]),
        RuntimeError,
        "any() or all()",
    ),
    Mistake(
        "assert of a comparison",
        lambda m: exec("assert m.ones(2) == m.ones(2)", {"m": m}),
        RuntimeError,
        "any() or all()",
    ),
    Mistake("max() of a matrix", lambda m: max(m.ones(2, 2)), RuntimeError, "any() or all()"),
    Mistake(
        "compared with None by <",
        lambda m: m.ones(2) < None,
        TypeError,
        "not supported",
        explains=False,
    ),
    Mistake(
        "index from two",
        lambda m: [10, 20][m.tensor([0, 1])],
        TypeError,
        "converted to an index",
    ),
    Mistake(
        "integer from nan",
        lambda m: int(m.tensor(float("nan"))),
        ValueError,
        "NaN",
        explains=False,
    ),
    Mistake("unknown type", lambda m: m.ones(2).type("Float"), ValueError, "invalid type"),
    # files
    Mistake(
        "missing file",
        lambda m: m.load("/nonexistent/file.pt"),
        FileNotFoundError,
        "No such file",
        explains=False,
    ),
    Mistake(
        "numpy of a leaf", lambda m: leaf(m, 1.0, 2.0).numpy(), RuntimeError, "detach().numpy()"
    ),
    Mistake(
        "asarray of a leaf",
        lambda m: np.asarray(leaf(m, 1.0, 2.0)),
        RuntimeError,
        "detach().numpy()",
    ),
    Mistake("item of many", lambda m: m.ones(2).item(), RuntimeError, "this one has 2"),
    Mistake("float of many", lambda m: float(m.ones(2)), ValueError, "this one has 2"),
    Mistake("truth of many", lambda m: bool(m.ones(2)), RuntimeError, "this one has 2"),
    Mistake("truth of none", lambda m: bool(m.ones(0)), RuntimeError, "this one has 0"),
    Mistake("len of a number", lambda m: len(m.tensor(1.0)), TypeError, "0-d", explains=False),
    Mistake("iterating a number", lambda m: list(m.tensor(1.0)), TypeError, "0-d", explains=False),
    Mistake(
        "index from a float",
        lambda m: [10, 20][m.tensor(1.0)],
        TypeError,
        "only integer tensors",
    ),
    # data
    Mistake(
        "rows of different lengths", lambda m: m.tensor([[1.0], [1.0, 2.0]]), ValueError, "tensor"
    ),
    Mistake(
        "list of tensors",
        lambda m: m.tensor([m.ones(2), m.ones(2)]),
        ValueError,
        "autodiff.stack(list)",
    ),
    Mistake("Tensor of a float", lambda m: m.Tensor(3.5), TypeError, "must be a sequence"),
    Mistake("a string", lambda m: m.tensor("a"), TypeError, "supported types"),
    Mistake("strings", lambda m: m.tensor(["a", "b"]), ValueError, "strings"),
    Mistake("None", lambda m: m.tensor(None), RuntimeError, "NoneType"),
    Mistake(
        "objects", lambda m: m.tensor([object()]), RuntimeError, "Could not infer dtype of object"
    ),
    Mistake(
        "array of strings", lambda m: m.from_numpy(np.array(["a"])), TypeError, "supported types"
    ),
    Mistake(
        "not an array",
        lambda m: m.from_numpy([1]),
        TypeError,
        "expected np.ndarray",
        explains=False,
    ),
    Mistake(
        "negative size", lambda m: m.zeros(2, -1), RuntimeError, "shape [2, -1]", explains=False
    ),
    Mistake(
        "integer default dtype",
        lambda m: m.set_default_dtype(m.int64),
        TypeError,
        "floating-point",
        explains=False,
    ),
    Mistake(
        "unknown device", lambda m: m.device("gpu"), RuntimeError, "device type", explains=False
    ),
    Mistake("device without a number", lambda m: m.device("cuda:"), RuntimeError, "Invalid device"),
    Mistake("made on a GPU", lambda m: m.ones(2, device="cuda"), AssertionError, "is_available()"),
    Mistake("moved to a GPU", lambda m: m.ones(2).to("cuda:0"), AssertionError, "is_available()"),
    Mistake("cuda()", lambda m: m.ones(2).cuda(), AssertionError, "CUDA enabled"),
    Mistake(
        "model moved to a GPU",
        lambda m: m.nn.Linear(1, 1).to(m.device("cuda")),
        AssertionError,
        "CUDA enabled",
    ),
    Mistake(
        "arange that never ends",
        lambda m: m.arange(1, 0, 1),
        RuntimeError,
        "never gets there",
        explains=False,
    ),
    Mistake(
        "arange that never moves",
        lambda m: m.arange(0, 1, 0),
        RuntimeError,
        "never gets there",
        explains=False,
    ),
    Mistake(
        "negative steps",
        lambda m: m.linspace(0, 1, -1),
        RuntimeError,
        "non-negative",
        explains=False,
    ),
    Mistake(
        "empty range of integers",
        lambda m: m.randint(5, 5, (2,)),
        RuntimeError,
        "5",
        explains=False,
    ),
    # shapes
    Mistake(
        "broadcasting",
        lambda m: m.ones(2, 3) + m.ones(2, 4),
        RuntimeError,
        "size of tensor a (3) must match the size of tensor b (4) at non-singleton dimension 1",
    ),
    Mistake(
        "broadcasting from the right",
        lambda m: m.ones(2, 3) * m.ones(2),
        RuntimeError,
        "dimension 1: shapes [2, 3] and [2]",
    ),
    Mistake(
        "where",
        lambda m: m.where(m.ones(2, dtype=m.bool), m.ones(3), m.ones(3)),
        RuntimeError,
        "must match",
    ),
    Mistake(
        "matmul",
        lambda m: m.ones(2, 3) @ m.ones(2, 3),
        RuntimeError,
        "3 (last of the first) and 2 (of the second)",
    ),
    Mistake(
        "matmul of vectors",
        lambda m: m.ones(3) @ m.ones(4),
        RuntimeError,
        "3 (last of the first) and 4",
    ),
    Mistake(
        "matmul of stacks",
        lambda m: m.ones(2, 3, 4) @ m.ones(3, 4, 5),
        RuntimeError,
        "[2, 3, 4] and [3, 4, 5]",
    ),
    Mistake(
        "matmul of a number",
        lambda m: m.matmul(m.ones(2), m.tensor(1.0)),
        RuntimeError,
        "at least 1D",
    ),
    Mistake(
        "matmul of two dtypes",
        lambda m: m.ones(2, 2) @ m.ones(2, 2, dtype=m.float64),
        RuntimeError,
        "same dtype",
    ),
    Mistake("matmul with a float", lambda m: m.ones(2, 2) @ 2.0, TypeError, "@", explains=False),
    Mistake(
        "mm of stacks", lambda m: m.mm(m.ones(2, 2, 2), m.ones(2, 2)), RuntimeError, "[2, 2, 2]"
    ),
    Mistake("dot of matrices", lambda m: m.dot(m.ones(2, 2), m.ones(2)), RuntimeError, "1D"),
    Mistake("dot of lengths", lambda m: m.dot(m.ones(3), m.ones(2)), RuntimeError, "3"),
    Mistake(
        "linear",
        lambda m: m.nn.functional.linear(m.ones(2, 3), m.ones(4, 5)),
        RuntimeError,
        "5 input features",
    ),
    Mistake(
        "reshape",
        lambda m: m.ones(6).reshape(4, 2),
        RuntimeError,
        "'[4, 2]' is invalid for input of shape [6]",
    ),
    Mistake(
        "reshape with two unknowns", lambda m: m.ones(6).reshape(-1, -1), RuntimeError, "[-1, -1]"
    ),
    Mistake(
        "reshape that leaves a rest", lambda m: m.ones(6).reshape(-1, 4), RuntimeError, "[-1, 4]"
    ),
    Mistake("view of a transpose", lambda m: m.ones(2, 3).T.view(6), RuntimeError, "use reshape()"),
    Mistake(
        "permute twice the same",
        lambda m: m.ones(2, 3).permute(0, 0),
        RuntimeError,
        "permute",
        explains=False,
    ),
    Mistake(
        "transpose of a missing dim",
        lambda m: m.ones(2, 3).transpose(0, 2),
        IndexError,
        "range of [-2, 1], but got 2",
    ),
    Mistake("t of a stack", lambda m: m.ones(2, 3, 4).t(), RuntimeError, "[2, 3, 4]"),
    Mistake(
        "sum over a missing dim",
        lambda m: m.ones(2, 3).sum(-3),
        IndexError,
        "range of [-2, 1], but got -3",
    ),
    Mistake(
        "sum over a dim twice",
        lambda m: m.ones(2, 3).sum((0, 0)),
        RuntimeError,
        "dim 0 appears multiple times",
        explains=False,
    ),
    Mistake("mean of integers", lambda m: m.tensor([1, 2]).mean(), RuntimeError, "floating point"),
    Mistake(
        "max of nothing", lambda m: m.ones(0).max(), RuntimeError, "nothing to pick", explains=False
    ),
    Mistake(
        "max along nothing",
        lambda m: m.ones(2, 0).max(1),
        IndexError,
        "nothing to pick",
        explains=False,
    ),
    Mistake(
        "amax of nothing",
        lambda m: m.ones(0).amax(),
        RuntimeError,
        "nothing to pick",
        explains=False,
    ),
    Mistake(
        "argmax of nothing",
        lambda m: m.ones(0).argmax(),
        IndexError,
        "nothing to pick",
        explains=False,
    ),
    Mistake("cat of nothing", lambda m: m.cat([]), ValueError, "non-empty", explains=False),
    Mistake("stack of None", lambda m: m.stack([None]), TypeError, "got NoneType"),
    Mistake(
        "cat of a number",
        lambda m: m.cat([m.ones(1), 3]),
        TypeError,
        "expected Tensor as element 1 in argument 0, but got int",
    ),
    Mistake("stack of nothing", lambda m: m.stack([]), RuntimeError, "non-empty", explains=False),
    Mistake(
        "cat of shapes",
        lambda m: m.cat([m.ones(2, 3), m.ones(2, 4)]),
        RuntimeError,
        "[2, 3], [2, 4] along dim 0",
    ),
    Mistake("cat of numbers", lambda m: m.cat([m.tensor(1.0)]), RuntimeError, "zero-dimensional"),
    Mistake("stack of shapes", lambda m: m.stack([m.ones(2), m.ones(3)]), RuntimeError, "[2], [3]"),
    Mistake(
        "expand",
        lambda m: m.ones(2, 3).expand(2, 4),
        RuntimeError,
        "[2, 3] cannot be expanded to [2, 4]",
    ),
    Mistake(
        "expand to fewer dims", lambda m: m.ones(2, 3).expand(3), RuntimeError, "cannot be expanded"
    ),
    Mistake(
        "expand an unknown new dim",
        lambda m: m.ones(3).expand(-1, 3),
        RuntimeError,
        "cannot be expanded",
    ),
    Mistake("unsqueeze far away", lambda m: m.ones(2).unsqueeze(3), IndexError, "got 3"),
    Mistake("squeeze a missing dim", lambda m: m.ones(2).squeeze(3), IndexError, "got 3"),
    # indexing
    Mistake(
        "index too large",
        lambda m: m.ones(2, 3)[5],
        IndexError,
        "out of bounds for axis 0 with size 2, in a tensor of shape [2, 3]",
    ),
    Mistake("too many indices", lambda m: m.ones(2, 3)[0, 0, 0], IndexError, "too many indices"),
    Mistake("float index", lambda m: m.ones(2, 3)[1.5], IndexError, "integers"),
    Mistake("float tensor index", lambda m: m.ones(2, 3)[m.tensor(1.5)], IndexError, "integer"),
    Mistake(
        "position too large", lambda m: m.ones(2, 3)[m.tensor([5])], IndexError, "out of bounds"
    ),
    Mistake(
        "mask of another shape",
        lambda m: m.ones(2, 3)[m.tensor([True, False, True])],
        IndexError,
        "boolean",
    ),
    Mistake(
        "negative step", lambda m: m.ones(3)[::-1], ValueError, "step must be greater than zero"
    ),
    Mistake("index of a number", lambda m: m.tensor(1.0)[0], IndexError, "too many indices"),
    Mistake(
        "assignment of another shape",
        lambda m: assign(m.ones(2, 3), 0, m.ones(4)),
        RuntimeError,
        "shape [4] cannot be assigned to a place of shape [3]",
    ),
    Mistake(
        "assignment too far", lambda m: assign(m.ones(2, 3), 7, 1.0), IndexError, "out of bounds"
    ),
    Mistake(
        "gather too far",
        lambda m: m.ones(2, 3).gather(1, m.tensor([[5]])),
        RuntimeError,
        "gather along dim 1",
    ),
    Mistake(
        "gather by floats",
        lambda m: m.ones(2, 3).gather(1, m.tensor([[1.0]])),
        RuntimeError,
        "float32",
    ),
    Mistake(
        "gather of another ndim",
        lambda m: m.ones(2, 3).gather(1, m.tensor([1])),
        RuntimeError,
        "shape [1]",
    ),
    Mistake(
        "gather too many rows",
        lambda m: m.ones(2, 3).gather(1, m.zeros(3, 1, dtype=m.int64)),
        RuntimeError,
        "no larger",
    ),
    # elements
    Mistake(
        "truth values subtracted",
        lambda m: m.tensor([True]) - m.tensor([False]),
        RuntimeError,
        "Subtraction",
    ),
    Mistake("truth values negated", lambda m: -m.tensor([True]), RuntimeError, "Negation"),
    Mistake(
        "integer to a negative power",
        lambda m: m.tensor([2]) ** -1,
        RuntimeError,
        "negative integer powers",
    ),
    Mistake(
        "bits of floats",
        lambda m: m.tensor([2.0]) & m.tensor([1.0]),
        NotImplementedError,
        "float32",
        explains=False,
    ),
    Mistake(
        "condition that is no truth",
        lambda m: m.where(m.ones(2), m.ones(2), m.ones(2)),
        RuntimeError,
        "boolean",
    ),
    Mistake("clamp without limits", lambda m: m.ones(2).clamp(), RuntimeError, "min"),
    Mistake(
        "string added",
        lambda m: m.tensor([2.0]) + "a",
        TypeError,
        "unsupported operand",
        explains=False,
    ),
    Mistake(
        "list added",
        lambda m: m.tensor([2.0]) + [1.0],  # noqa: RUF005
        TypeError,
        "unsupported operand",
        explains=False,
    ),
    Mistake(
        "many numbers formatted",
        lambda m: format(m.ones(2), ".2f"),
        TypeError,
        "format",
        explains=False,
    ),
    # images
    Mistake(
        "channels",
        lambda m: m.nn.functional.conv2d(m.ones(1, 2, 3, 3), m.ones(1, 3, 2, 2)),
        RuntimeError,
        "expected input[1, 2, 3, 3] to have 3 channels, but got 2",
    ),
    Mistake(
        "image without channels",
        lambda m: m.nn.functional.conv2d(m.ones(3, 3), m.ones(1, 1, 2, 2)),
        RuntimeError,
        "dimensions",
    ),
    Mistake(
        "filter larger than the image",
        lambda m: m.nn.functional.conv2d(m.ones(1, 1, 3, 3), m.ones(1, 1, 5, 5)),
        RuntimeError,
        "does not fit",
    ),
    Mistake(
        "window larger than the image",
        lambda m: m.nn.functional.max_pool2d(m.ones(1, 1, 3, 3), 5),
        RuntimeError,
        "does not fit",
    ),
    Mistake(
        "padding larger than half",
        lambda m: m.nn.functional.max_pool2d(m.ones(1, 1, 3, 3), 2, padding=2),
        RuntimeError,
        "at most half",
    ),
    Mistake(
        "sizes that do not split",
        lambda m: m.arange(5).split([1, 2]),
        RuntimeError,
        "[1, 2] does not divide dimension 0 of size 5",
    ),
    Mistake(
        "stack of different shapes",
        lambda m: m.stack([m.ones(2), m.ones(3)]),
        RuntimeError,
        "stack expects each tensor to be equal size, but got [2], [3]",
    ),
    Mistake(
        "view of a transposed matrix as a row",
        lambda m: m.ones(2, 3).t().view(-1),
        RuntimeError,
        "use reshape()",
    ),
    Mistake(
        "position out of range",
        lambda m: m.ones(2).index_select(0, m.tensor([2])),
        IndexError,
        "index 2 is out of range for a dimension of size 2",
    ),
    Mistake(
        "scatter of another dtype",
        lambda m: m.zeros(2).scatter(0, m.tensor([0]), m.tensor([1])),
        RuntimeError,
        "scatter(): the tensor and the source must have the same dtype",
    ),
    Mistake(
        "mask of integers",
        lambda m: m.zeros(2).masked_fill(m.tensor([0, 1]), 1.0),
        RuntimeError,
        "expected a mask of truth values",
    ),
    Mistake(
        "unfold beyond the end",
        lambda m: m.ones(3).unfold(0, 4, 1),
        RuntimeError,
        "a window of 4 in steps of 1 does not fit",
    ),
    Mistake(
        "einsum of different sizes",
        lambda m: m.einsum("i,i->", m.ones(2), m.ones(3)),
        RuntimeError,
        "subscript i has size 3 and size 2",
    ),
    Mistake(
        "determinant of a wide matrix",
        lambda m: m.linalg.det(m.ones(2, 3)),
        RuntimeError,
        "must be square, but the input has shape [2, 3]",
    ),
    Mistake(
        "inverse of integers",
        lambda m: m.linalg.inv(m.tensor([[1, 2], [3, 4]])),
        RuntimeError,
        "expected a floating-point tensor",
    ),
    Mistake(
        "random integers from rand",
        lambda m: m.rand(2, dtype=m.int64),
        NotImplementedError,
        "use randint() for integers",
    ),
    Mistake(
        "weights that sum to zero",
        lambda m: m.multinomial(m.zeros(3), 1),
        RuntimeError,
        "multinomial expects a positive sum of weights",
    ),
    Mistake(
        "a number and a tensor as limits",
        lambda m: m.ones(2).clamp(m.zeros(2), 1.0),
        TypeError,
        "two numbers or two tensors as limits",
    ),
    Mistake(
        "relu of truth values",
        lambda m: m.tensor([True]).relu(),
        RuntimeError,
        "Boolean inputs not supported for relu",
    ),
    Mistake(
        "largest of truth values",
        lambda m: m.tensor([True]).argmax(),
        RuntimeError,
        "argmax is not implemented for truth values",
    ),
    Mistake(
        "middle of truth values",
        lambda m: m.tensor([True, False]).median(),
        NotImplementedError,
        "median is not implemented for truth values",
    ),
    Mistake(
        "lerp of different dtypes",
        lambda m: m.ones(2).lerp(m.ones(2).double(), 0.5),
        RuntimeError,
        "lerp compares tensors of one dtype",
    ),
    Mistake(
        "k-th of fewer",
        lambda m: m.ones(3).kthvalue(4),
        RuntimeError,
        "selected number k out of range for dimension: 4 of 3",
    ),
    Mistake(
        "mode of nothing",
        lambda m: m.ones(3, 0).mode(),
        IndexError,
        "there is nothing to pick",
        explains=False,
    ),
    Mistake(
        "quantile of integers",
        lambda m: m.tensor([1, 2]).quantile(0.5),
        RuntimeError,
        "of float32 or float64",
    ),
    Mistake(
        "quantile beyond the end",
        lambda m: m.ones(2).quantile(2.0),
        RuntimeError,
        "must be in the range [0, 1]",
    ),
    Mistake(
        "unknown interpolation",
        lambda m: m.ones(2).quantile(0.5, interpolation="cubic"),
        RuntimeError,
        "must be one of linear, lower",
        explains=False,
    ),
    Mistake(
        "counts of negative numbers",
        lambda m: m.bincount(m.tensor([-1])),
        RuntimeError,
        "1-d non-negative integral inputs",
    ),
    Mistake(
        "weights of another length",
        lambda m: m.bincount(m.tensor([1]), weights=m.ones(2)),
        RuntimeError,
        "the same length as input",
        explains=False,
    ),
    Mistake(
        "histogram without bins",
        lambda m: m.ones(2).histc(0),
        RuntimeError,
        "0 bins between",
    ),
    Mistake(
        "left and right",
        lambda m: m.searchsorted(m.ones(2), m.ones(1), side="left", right=True),
        RuntimeError,
        "contradict each other",
        explains=False,
    ),
    Mistake(
        "search in other rows",
        lambda m: m.searchsorted(m.ones(2, 2), m.ones(3, 2)),
        RuntimeError,
        "all dimensions but the last",
        explains=False,
    ),
    Mistake(
        "difference of a number",
        lambda m: m.tensor(1.0).diff(),
        RuntimeError,
        "one number has no neighbours",
        explains=False,
    ),
    Mistake(
        "difference of negative order",
        lambda m: m.ones(2).diff(n=-1),
        RuntimeError,
        "order must be non-negative but got -1",
        explains=False,
    ),
    Mistake(
        "distinct empty slices",
        lambda m: m.ones(0, 3).unique(dim=1),
        RuntimeError,
        "no elements to compare",
        explains=False,
    ),
    Mistake(
        "unknown keyword",
        lambda m: m.ones(2).std(axes=0),
        TypeError,
        "std() got an unexpected keyword argument 'axes'",
        explains=False,
    ),
    Mistake(
        "missing operand",
        lambda m: m.maximum(m.ones(2)),
        TypeError,
        "maximum() is missing the argument 'other'",
        explains=False,
    ),
    Mistake(
        "too many operands",
        lambda m: m.exp(m.ones(2), 3, 4),
        TypeError,
        "exp() takes at most 1 arguments, and got 3",
        explains=False,
    ),
    Mistake(
        "where with one value",
        lambda m: m.where(m.ones(2) > 0, m.ones(2)),
        TypeError,
        "where() is missing the argument 'other'",
        explains=False,
    ),
]
