"""Mistakes with indices, positions and masks, and the values they pick or fill."""

from __future__ import annotations

from typing import Any

from autodiff.errors.teaching import shown, teach

INDEX_ERRORS = {"index_select", "take", "put", "select", "index_copy", "index_fill"}
"""The functions that raise IndexError, and not RuntimeError, for a position out of range."""


def index_dtype(name: str, dtype: Any) -> Exception:
    return teach(
        RuntimeError,
        f"{name}(): expected an index of int64 positions, but got {dtype}.",
        fix="convert it: index.long().",
        lesson="tensors",
    )


def out_of_range(name: str, positions: Any, size: int) -> Exception:
    wrong = next(i for i in positions.flat if not 0 <= i < size)
    return teach(
        IndexError if name in INDEX_ERRORS else RuntimeError,
        f"{name}(): index {wrong} is out of range for a dimension of size {size}.",
        why=f"positions run from 0 to {size - 1}.",
        lesson="tensors",
    )


def index_not_a_vector(name: str, shape: Any) -> Exception:
    return teach(
        IndexError,
        f"{name}(): the index is supposed to be a vector, but has shape {shown(shape)}.",
        lesson="tensors",
    )


def gather_index(name: str, shape: Any, index: Any, dim: int, dtype: Any) -> Exception:
    return teach(
        RuntimeError,
        f"{name} along dim {dim} of a tensor of shape {shown(shape)} cannot use an index of shape "
        f"{shown(index)} and {dtype}.",
        why="the index holds int64 positions in that dimension; it has as many dimensions as the "
        "tensor, and in the others it is no larger.",
        lesson="tensors",
    )


def start_out_of_range(start: int, size: int) -> Exception:
    return teach(
        IndexError,
        f"start out of range (expected to be in range of [{-size}, {size}], but got {start}).",
        lesson="tensors",
    )


def narrow_length(start: int, length: int, size: int) -> Exception:
    return teach(
        RuntimeError,
        f"narrow(): start ({start}) + length ({length}) exceeds dimension size ({size}).",
        fix="a length is not negative, and ends within the dimension.",
        lesson="tensors",
    )


def mask_dtype(name: str, dtype: Any) -> Exception:
    return teach(
        RuntimeError,
        f"{name}(): expected a mask of truth values, but got {dtype}.",
        fix="compare, as in x > 0, or convert with mask.bool().",
        lesson="tensors",
    )


def same_dtype(name: str, x: Any, source: Any) -> Exception:
    return teach(
        RuntimeError,
        f"{name}(): the tensor and the source must have the same dtype, but got {x} and {source}.",
        fix="convert one, as in source.to(x.dtype).",
        lesson="tensors",
    )


def source_too_small(name: str, index: Any, source: Any) -> Exception:
    return teach(
        RuntimeError,
        f"{name}(): an index of shape {shown(index)} needs a source at least as large in each "
        f"dimension, but got shape {shown(source)}.",
        lesson="tensors",
    )


def source_shape(name: str, wanted: Any, source: Any) -> Exception:
    return teach(
        IndexError if name == "index_copy" else RuntimeError,
        f"{name}(): the source should have shape {shown(wanted)}, but has {shown(source)}.",
        why="there is one slice for each position of the index.",
        lesson="tensors",
    )


def scatter_reduction(reduce: Any) -> Exception:
    return teach(RuntimeError, f"reduce argument must be either add or multiply, not {reduce!r}.")


def value_dims(name: str, shape: Any) -> Exception:
    return teach(
        RuntimeError,
        f"{name}() only supports a 0-dimensional value tensor, but got shape {shown(shape)}.",
        fix="fill with one number; use where() to choose between two tensors.",
        lesson="tensors",
    )


def put_counts(source: int, index: int) -> Exception:
    return teach(
        IndexError,
        f"put(): expected as many values as positions, but got {source} and {index}.",
        lesson="tensors",
    )


def masked_scatter_counts(source: int, count: int) -> Exception:
    return teach(
        RuntimeError,
        f"masked_scatter(): the mask has {count} places, but the source only {source} elements.",
        lesson="tensors",
    )


def no_gradient_of_factors() -> Exception:
    return teach(
        RuntimeError,
        "scatter(reduce='multiply') has no gradient for its source.",
        fix="multiply with * where a gradient is needed, or detach() the source.",
    )


def overflow(name: str, value: Any, dtype: Any) -> Exception:
    return teach(
        RuntimeError,
        f"{name}(): value {value} cannot be converted to {dtype} without overflow.",
        fix="convert the tensor to a dtype that holds the value, such as x.float().",
    )


def index_error(message: str, shape: Any) -> Exception:
    return teach(IndexError, f"{message}, in a tensor of shape {shown(shape)}.", lesson="tensors")


def negative_step() -> Exception:
    return teach(
        ValueError,
        "step must be greater than zero.",
        why="a tensor is not read backwards by slicing, unlike a NumPy array.",
        fix="index with the positions: x[autodiff.arange(len(x) - 1, -1, -1)].",
        lesson="tensors",
    )


def assigned_shape(value: Any, place: Any) -> Exception:
    return teach(
        RuntimeError,
        f"a value of shape {shown(value)} cannot be assigned to a place of shape {shown(place)}.",
        why="the value is broadcast to the place: sizes must be equal, or 1.",
        lesson="tensors",
    )


def topk_out_of_range(k: int, shape: Any, dim: int) -> Exception:
    return teach(
        RuntimeError,
        f"selected index k out of range: topk({k}) of a tensor of shape {shown(shape)} along "
        f"dimension {dim}.",
        fix="ask for at most as many elements as there are.",
    )


def kth_out_of_range(k: int, size: int) -> Exception:
    return teach(
        RuntimeError,
        f"kthvalue(): selected number k out of range for dimension: {k} of {size}.",
        why="k counts from 1, the smallest element, to the number of elements.",
    )
