"""Tensors filled with one value."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autodiff import dtypes, errors
from autodiff.arrays import filled
from autodiff.creation.data import as_array, made, wanted_dtype, wanted_shape
from autodiff.device import wanted
from autodiff.tensor import Tensor


def zeros(
    *sizes: Any,
    size: Any = None,
    out: Tensor | None = None,
    dtype: Any = None,
    device: Any = None,
    requires_grad: bool = False,
) -> Tensor:
    """Zeros in the given shape.

    Raises:
        RuntimeError: a negative size.
        TypeError: a size that is not an integer.

    >>> import autodiff as ad
    >>> ad.zeros(2, 2)
    tensor([[0., 0.],
            [0., 0.]])
    """
    array = filled(wanted_shape(sizes, size), 0, wanted_dtype(dtype, out), wanted(device))
    return made(array, requires_grad, device, out)


def ones(
    *sizes: Any,
    size: Any = None,
    out: Tensor | None = None,
    dtype: Any = None,
    device: Any = None,
    requires_grad: bool = False,
) -> Tensor:
    """Ones in the given shape.

    >>> import autodiff as ad
    >>> ad.ones(3)
    tensor([1., 1., 1.])
    """
    array = filled(wanted_shape(sizes, size), 1, wanted_dtype(dtype, out), wanted(device))
    return made(array, requires_grad, device, out)


def empty(
    *sizes: Any,
    size: Any = None,
    out: Tensor | None = None,
    dtype: Any = None,
    device: Any = None,
    requires_grad: bool = False,
) -> Tensor:
    """A tensor of the given shape whose elements are whatever the memory held.

    >>> import autodiff as ad
    >>> ad.empty(2, 3).shape
    autodiff.Size([2, 3])
    """
    array = filled(wanted_shape(sizes, size), None, wanted_dtype(dtype, out), wanted(device))
    return made(array, requires_grad, device, out)


def full(
    size: Any,
    fill_value: Any,
    *,
    out: Tensor | None = None,
    dtype: Any = None,
    device: Any = None,
    requires_grad: bool = False,
) -> Tensor:
    """``fill_value`` in the given shape, and in the dtype of ``fill_value`` unless given.

    Raises:
        TypeError: ``size`` is not a tuple or list of integers.

    >>> import autodiff as ad
    >>> ad.full((2,), 7)
    tensor([7, 7])
    """
    if not isinstance(size, (tuple, list)):
        raise errors.numbers.size_not_integer(size)
    if dtype is None and out is None:
        dtype = dtypes.from_numpy(as_array(fill_value).dtype)
    value = fill_value.item() if isinstance(fill_value, Tensor) else fill_value
    array = filled(wanted_shape((size,)), value, wanted_dtype(dtype, out), wanted(device))
    return made(array, requires_grad, device, out)


def eye(
    n: int,
    m: int | None = None,
    *,
    out: Tensor | None = None,
    dtype: Any = None,
    device: Any = None,
    requires_grad: bool = False,
) -> Tensor:
    """The identity matrix, of n rows and m (or n) columns.

    Raises:
        RuntimeError: a negative size.

    >>> import autodiff as ad
    >>> ad.eye(2)
    tensor([[1., 0.],
            [0., 1.]])
    """
    rows, columns = wanted_shape((n, n if m is None else m))
    return made(np.eye(rows, columns, dtype=wanted_dtype(dtype, out)), requires_grad, device, out)


def scalar_tensor(
    s: Any, *, dtype: Any = None, device: Any = None, requires_grad: bool = False
) -> Tensor:
    """One number as a tensor of no dimensions, in the default dtype unless given.

    >>> import autodiff as ad
    >>> ad.scalar_tensor(3)
    tensor(3.)
    """
    return full(
        (), s, dtype=dtype or dtypes.get_default_dtype(), device=device, requires_grad=requires_grad
    )


# -- like another tensor --------------------------------------------------------------------------


def zeros_like(
    x: Tensor, *, dtype: Any = None, device: Any = None, requires_grad: bool = False
) -> Tensor:
    """Zeros in the shape and dtype of ``x``.

    >>> import autodiff as ad
    >>> ad.zeros_like(ad.tensor([1, 2]))
    tensor([0, 0])
    """
    return zeros(
        x.shape, dtype=dtype or x.dtype, device=device or x.device, requires_grad=requires_grad
    )


def ones_like(
    x: Tensor, *, dtype: Any = None, device: Any = None, requires_grad: bool = False
) -> Tensor:
    """Ones in the shape and dtype of ``x``.

    >>> import autodiff as ad
    >>> ad.ones_like(ad.tensor([1.5, 2.5]))
    tensor([1., 1.])
    """
    return ones(
        x.shape, dtype=dtype or x.dtype, device=device or x.device, requires_grad=requires_grad
    )


def empty_like(
    x: Tensor, *, dtype: Any = None, device: Any = None, requires_grad: bool = False
) -> Tensor:
    """A tensor in the shape and dtype of ``x`` with whatever the memory held.

    >>> import autodiff as ad
    >>> ad.empty_like(ad.tensor([1, 2])).dtype
    autodiff.int64
    """
    return empty(
        x.shape, dtype=dtype or x.dtype, device=device or x.device, requires_grad=requires_grad
    )


def full_like(
    x: Tensor,
    fill_value: Any,
    *,
    dtype: Any = None,
    device: Any = None,
    requires_grad: bool = False,
) -> Tensor:
    """``fill_value`` in the shape and dtype of ``x``.

    >>> import autodiff as ad
    >>> ad.full_like(ad.tensor([1.5, 2.5]), 7)
    tensor([7., 7.])
    """
    dtype = dtype or x.dtype
    return full(
        x.shape, fill_value, dtype=dtype, device=device or x.device, requires_grad=requires_grad
    )


# -- methods: of the dtype of another tensor ------------------------------------------------------


def new_tensor(
    x: Tensor, data: Any, *, dtype: Any = None, device: Any = None, requires_grad: bool = False
) -> Tensor:
    """A copy of ``data`` as a tensor of this one's dtype.

    >>> import autodiff as ad
    >>> ad.ones(1).new_tensor([1, 2])
    tensor([1., 2.])
    """
    array = np.copy(as_array(data, dtype or x.dtype))
    return made(array, requires_grad, device or x.device)


def _new(function: Callable[..., Tensor]) -> Callable[..., Tensor]:
    """The method that makes a tensor of this one's dtype."""

    def method(x: Tensor, *size: Any, dtype: Any = None, device: Any = None, **more: Any) -> Tensor:
        return function(*size, dtype=dtype or x.dtype, device=device or x.device, **more)

    method.__name__ = f"new_{function.__name__}"
    method.__doc__ = (
        f"`{function.__name__}`, in the dtype and on the device of this tensor unless given."
    )
    return method


for _function in (zeros, ones, empty, full):
    setattr(Tensor, f"new_{_function.__name__}", _new(_function))
setattr(Tensor, "new_tensor", new_tensor)  # noqa: B010 - the class does not declare it
