"""A tensor in another dtype, on another device, or in another order in memory."""

from __future__ import annotations

import builtins
from typing import TYPE_CHECKING, Any

from autodiff import dtypes, trail
from autodiff.described import Described
from autodiff.device import CPU, available
from autodiff.ops import shape

if TYPE_CHECKING:
    from autodiff.tensor import Tensor

__all__ = ["Casts"]


class Casts(Described):
    """The part of `Tensor` that answers ``.to(...)`` and its many short forms."""

    __slots__ = ()

    def to(
        self,
        *target: Any,
        dtype: Any = None,
        device: Any = None,
        non_blocking: bool = False,
        copy: bool = False,
    ) -> Tensor:
        """The tensor with another dtype or device; itself when nothing would change.

        Args:
            target: a dtype, a device or its name, or a tensor that has both.
            non_blocking: accepted for PyTorch's programs; what is read is always there.
            copy: copy even when nothing changes.

        >>> import autodiff as ad
        >>> ad.tensor([1, 2]).to(ad.float64).dtype
        autodiff.float64
        """
        for x in target:
            if isinstance(x, Described):
                dtype, device = x.dtype, x.device
            elif isinstance(x, (str, type(CPU))):
                device = x
            elif x is not None and not isinstance(x, bool):
                dtype = x
        if device is not None and (place := available(device)) != self.device:
            return shape.move(self, self.device, place).to(dtype=dtype)
        if dtype is None or dtypes.as_dtype(dtype).numpy == self.value.dtype:
            return shape.clone(self) if copy else self  # type: ignore[return-value]
        wanted = dtypes.as_dtype(dtype).numpy
        if wanted.kind != "f":  # integers have no gradient
            result = shape.Cast.apply(self._wrap(self.value), dtype=wanted)
            if trail.following and self._requires_grad:
                trail.note_cut(self, f"conversion to {wanted}", result)
            return result
        return self._apply(shape.Cast, (self,), {"dtype": wanted})

    def type(self, dtype: Any = None) -> Any:
        """The tensor in another dtype; without one, the name of its type.

        >>> import autodiff as ad
        >>> ad.ones(2).type()
        'autodiff.FloatTensor'
        >>> ad.ones(2).type("autodiff.DoubleTensor").dtype
        autodiff.float64
        """
        from autodiff.legacy import type_named, type_of

        if dtype is None:
            return f"autodiff.{type_of(self.dtype)}"
        return self.to(type_named(dtype))

    def type_as(self, other: Tensor) -> Tensor:
        """The tensor in the dtype of ``other``.

        >>> import autodiff as ad
        >>> ad.tensor([1, 2]).type_as(ad.tensor([0.5]))
        tensor([1., 2.])
        """
        return self.to(other.dtype)

    def float(self) -> Tensor:
        """The tensor in float32.

        >>> import autodiff as ad
        >>> ad.tensor([1, 2]).float()
        tensor([1., 2.])
        """
        return self.to(dtypes.float32)

    def double(self) -> Tensor:
        """The tensor in float64.

        >>> import autodiff as ad
        >>> ad.tensor([1, 2]).double()
        tensor([1., 2.], dtype=autodiff.float64)
        """
        return self.to(dtypes.float64)

    def half(self) -> Tensor:
        """The tensor in float16.

        >>> import autodiff as ad
        >>> ad.tensor([1, 2]).half()
        tensor([1., 2.], dtype=autodiff.float16)
        """
        return self.to(dtypes.float16)

    def byte(self) -> Tensor:
        """The tensor in uint8.

        >>> import autodiff as ad
        >>> ad.tensor([1.7, 255.0]).byte()
        tensor([  1, 255], dtype=autodiff.uint8)
        """
        return self.to(dtypes.uint8)

    def char(self) -> Tensor:
        """The tensor in int8.

        >>> import autodiff as ad
        >>> ad.tensor([1.7, -1.7]).char()
        tensor([ 1, -1], dtype=autodiff.int8)
        """
        return self.to(dtypes.int8)

    def short(self) -> Tensor:
        """The tensor in int16.

        >>> import autodiff as ad
        >>> ad.tensor([1.7, -1.7]).short()
        tensor([ 1, -1], dtype=autodiff.int16)
        """
        return self.to(dtypes.int16)

    def int(self) -> Tensor:
        """The tensor in int32.

        >>> import autodiff as ad
        >>> ad.tensor([1.7, -1.7]).int()
        tensor([ 1, -1], dtype=autodiff.int32)
        """
        return self.to(dtypes.int32)

    def long(self) -> Tensor:
        """The tensor in int64.

        >>> import autodiff as ad
        >>> ad.tensor([1.7, -1.7]).long()
        tensor([ 1, -1])
        """
        return self.to(dtypes.int64)

    def bool(self) -> Tensor:
        """The tensor as truth values: False where an element is 0.

        >>> import autodiff as ad
        >>> ad.tensor([0.0, 0.5]).bool()
        tensor([False,  True])
        """
        return self.to(dtypes.bool_)

    def cpu(self, non_blocking: builtins.bool = False) -> Tensor:
        """The tensor on the CPU: itself if it is there already.

        >>> import autodiff as ad
        >>> ad.ones(2).cpu().device
        device(type='cpu')
        """
        return self.to(device=CPU)

    def cuda(self, device: Any = None, non_blocking: builtins.bool = False) -> Tensor:
        """The tensor on a GPU.

        Raises:
            AssertionError: there is none.
        """
        return self.to(device="cuda" if device is None else device)

    def contiguous(self) -> Tensor:
        """The tensor itself when its elements are in order in memory, else a copy that is.

        >>> import autodiff as ad
        >>> x = ad.zeros(2, 3).T
        >>> x.stride(), x.contiguous().stride()
        ((1, 3), (2, 1))
        """
        if self.is_contiguous():
            return self  # type: ignore[return-value]
        return self._apply(shape.Clone, (self,), {"order": "C"})
