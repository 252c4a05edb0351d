"""Errors that teach: what happened, why, how to mend it, and which lesson explains it.

Each function returns an exception of the type PyTorch raises, to be raised where the mistake shows.
"""

from __future__ import annotations

import textwrap
from typing import Any


def teach(
    kind: type[Exception], what: str, *, why: str = "", fix: str = "", lesson: str = ""
) -> Exception:
    """An exception whose message says what, why, how to fix it, and which lesson explains it."""
    parts = [what]
    if why:
        parts.append(_paragraph("  Why: ", why))
    if fix:
        parts.append(_paragraph("  Fix: ", fix))
    if lesson:
        parts.append(f"  Lesson: autodiff learn {lesson}")
    return kind("\n".join(parts))


def _paragraph(start: str, text: str) -> str:
    indent = " " * len(start)
    return textwrap.fill(text, 79, initial_indent=start, subsequent_indent=indent)


def _shape(shape: Any) -> str:
    return str(list(shape))


# -- the backward pass ------------------------------------------------------------------------


def no_grad_fn() -> Exception:
    return teach(
        RuntimeError,
        "this value does not require grad and does not have a grad_fn: there is nothing to "
        "differentiate.",
        why="no operation on the way to it was recorded. Either no input had requires_grad=True, "
        "or the graph was cut: by no_grad(), detach(), .item(), argmax or a comparison.",
        fix="create the inputs with requires_grad=True, and compute the result outside no_grad().",
        lesson="grad-fn",
    )


def non_scalar_backward(shape: Any) -> Exception:
    return teach(
        RuntimeError,
        f"grad can be implicitly created only for scalar outputs, and this one has shape "
        f"{_shape(shape)}.",
        why="the gradient of many numbers at once is a matrix (the Jacobian). The backward pass "
        "computes v @ Jacobian for one vector v, and only for a single number is v = 1 obvious.",
        fix="reduce it first, as in y.sum().backward(), or pass v: y.backward(gradient=v).",
        lesson="grad-fn",
    )


