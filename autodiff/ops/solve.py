"""Determinants, inverses and systems of linear equations, for matrices and stacks of them.

Source of the rules, where no other is given: Giles, "Collected matrix derivative results for
forward and reverse mode algorithmic differentiation" (2008).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from autodiff import errors
from autodiff.arrays import as_array, beside
from autodiff.naming import named_results
from autodiff.op import Op
from autodiff.ops.choice import where
from autodiff.ops.shape import SumTo
from autodiff.ops.view import squeeze, unsqueeze
from autodiff.public import public

# -- declarations ---------------------------------------------------------------------------------


class Det(Op):
    """The determinant. Rule: section 2.2.4."""

    formula = "det(x)"

    def forward(x):
        return as_array(np.linalg.det(x))

    def grad_x(g, x, out):
        return (g * out)[..., None, None] * _inverse("det", x).mT

    def name(self) -> str:
        return "LinalgDetBackward0"


class Slogdet(Op):
    """The logarithm of the absolute value of the determinant, and its sign."""

    formula = "log |det(x)|"
    extras = ("sign",)

    def forward(x):
        sign, out = np.linalg.slogdet(x)
        return as_array(out), as_array(sign)

    def grad_x(g, x):
        return g[..., None, None] * _inverse("slogdet", x).mT

    def name(self) -> str:
        return "LinalgSlogdetBackward0"


class Inv(Op):
    """The inverse. Rule: section 2.2.3."""

    formula = "inverse of x"

    def forward(x):
        return np.linalg.inv(x)

    def grad_x(g, out):
        return -(out.mT @ g @ out.mT)

    def name(self) -> str:
        return "LinalgInvExBackward0"


class Solve(Op):
    """The solution of ``x @ out = y``. Rule: section 2.3.1."""

    formula = "solution of x @ out = y"

    def forward(x, y):
        return np.linalg.solve(x, y)

    def grad_x(g, x, out, x_shape):
        return SumTo.apply(-(Solve.apply(x.mT, g) @ out.mT), shape=x_shape)

    def grad_y(g, x, y_shape):
        return SumTo.apply(Solve.apply(x.mT, g), shape=y_shape)

    def name(self) -> str:
        return "LinalgSolveExBackward0"


class Cholesky(Op):
    """The triangle L with ``L @ L.mT = x``.

    Source of the rule: Murray, "Differentiation of the Cholesky decomposition" (2016), section 3.1.
    """

    formula = "cholesky(x)"

    def forward(x):
        return np.linalg.cholesky(x)

    def grad_x(g, out):
        inner = _half_triangle(out.mT @ g)
        inner = inner + inner.mT
        inverse = Inv.apply(out)
        return (inverse.mT @ inner @ inverse) / 2

    def name(self) -> str:
        return "LinalgCholeskyExBackward0"


def _inverse(name: str, x: Any) -> Any:
    """The inverse that a rule needs.

    Raises:
        LinAlgError: the matrix is singular.
    """
    try:
        return Inv.apply(x)
    except np.linalg.LinAlgError:
        raise errors.linalg.singular(name) from None


def _half_triangle(x: Any) -> Any:
    """The lower triangle with half of the diagonal."""
    below = beside(x, np.tri(x.shape[-1], k=-1, dtype=bool))
    diagonal = beside(x, np.eye(x.shape[-1], dtype=bool))
    return where(below, x, where(diagonal, x / 2, 0.0))


# -- checks ---------------------------------------------------------------------------------------


def check_matrix(name: str, x: Any) -> None:
    """Refuse vectors, integers and float16."""
    if x.ndim < 2:
        raise errors.linalg.needs_matrix(name, x.shape)
    if x.value.dtype.kind != "f":
        raise errors.linalg.needs_floats(name, x.dtype)
    if x.value.dtype == np.float16:
        raise errors.linalg.low_precision(name, x.dtype)


def check_finite(name: str, x: Any) -> None:
    """Refuse nan and inf, on which an iteration would not come to an end."""
    if not np.isfinite(x.value).all():
        raise errors.linalg.did_not_converge(name)


def check_square(name: str, x: Any) -> None:
    """Refuse matrices that are not square."""
    if x.ndim < 2:
        raise errors.linalg.needs_matrix(name, x.shape)
    if x.shape[-1] != x.shape[-2]:
        raise errors.linalg.not_square(name, x.shape)


def _check(name: str, x: Any) -> None:
    check_square(name, x)
    check_matrix(name, x)


# -- public functions -----------------------------------------------------------------------------


@public
def det(x: Any) -> Any:
    """The determinant of a square matrix, or of each of a stack.

    Raises:
        RuntimeError: not square, or integers. The gradient of a singular matrix is a LinAlgError.

    >>> import autodiff as ad
    >>> ad.linalg.det(ad.tensor([[2.0, 0.0], [0.0, 3.0]]))
    tensor(6.)
    """
    _check("linalg.det", x)
    return Det.apply(x)


SlogdetResult = named_results("linalg_slogdet", "sign", "logabsdet")
"""The sign of a determinant and the logarithm of its absolute value."""


@public
def slogdet(x: Any) -> Any:
    """The sign of the determinant, and the logarithm of its absolute value.

    >>> import autodiff as ad
    >>> ad.linalg.slogdet(ad.eye(2)).sign
    tensor(1.)
    """
    _check("linalg.slogdet", x)
    logabsdet, sign = Slogdet.apply(x)
    return SlogdetResult(sign, logabsdet)


@public
def logdet(x: Any) -> Any:
    """The logarithm of the determinant; nan where it is negative.

    >>> import autodiff as ad
    >>> ad.eye(2).logdet()
    tensor(0.)
    """
    sign, logabsdet = slogdet(x)
    return logabsdet.masked_fill(sign < 0, float("nan"))


def inv(x: Any) -> Any:
    """The inverse of a square matrix, or of each of a stack.

    Raises:
        LinAlgError: a matrix is singular.
        RuntimeError: not square, or integers.

    >>> import autodiff as ad
    >>> ad.linalg.inv(ad.tensor([[2.0, 0.0], [0.0, 4.0]]))
    tensor([[0.5000, 0.0000],
            [0.0000, 0.2500]])
    """
    _check("linalg.inv", x)
    try:
        return Inv.apply(x)
    except np.linalg.LinAlgError:
        raise errors.linalg.singular("inv") from None


def solve(A: Any, B: Any, *, left: bool = True) -> Any:  # noqa: N803 - PyTorch's names
    """The solution X of ``A @ X = B``, or of ``X @ A = B`` with ``left=False``.

    ``B`` is a matrix, a vector, or a stack of them.

    Raises:
        LinAlgError: ``A`` is singular.
        RuntimeError: shapes or dtypes that do not fit.

    >>> import autodiff as ad
    >>> ad.linalg.solve(ad.tensor([[2.0, 0.0], [0.0, 4.0]]), ad.tensor([2.0, 2.0]))
    tensor([1.0000, 0.5000])
    """
    _check("linalg.solve", A)
    if A.dtype != B.dtype:
        raise errors.linalg.matmul_dtypes(A.dtype, B.dtype)
    if not left:
        return solve(A.mT, B.mT).mT
    vector = B.ndim == 1 or (B.ndim == A.ndim - 1 and B.shape == A.shape[:-1])
    if B.ndim == 0 or B.shape[-1 if vector else -2] != A.shape[-1]:
        raise errors.linalg.wrong_shapes("linalg.solve", A.shape, B.shape)
    try:
        if vector:
            return squeeze(Solve.apply(A, unsqueeze(B, -1)), -1)
        return Solve.apply(A, B)
    except np.linalg.LinAlgError:
        raise errors.linalg.singular("solve") from None


def cholesky(x: Any, *, upper: bool = False) -> Any:
    """The lower triangle L with ``L @ L.mT = x``, or the upper one U with ``U.mT @ U = x``.

    Raises:
        LinAlgError: ``x`` is not positive-definite.
        RuntimeError: not square, or integers.

    >>> import autodiff as ad
    >>> ad.linalg.cholesky(ad.tensor([[4.0, 2.0], [2.0, 2.0]]))
    tensor([[2., 0.],
            [1., 1.]])
    """
    _check("linalg.cholesky", x)
    try:
        out = Cholesky.apply(x.mT if upper else x)
    except np.linalg.LinAlgError:
        raise errors.linalg.not_positive_definite() from None
    return out.mT if upper else out


@public
def inverse(x: Any) -> Any:
    """The inverse of a square matrix: `inv` under its older name.

    >>> import autodiff as ad
    >>> ad.tensor([[2.0]]).inverse()
    tensor([[0.5000]])
    """
    return inv(x)
