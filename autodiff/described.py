"""What a tensor says of itself: its shape, its dtype, its device, its place in memory."""

from __future__ import annotations

from typing import Any

import numpy as np

from autodiff import dtypes
from autodiff.arrays import ARRAYS, address, device_of
from autodiff.device import device
from autodiff.dtypes import dtype
from autodiff.ops import shape
from autodiff.variable import Variable

__all__ = ["Described", "Size"]


class Size(tuple):
    """The sizes of a tensor's dimensions: a tuple that prints as PyTorch's does.

    >>> from autodiff import Size
    >>> Size((2, 3)).numel()
    6
    """

    __slots__ = ()

    def numel(self) -> int:
        """The number of elements of a tensor of this size."""
        return int(np.prod(self, dtype=np.int64))

    def __repr__(self) -> str:
        return f"autodiff.Size({list(self)})"


class Described(Variable):
    """The part of `Tensor` that tells what it is; none of it computes anything."""

    __slots__ = ()

    value: np.ndarray

    @property
    def shape(self) -> Size:
        """The size of each dimension."""
        return Size(self.value.shape)

    def size(self, dim: int | None = None) -> Any:
        """The shape, or the size of one dimension.

        >>> import autodiff as ad
        >>> x = ad.zeros(2, 3)
        >>> x.size(), x.size(1)
        (autodiff.Size([2, 3]), 3)
        """
        return self.shape if dim is None else self.shape[shape.positive_dim(dim, self.ndim)]

    @property
    def ndim(self) -> int:
        """The number of dimensions."""
        return self.value.ndim

    def dim(self) -> int:
        """The number of dimensions.

        >>> import autodiff as ad
        >>> ad.zeros(2, 3).dim()
        2
        """
        return self.value.ndim

    ndimension = dim

    def numel(self) -> int:
        """The number of elements.

        >>> import autodiff as ad
        >>> ad.zeros(2, 3).numel()
        6
        """
        return self.value.size

    nelement = numel

    def stride(self) -> tuple[int, ...]:
        """How many elements to skip in memory to get to the next one, for each dimension.

        >>> import autodiff as ad
        >>> x = ad.zeros(2, 3)
        >>> x.stride(), x.T.stride()
        ((3, 1), (1, 3))
        """
        return tuple(s // self.value.itemsize for s in self.value.strides)

    def data_ptr(self) -> int:
        """Where in memory the first element lies.

        >>> import autodiff as ad
        >>> x = ad.zeros(4)
        >>> x.data_ptr() == x.reshape(2, 2).data_ptr(), x[1:].data_ptr() - x.data_ptr()  # bytes
        (True, 4)
        """
        return address(self.value)

    def storage_offset(self) -> int:
        """How many elements of the memory it views lie before the first one.

        >>> import autodiff as ad
        >>> ad.arange(6)[2:].storage_offset()
        2
        """
        memory = self.value if self.value.base is None else self.value.base
        start = address(memory) if isinstance(memory, ARRAYS) else self.data_ptr()
        return (self.data_ptr() - start) // self.value.itemsize

    def is_contiguous(self) -> bool:
        """True when the elements lie in memory in order, without gaps.

        >>> import autodiff as ad
        >>> x = ad.zeros(2, 3)
        >>> x.is_contiguous(), x.T.is_contiguous()
        (True, False)
        """
        return self.value.flags.c_contiguous

    @property
    def dtype(self) -> dtype:
        """The type of the elements."""
        return dtypes.from_numpy(self.value.dtype)

    def is_floating_point(self) -> bool:
        """Whether the dtype is float16, float32 or float64.

        >>> import autodiff as ad
        >>> ad.tensor([1.0]).is_floating_point(), ad.tensor([1]).is_floating_point()
        (True, False)
        """
        return self.dtype.is_floating_point

    @property
    def device(self) -> device:
        """Where the elements live."""
        return device_of(self.value)

    def element_size(self) -> int:
        """Bytes per element.

        >>> import autodiff as ad
        >>> ad.tensor([1.0]).element_size(), ad.tensor([1]).element_size()
        (4, 8)
        """
        return self.value.itemsize

    @property
    def itemsize(self) -> int:
        """Bytes per element."""
        return self.value.itemsize

    @property
    def nbytes(self) -> int:
        """Bytes of all elements together."""
        return self.value.nbytes

    def is_complex(self) -> bool:
        """False: there are no complex tensors here.

        >>> import autodiff as ad
        >>> ad.tensor([1.0]).is_complex()
        False
        """
        return False

    def is_signed(self) -> bool:
        """Whether the dtype has negative numbers.

        >>> import autodiff as ad
        >>> ad.tensor([1]).is_signed(), ad.tensor([True]).is_signed()
        (True, False)
        """
        return self.value.dtype.kind in "if"

    @property
    def is_cpu(self) -> bool:
        """Whether the elements live in the computer's own memory."""
        return self.device.type == "cpu"

    @property
    def is_cuda(self) -> bool:
        """Whether the elements live on a GPU."""
        return self.device.type == "cuda"

    def get_device(self) -> int:
        """The number of the GPU that the elements live on, or -1 on the CPU.

        >>> import autodiff as ad
        >>> ad.ones(2).get_device()
        -1
        """
        return -1 if self.is_cpu else self.device.index or 0
