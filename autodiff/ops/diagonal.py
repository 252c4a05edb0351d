"""Diagonals: taken out of a tensor, put into one, and summed."""

from __future__ import annotations

from typing import Any

import numpy as np

from autodiff import errors
from autodiff.arrays import beside, zeros
from autodiff.op import Op
from autodiff.ops.shape import positive_dim
from autodiff.public import public


class Diagonal(Op):
    """A diagonal of two dimensions, as the last dimension: a view."""

    formula = "diagonal of x"

    def forward(x, *, offset, dim1, dim2):
        out = np.diagonal(x, offset, dim1, dim2)
        if x.flags.writeable:
            out.flags.writeable = True
        return out

    def grad_x(g, x_shape, offset, dim1, dim2):
        return DiagEmbed.apply(g, shape=x_shape, offset=offset, dim1=dim1, dim2=dim2)


class DiagonalCopy(Diagonal):
    """A diagonal of a matrix, copied."""

    def forward(x, *, offset, dim1, dim2):
        return np.diagonal(x, offset, dim1, dim2).copy()

    def name(self) -> str:
        return "DiagonalBackward0_copy"


class DiagEmbed(Op):
    """Zeros with ``x`` on a diagonal: the reverse of `Diagonal`."""

    formula = "zeros, with x on a diagonal"

    def forward(x, *, shape, offset, dim1, dim2):
        out = zeros(shape, x)
        place = np.diagonal(out, offset, dim1, dim2)
        place.flags.writeable = True
        place[...] = x
        return out

    def grad_x(g, offset, dim1, dim2):
        return Diagonal.apply(g, offset=offset, dim1=dim1, dim2=dim2)


class Trace(Op):
    """The sum of the diagonal of a matrix."""

    formula = "trace(x)"

    def forward(x):
        return np.trace(x)

    def grad_x(g, x_shape, x_dtype):
        return g * beside(g, np.eye(*x_shape, dtype=x_dtype))


@public
def diagonal(x: Any, offset: int = 0, dim1: int = 0, dim2: int = 1) -> Any:
    """The diagonal of two dimensions, ``offset`` above the main one, as the last dimension: a view.

    Raises:
        RuntimeError: ``dim1`` and ``dim2`` are the same.

    >>> import autodiff as ad
    >>> ad.tensor([[1, 2], [3, 4]]).diagonal()
    tensor([1, 4])
    """
    first, second = positive_dim(dim1, x.ndim), positive_dim(dim2, x.ndim)
    if first == second:
        raise errors.shapes.same_dims("diagonal", dim1, dim2)
    return Diagonal.apply(x, offset=offset, dim1=first, dim2=second)


@public
def diag_embed(x: Any, offset: int = 0, dim1: int = -2, dim2: int = -1) -> Any:
    """Zeros with the last dimension of ``x`` on the diagonal of two new dimensions.

    Raises:
        RuntimeError: ``dim1`` and ``dim2`` are the same.

    >>> import autodiff as ad
    >>> ad.tensor([1, 2]).diag_embed()
    tensor([[1, 0],
            [0, 2]])
    """
    first, second = positive_dim(dim1, x.ndim + 1), positive_dim(dim2, x.ndim + 1)
    if first == second:
        raise errors.shapes.same_dims("diag_embed", dim1, dim2)
    size = x.shape[-1] + abs(offset)
    shape = list(x.shape[:-1])
    for dim in sorted((first, second)):
        shape.insert(dim, size)
    return DiagEmbed.apply(x, shape=tuple(shape), offset=offset, dim1=first, dim2=second)


@public
def diag(x: Any, diagonal: int = 0) -> Any:
    """The diagonal of a matrix, copied; or a matrix with the vector ``x`` on its diagonal.

    Raises:
        RuntimeError: neither a vector nor a matrix.

    >>> import autodiff as ad
    >>> ad.diag(ad.tensor([1, 2]))
    tensor([[1, 0],
            [0, 2]])
    >>> ad.diag(ad.tensor([[1, 2], [3, 4]]), 1)
    tensor([2])
    """
    if x.ndim not in (1, 2):
        fix = "use diagonal() or diag_embed() for batches of matrices."
        raise errors.linalg.vector_or_matrix("diag", x.shape, fix)
    if x.ndim == 1:
        return diag_embed(x, diagonal)
    return DiagonalCopy.apply(x, offset=diagonal, dim1=0, dim2=1)


@public
def trace(x: Any) -> Any:
    """The sum of the diagonal of a matrix.

    Raises:
        RuntimeError: ``x`` is not a matrix.

    >>> import autodiff as ad
    >>> ad.tensor([[1, 2], [3, 4]]).trace()
    tensor(5)
    """
    if x.ndim != 2:
        raise errors.linalg.not_a_matrix("trace", x.shape)
    return Trace.apply(x)
