"""Variable: what tensors that require grad were called before tensors could require grad."""

from __future__ import annotations

from typing import Any

__all__ = ["Variable"]


class _TensorsAreVariables(type):
    def __instancecheck__(cls, x: Any) -> bool:
        from autodiff.tensor import Tensor

        return isinstance(x, Tensor)


class Variable(metaclass=_TensorsAreVariables):
    """The historical name: ``Variable(x)`` is the tensor ``x`` itself, as a new leaf.

    >>> import autodiff as ad
    >>> x = ad.autograd.Variable(ad.ones(2), requires_grad=True)
    >>> x
    tensor([1., 1.], requires_grad=True)
    >>> isinstance(x, ad.autograd.Variable)
    True
    """

    def __new__(cls, data: Any = None, requires_grad: bool = False) -> Any:
        from autodiff.tensor import Tensor

        x = Tensor() if data is None else data.detach()
        return x.requires_grad_(requires_grad)
