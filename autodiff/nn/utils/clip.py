"""Clipping: gradients that are too large are made smaller before the optimizer's step.

Source: Pascanu et al., "On the difficulty of training recurrent neural networks" (2013).
"""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np

from autodiff.creation import tensor
from autodiff.tensor import Tensor

__all__ = ["clip_grad_norm_", "clip_grad_value_", "get_total_norm"]


def get_total_norm(
    tensors: Iterable[Tensor], norm_type: float = 2.0, error_if_nonfinite: bool = False
) -> Tensor:
    """The norm of all elements of all tensors, as if they were one vector.

    Raises:
        RuntimeError: it is not finite, and ``error_if_nonfinite`` asks to say so.

    >>> import autodiff as ad
    >>> ad.nn.utils.get_total_norm([ad.tensor([3.0]), ad.tensor([0.0, 4.0])])
    tensor(5.)
    """
    arrays = [x.value for x in tensors]
    norms = [float(np.linalg.norm(a.ravel().astype(np.float64), norm_type)) for a in arrays]
    total = float(np.linalg.norm(norms, norm_type)) if norms else 0.0
    if error_if_nonfinite and not math.isfinite(total):
        raise RuntimeError(
            f"The total norm of order {norm_type} for gradients from `parameters` is non-finite, "
            "so it cannot be clipped.\n"
            "  Fix: find the parameter with viz.why(parameter), or pass error_if_nonfinite=False."
        )
    return tensor(total, dtype=None if not arrays else _dtype(arrays[0]))


def _dtype(array: np.ndarray) -> object:
    from autodiff import dtypes

    return dtypes.from_numpy(array.dtype)


def clip_grad_norm_(
    parameters: Tensor | Iterable[Tensor],
    max_norm: float,
    norm_type: float = 2.0,
    error_if_nonfinite: bool = False,
) -> Tensor:
    """Scale all gradients, in place, so that their total norm is at most ``max_norm``.

    Returns:
        The norm before.

    Raises:
        RuntimeError: the norm is not finite, and ``error_if_nonfinite`` asks to say so.

    >>> import autodiff as ad
    >>> w = ad.tensor([3.0, 4.0], requires_grad=True)
    >>> (w * w.detach()).sum().backward()
    >>> ad.nn.utils.clip_grad_norm_([w], 1.0), w.grad
    (tensor(5.), tensor([0.6000, 0.8000]))
    """
    gradients = _gradients(parameters)
    total = get_total_norm(gradients, norm_type, error_if_nonfinite)
    factor = max_norm / (float(total) + 1e-6)
    if factor < 1:
        for grad in gradients:
            grad.mul_(factor)
    return total


def clip_grad_value_(parameters: Tensor | Iterable[Tensor], clip_value: float) -> None:
    """Limit each element of each gradient, in place, to at most ``clip_value`` in size.

    >>> import autodiff as ad
    >>> w = ad.tensor([1.0, 2.0], requires_grad=True)
    >>> (w * ad.tensor([0.5, -9.0])).sum().backward()
    >>> ad.nn.utils.clip_grad_value_([w], 1.0)
    >>> w.grad
    tensor([ 0.5000, -1.0000])
    """
    for grad in _gradients(parameters):
        grad.clamp_(-clip_value, clip_value)


def _gradients(parameters: Tensor | Iterable[Tensor]) -> list[Tensor]:
    listed = [parameters] if isinstance(parameters, Tensor) else list(parameters)
    return [p.grad for p in listed if p.grad is not None]