def gradient_shape(gradient: Any, shape: Any) -> Exception:
    return teach(
        RuntimeError,
        f"Mismatch in shape: the given gradient has shape {_shape(gradient)} and the output has "
        f"shape {_shape(shape)}.",
        why="`gradient` holds one number for each element of the output.",
        fix="pass a gradient of the output's own shape.",
        lesson="grad-fn",
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


def changed_since_saved(name: str, version: int, expected: int) -> Exception:
    return teach(
        RuntimeError,
        "one of the variables needed for gradient computation has been modified by an inplace "
        f"operation: {name} saved it at version {expected}, and it is at version {version} now.",
        why="the gradient rule needs the value from the forward pass, and that value is gone.",
        fix="use an operation that makes a new tensor (x = x + 1 instead of x += 1), or change it "
        "after backward().",
        lesson="grad-fn",
    )


def wrong_number_of_gradients(name: str, expected: int, got: int) -> Exception:
    return teach(
        RuntimeError,
        f"function {name} returned an incorrect number of gradients (expected {expected}, got "
        f"{got}).",
        why="backward() returns one gradient for each argument of forward() after ctx.",
        fix="return None for arguments that need no gradient.",
    )


def wrong_gradient_shape(name: str, index: int, got: Any, expected: Any) -> Exception:
    return teach(
        RuntimeError,
        f"Function {name} returned an invalid gradient at index {index} - got {_shape(got)} but "
        f"expected shape compatible with {_shape(expected)}.",
        why="a gradient holds one number for each element of its input.",
    )


def unused_input(index: int) -> Exception:
    return teach(
        RuntimeError,
        f"One of the differentiated tensors (number {index}) appears to not have been used in the "
        "graph.",
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
        lesson="grad-fn",
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


# -- leaves and in-place writes ------------------------------------------------------------------


def integers_require_grad(dtype: Any) -> Exception:
    return teach(
        RuntimeError,
        f"Only Tensors of floating point dtype can require gradients, and this one is {dtype}.",
        why="a derivative asks what happens when a value changes a tiny bit; an integer cannot.",
        fix="make it a float: tensor([1., 2.]), tensor(..., dtype=autodiff.float32) or x.float().",
        lesson="tensors",
    )


def requires_grad_off_non_leaf() -> Exception:
    return teach(
        RuntimeError,
        "you can only change requires_grad flags of leaf variables.",
        why="this value was computed by a recorded operation, so it is part of a graph.",
        fix="use y = x.detach() for the same value outside the graph.",
        lesson="grad-fn",
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
        f"output with shape {_shape(shape)} doesn't match the broadcast shape {_shape(result)}.",
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


# -- numbers and dtypes --------------------------------------------------------------------------


def not_a_number(value: Any) -> Exception:
    return teach(
        TypeError,
        f"a Scalar holds one number, and got {type(value).__name__}.",
        fix="use autodiff.tensor(...) for lists and arrays.",
        lesson="tensors",
    )


def unsupported_dtype(dtype: Any) -> Exception:
    return teach(
        TypeError,
        f"can't make a tensor of {dtype}. The only supported types are: float64, float32, "
        "float16, int64, int32, int16, int8, uint8, and bool.",
        fix="convert the data to numbers first.",
        lesson="tensors",
    )


def default_dtype_not_floating(dtype: Any) -> Exception:
    return teach(
        TypeError, f"only floating-point types are supported as the default type, not {dtype}."
    )


def ragged_data(message: str) -> Exception:
    return teach(
        ValueError,
        f"can't make a tensor from this data: {message}.",
        why="every row of a tensor has the same length.",
        fix="pad the rows to one length, or keep them in a list.",
        lesson="tensors",
    )


def mean_of_integers(dtype: Any) -> Exception:
    return teach(
        RuntimeError,
        f"mean(): input dtype should be floating point, and got {dtype}.",
        why="the mean of integers is seldom an integer.",
        fix="x.float().mean()",
        lesson="tensors",
    )


def one_element_only(what: str, count: int, kind: type[Exception] = RuntimeError) -> Exception:
    return teach(
        kind,
        f"{what} works for tensors with one element, and this one has {count}.",
        fix="pick one element, reduce with sum() or mean(), or use any() or all() for a yes or no.",
        lesson="tensors",
    )


def numpy_requires_grad() -> Exception:
    return teach(
        RuntimeError,
        "Can't call numpy() on Tensor that requires grad.",
        why="NumPy would compute on the numbers without recording anything, and the graph would "
        "be cut without a trace.",
        fix="use tensor.detach().numpy() where that is what you want.",
        lesson="tensors",
    )


def no_dtype(kind: str) -> Exception:
    return teach(
        RuntimeError,
        f"Could not infer dtype of {kind}.",
        why="a tensor holds numbers: Python's, NumPy's, or nested lists of them.",
        lesson="tensors",
    )


def strings_in_data() -> Exception:
    return teach(
        ValueError,
        "can't make a tensor of strings.",
        why="a tensor holds numbers.",
        fix="map each string to a number first, as in [classes.index(word) for word in words].",
        lesson="tensors",
    )


def bool_arithmetic(what: str, symbol: str, instead: str) -> Exception:
    return teach(
        RuntimeError,
        f"{what}, the `{symbol}` operator, with a bool tensor is not supported.",
        why="truth values are not numbers, and what is meant differs from program to program.",
        fix=instead,
        lesson="tensors",
    )


def negative_integer_power() -> Exception:
    return teach(
        RuntimeError,
        "Integers to negative integer powers are not allowed.",
        why="the result is a fraction, and integer tensors hold integers.",
        fix="x.float() ** y",
        lesson="tensors",
    )


def not_for_dtype(name: str, dtype: Any) -> Exception:
    return teach(NotImplementedError, f"{name} is not implemented for {dtype}.")


def condition_not_bool(dtype: Any) -> Exception:
    return teach(
        RuntimeError,
        f"where expected condition to be a boolean tensor, but got a tensor of {dtype}.",
        fix="compare first, as in where(x > 0, ...).",
        lesson="tensors",
    )


def clamp_without_limits() -> Exception:
    return teach(
        RuntimeError,
        "clamp: at least one of 'min' or 'max' must not be None.",
        fix="x.clamp(min=0)",
    )


# -- devices -------------------------------------------------------------------------------------


def unknown_device(name: Any) -> Exception:
    return teach(
        RuntimeError, f"Expected one of cpu, cuda device type at start of device string: {name}."
    )


def no_cuda() -> Exception:
    return teach(
        RuntimeError,
        "this build of autodiff computes on the CPU only.",
        fix='use device = "cuda" if autodiff.cuda.is_available() else "cpu".',
    )


# -- shapes --------------------------------------------------------------------------------------


def broadcast_shapes(x: Any, y: Any) -> Exception:
    offset_x, offset_y = len(x) - max(len(x), len(y)), len(y) - max(len(x), len(y))
    for dim in reversed(range(max(len(x), len(y)))):
        i, j = dim + offset_x, dim + offset_y
        if i >= 0 and j >= 0 and x[i] != y[j] and 1 not in (x[i], y[j]):
            break
    return teach(
        RuntimeError,
        f"The size of tensor a ({x[i]}) must match the size of tensor b ({y[j]}) at "
        f"non-singleton dimension {dim}: shapes {_shape(x)} and {_shape(y)}.",
        why="shapes are lined up from the right; two sizes fit when they are equal or one is 1.",
        fix="reshape or unsqueeze one of them, so that the dimensions you mean face each other.",
        lesson="tensors",
    )


def matmul_shapes(x: Any, y: Any) -> Exception:
    if not len(x) or not len(y):
        what = f"both arguments to matmul need to be at least 1D, got {_shape(x)} and {_shape(y)}."
        return teach(RuntimeError, what, fix="use * for single numbers.", lesson="tensors")
    inner = f"{x[-1]} (last of the first)", f"{y[-2 if len(y) > 1 else 0]} (of the second)"
    return teach(
        RuntimeError,
        f"mat1 and mat2 shapes cannot be multiplied ({_shape(x)} and {_shape(y)}): the inner "
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
        f"got an input of shape {_shape(x)}, whose last dimension is {x[-1] if x else 'missing'}.",
        why=f"its weight has shape {_shape(weight)}: (out_features, in_features).",
        fix="flatten the input (nn.Flatten), or make the layer for the size that arrives.",
    )


def invalid_shape(wanted: Any, shape: Any) -> Exception:
    return teach(
        RuntimeError,
        f"shape '{_shape(wanted)}' is invalid for input of shape {_shape(shape)}.",
        why="reshaping keeps every element, so the sizes must multiply to the same number.",
        fix="use -1 for one size, to have it worked out.",
        lesson="tensors",
    )


def no_view(wanted: Any, shape: Any) -> Exception:
    return teach(
        RuntimeError,
        f"view size is not compatible with input tensor's size and stride: {_shape(shape)} to "
        f"{_shape(wanted)}.",
        why="the elements are not in order in memory (after a transpose, say).",
        fix="use reshape(), which copies where it must.",
        lesson="tensors",
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
    return teach(IndexError, f"{message}, in a tensor of shape {_shape(shape)}.", lesson="tensors")


def not_a_permutation(dims: Any, ndim: int) -> Exception:
    return teach(
        RuntimeError,
        f"permute: {list(dims)} does not name each of the {ndim} dimensions once.",
        lesson="tensors",
    )


def not_a_matrix(name: str, shape: Any) -> Exception:
    return teach(
        RuntimeError,
        f"{name}() expects a matrix, but got a tensor of shape {_shape(shape)}.",
        fix="use transpose(dim0, dim1) or matmul for other shapes.",
        lesson="tensors",
    )


def not_a_vector(name: str, shape: Any) -> Exception:
    return teach(
        RuntimeError,
        f"{name}() expects 1D tensors, but got a tensor of shape {_shape(shape)}.",
        fix="use matmul (@) for other shapes.",
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
        f"a tensor of shape {_shape(shape)}: sizes must be non-negative.",
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
        f"a value of shape {_shape(value)} cannot be assigned to a place of shape {_shape(place)}.",
        why="the value is broadcast to the place: sizes must be equal, or 1.",
        lesson="tensors",
    )


def gather_index(shape: Any, index: Any, dim: int, dtype: Any) -> Exception:
    return teach(
        RuntimeError,
        f"gather along dim {dim} of a tensor of shape {_shape(shape)} cannot use an index of shape "
        f"{_shape(index)} and {dtype}.",
        why="the index holds int64 positions in that dimension; it has as many dimensions as the "
        "tensor, and in the others it is no larger.",
        lesson="tensors",
    )


def cannot_expand(shape: Any, wanted: Any) -> Exception:
    return teach(
        RuntimeError,
        f"a tensor of shape {_shape(shape)} cannot be expanded to {_shape(wanted)}.",
        why="only dimensions of size 1 can be repeated, and new ones are added on the left.",
        lesson="tensors",
    )


def nothing_to_join(name: str) -> Exception:
    kind = ValueError if name == "cat" else RuntimeError
    return teach(kind, f"{name}() expects a non-empty list of tensors.")


def zero_dimensional_join() -> Exception:
    return teach(
        RuntimeError,
        "zero-dimensional tensors cannot be concatenated.",
        why="cat() joins along an existing dimension, and a single number has none.",
        fix="use stack(), which makes a new dimension.",
        lesson="tensors",
    )


def cannot_join(name: str, shapes: Any, dim: int) -> Exception:
    return teach(
        RuntimeError,
        f"{name}() cannot join shapes {', '.join(_shape(s) for s in shapes)} along dim {dim}.",
        why="all other dimensions must be equal.",
        lesson="tensors",
    )


def empty_extreme(name: str, kind: type[Exception] = RuntimeError) -> Exception:
    return teach(kind, f"{name} of no elements: there is nothing to pick.")


def conv_channels(x: Any, weight: Any, groups: int) -> Exception:
    return teach(
        RuntimeError,
        f"Given groups={groups}, weight of size {_shape(weight)}, expected input"
        f"{_shape(x)} to have {weight[1] * groups} channels, but got "
        f"{x[1] if len(x) == 4 else f'{len(x)} dimensions'}.",
        why="an image batch has shape (N, C, H, W), and each filter looks at all C channels.",
        fix="unsqueeze a missing channel dimension, or make the layer for the channels you have.",
        lesson="convnet",
    )


def window_too_large(name: str, x: Any, window: Any) -> Exception:
    return teach(
        RuntimeError,
        f"{name}: a window of {window.kernel} with padding {window.padding} does not fit into an "
        f"input of shape {_shape(x)}.",
        why="the output would have no elements.",
        fix="use a smaller kernel, more padding, or fewer pooling layers before this one.",
        lesson="convnet",
    )


def conv_groups(in_channels: int, out_channels: int, groups: int) -> Exception:
    return teach(
        ValueError,
        f"in_channels ({in_channels}) and out_channels ({out_channels}) must be divisible by "
        f"groups ({groups}).",
        why="each group of filters looks at its own equal share of the channels.",
        lesson="convnet",
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
        lesson="convnet",
    )


# -- modules, optimizers, data ---------------------------------------------------------------------


def module_not_initialized(name: str) -> Exception:
    return teach(
        AttributeError,
        f"cannot assign module or parameter before Module.__init__() call, in {name}.",
        why="the module has no place yet to register its parts in.",
        fix=f"make super().__init__() the first line of {name}.__init__.",
    )


def not_a_part(name: str, value: Any, wanted: str) -> Exception:
    return teach(
        TypeError,
        f"cannot assign {type(value).__name__!r} as {name!r}: {wanted} or None expected.",
        why="a module trains, saves and converts what it finds under its registered names.",
        fix="wrap a tensor in nn.Parameter(...), or write into the present one under no_grad()."
        if wanted == "a Parameter"
        else "",
    )


def state_not_a_dict(kind: str) -> Exception:
    return teach(
        TypeError,
        f"Expected state_dict to be dict-like, got {kind}.",
        fix="pass what state_dict() of a model gave.",
    )


def part_name(name: Any, problem: str) -> Exception:
    # On one line: Python shows the message of a KeyError in quotes, line ends and all.
    return teach(KeyError, f"{name!r} cannot name a part of a module: {problem}.")


def state_dict_mismatch(
    name: str, missing: list[str], unexpected: list[str], shapes: list[tuple[str, Any, Any]]
) -> Exception:
    lines = [f"Error(s) in loading state_dict for {name}:"]
    if missing:
        lines.append(f"    Missing key(s): {', '.join(missing)}.")
    if unexpected:
        lines.append(f"    Unexpected key(s): {', '.join(unexpected)}.")
    lines += [
        f"    size mismatch for {key}: {_shape(given)} in the state, {_shape(own)} in the model."
        for key, given, own in shapes
    ]
    return teach(
        RuntimeError,
        "\n".join(lines),
        why="the state was saved from a model with other layers or sizes. Nothing was copied.",
        fix="build the same model; or pass strict=False to skip missing and unexpected names.",
    )


def no_parameters() -> Exception:
    return teach(
        ValueError,
        "optimizer got an empty parameter list.",
        why="model.parameters() is a generator and may be used up, or the model registers no "
        "Parameter: layers in a plain Python list are not found.",
        fix="call model.parameters() again; keep layers in nn.ModuleList or nn.Sequential.",
    )


def not_a_list_of_parameters(kind: str) -> Exception:
    return teach(
        TypeError,
        "params argument given to the optimizer should be an iterable of Tensors or dicts, but "
        f"got {kind}.",
        fix="put a single tensor into a list: [w].",
    )


def not_a_parameter(kind: str) -> Exception:
    return teach(
        TypeError, f"optimizer can only optimize Tensors, but one of the params is {kind}."
    )


def parameter_in_two_groups() -> Exception:
    return teach(
        ValueError,
        "some parameters appear in more than one parameter group.",
        why="they would be changed twice in each step.",
    )


def not_a_leaf_parameter() -> Exception:
    return teach(
        ValueError,
        "can't optimize a non-leaf Tensor.",
        why="it was computed from other tensors, so a new value for it would be overwritten.",
        fix="optimize the leaves it is computed from, or start from x.detach().requires_grad_().",
        lesson="grad-fn",
    )


def invalid_hyperparameter(name: str, value: Any) -> Exception:
    return teach(ValueError, f"Invalid {name}: {value}.")


def target_shape(x: Any, target: Any) -> Exception:
    return teach(
        ValueError,
        f"Expected input batch_size ({x[0] if x else 'none'}) to match target batch_size "
        f"({target[0] if target else 'none'}): input {_shape(x)}, target {_shape(target)}.",
        why="input has shape (N, C), one score for each class; target has shape (N,), one class "
        "number for each sample.",
    )


def target_dtype(dtype: Any) -> Exception:
    return teach(
        RuntimeError,
        f"expected scalar type Long for the target, but found {dtype}.",
        why="the target holds class numbers.",
        fix="target.long()",
    )


def target_out_of_bounds(target: int, classes: int) -> Exception:
    return teach(
        IndexError,
        f"Target {target} is out of bounds.",
        why=f"the input has scores for {classes} classes, numbered 0 to {classes - 1}.",
        fix="number the classes from 0, or give the last layer more outputs.",
    )


def reduction(value: Any) -> Exception:
    return teach(ValueError, f"{value} is not a valid value for reduction: mean, sum or none.")


def dropout_probability(p: Any) -> Exception:
    return teach(ValueError, f"dropout probability has to be between 0 and 1, but got {p}.")


def workers_not_supported(count: int) -> Exception:
    return teach(
        NotImplementedError,
        f"DataLoader loads in this process only, and got num_workers={count}.",
        fix="num_workers=0",
    )


def split_lengths(total: int, size: int) -> Exception:
    return teach(
        ValueError,
        f"Sum of input lengths ({total}) does not equal the length of the input dataset ({size}).",
        fix="give lengths that add up, or fractions that sum to 1, as in [0.8, 0.2].",
    )


def nesterov_needs_momentum() -> Exception:
    return teach(
        ValueError,
        "Nesterov momentum requires a momentum and zero dampening.",
        fix="SGD(params, lr, momentum=0.9, nesterov=True)",
    )


def optimizer_state_mismatch() -> Exception:
    return teach(
        ValueError,
        "loaded state dict contains a parameter group that doesn't match the size of optimizer's "
        "group.",
        fix="build the optimizer with the parameters of the same model.",
    )


def classes_not_integer(dtype: Any) -> Exception:
    return teach(
        RuntimeError,
        f"one_hot is only applicable to index tensor of type LongTensor, and got {dtype}.",
        fix="x.long()",
    )


def class_outside(value: int, classes: int) -> Exception:
    what = "Class values must be non-negative" if value < 0 else "Class values must be smaller than"
    count = "" if value < 0 else f" num_classes ({classes})"
    return teach(RuntimeError, f"{what}{count}, and one is {value}.")


def samples_of_different_shapes(shapes: Any) -> Exception:
    first, *others = shapes
    other = next(shape for shape in others if shape != first)
    return teach(
        RuntimeError,
        f"stack expects each tensor to be equal size, but got {_shape(first)} and {_shape(other)}.",
        why="a batch is one tensor, so its samples must have one shape.",
        fix="bring the samples to one shape in the dataset, or pass a collate_fn to DataLoader.",
    )


def cannot_collate(kind: str) -> Exception:
    return teach(
        TypeError,
        "default_collate: batch must contain tensors, numpy arrays, numbers, dicts or lists; "
        f"found {kind}.",
        fix="return one of these from the dataset, or pass a collate_fn to DataLoader.",
    )


def shuffle_and_sampler() -> Exception:
    return teach(ValueError, "sampler option is mutually exclusive with shuffle.")


def gradcheck_without_grad() -> Exception:
    return teach(
        ValueError,
        "gradcheck expects at least one input that requires grad.",
        fix="tensor(..., dtype=autodiff.float64, requires_grad=True)",
    )
