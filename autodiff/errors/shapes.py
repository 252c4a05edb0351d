"""Mistakes with shapes and dimensions."""

from __future__ import annotations

import warnings
from typing import Any

from autodiff.errors.teaching import shown, teach


def broadcast_shapes(x: Any, y: Any) -> Exception:
    offset_x, offset_y = len(x) - max(len(x), len(y)), len(y) - max(len(x), len(y))
    for dim in reversed(range(max(len(x), len(y)))):
        i, j = dim + offset_x, dim + offset_y
        if i >= 0 and j >= 0 and x[i] != y[j] and 1 not in (x[i], y[j]):
            break
    return teach(
        RuntimeError,
        f"The size of tensor a ({x[i]}) must match the size of tensor b ({y[j]}) at "
        f"non-singleton dimension {dim}: shapes {shown(x)} and {shown(y)}.",
        why="shapes are lined up from the right; two sizes fit when they are equal or one is 1.",
        fix="reshape or unsqueeze one of them, so that the dimensions you mean face each other.",
        lesson="tensors",
    )


def invalid_shape(wanted: Any, shape: Any) -> Exception:
    return teach(
        RuntimeError,
        f"shape '{shown(wanted)}' is invalid for input of shape {shown(shape)}.",
        why="reshaping keeps every element, so the sizes must multiply to the same number.",
        fix="use -1 for one size, to have it worked out.",
        lesson="tensors",
    )


def no_view(wanted: Any, shape: Any) -> Exception:
    return teach(
        RuntimeError,
        f"view size is not compatible with input tensor's size and stride: {shown(shape)} to "
        f"{shown(wanted)}.",
        why="the elements are not in order in memory (after a transpose, say).",
        fix="use reshape(), which copies where it must.",
        lesson="tensors",
    )


def no_view_as_dtype(shape: Any, old: Any, new: Any) -> Exception:
    return teach(
        RuntimeError,
        f"a tensor of shape {shown(shape)} and {old} cannot be viewed as {new}.",
        why="the bytes of a row must be next to each other, and divide into elements of that size.",
        fix="use x.to(dtype) to convert the values.",
        lesson="tensors",
    )


def flatten_order(start: int, end: int) -> Exception:
    return teach(
        RuntimeError,
        f"flatten() has invalid args: start_dim ({start}) cannot come after end_dim ({end}).",
        lesson="tensors",
    )


def too_few_dims(name: str, shape: Any, ndim: int) -> Exception:
    return teach(
        RuntimeError,
        f"{name}() needs a tensor of at least {ndim} dimension{'s' * (ndim > 1)}, but got shape "
        f"{shown(shape)}.",
        lesson="tensors",
    )


def same_dims(name: str, dim1: int, dim2: int) -> Exception:
    return teach(RuntimeError, f"{name}(): the two dimensions cannot be identical: {dim1}, {dim2}.")


def movedim_counts(source: Any, destination: Any) -> Exception:
    same_kind = isinstance(source, int) == isinstance(destination, int)
    return teach(
        RuntimeError if same_kind else TypeError,
        f"movedim: source ({source}) and destination ({destination}) must name as many dimensions.",
        lesson="tensors",
    )


def movedim_repeats(source: Any, destination: Any) -> Exception:
    return teach(
        RuntimeError, f"movedim: repeated dim in source ({source}) or destination ({destination})."
    )


def unfold_window(shape: Any, dim: int, size: int, step: int) -> Exception:
    return teach(
        RuntimeError,
        f"unfold: a window of {size} in steps of {step} does not fit dimension {dim} of shape "
        f"{shown(shape)}.",
        why="a window is at most as long as the dimension, and the step is at least 1.",
        lesson="tensors",
    )


def repeat_counts(shape: Any, counts: Any) -> Exception:
    return teach(
        RuntimeError,
        f"repeat: {list(counts)} does not say how often to repeat each dimension of shape "
        f"{shown(shape)}.",
        fix="give one number, at least 0, for each dimension.",
        lesson="tensors",
    )


def interleave_counts(counts: Any, shape: Any, dim: int) -> Exception:
    return teach(
        RuntimeError,
        f"repeat_interleave: repeats must be non-negative, one for each element along dim {dim} of "
        f"shape {shown(shape)}, but got {counts}.",
    )


def interleave_dtype(dtype: Any) -> Exception:
    return teach(
        NotImplementedError,
        f"repeat_interleave: repeats are integers, not {dtype}.",
        fix="convert them with repeats.long().",
    )


