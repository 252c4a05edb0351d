"""All parameters of a model as one long vector, and back."""

from __future__ import annotations

from collections.abc import Iterable

from autodiff.grad_mode import no_grad
from autodiff.public import FUNCTIONS
from autodiff.tensor import Tensor

__all__ = ["parameters_to_vector", "vector_to_parameters"]


def parameters_to_vector(parameters: Iterable[Tensor]) -> Tensor:
    """All elements of all parameters, one after the other.

    >>> import autodiff as ad
    >>> ad.nn.utils.parameters_to_vector(ad.nn.Linear(3, 2).parameters()).shape
    autodiff.Size([8])
    """
    return FUNCTIONS["cat"]([parameter.reshape(-1) for parameter in parameters])


def vector_to_parameters(vec: Tensor, parameters: Iterable[Tensor]) -> None:
    """Copy a vector's elements into the parameters, one after the other.

    Raises:
        TypeError: ``vec`` is no tensor.

    >>> import autodiff as ad
    >>> a, b = ad.nn.Parameter(ad.zeros(1)), ad.nn.Parameter(ad.zeros(2))
    >>> ad.nn.utils.vector_to_parameters(ad.tensor([1.0, 2.0, 3.0]), [a, b])
    >>> a.detach(), b.detach()
    (tensor([1.]), tensor([2., 3.]))
    """
    if not isinstance(vec, Tensor):
        raise TypeError(f"expected torch.Tensor, but got: {type(vec).__name__}")
    start = 0
    with no_grad():
        for parameter in parameters:
            part = vec[start : start + parameter.numel()]
            parameter.copy_(part.reshape(parameter.shape))
            start += parameter.numel()
