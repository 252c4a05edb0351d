"""Mistakes with shapes, dimensions and indices."""

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


def matmul_shapes(x: Any, y: Any) -> Exception:
    if not len(x) or not len(y):
        what = f"both arguments to matmul need to be at least 1D, got {shown(x)} and {shown(y)}."
        return teach(RuntimeError, what, fix="use * for single numbers.", lesson="tensors")
    inner = f"{x[-1]} (last of the first)", f"{y[-2 if len(y) > 1 else 0]} (of the second)"
    return teach(
        RuntimeError,
        f"mat1 and mat2 shapes cannot be multiplied ({shown(x)} and {shown(y)}): the inner "
        f"dimensions {inner[0]} and {inner[1]} must be equal, and batch dimensions must broadcast.",
        why="each row of the first is multiplied with each column of the second.",
        fix="transpose one of them (x.T), or check which dimension holds the features.",
        lesson="tensors",
    )


def matmul_dtypes(x: Any, y: Any) -> Exception:
    return teach(
        RuntimeError,
        f"expected both matrices to have the same dtype, but got {x} and {y}.",
        fix="convert one, as in y.to(x.dtype).",
        lesson="tensors",
    )


def linear_shapes(x: Any, weight: Any) -> Exception:
    return teach(
        RuntimeError,
        f"mat1 and mat2 shapes cannot be multiplied: a linear layer of {weight[1]} input features "
        f"got an input of shape {shown(x)}, whose last dimension is {x[-1] if x else 'missing'}.",
        why=f"its weight has shape {shown(weight)}: (out_features, in_features).",
        fix="flatten the input (nn.Flatten), or make the layer for the size that arrives.",
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


def vector_or_matrix(name: str, shape: Any, fix: str) -> Exception:
    return teach(
        RuntimeError,
        f"{name}() supports 1D or 2D tensors, but got shape {shown(shape)}.",
        fix=fix,
        lesson="tensors",
    )


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


def index_error(message: str, shape: Any) -> Exception:
    return teach(IndexError, f"{message}, in a tensor of shape {shown(shape)}.", lesson="tensors")


def not_a_permutation(dims: Any, ndim: int) -> Exception:
    return teach(
        RuntimeError,
        f"permute: {list(dims)} does not name each of the {ndim} dimensions once.",
        lesson="tensors",
    )


def not_a_matrix(name: str, shape: Any) -> Exception:
    return teach(
        RuntimeError,
        f"{name}() expects a matrix, but got a tensor of shape {shown(shape)}.",
        fix="use transpose(dim0, dim1) or matmul for other shapes.",
        lesson="tensors",
    )


def not_a_vector(name: str, shape: Any, fix: str = "use matmul (@) for other shapes.") -> Exception:
    return teach(
        RuntimeError,
        f"{name}() expects 1D tensors, but got a tensor of shape {shown(shape)}.",
        fix=fix,
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


def negative_step() -> Exception:
    return teach(
        ValueError,
        "step must be greater than zero.",
        why="a tensor is not read backwards by slicing, unlike a NumPy array.",
        fix="index with the positions: x[autodiff.arange(len(x) - 1, -1, -1)].",
        lesson="tensors",
    )


def range_error(message: str) -> Exception:
    return teach(RuntimeError, message, lesson="tensors")


def assigned_shape(value: Any, place: Any) -> Exception:
    return teach(
        RuntimeError,
        f"a value of shape {shown(value)} cannot be assigned to a place of shape {shown(place)}.",
        why="the value is broadcast to the place: sizes must be equal, or 1.",
        lesson="tensors",
    )


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


def kth_out_of_range(k: int, size: int) -> Exception:
    return teach(
        RuntimeError,
        f"kthvalue(): selected number k out of range for dimension: {k} of {size}.",
        why="k counts from 1, the smallest element, to the number of elements.",
    )


def nothing_along(name: str, dim: int) -> Exception:
    return teach(
        IndexError,
        f"{name}(): expected reduction dim {dim} to have non-zero size: there is nothing to pick.",
    )


def empty_extreme(name: str, kind: type[Exception] = RuntimeError) -> Exception:
    return teach(kind, f"{name} of no elements: there is nothing to pick.")


def conv_channels(x: Any, weight: Any, groups: int) -> Exception:
    return teach(
        RuntimeError,
        f"Given groups={groups}, weight of size {shown(weight)}, expected input"
        f"{shown(x)} to have {weight[1] * groups} channels, but got "
        f"{x[1] if len(x) == 4 else f'{len(x)} dimensions'}.",
        why="an image batch has shape (N, C, H, W), and each filter looks at all C channels.",
        fix="unsqueeze a missing channel dimension, or make the layer for the channels you have.",
        lesson="convolution",
    )


def window_too_large(name: str, x: Any, window: Any) -> Exception:
    return teach(
        RuntimeError,
        f"{name}: a window of {window.kernel} with padding {window.padding} does not fit into an "
        f"input of shape {shown(x)}.",
        why="the output would have no elements.",
        fix="use a smaller kernel, more padding, or fewer pooling layers before this one.",
        lesson="convolution",
    )


def conv_groups(in_channels: int, out_channels: int, groups: int) -> Exception:
    return teach(
        ValueError,
        f"in_channels ({in_channels}) and out_channels ({out_channels}) must be divisible by "
        f"groups ({groups}).",
        why="each group of filters looks at its own equal share of the channels.",
        lesson="convolution",
    )


def layer_dtypes(name: str, x: Any, weight: Any) -> Exception:
    return teach(
        RuntimeError,
        f"{name}: input and weight must have the same dtype, but got {x} and {weight}.",
        why="NumPy computes in float64, autodiff in float32 unless told otherwise.",
        fix="x.float() for the input, or model.double() for the weights.",
    )


def padding_too_large(window: Any) -> Exception:
    return teach(
        RuntimeError,
        f"pad should be at most half of the kernel size, but got padding {window.padding} and "
        f"kernel_size {window.kernel}.",
        lesson="convolution",
    )


def topk_out_of_range(k: int, shape: Any, dim: int) -> Exception:
    return teach(
        RuntimeError,
        f"selected index k out of range: topk({k}) of a tensor of shape {shown(shape)} along "
        f"dimension {dim}.",
        fix="ask for at most as many elements as there are.",
    )


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
