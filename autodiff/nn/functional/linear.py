"""Weighted sums as functions."""

from __future__ import annotations

from autodiff.ops.linalg import linear
from autodiff.public import FUNCTIONS
from autodiff.tensor import Tensor

__all__ = ["bilinear", "linear"]


def bilinear(x1: Tensor, x2: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
    """``x1 @ weight[k] @ x2 + bias[k]`` for each output k.

    Args:
        x1, x2: shapes (..., in1) and (..., in2).
        weight: shape (out, in1, in2).
        bias: shape (out,), or None.

    >>> import autodiff as ad
    >>> x1, x2 = ad.tensor([1.0, 2.0]), ad.tensor([3.0, 4.0])
    >>> ad.nn.functional.bilinear(x1, x2, ad.eye(2).reshape(1, 2, 2))  # 1 * 3 + 2 * 4
    tensor([11.])
    """
    out = FUNCTIONS["einsum"]("...i,kij,...j->...k", x1, weight, x2)
    return out if bias is None else out + bias
