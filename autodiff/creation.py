"""Making tensors: from data, filled with one value, in sequence, and at random."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from autodiff import dtypes, errors
from autodiff.device import device as device_
from autodiff.ops.shape import sizes
from autodiff.random import Generator, default_generator
from autodiff.tensor import Tensor

__all__ = [
    "arange", "empty", "eye", "full", "full_like", "is_tensor",
    "linspace", "ones", "ones_like", "rand", "rand_like", "randint", "randn", "randn_like",
    "randperm", "tensor", "zeros", "zeros_like",
]  # fmt: skip


def as_array(data: Any, dtype: Any = None) -> np.ndarray:
    """``data`` as an array of a supported dtype: Python floats become the default dtype."""
    if isinstance(data, Tensor):
        array = data.value
    elif isinstance(data, (np.ndarray, np.generic)):
        array = _sound(np.asarray(data))
    else:
        array = _from_python(data)
        if dtype is None and array.dtype == np.float64:
            dtype = dtypes.get_default_dtype()
    wanted = dtypes.as_dtype(dtype) if dtype is not None else dtypes.from_numpy(array.dtype)
    return array.astype(wanted.numpy, copy=False)


def _sound(array: np.ndarray) -> np.ndarray:
    """``array`` itself, if a tensor can have its layout in memory."""
    if any(stride < 0 for stride in array.strides):
        raise errors.interop.negative_strides()
    if not array.dtype.isnative:
        raise errors.interop.foreign_byte_order()
    if any(stride % array.itemsize for stride in array.strides):
        raise errors.interop.uneven_strides()
    return array


def _from_python(data: Any) -> np.ndarray:
    try:
        array = np.asarray(_without_tensors(data))
    except ValueError as error:
        raise errors.numbers.ragged_data(str(error)) from None
    if array.dtype == object:
        raise errors.numbers.no_dtype(type(array.flat[0]).__name__)
    if array.dtype.kind == "U" and array.ndim:
        raise errors.numbers.strings_in_data()
    return array


def _without_tensors(data: Any) -> Any:
    """Nested lists in which each tensor is replaced by its elements."""
    if isinstance(data, (list, tuple)):
        return [_without_tensors(x) for x in data]
    return data.value if isinstance(data, Tensor) else getattr(data, "value", data)


def _made(array: np.ndarray, requires_grad: bool, device: Any) -> Tensor:
    if device is not None:
        device_(device)
    x = Tensor._wrap(array)
    return x.requires_grad_() if requires_grad else x


def _shape(size: tuple[Any, ...]) -> tuple[int, ...]:
    shape = sizes(size)
    if any(n < 0 for n in shape):
        raise errors.shapes.negative_size(shape)
    return shape


def _dtype(dtype: Any) -> np.dtype:
    return (dtypes.as_dtype(dtype) if dtype is not None else dtypes.get_default_dtype()).numpy


def tensor(
    data: Any, *, dtype: Any = None, device: Any = None, requires_grad: bool = False
) -> Tensor:
    """A tensor with a copy of ``data``: numbers, nested lists, or an array.

    Raises:
        RuntimeError: integers with ``requires_grad=True``; objects that are not numbers.
        TypeError: an array whose elements are not numbers.
        ValueError: rows of different lengths, or strings in them.

    Warns:
        UserWarning: ``data`` is a tensor already: the copy has no graph.

    >>> import autodiff as ad
    >>> ad.tensor([[1.0, 2.0], [3.0, 4.0]])
    tensor([[1., 2.],
            [3., 4.]])
    """
    if isinstance(data, Tensor):
        warnings.warn(errors.leaves.tensor_of_tensor(), stacklevel=2)
    return _made(np.array(as_array(data, dtype)), requires_grad, device)


def is_tensor(x: Any) -> bool:
    """Whether ``x`` is a Tensor."""
    return isinstance(x, Tensor)


def zeros(*size: Any, dtype: Any = None, device: Any = None, requires_grad: bool = False) -> Tensor:
    """Zeros in the given shape.

    Raises:
        RuntimeError: a negative size.

    >>> import autodiff as ad
    >>> ad.zeros(2, 2)
    tensor([[0., 0.],
            [0., 0.]])
    """
    return _made(np.zeros(_shape(size), _dtype(dtype)), requires_grad, device)


def ones(*size: Any, dtype: Any = None, device: Any = None, requires_grad: bool = False) -> Tensor:
    """Ones in the given shape.

    >>> import autodiff as ad
    >>> ad.ones(3)
    tensor([1., 1., 1.])
    """
    return _made(np.ones(_shape(size), _dtype(dtype)), requires_grad, device)


def empty(*size: Any, dtype: Any = None, device: Any = None, requires_grad: bool = False) -> Tensor:
    """A tensor of the given shape whose elements are whatever the memory held.

    >>> import autodiff as ad
    >>> ad.empty(2, 3).shape
    autodiff.Size([2, 3])
    """
    return _made(np.empty(_shape(size), _dtype(dtype)), requires_grad, device)


def full(
    size: Any,
    fill_value: Any,
    *,
    dtype: Any = None,
    device: Any = None,
    requires_grad: bool = False,
) -> Tensor:
    """``fill_value`` in the given shape.

    >>> import autodiff as ad
    >>> ad.full((2,), 7)
    tensor([7, 7])
    """
    wanted = dtypes.as_dtype(dtype if dtype is not None else type(fill_value)).numpy
    return _made(np.full(_shape((size,)), fill_value, wanted), requires_grad, device)


def eye(n: int, m: int | None = None, *, dtype: Any = None, requires_grad: bool = False) -> Tensor:
    """The identity matrix.

    >>> import autodiff as ad
    >>> ad.eye(2)
    tensor([[1., 0.],
            [0., 1.]])
    """
    return _made(np.eye(n, m, dtype=_dtype(dtype)), requires_grad, None)


def arange(*limits: Any, dtype: Any = None, requires_grad: bool = False) -> Tensor:
    """The numbers from start (0) to end, without the end, in steps (of 1).

    Raises:
        RuntimeError: the steps do not lead from start to end.

    >>> import autodiff as ad
    >>> ad.arange(4)
    tensor([0, 1, 2, 3])
    """
    if dtype is None and any(isinstance(x, float) for x in limits):
        dtype = dtypes.get_default_dtype()
    wanted = dtypes.as_dtype(dtype if dtype is not None else int)
    start, end, step = (*((0, *limits) if len(limits) == 1 else limits), 1)[:3]
    if not step or (end - start) * step < 0:
        raise errors.shapes.range_error(
            f"arange from {start} to {end} in steps of {step} never gets there."
        )
    return _made(np.arange(*limits).astype(wanted.numpy), requires_grad, None)


def linspace(
    start: float, end: float, steps: int, *, dtype: Any = None, requires_grad: bool = False
) -> Tensor:
    """``steps`` numbers, evenly spaced from ``start`` to ``end`` inclusive.

    Raises:
        RuntimeError: ``steps`` is negative.

    >>> import autodiff as ad
    >>> ad.linspace(0, 1, 3)
    tensor([0.0000, 0.5000, 1.0000])
    """
    if steps < 0:
        raise errors.shapes.range_error(f"linspace: steps must be non-negative, not {steps}.")
    return _made(np.linspace(start, end, steps).astype(_dtype(dtype)), requires_grad, None)


def zeros_like(x: Tensor, *, dtype: Any = None, requires_grad: bool = False) -> Tensor:
    """Zeros in the shape and dtype of ``x``.

    >>> import autodiff as ad
    >>> ad.zeros_like(ad.tensor([1, 2]))
    tensor([0, 0])
    """
    return zeros(x.shape, dtype=dtype or x.dtype, requires_grad=requires_grad)


def ones_like(x: Tensor, *, dtype: Any = None, requires_grad: bool = False) -> Tensor:
    """Ones in the shape and dtype of ``x``.

    >>> import autodiff as ad
    >>> ad.ones_like(ad.tensor([1.5, 2.5]))
    tensor([1., 1.])
    """
    return ones(x.shape, dtype=dtype or x.dtype, requires_grad=requires_grad)


def full_like(
    x: Tensor, fill_value: Any, *, dtype: Any = None, requires_grad: bool = False
) -> Tensor:
    """``fill_value`` in the shape and dtype of ``x``.

    >>> import autodiff as ad
    >>> ad.full_like(ad.tensor([1.5, 2.5]), 7)
    tensor([7., 7.])
    """
    return full(x.shape, fill_value, dtype=dtype or x.dtype, requires_grad=requires_grad)


def _source(generator: Generator | None) -> np.random.Generator:
    return (generator or default_generator).numpy


def rand(
    *size: Any,
    generator: Generator | None = None,
    dtype: Any = None,
    device: Any = None,
    requires_grad: bool = False,
) -> Tensor:
    """Random numbers, uniform in [0, 1).

    >>> import autodiff as ad
    >>> x = ad.rand(2, 3)
    >>> x.shape, bool((x < 1).value.all())
    (autodiff.Size([2, 3]), True)
    """
    values = _source(generator).random(_shape(size))
    return _made(values.astype(_dtype(dtype)), requires_grad, device)


def randn(
    *size: Any,
    generator: Generator | None = None,
    dtype: Any = None,
    device: Any = None,
    requires_grad: bool = False,
) -> Tensor:
    """Random numbers from the normal distribution of mean 0 and variance 1.

    >>> import autodiff as ad
    >>> ad.randn(2, 3).shape
    autodiff.Size([2, 3])
    """
    values = _source(generator).standard_normal(_shape(size))
    return _made(np.asarray(values).astype(_dtype(dtype)), requires_grad, device)


def randint(
    *args: Any, generator: Generator | None = None, dtype: Any = None, device: Any = None
) -> Tensor:
    """Random integers: ``randint(low, high, size)`` or ``randint(high, size)``; below ``high``.

    Raises:
        RuntimeError: no integer is at least ``low`` and below ``high``.

    >>> import autodiff as ad
    >>> ad.randint(5, 6, (3,))
    tensor([5, 5, 5])
    """
    low, high, size = args if len(args) == 3 else (0, *args)
    if low >= high:
        raise errors.shapes.range_error(f"randint: no integer is at least {low} and below {high}.")
    wanted = dtypes.as_dtype(dtype if dtype is not None else int).numpy
    return _made(
        _source(generator).integers(low, high, sizes((size,))).astype(wanted), False, device
    )


def randperm(n: int, *, generator: Generator | None = None) -> Tensor:
    """The numbers 0 to n - 1 in random order.

    >>> import autodiff as ad
    >>> sorted(ad.randperm(4).tolist())
    [0, 1, 2, 3]
    """
    return _made(_source(generator).permutation(n).astype(np.int64), False, None)


def rand_like(x: Tensor, *, dtype: Any = None, requires_grad: bool = False) -> Tensor:
    """Like `rand`, in the shape and dtype of ``x``."""
    return rand(x.shape, dtype=dtype or x.dtype, requires_grad=requires_grad)


def randn_like(x: Tensor, *, dtype: Any = None, requires_grad: bool = False) -> Tensor:
    """Like `randn`, in the shape and dtype of ``x``."""
    return randn(x.shape, dtype=dtype or x.dtype, requires_grad=requires_grad)
