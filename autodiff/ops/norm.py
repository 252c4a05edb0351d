"""Norms of vectors and matrices, and the cross product."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autodiff import errors
from autodiff.op import Op
from autodiff.ops.arithmetic import sign
from autodiff.ops.choice import where
from autodiff.ops.decompose import svdvals
from autodiff.ops.expand import broadcast_tensors
from autodiff.ops.order import movedim
from autodiff.ops.reduce import spread
from autodiff.ops.roots import pow
from autodiff.ops.shape import Cast, positive_dim, positive_dims
from autodiff.public import public

# -- declarations ---------------------------------------------------------------------------------


class VectorNorm(Op):
    """The size of vectors: (sum of |x|**ord) ** (1 / ord) over some dimensions."""

    formula = "norm(x)"

    def forward(x, *, ord, dim, keepdim):
        size = np.abs(x)
        if ord == 2:
            return np.sqrt(np.add.reduce(size * size, axis=dim, keepdims=keepdim))
        if ord == math.inf:
            return size.max(axis=dim, keepdims=keepdim)
        if ord == -math.inf:
            return size.min(axis=dim, keepdims=keepdim)
        if ord == 0:
            return (x != 0).sum(axis=dim, keepdims=keepdim).astype(x.dtype)
        return (size**ord).sum(axis=dim, keepdims=keepdim) ** (1 / ord)

    def grad_x(g, x, out, ord, dim, x_shape, x_dtype):
        g, out = spread(g, x_shape, dim), spread(out, x_shape, dim)
        if ord == 0:
            return g * 0
        if ord == 1:
            return g * sign(x)
        if ord in (math.inf, -math.inf):
            largest = abs(x) == out
            ties = spread(largest.sum(dim), x_shape, dim)
            return where(largest, g * sign(x) / Cast.apply(ties, dtype=x_dtype), 0.0)
        # Where the norm is 0 there is no slope: 0 is taken, as at the tip of abs.
        flat = (out == 0) if ord > 1 else (x == 0)
        base = where(flat, 1.0, abs(x)) if ord < 2 else abs(x)
        if ord == 2:
            return where(flat, 0.0, g * x / where(flat, 1.0, out))
        ratio = pow(base / where(flat, 1.0, out), ord - 1)
        return where(flat, 0.0, g * sign(x) * ratio)

    def name(self) -> str:
        return "LinalgVectorNormBackward0"


class Cross(Op):
    """The cross product of vectors in space.

    The rule follows from the triple product: g . cross(dx, y) = dx . cross(y, g).
    """

    formula = "cross(x, y)"

    def forward(x, y, *, dim):
        return np.cross(x, y, axis=dim)

    def grad_x(g, y, dim):
        return Cross.apply(y, g, dim=dim)

    def grad_y(g, x, dim):
        return Cross.apply(g, x, dim=dim)

    def name(self) -> str:
        return "LinalgCrossBackward0"


# -- norms ----------------------------------------------------------------------------------------


def vector_norm(
    x: Any, ord: float = 2, dim: Any = None, keepdim: bool = False, *, dtype: Any = None
) -> Any:
    """(sum of |x|**ord) ** (1 / ord) over ``dim``, over all elements when it is None.

    ``ord`` may also be 0 (how many are not zero), inf or -inf (the largest and smallest |x|).

    Raises:
        RuntimeError: integers, or the largest of no elements.

    >>> import autodiff as ad
    >>> ad.linalg.vector_norm(ad.tensor([3.0, -4.0]))
    tensor(5.)
    """
    if dtype is not None:
        x = x.to(dtype)
    if not x.is_floating_point():
        raise errors.linalg.needs_floats("linalg.vector_norm", x.dtype)
    dims = positive_dims(None if dim == () else dim, x.ndim)
    if (ord == math.inf or ord < 0) and any(x.shape[d] == 0 for d in dims):
        raise errors.shapes.empty_extreme("linalg.vector_norm")
    return VectorNorm.apply(x, ord=float(ord), dim=dims, keepdim=keepdim)


def matrix_norm(
    x: Any, ord: Any = "fro", dim: Any = (-2, -1), keepdim: bool = False, *, dtype: Any = None
) -> Any:
    """The norm of matrices: "fro", "nuc", inf, -inf, 1, -1, 2 or -2.

    Frobenius' norm is that of all elements as one vector, the nuclear norm the sum of the singular
    values; 2 and -2 are the largest and the smallest singular value; 1 and inf the largest sum of
    |x| down a column and along a row.

    Raises:
        RuntimeError: fewer than two dimensions, or another order.

    >>> import autodiff as ad
    >>> ad.linalg.matrix_norm(ad.tensor([[1.0, 2.0], [-3.0, 4.0]]), 1)
    tensor(6.)
    """
    if dtype is not None:
        x = x.to(dtype)
    if x.ndim < 2:
        raise errors.linalg.needs_matrix("linalg.matrix_norm", x.shape)
    rows, columns = (positive_dim(d, x.ndim) for d in dim)
    if rows == columns:
        raise errors.shapes.same_dims("linalg.matrix_norm", *dim)
    if ord == "fro":
        return vector_norm(x, 2, (rows, columns), keepdim)
    if ord in ("nuc", 2, -2):
        values = svdvals(movedim(x, (rows, columns), (-2, -1)))
        out = values.sum(-1) if ord == "nuc" else values.amax(-1) if ord == 2 else values.amin(-1)
        return _kept(out, rows, columns) if keepdim else out
    if ord not in (1, -1, math.inf, -math.inf):
        raise errors.linalg.norm_order(ord)
    summed, other = (rows, columns) if ord in (1, -1) else (columns, rows)
    sums = x.abs().sum(summed, keepdim=keepdim)
    if not keepdim and other > summed:
        other -= 1
    return sums.amax(other, keepdim) if ord > 0 else sums.amin(other, keepdim)


def _kept(out: Any, *dims: int) -> Any:
    for d in sorted(dims):
        out = out.unsqueeze(d)
    return out


def linalg_norm(
    x: Any, ord: Any = None, dim: Any = None, keepdim: bool = False, *, dtype: Any = None
) -> Any:
    """`vector_norm` or `matrix_norm`, whichever ``ord`` and ``dim`` mean.

    Without ``ord`` the norm of all elements as one vector.

    Raises:
        RuntimeError: an ``ord`` without ``dim`` for a tensor that is neither vector nor matrix.

    >>> import autodiff as ad
    >>> ad.linalg.norm(ad.tensor([[3.0, 0.0], [0.0, 4.0]]))
    tensor(5.)
    """
    if ord is None:
        return vector_norm(x, 2, dim, keepdim, dtype=dtype)
    dims = (dim,) if isinstance(dim, int) else dim
    if dims is None and x.ndim not in (1, 2):
        raise errors.linalg.norm_without_dim(x.shape)
    if (x.ndim if dims is None else len(dims)) == 1 and not isinstance(ord, str):
        return vector_norm(x, ord, dim, keepdim, dtype=dtype)
    return matrix_norm(x, ord, dims or (-2, -1), keepdim, dtype=dtype)


@public
def norm(x: Any, p: Any = "fro", dim: Any = None, keepdim: bool = False, dtype: Any = None) -> Any:
    """(sum of |x|**p) ** (1 / p) over ``dim``, over all elements when it is None.

    "fro" means 2, and "nuc" the sum of the singular values of a matrix. `linalg.norm` is newer, and
    knows the norms of matrices.

    Raises:
        RuntimeError: integers.

    >>> import autodiff as ad
    >>> ad.tensor([[3.0, 0.0], [0.0, 4.0]]).norm()
    tensor(5.)
    """
    if p == "nuc":
        return matrix_norm(x, "nuc", (-2, -1) if dim is None else dim, keepdim, dtype=dtype)
    return vector_norm(x, 2 if p in ("fro", None) else p, dim, keepdim, dtype=dtype)


# -- the cross product ----------------------------------------------------------------------------


def linalg_cross(x: Any, other: Any, *, dim: int = -1) -> Any:
    """The cross product of vectors along ``dim``, which has size 3; the others are broadcast.

    Raises:
        RuntimeError: ``dim`` has another size, or different numbers of dimensions.

    >>> import autodiff as ad
    >>> ad.linalg.cross(ad.tensor([1, 0, 0]), ad.tensor([0, 1, 0]))
    tensor([0, 0, 1])
    """
    if x.ndim != other.ndim:
        raise errors.linalg.wrong_shapes("linalg.cross", x.shape, other.shape)
    dim = positive_dim(dim, x.ndim)
    for y in (x, other):
        if not y.ndim or y.shape[dim] != 3:
            raise errors.linalg.cross_size(y.shape, dim)
    if x.shape != other.shape:
        x, other = broadcast_tensors(x, other)
    return Cross.apply(x, other, dim=dim)


@public
def cross(x: Any, other: Any, dim: int | None = None) -> Any:
    """The cross product along ``dim``, by default the first dimension of size 3.

    Raises:
        RuntimeError: no dimension has size 3.

    >>> import autodiff as ad
    >>> ad.cross(ad.tensor([1, 0, 0]), ad.tensor([0, 1, 0]))
    tensor([0, 0, 1])
    """
    if dim is None:
        dim = next((d for d, n in enumerate(x.shape) if n == 3), -1)
    return linalg_cross(x, other, dim=dim)
