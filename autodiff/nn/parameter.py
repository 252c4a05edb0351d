"""Parameter: a tensor that a module learns."""

from __future__ import annotations

from typing import Any

import numpy as np

from autodiff.tensor import Tensor

__all__ = ["Parameter"]


class Parameter(Tensor):
    """A tensor that requires grad, and that a `Module` it is assigned to lists as its own.

    >>> import autodiff as ad
    >>> ad.nn.Parameter(ad.zeros(2))
    Parameter containing:
    tensor([0., 0.], requires_grad=True)
    """

    __slots__ = ()

    def __init__(self, data: Tensor | None = None, requires_grad: bool = True) -> None:
        self.value = np.zeros(0, np.float32) if data is None else data.value
        self.version = [0] if data is None else data.version
        self._grad = self.hooks = self._source = self.base = self.steps = self.views = None
        self._requires_grad = False
        self.requires_grad_(requires_grad)

    def __repr__(self) -> str:
        return f"Parameter containing:\n{super().__repr__()}"

    def __deepcopy__(self, memo: dict[Any, Any]) -> Parameter:
        copy = Parameter(Tensor._wrap(self.value.copy()), self.requires_grad)
        memo[id(self)] = copy
        return copy

    def __reduce__(self) -> Any:
        return _rebuild, (self.value, self.requires_grad)


def _rebuild(value: np.ndarray, requires_grad: bool) -> Parameter:
    return Parameter(Tensor._wrap(value), requires_grad)
