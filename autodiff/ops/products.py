"""Products that add, contract or combine: addmm and its family, outer, tensordot, kron."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autodiff import errors
from autodiff.op import Op
from autodiff.ops.linalg import Matmul, check_dtypes
from autodiff.ops.shape import Permute, SumTo, positive_dim
from autodiff.ops.view import reshape, unsqueeze
from autodiff.public import public

# -- declarations ---------------------------------------------------------------------------------


class Addmm(Op):
    """A matrix plus a product of matrices."""

    formula = "beta * x + alpha * (y @ z)"

    def forward(x, y, z, *, beta, alpha):
        return _weighted_sum(x, y @ z, beta, alpha)

    def grad_x(g, x_shape, beta):
        return _times(SumTo.apply(g, shape=x_shape), beta)

    def grad_y(g, z, alpha):
        return _times(g @ z.mT, alpha)

    def grad_z(g, y, alpha):
        return _times(y.mT @ g, alpha)


class Baddbmm(Addmm):
    """A batch of matrices plus a batch of products of matrices."""


class Addbmm(Addmm):
    """A matrix plus the sum of a batch of products of matrices."""

    formula = "beta * x + alpha * sum(y @ z)"

    def forward(x, y, z, *, beta, alpha):
        return _weighted_sum(x, (y @ z).sum(0, dtype=y.dtype), beta, alpha)


class Addmv(Op):
    """A vector plus a product of a matrix and a vector."""

    formula = "beta * x + alpha * (y @ z)"

    def forward(x, y, z, *, beta, alpha):
        return _weighted_sum(x, y @ z, beta, alpha)

    def grad_x(g, x_shape, beta):
        return _times(SumTo.apply(g, shape=x_shape), beta)

    def grad_y(g, z, alpha):
        return _times(g[:, None] * z, alpha)

    def grad_z(g, y, alpha):
        return _times(y.mT @ g, alpha)


class Addr(Op):
    """A matrix plus the product of a column and a row."""

    formula = "beta * x + alpha * outer(y, z)"

    def forward(x, y, z, *, beta, alpha):
        return _weighted_sum(x, np.outer(y, z), beta, alpha)

    def grad_x(g, x_shape, beta):
        return _times(SumTo.apply(g, shape=x_shape), beta)

    def grad_y(g, z, alpha):
        return _times(g @ z, alpha)

    def grad_z(g, y, alpha):
        return _times(g.mT @ y, alpha)


def _weighted_sum(x: Any, product: Any, beta: float, alpha: float) -> Any:
    if product.dtype.kind != "f":
        beta, alpha = int(beta), int(alpha)
    # With beta = 0 nothing of x counts, not even its nan and inf.
    x = 0 if beta == 0 else _times(x, beta)
    return _times(product, alpha) + x


def _times(x: Any, factor: float) -> Any:
    return x if factor == 1 else x * factor


# -- a sum and a product --------------------------------------------------------------------------


def _added(op: type[Op], ndims: tuple[int, int], shape: Any, xs: Any, beta: Any, alpha: Any) -> Any:
    """Apply an op of the family, once the shapes and dtypes are known to fit."""
    x, y, z = xs
    name = op.__name__.lower()
    if (y.ndim, z.ndim) != ndims:
        raise errors.linalg.wrong_shapes(name, y.shape, z.shape)
    inner = y.shape[-1] if op is not Addr else 1
    if inner != (z.shape[-2 if z.ndim > 1 else 0] if op is not Addr else 1):
        raise errors.linalg.wrong_shapes(name, y.shape, z.shape)
    if y.ndim == 3 and y.shape[0] != z.shape[0]:
        raise errors.linalg.wrong_shapes(name, y.shape, z.shape)
    check_dtypes(x, y, z)
    try:
        fits = np.broadcast_shapes(x.shape, shape) == shape
    except ValueError:
        fits = False
    if not fits:
        raise errors.shapes.cannot_expand(x.shape, shape)
    return op.apply(x, y, z, beta=beta, alpha=alpha)


@public(in_place=True)
def addmm(x: Any, mat1: Any, mat2: Any, *, beta: float = 1, alpha: float = 1) -> Any:
    """``beta * x + alpha * (mat1 @ mat2)``; ``x`` is broadcast to the shape of the product.

    Raises:
        RuntimeError: shapes or dtypes that do not fit.

    >>> import autodiff as ad
    >>> ad.addmm(ad.ones(2), ad.eye(2), ad.eye(2))
    tensor([[2., 1.],
            [1., 2.]])
    """
    shape = (*mat1.shape[:1], *mat2.shape[1:])
    return _added(Addmm, (2, 2), shape, (x, mat1, mat2), beta, alpha)


@public(in_place=True)
def addmv(x: Any, mat: Any, vec: Any, *, beta: float = 1, alpha: float = 1) -> Any:
    """``beta * x + alpha * (mat @ vec)``; ``x`` is broadcast to the shape of the product.

    Raises:
        RuntimeError: shapes or dtypes that do not fit.

    >>> import autodiff as ad
    >>> ad.addmv(ad.ones(2), ad.eye(2), ad.tensor([3.0, 4.0]))
    tensor([4., 5.])
    """
    return _added(Addmv, (2, 1), tuple(mat.shape[:1]), (x, mat, vec), beta, alpha)


@public(in_place=True)
def addr(x: Any, vec1: Any, vec2: Any, *, beta: float = 1, alpha: float = 1) -> Any:
    """``beta * x + alpha * outer(vec1, vec2)``; ``x`` is broadcast to the shape of the product.

    >>> import autodiff as ad
    >>> ad.addr(ad.zeros(1), ad.tensor([1.0, 2.0]), ad.tensor([3.0, 4.0]))
    tensor([[3., 4.],
            [6., 8.]])
    """
    return _added(Addr, (1, 1), (*vec1.shape, *vec2.shape), (x, vec1, vec2), beta, alpha)


@public(in_place=True)
def baddbmm(x: Any, batch1: Any, batch2: Any, *, beta: float = 1, alpha: float = 1) -> Any:
    """``beta * x + alpha * (batch1 @ batch2)``; ``x`` is broadcast to the shape of the products.

    Raises:
        RuntimeError: shapes or dtypes that do not fit.

    >>> import autodiff as ad
    >>> ad.baddbmm(ad.ones(1), ad.ones(2, 1, 3), ad.ones(2, 3, 1)).flatten()
    tensor([4., 4.])
    """
    shape = (*batch1.shape[:2], *batch2.shape[2:])
    return _added(Baddbmm, (3, 3), shape, (x, batch1, batch2), beta, alpha)


@public(in_place=True)
def addbmm(x: Any, batch1: Any, batch2: Any, *, beta: float = 1, alpha: float = 1) -> Any:
    """``beta * x + alpha * sum of (batch1 @ batch2)`` over the batch.

    Raises:
        RuntimeError: shapes or dtypes that do not fit.

    >>> import autodiff as ad
    >>> ad.addbmm(ad.ones(1), ad.ones(2, 1, 3), ad.ones(2, 3, 1))
    tensor([[7.]])
    """
    shape = (*batch1.shape[1:2], *batch2.shape[2:])
    return _added(Addbmm, (3, 3), shape, (x, batch1, batch2), beta, alpha)


# -- outer and inner ------------------------------------------------------------------------------


@public(aliases=("ger",))
def outer(x: Any, vec2: Any) -> Any:
    """The product of each element of one vector with each element of another.

    Raises:
        RuntimeError: one is not a vector.

    >>> import autodiff as ad
    >>> ad.outer(ad.tensor([1, 2]), ad.tensor([3, 4]))
    tensor([[3, 4],
            [6, 8]])
    """
    if x.ndim != 1 or vec2.ndim != 1:
        raise errors.linalg.vectors_only("outer", x.shape if x.ndim != 1 else vec2.shape)
    return unsqueeze(x, 1) * vec2


@public
def inner(x: Any, other: Any) -> Any:
    """The inner products of the rows of ``x`` with those of ``other``.

    Raises:
        RuntimeError: the last dimensions differ.

    >>> import autodiff as ad
    >>> ad.inner(ad.tensor([[1, 2], [3, 4]]), ad.tensor([1, 1]))
    tensor([3, 7])
    """
    if not x.ndim or not other.ndim:
        return x * other
    if x.shape[-1] != other.shape[-1]:
        raise errors.linalg.wrong_shapes("inner", x.shape, other.shape)
    return tensordot(x, other, ([-1], [-1]))


@public(method=False)
def tensordot(a: Any, b: Any, dims: Any = 2) -> Any:
    """Products of the elements of ``a`` and ``b``, summed over some dimensions of both.

    ``dims`` is a number n (the last n of ``a`` with the first n of ``b``), or two lists.

    Raises:
        RuntimeError: the dimensions do not exist or have different sizes.

    >>> import autodiff as ad
    >>> ad.tensordot(ad.ones(2, 3, 4), ad.ones(3, 4, 5)).shape
    autodiff.Size([2, 5])
    """
    if isinstance(dims, int):
        if not 0 <= dims <= min(a.ndim, b.ndim):
            raise errors.linalg.contraction(f"there are no {dims} dimensions to sum over.")
        left, right = list(range(a.ndim - dims, a.ndim)), list(range(dims))
    else:
        left = [positive_dim(d, a.ndim) for d in _listed(dims[0])]
        right = [positive_dim(d, b.ndim) for d in _listed(dims[1])]
    sizes = [a.shape[d] for d in left]
    if sizes != [b.shape[d] for d in right]:
        raise errors.linalg.contraction(
            f"sizes {sizes} of the first do not match {[b.shape[d] for d in right]} of the second."
        )
    check_dtypes(a, b)
    rows = [d for d in range(a.ndim) if d not in left]
    columns = [d for d in range(b.ndim) if d not in right]
    first = reshape(
        Permute.apply(a, dims=(*rows, *left)), math.prod(a.shape[d] for d in rows), math.prod(sizes)
    )
    second = reshape(
        Permute.apply(b, dims=(*right, *columns)),
        math.prod(sizes),
        math.prod(b.shape[d] for d in columns),
    )
    shape = [a.shape[d] for d in rows] + [b.shape[d] for d in columns]
    return reshape(Matmul.apply(first, second), shape)


def _listed(dims: Any) -> list[int]:
    return [dims] if isinstance(dims, int) else list(getattr(dims, "tolist", lambda: dims)())


@public
def kron(x: Any, other: Any) -> Any:
    """The Kronecker product: ``other`` once for each element of ``x``, times that element.

    >>> import autodiff as ad
    >>> ad.kron(ad.tensor([1, 2]), ad.tensor([1, 1, 0]))
    tensor([1, 1, 0, 2, 2, 0])
    """
    ndim = max(x.ndim, other.ndim)
    first = (1,) * (ndim - x.ndim) + tuple(x.shape)
    second = (1,) * (ndim - other.ndim) + tuple(other.shape)
    apart = [n for pair in zip(first, (1,) * ndim, strict=True) for n in pair]
    fine = [n for pair in zip((1,) * ndim, second, strict=True) for n in pair]
    product = reshape(x, apart) * reshape(other, fine)
    return reshape(product, [n * m for n, m in zip(first, second, strict=True)])
