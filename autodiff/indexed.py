"""The elements of a tensor: reading some of them, and writing into them in place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from autodiff import errors
from autodiff.described import Described
from autodiff.grad_mode import mode
from autodiff.inference import check_may_write
from autodiff.ops import expand, index, write
from autodiff.views import become, mark_written

if TYPE_CHECKING:
    from autodiff.tensor import Tensor

__all__ = ["Indexed"]


class Indexed(Described):
    """The part of `Tensor` behind ``x[key]``, ``x[key] = value``, ``fill_`` and ``copy_``."""

    __slots__ = ()

    def __getitem__(self, key: Any) -> Tensor:
        if type(key) is not int:
            key = _plain_key(key)
            if type(key) is tuple and (keys := index.split_key(key)):
                return self[keys[0]][keys[1]]
        try:
            return self._apply(index.Index, (self,), {"key": key})
        except IndexError as error:
            raise errors.indexing.index_error(str(error), self.value.shape) from None

    def __setitem__(self, key: Any, value: Any) -> None:
        key = _plain_key(key)
        if type(key) is tuple and (keys := index.split_key(key)):
            self[keys[0]][keys[1]] = value
            return
        recorded = mode.enabled and (self.requires_grad or getattr(value, "requires_grad", False))
        if recorded or mode.observers:
            self._assign_recorded(key, value)
            return
        value = value.value if isinstance(value, Indexed) else value
        check_may_write(self)
        try:
            place = self.value[key]
            self.value[key] = _without_leading_ones(value, place.ndim)
        except IndexError as error:
            raise errors.indexing.index_error(str(error), self.value.shape) from None
        except ValueError:
            raise errors.indexing.assigned_shape(np.shape(value), place.shape) from None
        mark_written(self)  # type: ignore[arg-type]

    def _assign_recorded(self, key: Any, value: Any) -> None:
        """``self[key] = value`` as part of the graph."""
        if not index.is_basic(key):
            become(self, write.IndexPut.apply(self, value, key=key))  # type: ignore[arg-type]
            return
        place = self[key]
        if not isinstance(value, Indexed):
            place.copy_(self._wrap(np.asarray(value)))
        else:
            place.copy_(_without_leading_ones(value, place.ndim))

    def zero_(self) -> Tensor:
        """Set every element to 0, in place.

        >>> import autodiff as ad
        >>> ad.tensor([1.0, 2.0]).zero_()
        tensor([0., 0.])
        """
        return self.fill_(0)

    def fill_(self, value: Any) -> Tensor:
        """Set every element to ``value``, in place.

        >>> import autodiff as ad
        >>> ad.tensor([1.0, 2.0]).fill_(3)
        tensor([3., 3.])
        """
        value = value.item() if isinstance(value, Indexed) else value
        return become(self, write.Fill.apply(self, value=value))  # type: ignore[arg-type]

    def fill_diagonal_(self, value: Any, wrap: bool = False) -> Tensor:
        """Set the elements with equal positions in all dimensions to ``value``, in place.

        Args:
            value: a number.
            wrap: in a matrix with more rows than columns, begin again below the diagonal, after
                a row that is left out.

        Raises:
            RuntimeError: there are fewer than two dimensions, or more than two of unequal sizes.

        >>> import autodiff as ad
        >>> ad.zeros(2, 2).fill_diagonal_(1)
        tensor([[1., 0.],
                [0., 1.]])
        """
        if self.ndim < 2 or (self.ndim > 2 and len(set(self.shape)) > 1):
            raise errors.shapes.no_diagonal(self.shape)
        rows, columns = self.shape[:2]
        period = columns + 1 if wrap and self.ndim == 2 else max(self.shape)
        first = np.arange(rows)
        first = first[first % period < columns]
        self[(first, *[first % period] * (self.ndim - 1))] = value
        return self  # type: ignore[return-value]

    def copy_(self, source: Tensor, non_blocking: bool = False) -> Tensor:
        """Copy the elements of ``source`` into this tensor, in place; broadcasts and casts.

        Raises:
            RuntimeError: the shape of ``source`` cannot be broadcast to this one.

        >>> import autodiff as ad
        >>> ad.zeros(2).copy_(ad.tensor([1.0, 2.0]))
        tensor([1., 2.])
        """
        if source.shape != self.shape:
            source = expand.expand(source, self.shape)
        return become(self, write.Copy.apply(self, source))  # type: ignore[arg-type]


def _plain_key(key: Any) -> Any:
    """An index with its tensors replaced by arrays."""
    if isinstance(key, tuple):
        return tuple(_plain_key(part) for part in key)
    if isinstance(key, Indexed):
        return key.value if key.ndim else key.value[()]
    if isinstance(key, slice) and key.step is not None and key.step < 1:
        raise errors.indexing.negative_step()
    return np.asarray(key, None if key else np.int64) if isinstance(key, list) else key


def _without_leading_ones(value: Any, ndim: int) -> Any:
    """A value to assign, without the dimensions of size 1 that its place does not have."""
    while getattr(value, "ndim", 0) > ndim and value.shape[0] == 1:
        value = value[0]
    return value
