"""How a tensor becomes a Python number, a NumPy array, or another library's array."""

from __future__ import annotations

import operator
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from autodiff import dtypes, errors, observe, trail
from autodiff.arrays import DeviceArray
from autodiff.grad_mode import mode
from autodiff.variable import Variable
from autodiff.views import mark_written

__all__ = ["Conversions"]

OPERATORS: dict[np.ufunc, Callable[..., Any]] = {
    np.add: operator.add, np.subtract: operator.sub, np.multiply: operator.mul,
    np.divide: operator.truediv, np.power: operator.pow, np.matmul: operator.matmul,
    np.equal: operator.eq, np.not_equal: operator.ne, np.less: operator.lt,
    np.less_equal: operator.le, np.greater: operator.gt, np.greater_equal: operator.ge,
    np.bitwise_and: operator.and_, np.bitwise_or: operator.or_,
    np.negative: operator.neg, np.absolute: operator.abs,
}  # fmt: skip
"""NumPy's functions behind Python's operators: with a tensor on one side, the tensor's own run."""


class Conversions(Variable):
    """The part of `Tensor` that hands its elements to Python, NumPy and other libraries."""

    __slots__ = ()

    value: np.ndarray
    version: list[int]

    # -- numbers ------------------------------------------------------------------------------

    def item(self) -> Any:
        """The only element, as a Python number.

        Raises:
            RuntimeError: there is not exactly one element.

        >>> import autodiff as ad
        >>> ad.tensor([2.5]).item()
        2.5
        """
        if self.value.size != 1:
            raise errors.numbers.one_element_only("item()", self.value.size)
        if mode.observers:
            observe.tell("read", self, "item()")
        if trail.following and self._requires_grad:
            trail.note_cut(self, "item()")
        return self.value.item()

    def tolist(self) -> Any:
        """The elements as nested Python lists; a number where there are no dimensions.

        >>> import autodiff as ad
        >>> ad.tensor([[1, 2], [3, 4]]).tolist()
        [[1, 2], [3, 4]]
        """
        if mode.observers:
            observe.tell("read", self, "tolist()")
        if trail.following and self._requires_grad:
            trail.note_cut(self, "tolist()")
        return self.value.tolist()

    def is_nonzero(self) -> bool:
        """Whether the only element is other than 0.

        Raises:
            RuntimeError: there is not exactly one element.

        >>> import autodiff as ad
        >>> ad.tensor([0.5]).is_nonzero()
        True
        """
        return bool(self)

    def __float__(self) -> float:
        number = self._number()
        if self._requires_grad:
            warnings.warn(errors.leaves.number_of_variable(), stacklevel=2)
        return float(number)

    def __int__(self) -> int:
        return int(self._number())

    def __complex__(self) -> complex:
        return complex(self._number())

    def _number(self) -> Any:
        if mode.observers:
            observe.tell("read", self, "a Python number")
        if trail.following and self._requires_grad:
            trail.note_cut(self, "a Python number")
        if self.value.size != 1:
            raise errors.numbers.one_element_only("a Python number", self.value.size, ValueError)
        return self.value.item()

    def __index__(self) -> int:
        if self.value.size != 1 or self.value.dtype.kind == "f":
            raise errors.numbers.not_an_index(dtypes.from_numpy(self.value.dtype), self.value.shape)
        if mode.observers:
            observe.tell("read", self, "a Python number")
        return int(self.value.item())

    def __bool__(self) -> bool:
        if self.value.size != 1:
            raise errors.numbers.one_element_only("a single truth value", self.value.size)
        if mode.observers:
            observe.tell("read", self, "a truth value")
        return bool(self.value.item())

    def __format__(self, spec: str) -> str:
        return super().__format__(spec) if self.value.ndim else format(self.item(), spec)

    # -- as a sequence ------------------------------------------------------------------------

    def __len__(self) -> int:
        if not self.value.ndim:
            raise TypeError("len() of a 0-d tensor")
        return self.value.shape[0]

    def __contains__(self, x: Any) -> bool:
        if not isinstance(x, (Conversions, int, float, np.generic)):
            raise errors.interop.contains(type(x).__name__)
        return bool((self == x).value.any())

    def __reversed__(self) -> Any:
        """The tensor with its first dimension in reverse order, as a copy."""
        if not self.value.ndim:
            return self
        return self[np.arange(len(self))[::-1]]  # type: ignore[index]

    # -- NumPy --------------------------------------------------------------------------------

    def numpy(self, *, force: bool = False) -> np.ndarray:
        """The elements as a NumPy array that shares this tensor's memory.

        Args:
            force: leave the graph without complaint, as ``x.detach().numpy()`` does.

        Raises:
            RuntimeError: the tensor requires grad, and ``force`` is False.

        >>> import autodiff as ad
        >>> x = ad.zeros(2)
        >>> x.numpy()[0] = 5
        >>> x
        tensor([5., 0.])
        """
        if self._requires_grad and not force:
            raise errors.numbers.numpy_requires_grad()
        if mode.observers:
            observe.tell("read", self, "an array")
        if trail.following and self._requires_grad:
            trail.note_cut(self, "numpy(force=True)")
        if isinstance(self.value, DeviceArray):
            if not force:
                raise errors.devices.no_numpy(self.value.device)
            return self.value.to_cpu()
        return self.value

    def __array__(self, dtype: Any = None, copy: Any = None) -> np.ndarray:
        return np.array(self.numpy(), dtype=dtype, copy=copy)

    def __array_ufunc__(
        self, ufunc: np.ufunc, method: str, *inputs: Any, out: Any = None, **settings: Any
    ) -> Any:
        """What NumPy's functions do with a tensor.

        The functions behind operators are the tensor's own, so that ``array * x`` is recorded like
        ``x * array``. Others compute on the numbers, which a tensor that requires grad refuses.
        """
        wrap = type(self)._wrap  # type: ignore[attr-defined]
        own = OPERATORS.get(ufunc)
        if own is not None and method == "__call__" and out is None and not settings:
            # np.float64 is one of Python's floats, and treated as such.
            inputs = tuple([float(x) if isinstance(x, float) else x for x in inputs])
            kept = (Conversions, float)
            return own(*[x if isinstance(x, kept) else wrap(np.asarray(x)) for x in inputs])
        if any(isinstance(x, Conversions) and x._requires_grad for x in (*inputs, *(out or ()))):
            raise errors.interop.numpy_function_requires_grad(ufunc.__name__)
        arrays = [x.value if isinstance(x, Conversions) else x for x in inputs]
        if out is None:
            results = getattr(ufunc, method)(*arrays, **settings)
            if isinstance(results, tuple):
                return tuple(wrap(np.asarray(r)) for r in results)
            return None if results is None else wrap(np.asarray(results))
        places = tuple(x.value if isinstance(x, Conversions) else x for x in out)
        getattr(ufunc, method)(*arrays, out=places, **settings)
        for x in out:
            if isinstance(x, Conversions):
                mark_written(x)  # type: ignore[arg-type]
        return out[0] if len(out) == 1 else out

    # -- other libraries ----------------------------------------------------------------------

    def __dlpack__(self, **settings: Any) -> Any:
        """The memory of this tensor as a DLPack capsule, for another library's from_dlpack.

        Raises:
            BufferError: the tensor requires grad.
        """
        if self._requires_grad:
            raise errors.interop.export_requires_grad()
        return self.value.__dlpack__(**settings)

    @property
    def __cuda_array_interface__(self) -> dict[str, Any]:
        """Where the memory on the GPU is, for CuPy, PyTorch, numba.cuda and others.

        Raises:
            AttributeError: the tensor is on the CPU.
            RuntimeError: the tensor requires grad.
        """
        if not isinstance(self.value, DeviceArray):
            raise errors.interop.not_on_cuda()
        if self._requires_grad:
            raise errors.interop.interface_requires_grad()
        return self.value.__cuda_array_interface__

    def __dlpack_device__(self) -> tuple[int, int]:
        """Where the memory is, as a DLPack device: its type (1 is the CPU) and number."""
        return self.value.__dlpack_device__()
