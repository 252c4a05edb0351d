"""What an array is: NumPy's on the CPU, and on another device one that NumPy's functions work on.

Ops are written with NumPy's functions, and NumPy hands a call to the array it is about (its
protocols ``__array_ufunc__`` and ``__array_function__``). So the array's class is all that tells
one device from another. The few questions that remain are answered here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autodiff.device import CPU, device

__all__ = [
    "ARRAYS", "DeviceArray", "address", "as_array", "beside", "device_of", "filled",
    "implementation", "in_order", "on_cpu", "on_host", "placed", "shared_on_gpu", "zeros",
]  # fmt: skip


class DeviceArray:
    """Base of the arrays of other devices than the CPU."""

    __slots__ = ()

    @property
    def address(self) -> int:
        """Where in the memory of its device the first element lies."""
        raise NotImplementedError

    @property
    def device(self) -> device:
        """Where the array is."""
        raise NotImplementedError

    def implementation(self, op: Any) -> Callable[..., Any]:
        """The function that computes ``op`` on this device."""
        raise NotImplementedError

    def rule(self, op: Any, argument: str) -> Callable[..., Any] | None:
        """What computes the gradient rule of ``op`` for an argument as a whole here, if anything.

        It takes what the rule takes.
        """
        raise NotImplementedError

    @property
    def __cuda_array_interface__(self) -> dict[str, Any]:
        """How other libraries find the memory."""
        raise NotImplementedError

    def to_cpu(self) -> np.ndarray:
        """A copy on the CPU; waits until the device has computed it."""
        raise NotImplementedError


ARRAYS: tuple[type[Any], ...] = (np.ndarray, DeviceArray)
"""The classes of arrays, for isinstance."""


def in_order(array: Any) -> Any:
    """The array with its rows in order in memory, where NumPy may have left it in another order.

    PyTorch promises that order for the results of some ops, and ``view`` asks for it.
    """
    return array if array.flags.c_contiguous else array.copy()


def as_array(x: Any) -> Any:
    """``x`` as an array: itself if it is one, else one on the CPU."""
    return x if isinstance(x, ARRAYS) else np.asarray(x)


def implementation(op: Any, values: Any) -> Callable[..., Any]:
    """The function that computes ``op`` where the values are."""
    for value in values:
        if isinstance(value, DeviceArray):
            return value.implementation(op)
    return op.on_arrays


def device_of(array: Any) -> device:
    """Where an array is."""
    return array.device if isinstance(array, DeviceArray) else CPU


def address(array: Any) -> int:
    """Where in the memory of its device the first element of an array lies."""
    return array.address if isinstance(array, DeviceArray) else array.ctypes.data


def on_host(array: Any) -> bool:
    """Whether the elements can be looked at without waiting for a device.

    Positions on another device are checked by the kernels that use them.
    """
    return not isinstance(array, DeviceArray)


def beside(x: Any, array: np.ndarray) -> Any:
    """Constant data on the device of ``x``, an array or a tensor."""
    value = getattr(x, "value", x)
    return placed(array, value.device) if isinstance(value, DeviceArray) else array


def zeros(shape: tuple[int, ...], x: Any) -> Any:
    """Zeros of the dtype of the array ``x``, on its device."""
    return np.zeros(shape, x.dtype) if type(x) is np.ndarray else np.zeros_like(x, shape=shape)


def filled(shape: tuple[int, ...], value: Any, dtype: np.dtype, place: device) -> Any:
    """An array on a device with one value everywhere; None leaves what the memory held."""
    if place.type == "cpu":
        array = np.zeros(shape, dtype) if value == 0 else np.empty(shape, dtype)
    else:
        array = _on_gpu(np.empty((), dtype), place).like(shape)
    if value is not None and (value != 0 or place.type != "cpu"):
        array[...] = value
    return array


def on_cpu(x: Any) -> Any:
    """``x``, or if it is an array of another device a copy on the CPU."""
    return x.to_cpu() if isinstance(x, DeviceArray) else x


def placed(array: Any, place: device) -> Any:
    """An array on a device: itself where it is there already, else a copy. Numbers are anywhere."""
    if place.type == "cpu" or not isinstance(array, ARRAYS):
        return on_cpu(array)
    return _on_gpu(array, place)


def shared_on_gpu(x: Any) -> Any:
    """An array in the GPU memory of another library's array."""
    from autodiff.backends.cuda import operations

    return operations.CudaArray.sharing(x)


def _on_gpu(array: Any, place: device) -> Any:
    from autodiff.backends.cuda import operations

    return operations.CudaArray.of(array, place.index or 0)
