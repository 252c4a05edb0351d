"""Tensors from data; and what every function that makes a tensor needs."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from autodiff import dtypes, errors, trail
from autodiff.arrays import ARRAYS, placed
from autodiff.device import CPU, wanted
from autodiff.tensor import Tensor

__all__ = [
    "as_array", "is_floating_point", "is_tensor", "made", "numel", "on_device", "tensor",
    "wanted_dtype", "wanted_shape",
]  # fmt: skip


def as_array(data: Any, dtype: Any = None) -> np.ndarray:
    """``data`` as an array of a supported dtype: Python floats become the default dtype."""
    if isinstance(data, Tensor):
        note_copy(data)
        array = data.value
    elif isinstance(data, ARRAYS):
        array = _sound(data)
    elif isinstance(data, np.generic):
        array = _sound(np.asarray(data))
    else:
        array = _from_python(data)
        if dtype is None and array.dtype == np.float64:
            dtype = dtypes.get_default_dtype()
    wanted = dtypes.as_dtype(dtype) if dtype is not None else dtypes.from_numpy(array.dtype)
    return array.astype(wanted.numpy, copy=False)


def note_copy(x: Tensor) -> None:
    """Note that the numbers of ``x`` go into a new tensor, without their history."""
    if trail.following and x._requires_grad:
        trail.note_cut(x, "a new tensor of its numbers")


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
    data = _without_tensors(data)
    try:
        array = np.asarray(data)
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
    if not isinstance(data, Tensor):
        return getattr(data, "value", data)
    if data.value.size != 1:
        raise errors.numbers.tensors_in_data(data.value.shape)
    note_copy(data)
    return data.value.reshape(())


def wanted_shape(sizes: tuple[Any, ...], size: Any = None) -> tuple[int, ...]:
    """The shape given as ``f(2, 3)``, as ``f((2, 3))`` or as ``f(size=(2, 3))``.

    Raises:
        TypeError: no size, or one that is not an integer.
        RuntimeError: a negative size.
    """
    if size is not None:
        sizes = (size,)
    if not sizes:
        raise errors.numbers.size_missing()
    if len(sizes) == 1 and isinstance(sizes[0], (tuple, list)):
        sizes = tuple(sizes[0])
    for n in sizes:
        if not hasattr(n, "__index__") or isinstance(n, bool):
            raise errors.numbers.size_not_integer(n)
    shape = tuple(int(n) for n in sizes)
    if min(shape, default=0) < 0:
        raise errors.shapes.negative_size(shape)
    return shape


def wanted_dtype(dtype: Any, out: Tensor | None = None) -> np.dtype:
    """The dtype asked for; without one that of ``out``, or the default dtype.

    Raises:
        RuntimeError: another dtype than that of ``out``.
    """
    if out is not None:
        if dtype is not None and dtypes.as_dtype(dtype) is not out.dtype:
            raise errors.numbers.out_dtype(dtypes.as_dtype(dtype), out.dtype)
        return out.value.dtype
    return (dtypes.as_dtype(dtype) if dtype is not None else dtypes.get_default_dtype()).numpy


def made(
    array: np.ndarray, requires_grad: bool = False, device: Any = None, out: Tensor | None = None
) -> Tensor:
    """A tensor around ``array``; or ``out``, with the elements of ``array`` written into it."""
    if out is not None:
        if out.value.shape != array.shape:
            out.value = np.empty(array.shape, out.value.dtype)
        return out.copy_(Tensor._wrap(array))
    x = Tensor._wrap(on_device(array, device))
    return x.requires_grad_() if requires_grad else x


def on_device(array: Any, device: Any = None) -> Any:
    """The array on the device asked for, or else on the default device."""
    place = wanted(device)
    return array if place is CPU and type(array) is np.ndarray else placed(array, place)


def tensor(
    data: Any, *, dtype: Any = None, device: Any = None, requires_grad: bool = False
) -> Tensor:
    """A tensor with a copy of ``data``: numbers, nested lists, or an array.

    Raises:
        RuntimeError: integers with ``requires_grad=True``; objects that are not numbers.
        TypeError: an array whose elements are not numbers.
        ValueError: rows of different lengths, strings in them, or tensors of several elements.

    Warns:
        UserWarning: ``data`` is a tensor already: the copy has no graph.

    >>> import autodiff as ad
    >>> ad.tensor([[1.0, 2.0], [3.0, 4.0]])
    tensor([[1., 2.],
            [3., 4.]])
    """
    if isinstance(data, Tensor):
        warnings.warn(errors.leaves.tensor_of_tensor(), stacklevel=2)
    return made(np.copy(as_array(data, dtype)), requires_grad, device)


def is_tensor(obj: Any) -> bool:
    """Whether ``obj`` is a Tensor.

    >>> import autodiff as ad
    >>> ad.is_tensor(ad.ones(2)), ad.is_tensor([1.0, 1.0])
    (True, False)
    """
    return isinstance(obj, Tensor)


def is_floating_point(x: Tensor) -> bool:
    """Whether the elements of ``x`` are floating-point numbers.

    >>> import autodiff as ad
    >>> ad.is_floating_point(ad.tensor([1.0])), ad.is_floating_point(ad.tensor([1]))
    (True, False)
    """
    return x.is_floating_point()


def numel(x: Tensor) -> int:
    """The number of elements of ``x``.

    >>> import autodiff as ad
    >>> ad.numel(ad.zeros(2, 3))
    6
    """
    return x.numel()
