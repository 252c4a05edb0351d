"""An array in the memory of a GPU: where it lies, and the views that can be taken of it.

What is computed with arrays is added to the class by `operations`, so that this file is about
memory alone.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from autodiff import errors
from autodiff.arrays import DeviceArray
from autodiff.backends.cuda import driver, layout
from autodiff.device import device

__all__ = ["CudaArray", "check_together", "xp"]

xp: Any = np
"""NumPy's functions, which compute where the arrays they are given are."""

Shape = tuple[int, ...]


class Flags:
    """What NumPy's ``array.flags`` says of the layout."""

    __slots__ = ("c_contiguous", "writeable")

    def __init__(self, c_contiguous: bool) -> None:
        self.c_contiguous, self.writeable = c_contiguous, True


class CudaArray(DeviceArray):
    """An n-dimensional array on a GPU; NumPy's functions and operators compute there.

    Like a NumPy array it has a shape, a dtype and strides, and slices are views. Nothing that is
    computed waits for the device; `item`, `tolist` and `to_cpu` do. Nothing is copied to the host
    silently: where NumPy would have to, an error says so.
    """

    __slots__ = ("gpu", "block", "offset", "shape", "steps", "dtype", "is_contiguous", "base",
                 "__weakref__")  # fmt: skip

    def __init__(
        self,
        gpu: driver.Gpu,
        block: Any,
        offset: int,
        shape: Shape,
        steps: Shape,
        dtype: np.dtype,
        base: CudaArray | None = None,
    ) -> None:
        self.gpu, self.block, self.offset = gpu, block, offset  # offset in bytes
        self.shape, self.steps, self.dtype, self.base = shape, steps, dtype, base  # steps: elements
        self.is_contiguous = layout.is_contiguous(shape, steps)

    # -- making arrays ------------------------------------------------------------------------

    @staticmethod
    def empty(shape: Any, dtype: Any, gpu: driver.Gpu) -> CudaArray:
        """An array whose elements have no values yet."""
        dtype = np.dtype(dtype)
        shape = (shape,) if isinstance(shape, int) else tuple(shape)
        block = gpu.allocate(math.prod(shape) * dtype.itemsize)
        return CudaArray(gpu, block, 0, shape, layout.contiguous(shape), dtype)

    @staticmethod
    def of(array: Any, index: int = 0) -> CudaArray:
        """An array on the device of that number: a copy, or the array itself if it is there."""
        gpu = driver.gpu(index)
        if isinstance(array, CudaArray):
            if array.gpu is gpu:
                return array
            array = array.to_cpu()
        array = np.asarray(array)
        result = CudaArray.empty(array.shape, array.dtype, gpu)
        gpu.upload(result.block, 0, np.ascontiguousarray(array))
        return result

    @staticmethod
    def sharing(x: Any) -> CudaArray:
        """The memory of an array of CuPy, PyTorch, numba.cuda and others that describe it.

        Source: numba.cuda's documentation, "CUDA Array Interface", version 3.
        """
        about = x.__cuda_array_interface__
        shape, dtype = tuple(about["shape"]), np.dtype(about["typestr"])
        strides = about.get("strides")
        steps = layout.contiguous(shape)
        if strides is not None:
            steps = tuple([s // dtype.itemsize for s in strides])
        if min(steps, default=0) < 0:
            raise errors.interop.negative_strides()
        extent = sum([(n - 1) * s for n, s in zip(shape, steps, strict=True)]) + 1
        gpu = driver.gpu(x.__dlpack_device__()[1] if hasattr(x, "__dlpack_device__") else 0)
        block = gpu.borrow(about["data"][0], extent * dtype.itemsize, x)
        return CudaArray(gpu, block, 0, shape, steps, dtype)

    def like(self, shape: Any, dtype: Any = None) -> CudaArray:
        """An array on the same device whose elements have no values yet."""
        return CudaArray.empty(shape, self.dtype if dtype is None else dtype, self.gpu)

    def sent(self, array: Any) -> CudaArray:
        """A host array (or list) as an array on the same device."""
        return CudaArray.of(array, self.gpu.index)

    # -- describing ---------------------------------------------------------------------------

    @property
    def device(self) -> device:
        return device("cuda", self.gpu.index)

    @property
    def ndim(self) -> int:
        return len(self.shape)

    @property
    def size(self) -> int:
        return math.prod(self.shape)

    @property
    def itemsize(self) -> int:
        return self.dtype.itemsize

    @property
    def nbytes(self) -> int:
        return self.size * self.dtype.itemsize

    @property
    def strides(self) -> Shape:
        """How many bytes to skip to get to the next element, for each dimension."""
        return tuple([s * self.dtype.itemsize for s in self.steps])

    @property
    def flags(self) -> Flags:
        return Flags(self.is_contiguous)

    @property
    def address(self) -> int:
        """Where on the device the first element lies."""
        return self.gpu.runtime.address(self.block) + self.offset

    @property
    def __cuda_array_interface__(self) -> dict[str, Any]:
        """How other libraries find the memory; source: numba.cuda's documentation, version 3."""
        self.gpu.synchronize()
        return {
            "shape": self.shape, "typestr": self.dtype.str, "data": (self.address, False),
            "strides": None if self.is_contiguous else self.strides, "version": 3,
        }  # fmt: skip

    def __repr__(self) -> str:
        return f"CudaArray({self.to_cpu()!r}, device='{self.device}')"

    def __len__(self) -> int:
        if not self.shape:
            raise TypeError("len() of unsized object")
        return self.shape[0]

    # -- views --------------------------------------------------------------------------------

    def seen(self, shape: Shape, steps: Shape, skip: int = 0) -> CudaArray:
        """A view: the same memory ``skip`` elements further on, in another shape."""
        offset = self.offset + skip * self.dtype.itemsize
        base = self if self.base is None else self.base
        return CudaArray(self.gpu, self.block, offset, shape, steps, self.dtype, base)

    def reshape(self, *shape: Any, copy: bool | None = None) -> CudaArray:
        """The same elements in another shape: a view where the layout allows one."""
        wanted = _sizes(shape, self.size)
        steps = layout.reshaped(self.shape, self.steps, wanted)
        if steps is not None:
            return self.seen(wanted, steps)
        if copy is False:
            raise ValueError("Unable to avoid creating a copy while reshaping.")
        return self.copy().seen(wanted, layout.contiguous(wanted))

    def ravel(self) -> CudaArray:
        return self.reshape(-1)

    def transpose(self, *axes: Any) -> CudaArray:
        if len(axes) == 1 and not isinstance(axes[0], int):
            axes = axes[0] or ()
        order = [a % self.ndim for a in axes] if axes else range(self.ndim)[::-1]
        shape, steps = self.shape, self.steps
        return self.seen(tuple([shape[a] for a in order]), tuple([steps[a] for a in order]))

    @property
    def T(self) -> CudaArray:  # noqa: N802 - NumPy's name
        return self.transpose()

    @property
    def mT(self) -> CudaArray:  # noqa: N802 - NumPy's name
        return self.swapaxes(-2, -1)

    def swapaxes(self, a: int, b: int) -> CudaArray:
        order = list(range(self.ndim))
        order[a], order[b] = order[b], order[a]
        return self.transpose(order)

    def squeeze(self, axis: Any = None) -> CudaArray:
        if axis is None:
            dropped = [d for d, n in enumerate(self.shape) if n == 1]
        else:
            dropped = [d % self.ndim for d in ((axis,) if isinstance(axis, int) else axis)]
        kept = [d for d in range(self.ndim) if d not in dropped]
        return self.seen(tuple([self.shape[d] for d in kept]), tuple([self.steps[d] for d in kept]))

    def view(self, dtype: Any) -> CudaArray:
        """The bits read as another dtype."""
        dtype, size = np.dtype(dtype), self.dtype.itemsize
        shape, steps = self.shape, self.steps
        if dtype.itemsize != size:
            if not shape or steps[-1] != 1 or shape[-1] * size % dtype.itemsize:
                raise ValueError("the last dimension cannot be read as elements of that size")
            if any(s * size % dtype.itemsize for s in steps[:-1]):
                raise ValueError("the strides are no multiple of that size")
            shape = (*shape[:-1], shape[-1] * size // dtype.itemsize)
            steps = (*[s * size // dtype.itemsize for s in steps[:-1]], 1)
        base = self if self.base is None else self.base
        return CudaArray(self.gpu, self.block, self.offset, shape, steps, dtype, base)

    # -- leaving the device -------------------------------------------------------------------

    def to_cpu(self) -> np.ndarray:
        packed = self if self.is_contiguous else self.copy()
        result = np.empty(self.shape, self.dtype)
        if result.size:
            self.gpu.download(packed.block, packed.offset, result)
        return result

    def item(self, *index: Any) -> Any:
        return (self[index] if index else self).to_cpu().item()

    def tolist(self) -> Any:
        return self.to_cpu().tolist()

    def tobytes(self) -> bytes:
        return self.to_cpu().tobytes()

    def __bool__(self) -> bool:
        return bool(self.to_cpu())

    def __float__(self) -> float:
        return float(self.item())

    def __int__(self) -> int:
        return int(self.item())

    def __index__(self) -> int:
        return self.to_cpu().__index__()

    def __array__(self, dtype: Any = None, copy: Any = None) -> np.ndarray:
        raise errors.devices.no_numpy(self.device)

    def __dlpack__(self, **settings: Any) -> Any:
        """The memory as a DLPack capsule."""
        self.gpu.synchronize()
        if not hasattr(self.gpu.runtime, "exported"):
            raise errors.devices.function_not_on_device("DLPack in the simulator")
        return self.gpu.runtime.exported(self, self.shape, self.steps, self.dtype, **settings)

    def __dlpack_device__(self) -> tuple[int, int]:
        return (2, self.gpu.index)

    if TYPE_CHECKING:
        # What `operations` adds.
        copy: Callable[[], CudaArray]

        def __neg__(self) -> CudaArray: ...
        def __add__(self, x: Any, /) -> CudaArray: ...
        def __sub__(self, x: Any, /) -> CudaArray: ...
        def __mul__(self, x: Any, /) -> CudaArray: ...
        def __truediv__(self, x: Any, /) -> CudaArray: ...
        def __mod__(self, x: Any, /) -> CudaArray: ...
        def __floordiv__(self, x: Any, /) -> CudaArray: ...
        def __ne__(self, x: Any, /) -> Any: ...
        def __lt__(self, x: Any, /) -> Any: ...

        def __getattr__(self, name: str) -> Any: ...
        def __getitem__(self, key: Any) -> CudaArray: ...
        def __setitem__(self, key: Any, value: Any) -> None: ...


def check_together(first: CudaArray, *others: Any) -> None:
    """Raise unless all are arrays of one device."""
    for x in others:
        if not isinstance(x, CudaArray):
            raise errors.devices.different_devices(first.device, "cpu")
        if x.gpu is not first.gpu:
            raise errors.devices.different_devices(first.device, x.device)


def _sizes(shape: tuple[Any, ...], size: int) -> Shape:
    """The shape asked for, its -1 worked out."""
    if len(shape) == 1 and not isinstance(shape[0], (int, np.integer)):
        shape = tuple(shape[0])
    if -1 in shape:
        known = -math.prod(shape)
        if shape.count(-1) > 1 or not known or size % known:
            raise ValueError(f"cannot reshape array of size {size} into shape {shape}")
        shape = tuple([size // known if n == -1 else n for n in shape])
    if math.prod(shape) != size:
        raise ValueError(f"cannot reshape array of size {size} into shape {shape}")
    return tuple([int(n) for n in shape])
