"""Tensors from the memory of NumPy arrays and of other libraries' arrays."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from autodiff import dtypes, errors
from autodiff.arrays import shared_on_gpu
from autodiff.creation import as_array
from autodiff.creation.data import on_device
from autodiff.tensor import Tensor

__all__ = ["as_tensor", "asarray", "from_dlpack", "from_numpy", "frombuffer"]


def from_numpy(array: np.ndarray) -> Tensor:
    """A tensor that shares the memory of a NumPy array: a write to either is seen in both.

    Raises:
        TypeError: not an array, or its elements are no numbers that tensors hold.
        ValueError: an array with negative strides (``a[::-1]``) or of foreign byte order.

    Warns:
        UserWarning: the array is read-only, so in-place operations on the tensor will fail.

    >>> import numpy as np, autodiff as ad
    >>> a = np.zeros(2)
    >>> x = ad.from_numpy(a)
    >>> a[0] = 7
    >>> x
    tensor([7., 0.], dtype=autodiff.float64)
    """
    if not isinstance(array, np.ndarray):
        raise TypeError(f"expected np.ndarray (got {type(array).__name__})")
    return _sharing(as_array(array))


def _sharing(array: np.ndarray) -> Tensor:
    if not array.flags.writeable:
        warnings.warn(errors.interop.read_only_array(), stacklevel=3)
    return Tensor._wrap(array)


def _placed(array: np.ndarray, device: Any) -> Tensor:
    return Tensor._wrap(on_device(array, device))


def as_tensor(data: Any, dtype: Any = None, device: Any = None) -> Tensor:
    """``data`` as a tensor, without a copy where possible.

    A tensor stays itself, with its graph; an array shares its memory; lists are copied.

    >>> import autodiff as ad
    >>> ad.as_tensor([1, 2])
    tensor([1, 2])
    """
    if isinstance(data, Tensor):
        return data.to(dtype=dtype, device=device)
    if hasattr(data, "__cuda_array_interface__"):
        return Tensor._wrap(shared_on_gpu(data)).to(dtype=dtype, device=device)
    array = as_array(data, dtype)
    if isinstance(data, np.ndarray) and array is data and device is None:
        return _sharing(array)
    return _placed(array, device)


def asarray(
    obj: Any,
    *,
    dtype: Any = None,
    device: Any = None,
    copy: bool | None = None,
    requires_grad: bool | None = None,
) -> Tensor:
    """Whatever holds numbers as a tensor: a tensor, an array, a DLPack exporter, a buffer, a list.

    Args:
        copy: True always copies, False never does, None copies where there is no other way.
        requires_grad: by default that of ``obj`` if it is a tensor, else False. A tensor that
            requires grad and is asked not to is detached.

    Raises:
        ValueError: ``copy=False``, and a copy is needed.

    >>> import numpy as np, autodiff as ad
    >>> a = np.zeros(2)
    >>> ad.asarray(a).numpy() is a, ad.asarray(a, copy=True).numpy() is a
    (True, False)
    """
    if isinstance(obj, Tensor):
        x = obj
    elif isinstance(obj, np.ndarray):
        x = _sharing(as_array(obj))
    elif hasattr(obj, "__dlpack__") or hasattr(obj, "__cuda_array_interface__"):
        x = from_dlpack(obj)
    elif isinstance(obj, (bytes, bytearray, memoryview)):
        x = frombuffer(obj, dtype=dtypes.as_dtype(dtype or dtypes.get_default_dtype()))
    elif copy is False:
        raise errors.interop.would_copy("arbitrary sequence")
    else:
        x = _placed(as_array(obj, dtype), device)
        return x.requires_grad_() if requires_grad else x
    result = x.to(dtype=dtype, device=device, copy=bool(copy))
    if copy is False and result is not x:
        raise errors.interop.would_copy(f"a {type(obj).__name__} of another dtype")
    if requires_grad is False and result.requires_grad:
        return result.detach()
    if requires_grad and not result.requires_grad:
        return (result.detach() if result is obj else result).requires_grad_()
    return result


def frombuffer(
    buffer: Any, *, dtype: Any, count: int = -1, offset: int = 0, requires_grad: bool = False
) -> Tensor:
    """A one-dimensional tensor that shares the memory of a buffer, such as a bytearray.

    Args:
        count: how many elements to read, all of them by default.
        offset: how many bytes to skip.

    Raises:
        ValueError: the buffer is too small, or no whole number of elements.

    >>> import autodiff as ad
    >>> ad.frombuffer(bytearray([1, 2, 3]), dtype=ad.uint8, offset=1)
    tensor([2, 3], dtype=autodiff.uint8)
    """
    x = _sharing(np.frombuffer(buffer, dtypes.as_dtype(dtype).numpy, count, offset))
    return x.requires_grad_() if requires_grad else x


class _Capsule:
    """A bare DLPack capsule, as an object that hands it out."""

    def __init__(self, capsule: Any) -> None:
        self.capsule = capsule

    def __dlpack__(self, **settings: Any) -> Any:
        return self.capsule

    def __dlpack_device__(self) -> tuple[int, int]:
        return (1, 0)


class _Writable:
    """The memory of an array that NumPy marked read-only because a capsule does not say."""

    def __init__(self, array: np.ndarray) -> None:
        self.array = array
        address, _ = array.__array_interface__["data"]
        self.__array_interface__ = array.__array_interface__ | {"data": (address, False)}


def from_dlpack(x: Any, *, device: Any = None, copy: bool | None = None) -> Tensor:
    """A tensor that shares the memory of another library's array, by the DLPack protocol.

    Works with the tensors and arrays of PyTorch, NumPy, JAX and others on the CPU, and on a GPU
    with those that have ``__cuda_array_interface__``.
    Source: dmlc.github.io/dlpack, "Python Specification for DLPack".

    Raises:
        BufferError: the other library refuses, for instance because ``x`` requires grad there.
        RuntimeError: ``x`` knows nothing of DLPack.
        TypeError: its elements are of a kind that tensors do not hold.

    >>> import numpy as np, autodiff as ad
    >>> a = np.zeros(2)
    >>> x = ad.from_dlpack(a)
    >>> x[0] = 1
    >>> a
    array([1., 0.])
    """
    if hasattr(x, "__cuda_array_interface__"):
        array = shared_on_gpu(x)
    elif hasattr(x, "__dlpack__"):
        array = np.from_dlpack(x)
    elif type(x).__name__ == "PyCapsule":
        array = np.asarray(_Writable(np.from_dlpack(_Capsule(x))))
    else:
        raise errors.interop.not_exportable(type(x).__name__)
    array = as_array(array)
    array = array.copy() if copy else array
    return Tensor._wrap(array if device is None else on_device(array, device))
