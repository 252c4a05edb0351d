"""How far apart points are."""

from __future__ import annotations

from typing import Any

from autodiff import errors
from autodiff.ops.norm import vector_norm
from autodiff.public import public


@public(method=False)
def cdist(x1: Any, x2: Any, p: float = 2.0, compute_mode: str | None = None) -> Any:
    """The distance of every point in ``x1`` (..., P, D) from every one in ``x2`` (..., R, D).

    The result has shape (..., P, R). ``compute_mode`` chooses between PyTorch's ways to compute
    it; here there is one, and it has no effect.

    Raises:
        RuntimeError: no matrices, another number of coordinates, or integers.

    >>> import autodiff as ad
    >>> ad.cdist(ad.tensor([[0.0, 0.0], [3.0, 4.0]]), ad.tensor([[0.0, 0.0]]))
    tensor([[0.],
            [5.]])
    """
    if min(x1.ndim, x2.ndim) < 2 or x1.shape[-1] != x2.shape[-1]:
        raise errors.shapes.not_points(x1.shape, x2.shape)
    return vector_norm(x1.unsqueeze(-2) - x2.unsqueeze(-3), p, -1)


@public
def dist(x: Any, y: Any, p: float = 2) -> Any:
    """The norm of the difference.

    >>> import autodiff as ad
    >>> ad.dist(ad.tensor([3.0, 0.0]), ad.tensor([0.0, 4.0]))
    tensor(5.)
    """
    return vector_norm(x - y, p)
