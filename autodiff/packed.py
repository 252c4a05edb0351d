"""Saved values that are packed: what `saved_tensors_hooks` puts in the place of a node's values."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from autodiff import errors
from autodiff.arrays import ARRAYS
from autodiff.grad_mode import no_grad

__all__ = ["Packed", "pack_tensor", "unpack_tensor"]


class Packed:
    """Stands where the tuple of a node's saved values stood; reading a value unpacks it."""

    __slots__ = ("entries", "pack", "unpack")

    def __init__(
        self,
        values: tuple[Any, ...],
        pack: Callable[[Any], Any],
        unpack: Callable[[Any], Any],
    ) -> None:
        self.pack, self.unpack = pack, unpack
        self.entries = [self._entry(value) for value in values]

    def _entry(self, value: Any) -> tuple[Any, Any]:
        """What to keep for a value: itself, or its packed form and a weak link to the array."""
        if not isinstance(value, ARRAYS):
            return value, None
        return pack_array(value, self.pack), weakref.ref(value)

    def __len__(self) -> int:
        return len(self.entries)

    def __iter__(self) -> Iterator[Any]:
        return (self[i] for i in range(len(self)))

    def __getitem__(self, i: int) -> Any:
        kept, array = self.entries[i]
        return kept if array is None else unpack_tensor(kept, self.unpack).value

    def holds(self, array: np.ndarray) -> bool:
        """Whether this very array was packed."""
        return any(link is not None and link() is array for _, link in self.entries)

    def replace(self, array: np.ndarray, by: np.ndarray) -> None:
        """Pack another array in the place of one that is about to be overwritten."""
        self.entries = [
            self._entry(by) if link is not None and link() is array else (kept, link)
            for kept, link in self.entries
        ]


def pack_array(array: np.ndarray, pack: Callable[[Any], Any]) -> Any:
    from autodiff.tensor import Tensor

    return pack_tensor(Tensor._wrap(array), pack)


def pack_tensor(x: Any, pack: Callable[[Any], Any]) -> Any:
    """What ``pack`` makes of a tensor outside the graph.

    Raises:
        RuntimeError: ``pack`` wrote into the tensor.
    """
    version = x._version
    with no_grad():
        packed = pack(x)
    if x._version != version:
        raise errors.autograd.pack_hook_writes()
    return packed


def unpack_tensor(packed: Any, unpack: Callable[[Any], Any]) -> Any:
    """The tensor that ``unpack`` makes of what was packed.

    Raises:
        TypeError: it made something else.
    """
    from autodiff.tensor import Tensor

    x = unpack(packed)
    if not isinstance(x, Tensor):
        raise errors.autograd.unpacked_not_a_tensor(type(x).__name__)
    return x