def roll_counts(shifts: Any, dims: Any) -> Exception:
    return teach(
        RuntimeError,
        f"shifts and dimensions must align. shifts: {len(shifts)}, dims: {len(dims)}.",
    )


def rotation_dims(shape: Any, dims: Any) -> Exception:
    return teach(
        RuntimeError,
        f"rot90: {dims} are not two different dimensions of a tensor of shape {shown(shape)}.",
        lesson="tensors",
    )


def meshgrid_indexing(indexing: Any) -> Exception:
    return teach(
        RuntimeError, f'meshgrid: indexing must be one of "xy" or "ij", but received: {indexing}.'
    )


def meshgrid_inputs(shapes: Any, dtypes: Any) -> Exception:
    return teach(
        RuntimeError,
        f"meshgrid expects vectors of one dtype, but got shapes {[list(s) for s in shapes]} and "
        f"{dtypes}.",
    )


def warn_meshgrid_indexing() -> None:
    warnings.warn(
        'meshgrid: pass the indexing argument: "ij" for matrix order (what you get without it), '
        '"xy" for the order of plots.',
        stacklevel=3,
    )


def dim_out_of_range(dim: int, ndim: int) -> Exception:
    low, high = -max(ndim, 1), max(ndim, 1) - 1
    return teach(
        IndexError,
        f"Dimension out of range (expected to be in range of [{low}, {high}], but got {dim}).",
        why=f"the tensor has {ndim} dimension{'s' * (ndim != 1)}.",
        lesson="tensors",
    )


def not_a_permutation(dims: Any, ndim: int) -> Exception:
    return teach(
        RuntimeError,
        f"permute: {list(dims)} does not name each of the {ndim} dimensions once.",
        lesson="tensors",
    )


def repeated_dim(dim: int) -> Exception:
    return teach(
        RuntimeError,
        f"dim {dim} appears multiple times in the list of dims.",
        lesson="tensors",
    )


def negative_size(shape: Any) -> Exception:
    return teach(
        RuntimeError,
        f"a tensor of shape {shown(shape)}: sizes must be non-negative.",
        lesson="tensors",
    )


def range_error(message: str) -> Exception:
    return teach(RuntimeError, message, lesson="tensors")


def cannot_expand(shape: Any, wanted: Any) -> Exception:
    return teach(
        RuntimeError,
        f"a tensor of shape {shown(shape)} cannot be expanded to {shown(wanted)}.",
        why="only dimensions of size 1 can be repeated, and new ones are added on the left.",
        lesson="tensors",
    )


def empty_slices(name: str, shape: Any) -> Exception:
    return teach(
        RuntimeError,
        f"{name}: there are 0 sized dimensions, and they aren't selected: {shown(shape)} has no "
        "elements to compare.",
    )


def search_shapes(sequence: Any, values: Any) -> Exception:
    return teach(
        RuntimeError,
        "searchsorted: all dimensions but the last of the sequence and the values must match: "
        f"{shown(sequence)} and {shown(values)}.",
    )


def diff_of_a_number() -> Exception:
    return teach(
        RuntimeError,
        "diff expects input to be at least one-dimensional: one number has no neighbours.",
    )


def negative_order(n: int) -> Exception:
    return teach(RuntimeError, f"order must be non-negative but got {n}.")


def nothing_along(name: str, dim: int) -> Exception:
    return teach(
        IndexError,
        f"{name}(): expected reduction dim {dim} to have non-zero size: there is nothing to pick.",
    )


def empty_extreme(name: str, kind: type[Exception] = RuntimeError) -> Exception:
    return teach(kind, f"{name} of no elements: there is nothing to pick.")


def no_diagonal(shape: Any) -> Exception:
    what = "dimensions must larger than 1" if len(shape) < 2 else "all dimensions must be equal"
    return teach(
        RuntimeError,
        f"fill_diagonal_: {what}, but the shape is {shown(shape)}.",
        why="the diagonal is where the positions in all dimensions are equal.",
    )


def not_points(shape1: Any, shape2: Any) -> Exception:
    return teach(
        RuntimeError,
        f"cdist() expects points of the same number of coordinates, but got shapes "
        f"{shown(shape1)} and {shown(shape2)}.",
        why="each row is a point, and each column a coordinate.",
        fix="unsqueeze(0) makes one point of a vector, unsqueeze(1) many points of one coordinate.",
        lesson="tensors",
    )


def places_of_values(places: int, values: int) -> Exception:
    return teach(
        RuntimeError,
        f"There are {values} values along the given dimension, and {places} places for them.",
        fix="give each value its place: x and y have the same size along dim.",
        lesson="tensors",
    )
