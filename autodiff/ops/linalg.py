"""Matrix products."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autodiff import errors
from autodiff.op import Op
from autodiff.ops.shape import Reshape, SumTo
from autodiff.ops.view import Squeeze, UnsafeView, Unsqueeze, reshape
from autodiff.public import public

# -- declarations ---------------------------------------------------------------------------------


class Matmul(Op):
    """The product of two matrices, or of two stacks of matrices.

    Source of the rules: Giles, "Collected matrix derivative results for forward and reverse mode
    algorithmic differentiation" (2008), section 2.2.1.
    """

    formula = "x @ y"

    def forward(x, y):
        return x @ y

    def grad_x(g, y, x_shape):
        return SumTo.apply(g @ y.mT, shape=x_shape)

    def grad_y(g, x, y_shape):
        return SumTo.apply(x.mT @ g, shape=y_shape)

    def name(self) -> str:
        (x, _), (y, _) = self.like
        return "MmBackward0" if len(x) == len(y) == 2 else "BmmBackward0"


class Mv(Op):
    """The product of a matrix and a vector."""

    formula = "x @ y"

    def forward(x, y):
        return x @ y

    def grad_x(g, y):
        return g[:, None] * y

    def grad_y(g, x):
        return x.mT @ g


class Dot(Op):
    """The inner product of two vectors."""

    formula = "x . y"

    def forward(x, y):
        return x @ y

    def grad_x(g, y):
        return g * y

    def grad_y(g, x):
        return g * x


class Vdot(Dot):
    """The inner product of two vectors; for real numbers the same as `Dot`."""


class Linear(Op):
    """A fully connected layer on rows of ``x``: one output per row of ``weight``."""

    formula = "x @ weight.T + bias"

    def forward(x, weight, bias):
        out = x @ weight.T
        if bias is not None:
            out += bias
        return out

    def grad_x(g, weight):
        return g @ weight

    def grad_weight(g, x):
        return g.mT @ x

    def grad_bias(g):
        return g.sum(0)

    def name(self) -> str:
        has_bias = self.inputs[2] is not None or (self.constants or (None,) * 3)[2] is not None
        return "AddmmBackward0" if has_bias else "MmBackward0"


# -- public functions ---------------------------------------------------------------------------


@public
def matmul(x: Any, y: Any, *, out: Any = None) -> Any:
    """The matrix product; vectors are taken as a row on the left and a column on the right.

    Args:
        out: a tensor to write the result into.

    Raises:
        RuntimeError: the shapes do not fit, or the dtypes differ.

    >>> import autodiff as ad
    >>> ad.tensor([[1.0, 2.0]]) @ ad.tensor([[3.0], [4.0]])
    tensor([[11.]])
    """
    if out is not None:
        return out.copy_(matmul(x, y))
    left, right = x.value, y.value
    op: type[Op]
    if left.ndim == 2 and right.ndim == 2:
        op = Matmul
    elif left.ndim == 1 and right.ndim == 1:
        op = Dot
    elif left.ndim == 2 and right.ndim == 1:
        op = Mv
    else:
        return _matmul_of_stacks(x, y)
    if left.shape[-1] != right.shape[0]:
        raise errors.linalg.matmul_shapes(left.shape, right.shape)
    check_dtypes(x, y)
    return x._apply(op, (x, y), {})


def check_dtypes(x: Any, *others: Any) -> None:
    """Refuse to multiply tensors of different dtypes, or truth values."""
    dtype = x.value.dtype
    for y in others:
        if y.value.dtype is not dtype:
            raise errors.linalg.matmul_dtypes(x.dtype, y.dtype)
    if dtype.kind == "b":
        raise errors.linalg.product_of_bools()


def _matmul_of_stacks(x: Any, y: Any) -> Any:
    """The product where one side has more than two dimensions, or a vector is on the left."""
    if not x.ndim or not y.ndim or x.shape[-1] != y.shape[-2 if y.ndim > 1 else 0]:
        raise errors.linalg.matmul_shapes(x.shape, y.shape)
    check_dtypes(x, y)
    if x.ndim == 1:
        out = matmul(Unsqueeze.apply(x, shape=(1, *x.shape)), y)
        return Squeeze.apply(out, dim=out.ndim - 2)
    if y.ndim <= 2:
        # One large product instead of many small ones.
        rows = reshape(x, math.prod(x.shape[:-1]), x.shape[-1])
        return UnsafeView.apply(matmul(rows, y), shape=(*x.shape[:-1], *y.shape[1:]))
    try:
        np.broadcast_shapes(x.shape[:-2], y.shape[:-2])
    except ValueError:
        raise errors.linalg.matmul_shapes(x.shape, y.shape) from None
    return Matmul.apply(x, y)


def linear(x: Any, weight: Any, bias: Any = None) -> Any:
    """``x @ weight.T + bias`` for ``x`` of shape (..., in), ``weight`` of shape (out, in).

    Raises:
        RuntimeError: the last dimension of ``x`` is not ``in``, or the dtypes differ.

    >>> import autodiff as ad
    >>> x, weight, bias = ad.tensor([1.0, 2.0]), ad.tensor([[3.0, 4.0]]), ad.tensor([5.0])
    >>> ad.nn.functional.linear(x, weight, bias)  # 1 * 3 + 2 * 4 + 5
    tensor([16.])
    """
    if not x.ndim or x.shape[-1] != weight.shape[1]:
        raise errors.linalg.linear_shapes(x.shape, weight.shape)
    if x.dtype != weight.dtype:
        raise errors.linalg.layer_dtypes("linear", x.dtype, weight.dtype)
    if x.ndim == 2:
        return Linear.apply(x, weight, bias)
    rows = Reshape.apply(x, shape=(math.prod(x.shape[:-1]), x.shape[-1]))
    out = Linear.apply(rows, weight, bias)
    return Reshape.apply(out, shape=(*x.shape[:-1], weight.shape[0]))


@public
def mm(x: Any, y: Any) -> Any:
    """The product of two matrices.

    Raises:
        RuntimeError: one is not a matrix, or they do not fit.

    >>> import autodiff as ad
    >>> ad.eye(2).mm(ad.ones(2, 1)).shape
    autodiff.Size([2, 1])
    """
    if x.ndim != 2 or y.ndim != 2:
        raise errors.linalg.not_a_matrix("mm", x.shape if x.ndim != 2 else y.shape)
    return matmul(x, y)


@public
def bmm(x: Any, y: Any) -> Any:
    """The products of the matrices of two batches: (b, n, m) and (b, m, p) give (b, n, p).

    Raises:
        RuntimeError: not two batches of the same size, or matrices that do not fit.

    >>> import autodiff as ad
    >>> ad.ones(2, 3, 4).bmm(ad.ones(2, 4, 1)).shape
    autodiff.Size([2, 3, 1])
    """
    if x.ndim != 3 or y.ndim != 3 or x.shape[0] != y.shape[0] or x.shape[2] != y.shape[1]:
        raise errors.linalg.wrong_shapes("bmm", x.shape, y.shape)
    check_dtypes(x, y)
    return Matmul.apply(x, y)


@public
def mv(x: Any, vec: Any) -> Any:
    """The product of a matrix and a vector.

    Raises:
        RuntimeError: not a matrix and a vector, or they do not fit.

    >>> import autodiff as ad
    >>> ad.tensor([[1.0, 2.0]]).mv(ad.tensor([3.0, 4.0]))
    tensor([11.])
    """
    if x.ndim != 2 or vec.ndim != 1:
        raise errors.linalg.wrong_shapes("mv", x.shape, vec.shape)
    return matmul(x, vec)


@public
def dot(x: Any, y: Any) -> Any:
    """The inner product of two vectors.

    Raises:
        RuntimeError: one is not a vector, or their lengths or dtypes differ.

    >>> import autodiff as ad
    >>> ad.tensor([1.0, 2.0]).dot(ad.tensor([3.0, 4.0]))
    tensor(11.)
    """
    if x.ndim != 1 or y.ndim != 1:
        raise errors.linalg.not_a_vector("dot", x.shape if x.ndim != 1 else y.shape)
    return matmul(x, y)


@public
def vdot(x: Any, y: Any) -> Any:
    """The inner product of two vectors; for real numbers the same as `dot`.

    >>> import autodiff as ad
    >>> ad.tensor([1.0, 2.0]).vdot(ad.tensor([3.0, 4.0]))
    tensor(11.)
    """
    if x.ndim != 1 or x.shape != y.shape:
        raise errors.linalg.wrong_shapes("vdot", x.shape, y.shape)
    check_dtypes(x, y)
    return Vdot.apply(x, y)
