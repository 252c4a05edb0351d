"""Mistakes on the way between NumPy, other libraries and tensors."""

from __future__ import annotations

from typing import Any

from autodiff.errors.teaching import teach


def negative_strides() -> Exception:
    return teach(
        ValueError,
        "At least one stride in the given numpy array is negative, and tensors with negative "
        "strides are not supported.",
        why="the array is a reversed view, such as a[::-1].",
        fix="make a copy of it first: a[::-1].copy()",
    )


def foreign_byte_order() -> Exception:
    return teach(
        ValueError,
        "given numpy array has byte order different from the native byte order.",
        fix="convert it first: a.astype(a.dtype.newbyteorder('='))",
    )


def uneven_strides() -> Exception:
    return teach(
        ValueError,
        "given numpy array strides not a multiple of the element byte size.",
        why="the array is one field of a record array.",
        fix="make a copy of it first: a.copy()",
    )


def read_only_array() -> Warning:
    return teach(
        UserWarning,
        "The given NumPy array is not writable, and the tensor shares its memory.",
        why="in-place operations on the tensor will fail.",
        fix="autodiff.tensor(a) makes a tensor with memory of its own.",
    )


def would_copy(what: str) -> Exception:
    return teach(
        ValueError,
        f"can't alias {what} into a tensor: a copy is needed, and copy=False forbids it.",
        fix="leave copy out to allow one.",
    )


def export_requires_grad() -> Exception:
    return teach(
        BufferError,
        "Can't export tensors that require gradient.",
        why="the other library would compute on the numbers without recording anything.",
        fix="use x.detach()",
        lesson="tensors",
    )


def not_exportable(kind: str) -> Exception:
    return teach(
        RuntimeError,
        f"from_dlpack received a {kind}, which has no __dlpack__ method and is no DLPack capsule.",
        why="a capsule can be consumed only once.",
        fix="use autodiff.tensor(...) for lists and numbers.",
    )


def numpy_function_requires_grad(name: str) -> Exception:
    return teach(
        RuntimeError,
        f"Can't call numpy() on Tensor that requires grad: numpy.{name} was given one.",
        why="NumPy would compute on the numbers without recording anything, and the graph would "
        "be cut without a trace.",
        fix=f"use autodiff's own function (x.{name}() if there is one), or x.detach() where a "
        "result without gradient is what you want.",
        lesson="tensors",
    )


def contains(kind: str) -> Exception:
    return teach(
        RuntimeError,
        f"`in` on a tensor asks whether a number or a tensor is among its elements, and got "
        f"{kind}.",
    )


def unknown_type(name: Any) -> Exception:
    return teach(ValueError, f"invalid type: {name!r}.", fix="x.to(autodiff.float64)")


def not_on_cuda() -> Exception:
    return teach(
        AttributeError,
        "Can't get __cuda_array_interface__ on non-CUDA tensor type: its memory is the CPU's.",
        fix="use x.numpy(), or move it to a GPU: x.cuda().",
    )


def interface_requires_grad() -> Exception:
    return teach(
        RuntimeError,
        "Can't get __cuda_array_interface__ on a tensor that requires grad: what the other library "
        "computes would not be recorded.",
        fix="use x.detach().",
    )
