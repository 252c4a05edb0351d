"""Mistakes with numbers and dtypes."""

from __future__ import annotations

from typing import Any

from autodiff.errors.teaching import shown, teach


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


def not_an_index(dtype: Any, shape: Any) -> Exception:
    return teach(
        TypeError,
        "only integer tensors of a single element can be converted to an index, and this one has "
        f"shape {shown(shape)} and dtype {dtype}.",
        fix="pick one element, and make it an integer: int(x[0])",
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


def data_not_a_sequence(value: Any) -> Exception:
    return teach(
        TypeError,
        f"Tensor(): data must be a sequence (got {type(value).__name__}).",
        why="Tensor(2, 3) makes a tensor of that shape, and Tensor([2, 3]) one of these numbers.",
        fix=f"autodiff.tensor({value!r})",
        lesson="tensors",
    )


def tensors_in_data(shape: Any) -> Exception:
    return teach(
        ValueError,
        "only one element tensors can be converted to Python scalars, and there is one of shape "
        f"{shown(shape)} in the list.",
        why="tensor() copies numbers, and would cut the graph of the tensors.",
        fix="autodiff.stack(list) joins tensors into a new dimension, autodiff.cat(list) end to "
        "end.",
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


def shares_of_integers(name: str, dtype: Any) -> Exception:
    return teach(
        NotImplementedError,
        f"{name} is not implemented for {dtype}.",
        why="the results are fractions that sum to 1.",
        fix=f"{name}(x.float(), ...)",
        lesson="losses",
    )


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


def relu_of_bools() -> Exception:
    return teach(
        RuntimeError,
        "Boolean inputs not supported for relu.",
        why="truth values are never negative.",
    )


def mixed_limits() -> Exception:
    return teach(
        TypeError,
        "clamp() takes two numbers or two tensors as limits, and got one of each.",
        fix="x.clamp(min=low).clamp(max=high)",
    )


def no_order_of_bools(name: str, kind: type[Exception] = NotImplementedError) -> Exception:
    return teach(
        kind,
        f"{name} is not implemented for truth values.",
        why="True and False have no order.",
        fix=f"x.int().{name}()",
        lesson="tensors",
    )


def no_quantile(name: str, shape: Any, dtype: Any) -> Exception:
    return teach(
        RuntimeError,
        f"{name}() needs at least one element, of float32 or float64, and got {dtype} of shape "
        f"{shown(shape)}.",
        fix=f"x.float().{name}(0.5)",
    )


def fraction_out_of_range(name: str, q: Any) -> Exception:
    return teach(
        RuntimeError,
        f"{name}() q values must be in the range [0, 1], one number or one dimension of them, and "
        f"got {q}.",
        why="q is a fraction of the elements.",
    )


def unknown_interpolation(name: str, interpolation: str, known: Any) -> Exception:
    return teach(
        RuntimeError,
        f"{name}() interpolation must be one of {', '.join(known)}, but got {interpolation}.",
    )


def not_counts(name: str, shape: Any, dtype: Any) -> Exception:
    return teach(
        RuntimeError,
        f"{name} only supports 1-d non-negative integral inputs, and got {dtype} of shape "
        f"{shown(shape)}.",
        why="each element is the position of a counter.",
    )


def weights_shape(weights: Any, shape: Any) -> Exception:
    return teach(
        RuntimeError,
        f"weights should be 1-d and have the same length as input: {shown(weights)} and "
        f"{shown(shape)}.",
    )


def no_histogram(bins: int, low: float, high: float) -> Exception:
    return teach(
        RuntimeError,
        f"histc: {bins} bins between {low} and {high} make no histogram.",
        fix="give a positive number of bins, and finite limits with min <= max.",
    )


def contradicting_sides(side: Any, right: bool) -> Exception:
    return teach(
        RuntimeError,
        f"side={side!r} and right={right} contradict each other; side can only be 'left' or "
        "'right'.",
    )


def different_dtypes(name: str, kinds: Any) -> Exception:
    first, second, *_ = sorted(map(str, kinds))
    return teach(
        RuntimeError,
        f"{name} compares tensors of one dtype, and got {first} and {second}.",
        fix="convert one of them: x.to(y.dtype).",
        lesson="tensors",
    )


def integer_addcdiv() -> Exception:
    return teach(
        RuntimeError,
        "Integer division with addcdiv is not supported.",
        why="the quotient of integers is a float, which does not fit into an integer tensor.",
        fix="convert first: x.float().",
    )


def integer_division_by_zero() -> Exception:
    return teach(
        RuntimeError,
        "ZeroDivisionError: integers are divided by zero.",
        why="floats have inf and nan for this; integers have no such values.",
        fix="divide floats (x / y), or leave the zeros out.",
        lesson="tensors",
    )


def rounding_mode(mode: Any) -> Exception:
    return teach(
        RuntimeError,
        f"div expected rounding_mode to be one of None, 'trunc', or 'floor' but found {mode!r}.",
    )


def float_alpha() -> Exception:
    return teach(
        RuntimeError,
        "For integral input tensors, argument alpha must not be a floating point number.",
        fix="use an integer, or convert the tensors to floats.",
    )


def size_missing() -> Exception:
    return teach(TypeError, "the size is missing, as in zeros(2, 3).", lesson="tensors")


def size_not_integer(size: Any) -> Exception:
    return teach(
        TypeError,
        f"a size must be an integer, or a tuple of integers, not {type(size).__name__} ({size}).",
        lesson="tensors",
    )


def out_dtype(dtype: Any, out: Any) -> Exception:
    return teach(
        RuntimeError,
        f"dtype {dtype} does not match dtype of out parameter ({out}).",
        fix="leave dtype out: the result is written in the dtype of out.",
    )


def not_random(name: str, dtype: Any) -> Exception:
    return teach(
        NotImplementedError,
        f"{name} makes floating-point numbers, not {dtype}.",
        fix="use randint() for integers.",
    )


def bad_parameter(name: str, expected: str, given: Any) -> Exception:
    return teach(
        RuntimeError,
        f"{name} expects {expected}, but got {given}.",
        why="only with such parameters is there a distribution to draw from.",
    )


def not_a_generator_state() -> Exception:
    return teach(RuntimeError, "this tensor does not hold the state of a Generator.")


def no_limits(name: str, dtype: Any, fix: str) -> Exception:
    return teach(TypeError, f"{name}() does not describe {dtype}.", fix=fix)


def spread_of_integers(name: str, dtype: Any) -> Exception:
    return teach(
        RuntimeError,
        f"{name}(): std and var only support floating point dtypes, and got {dtype}.",
        fix=f"convert first: x.float().{name}().",
        lesson="tensors",
    )


def unknown_precision(precision: Any) -> Warning:
    return teach(
        UserWarning,
        f"{precision} is not one of 'highest', 'high', or 'medium'; the current "
        "setFloat32MatmulPrecision call has no effect.",
    )


def number_of_threads(count: Any) -> Exception:
    return teach(RuntimeError, f"set_num_threads expects a positive integer, but got {count!r}.")
