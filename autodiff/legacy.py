"""The tensor types of PyTorch's first years, which older programs still name: FloatTensor & co."""

from __future__ import annotations

from typing import Any

import numpy as np

from autodiff import dtypes, errors
from autodiff.creation import as_array
from autodiff.dtypes import dtype
from autodiff.tensor import Tensor

__all__ = [
    "BoolTensor", "ByteTensor", "CharTensor", "DoubleTensor", "FloatTensor", "HalfTensor",
    "IntTensor", "LongTensor", "ShortTensor",
]  # fmt: skip


def legacy_array(data: tuple[Any, ...], dtype: dtype) -> np.ndarray:
    """What ``Tensor(...)`` holds: a copy of a list, or, given sizes, whatever the memory held.

    Raises:
        TypeError: a number that is no size.
    """
    if not data or all(isinstance(n, int) for n in data):
        return np.empty(data or 0, dtype.numpy)
    if isinstance(data[0], float):
        raise errors.numbers.data_not_a_sequence(data[0])
    return np.array(as_array(data[0], dtype))


class TensorType:
    """A dtype under the name of a tensor type: makes tensors, and answers isinstance.

    >>> import autodiff as ad
    >>> ad.LongTensor([1, 2])
    tensor([1, 2])
    >>> isinstance(ad.ones(2), ad.FloatTensor), ad.FloatTensor(2, 3).shape
    (True, autodiff.Size([2, 3]))
    """

    def __init__(self, name: str, dtype: dtype) -> None:
        self.name, self.dtype = name, dtype

    def __call__(self, *data: Any) -> Tensor:
        """A tensor of the given data, or of the given sizes with whatever the memory held."""
        return Tensor._wrap(legacy_array(data, self.dtype))

    def __instancecheck__(self, x: Any) -> bool:
        return isinstance(x, Tensor) and x.dtype is self.dtype

    def __repr__(self) -> str:
        return f"<class 'autodiff.{self.name}'>"


BoolTensor = TensorType("BoolTensor", dtypes.bool_)
ByteTensor = TensorType("ByteTensor", dtypes.uint8)
CharTensor = TensorType("CharTensor", dtypes.int8)
DoubleTensor = TensorType("DoubleTensor", dtypes.float64)
FloatTensor = TensorType("FloatTensor", dtypes.float32)
HalfTensor = TensorType("HalfTensor", dtypes.float16)
IntTensor = TensorType("IntTensor", dtypes.int32)
LongTensor = TensorType("LongTensor", dtypes.int64)
ShortTensor = TensorType("ShortTensor", dtypes.int16)

TYPES = [x for x in globals().values() if isinstance(x, TensorType)]


def type_of(dtype: dtype) -> str:
    """The name of the tensor type of a dtype."""
    return next(t.name for t in TYPES if t.dtype is dtype)


def type_named(name: Any) -> Any:
    """The dtype that a tensor type, the name of one, or a dtype stands for.

    Raises:
        ValueError: there is no type of that name.
    """
    if isinstance(name, TensorType):
        return name.dtype
    if not isinstance(name, str):
        return name
    for t in TYPES:
        if name in (f"autodiff.{t.name}", f"torch.{t.name}"):
            return t.dtype
    raise errors.interop.unknown_type(name)
