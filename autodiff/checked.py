"""``.grad`` and ``.requires_grad`` of a tensor: plain values that refuse what makes no sense.

The engine reads and writes the slots under them, ``_grad`` and ``_requires_grad``.
"""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

import numpy as np

from autodiff import dtypes, errors, observe
from autodiff.grad_mode import mode
from autodiff.inference import Untracked
from autodiff.variable import Variable

if TYPE_CHECKING:
    from typing import Self

__all__ = ["Checked"]


class Checked(Variable):
    """A variable whose flags and gradient can only be set to what a backward pass can use."""

    __slots__ = ()

    value: np.ndarray
    version: list[Any]

    @property
    def grad(self) -> Any:
        """The sum of the gradients that arrived here, or None before the first.

        Reading it from an intermediate value that does not retain its gradient gives None and a
        warning. Assigning to it takes None, or a tensor of this tensor's shape and dtype.

        Raises:
            TypeError: what is assigned is neither a tensor nor None.
            RuntimeError: it is this tensor itself, or has another shape or dtype.

        >>> import autodiff as ad
        >>> w = ad.tensor([1.0, 2.0], requires_grad=True)
        >>> w.grad = ad.ones(2)
        >>> w.sum().backward()
        >>> w.grad
        tensor([2., 2.])
        """
        g = self._grad
        if g is None and self._source is not None and not self.retains_grad:
            warnings.warn(errors.leaves.grad_of_non_leaf(), stacklevel=2)
        return g

    @grad.setter
    def grad(self, g: Any) -> None:
        if g is not None:
            if not isinstance(g, Checked):
                raise errors.leaves.grad_not_a_tensor(type(g).__name__)
            if g is self:
                raise errors.leaves.grad_of_itself()
            if g.value.shape != self.value.shape:
                raise errors.leaves.grad_shape(g.value.shape, self.value.shape)
            if g.value.dtype != self.value.dtype:
                raise errors.leaves.grad_dtype(
                    *(dtypes.from_numpy(x.value.dtype) for x in (g, self))
                )
        self._grad = g
        if mode.observers:
            observe.tell("set_grad", self, g)

    @grad.deleter
    def grad(self) -> None:
        self.grad = None

    @property
    def requires_grad(self) -> bool:
        """Whether operations on this tensor are recorded. It can be switched on leaves only.

        Raises:
            RuntimeError: this is no leaf; its elements are integers; or the value is no bool.
        """
        return self._requires_grad

    @requires_grad.setter
    def requires_grad(self, value: bool) -> None:
        if not isinstance(value, bool):
            raise errors.leaves.requires_grad_not_bool(value)
        if self._source is not None:
            raise errors.leaves.requires_grad_of_non_leaf()
        self.requires_grad_(value)

    def requires_grad_(self, requires_grad: bool = True) -> Self:
        """Ask for (or stop asking for) gradients of this leaf, in place.

        Raises:
            RuntimeError: integers cannot require grad; a non-leaf cannot be switched off; a tensor
                made in `inference_mode` stays outside of graphs.

        >>> import autodiff as ad
        >>> ad.zeros(2).requires_grad_()
        tensor([0., 0.], requires_grad=True)
        """
        if requires_grad and self.value.dtype.kind not in "fc":
            raise errors.in_place.integers_require_grad(dtypes.from_numpy(self.value.dtype))
        if not requires_grad and self._source is not None:
            raise errors.leaves.requires_grad_of_non_leaf()
        if requires_grad and type(self.version) is Untracked and not mode.inference:
            raise errors.inference.requires_grad_outside()
        self._requires_grad = requires_grad
        return self
