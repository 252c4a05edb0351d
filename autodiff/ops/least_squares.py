"""Pseudoinverses, least squares and ranks: matrices that have no inverse."""

from __future__ import annotations

from typing import Any

import numpy as np

from autodiff import errors
from autodiff.arrays import as_array, zeros
from autodiff.naming import named_results
from autodiff.op import Op
from autodiff.ops.linalg import matmul
from autodiff.ops.solve import check_finite, check_matrix
from autodiff.ops.view import squeeze, unsqueeze
from autodiff.public import public


class Pinv(Op):
    """The pseudoinverse.

    Source of the rule: Golub and Pereyra, "The differentiation of pseudo-inverses and nonlinear
    least squares problems whose variables separate" (1973), equation 4.12.
    """

    formula = "pseudoinverse of x"

    def forward(x, *, rtol, hermitian):
        return np.linalg.pinv(x, rcond=rtol, hermitian=hermitian)

    def grad_x(g, x, out):
        k = g.mT @ out
        kt = k @ out.mT
        return (out.mT @ out) @ (g.mT - k @ x) + kt - (x @ out) @ kt - (out @ k).mT

    def name(self) -> str:
        return "LinalgPinvBackward0"


def pinv(x: Any, *, rtol: float | None = None, hermitian: bool = False) -> Any:
    """The pseudoinverse: singular values below ``rtol`` times the largest count as zero.

    Raises:
        LinAlgError: nan or inf in the input.
        RuntimeError: fewer than two dimensions, or integers.

    >>> import autodiff as ad
    >>> ad.linalg.pinv(ad.tensor([[2.0], [0.0]]))
    tensor([[0.5000, 0.0000]])
    """
    check_matrix("linalg.pinv", x)
    check_finite("pinv", x)
    if rtol is None:
        rtol = max(x.shape[-2:]) * float(np.finfo(x.value.dtype).eps)
    return Pinv.apply(x, rtol=rtol, hermitian=hermitian)


@public
def pinverse(x: Any, rcond: float = 1e-15) -> Any:
    """The pseudoinverse: `pinv` under its older name.

    >>> import autodiff as ad
    >>> ad.tensor([[2.0], [0.0]]).pinverse()
    tensor([[0.5000, 0.0000]])
    """
    return pinv(x, rtol=rcond)


LstsqResult = named_results("linalg_lstsq", "solution", "residuals", "rank", "singular_values")
"""A least-squares fit; the last entry stays empty, as with PyTorch's default driver."""


def lstsq(A: Any, B: Any, rcond: float | None = None, *, driver: str | None = None) -> Any:  # noqa: N803
    """The X for which ``A @ X`` is closest to ``B``: the least-squares solution.

    Raises:
        RuntimeError: shapes or dtypes that do not fit.

    >>> import autodiff as ad
    >>> fit = ad.linalg.lstsq(ad.tensor([[1.0], [1.0]]), ad.tensor([[2.0], [4.0]]))
    >>> abs(fit.solution.item() - 3) < 1e-5
    True
    """
    check_matrix("linalg.lstsq", A)
    if A.dtype != B.dtype:
        raise errors.linalg.matmul_dtypes(A.dtype, B.dtype)
    vector = B.ndim == A.ndim - 1 and B.shape == A.shape[:-1]
    right = unsqueeze(B, -1) if vector else B
    if right.ndim < 2 or right.shape[-2] != A.shape[-2]:
        raise errors.linalg.wrong_shapes("linalg.lstsq", A.shape, B.shape)
    solution = matmul(pinv(A, rtol=rcond), right)
    rank = matrix_rank(A, rtol=rcond)
    rows, columns = A.shape[-2:]
    if rows > columns and bool((rank.value == columns).all()):
        residuals = ((right - matmul(A, solution)) ** 2).sum(-2)
    else:
        residuals = type(A)._wrap(zeros((0,), A.value))
    empty = type(A)._wrap(zeros((0,), A.value))
    return LstsqResult(squeeze(solution, -1) if vector else solution, residuals, rank, empty)


def matrix_rank(
    x: Any,
    *,
    tol: float | None = None,
    atol: float | None = None,
    rtol: float | None = None,
    hermitian: bool = False,
) -> Any:
    """How many singular values are larger than ``atol`` and than ``rtol`` times the largest.

    >>> import autodiff as ad
    >>> ad.linalg.matrix_rank(ad.ones(3, 3))
    tensor(1)
    """
    check_matrix("linalg.matrix_rank", x)
    check_finite("matrix_rank", x)
    singular = np.linalg.svd(x.value, compute_uv=False, hermitian=hermitian)
    atol = tol if tol is not None else atol
    if rtol is None:
        rtol = 0.0 if atol else max(x.shape[-2:]) * float(np.finfo(x.value.dtype).eps)
    limit = np.maximum(atol or 0.0, rtol * singular.max(-1, keepdims=True, initial=0))
    return type(x)._wrap(as_array((singular > limit).sum(-1)))
