"""Matrix products."""

from __future__ import annotations

from typing import Any

import numpy as np

from autodiff import errors
from autodiff.op import Op, public
from autodiff.ops.shape import Reshape, SumTo


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
        (x, _), (y, _) = self.like or ()
        return "MmBackward0" if len(x) == len(y) == 2 else "BmmBackward0"


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


@public
def matmul(x: Any, y: Any) -> Any:
    """The matrix product; vectors are taken as a row on the left and a column on the right.

    Raises:
        RuntimeError: the shapes do not fit, or the dtypes differ.

    >>> import autodiff as ad
    >>> ad.tensor([[1.0, 2.0]]) @ ad.tensor([[3.0], [4.0]])
    tensor([[11.]])
    """
    if not x.ndim or not y.ndim or x.shape[-1] != y.shape[-2 if y.ndim > 1 else 0]:
        raise errors.shapes.matmul_shapes(x.shape, y.shape)
    if x.dtype != y.dtype:
        raise errors.shapes.matmul_dtypes(x.dtype, y.dtype)
    try:
        batch = np.broadcast_shapes(x.shape[:-2], y.shape[:-2])
    except ValueError:
        raise errors.shapes.matmul_shapes(x.shape, y.shape) from None
    row, column = x.ndim == 1, y.ndim == 1
    rows = () if row else x.shape[-2:-1]
    columns = () if column else y.shape[-1:]
    if row:
        x = Reshape.apply(x, shape=(1, *x.shape))
    if column:
        y = Reshape.apply(y, shape=(*y.shape, 1))
    out = Matmul.apply(x, y)
    return Reshape.apply(out, shape=(*batch, *rows, *columns)) if row or column else out


def linear(x: Any, weight: Any, bias: Any = None) -> Any:
    """``x @ weight.T + bias`` for ``x`` of shape (..., in), ``weight`` of shape (out, in).

    Raises:
        RuntimeError: the last dimension of ``x`` is not ``in``, or the dtypes differ.
    """
    if not x.ndim or x.shape[-1] != weight.shape[1]:
        raise errors.shapes.linear_shapes(x.shape, weight.shape)
    if x.dtype != weight.dtype:
        raise errors.shapes.layer_dtypes("linear", x.dtype, weight.dtype)
    if x.ndim == 2:
        return Linear.apply(x, weight, bias)
    rows = Reshape.apply(x, shape=(-1, x.shape[-1]))
    out = Linear.apply(rows, weight, bias)
    return Reshape.apply(out, shape=(*x.shape[:-1], weight.shape[0]))


@public
def mm(x: Any, y: Any) -> Any:
    """The product of two matrices.

    >>> import autodiff as ad
    >>> ad.eye(2).mm(ad.ones(2, 1)).shape
    autodiff.Size([2, 1])
    """
    if x.ndim != 2 or y.ndim != 2:
        raise errors.shapes.not_a_matrix("mm", x.shape if x.ndim != 2 else y.shape)
    return matmul(x, y)


@public
def dot(x: Any, y: Any) -> Any:
    """The inner product of two vectors.

    >>> import autodiff as ad
    >>> ad.tensor([1.0, 2.0]).dot(ad.tensor([3.0, 4.0]))
    tensor(11.)
    """
    if x.ndim != 1 or y.ndim != 1:
        raise errors.shapes.not_a_vector("dot", x.shape if x.ndim != 1 else y.shape)
    return matmul(x, y)
