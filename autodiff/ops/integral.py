"""Integrals of functions that are known at some places."""

from __future__ import annotations

from typing import Any

from autodiff import errors
from autodiff.ops.cumulative import diff
from autodiff.ops.shape import positive_dim
from autodiff.public import public


@public(method=False, aliases=("trapz",))
def trapezoid(y: Any, x: Any = None, *, dx: float = 1.0, dim: int = -1) -> Any:
    """The area under straight lines between the points (x, y), along ``dim``.

    Args:
        x: the places of the values, a vector or in the shape of ``y``; else they are ``dx`` apart.

    Raises:
        RuntimeError: a vector ``x`` with more or fewer places than there are values.

    >>> import autodiff as ad
    >>> ad.trapezoid(ad.tensor([0.0, 1.0, 4.0]), dx=0.5)
    tensor(1.5000)
    """
    dim = positive_dim(dim, y.ndim)
    count = y.shape[dim]
    means = (y.narrow(dim, 1, count - 1) + y.narrow(dim, 0, count - 1)) / 2
    if x is None:
        return means.sum(dim) * dx
    if x.ndim > 1:
        return (means * diff(x, dim=dim)).sum(dim)
    if len(x) != count:
        raise errors.shapes.places_of_values(len(x), count)
    return (means * diff(x).reshape(-1, *[1] * (y.ndim - 1 - dim))).sum(dim)
