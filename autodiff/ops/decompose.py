"""Singular values, eigenvalues and QR, for matrices and stacks of them.

Each factor is an op of its own. Its rule works the other factors out anew from the input, so that
it records itself for higher derivatives. The factors themselves are computed once, and handed to
the ops as a setting.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from autodiff import errors
from autodiff.arrays import beside, zeros
from autodiff.grad_mode import is_grad_enabled
from autodiff.naming import named_results
from autodiff.op import Op
from autodiff.ops.choice import where
from autodiff.ops.join import cat
from autodiff.ops.solve import Solve, check_finite, check_matrix, check_square

# -- symmetric matrices -------------------------------------------------------------------------


class Eigenvalues(Op):
    """The eigenvalues of a symmetric matrix.

    Source of the rules: Giles, "Collected matrix derivative results for forward and reverse mode
    algorithmic differentiation" (2008), section 3.1.
    """

    formula = "eigenvalues of x"

    def forward(x, *, factors):
        return factors[0] if factors else np.linalg.eigh(x)[0]

    def grad_x(g, x):
        q = Eigenvectors.apply(x, factors=None)
        return q @ (g[..., :, None] * q.mT)

    def name(self) -> str:
        return "LinalgEighBackward0"


class Eigenvectors(Op):
    """The eigenvectors of a symmetric matrix, as columns."""

    formula = "eigenvectors of x"

    def forward(x, *, factors):
        return factors[1] if factors else np.linalg.eigh(x)[1]

    def grad_x(g, x, out):
        values = Eigenvalues.apply(x, factors=None)
        return out @ ((out.mT @ g) / _gaps(values)) @ out.mT

    def name(self) -> str:
        return "LinalgEighBackward0"


def _gaps(values: Any) -> Any:
    """The differences of all pairs, values[j] - values[i]; infinite where i = j, to drop out."""
    same = beside(values, np.eye(values.shape[-1], dtype=bool))
    return where(same, float("inf"), values[..., None, :] - values[..., :, None])


EighResult = named_results("linalg_eigh", "eigenvalues", "eigenvectors")
"""The eigenvalues of a symmetric matrix, and the eigenvectors as columns."""


def eigh(x: Any, UPLO: str = "L") -> Any:  # noqa: N803 - PyTorch's name
    """The eigenvalues, in rising order, and the eigenvectors of a symmetric matrix.

    Only the triangle that ``UPLO`` names (lower or upper) is read. The gradient of the vectors
    needs the values to be distinct.

    Raises:
        LinAlgError: nan or inf in the input.
        RuntimeError: not square, integers, or another ``UPLO``.

    >>> import autodiff as ad
    >>> ad.linalg.eigh(ad.tensor([[2.0, 0.0], [0.0, 1.0]])).eigenvalues
    tensor([1., 2.])
    """
    factors = _eigh(x, UPLO)
    values = Eigenvalues.apply(x, factors=factors)
    return EighResult(values, Eigenvectors.apply(x, factors=factors))


def eigvalsh(x: Any, UPLO: str = "L") -> Any:  # noqa: N803 - PyTorch's name
    """The eigenvalues of a symmetric matrix, in rising order.

    >>> import autodiff as ad
    >>> ad.linalg.eigvalsh(ad.tensor([[2.0, 0.0], [0.0, 1.0]]))
    tensor([1., 2.])
    """
    return Eigenvalues.apply(x, factors=_eigh(x, UPLO))


def _eigh(x: Any, triangle: str) -> Any:
    check_square("linalg.eigh", x)
    check_matrix("linalg.eigh", x)
    if triangle not in ("L", "U", "l", "u"):
        raise errors.linalg.unknown_mode("linalg.eigh", triangle)
    check_finite("eigh", x)
    return np.linalg.eigh(x.value, "U" if triangle in "Uu" else "L")


# -- singular values ----------------------------------------------------------------------------


class SingularValues(Op):
    """The singular values of a matrix.

    Source of the rules: Townsend, "Differentiating the singular value decomposition" (2016).
    """

    formula = "singular values of x"

    def forward(x, *, factors):
        return factors[1] if factors else np.linalg.svd(x, full_matrices=False)[1]

    def grad_x(g, x):
        u, vt = LeftVectors.apply(x, factors=None), RightVectors.apply(x, factors=None)
        return u @ (g[..., :, None] * vt)

    def name(self) -> str:
        return "LinalgSvdBackward0"


class LeftVectors(Op):
    """The left singular vectors of a matrix, as columns."""

    formula = "left singular vectors of x"

    def forward(x, *, factors):
        return factors[0] if factors else np.linalg.svd(x, full_matrices=False)[0]

    def grad_x(g, x, out):
        s, vt = SingularValues.apply(x, factors=None), RightVectors.apply(x, factors=None)
        return _vectors_rule(g, out, s) @ vt

    def name(self) -> str:
        return "LinalgSvdBackward0"


class RightVectors(Op):
    """The right singular vectors of a matrix, as rows."""

    formula = "right singular vectors of x"

    def forward(x, *, factors):
        return factors[2] if factors else np.linalg.svd(x, full_matrices=False)[2]

    def grad_x(g, x, out):
        s, u = SingularValues.apply(x, factors=None), LeftVectors.apply(x, factors=None)
        return u @ _vectors_rule(g.mT, out.mT, s).mT

    def name(self) -> str:
        return "LinalgSvdBackward0"


def _vectors_rule(g: Any, u: Any, s: Any) -> Any:
    """The part of the gradient of x that stands left of the other factor's vectors.

    Within the space of u the columns turn into each other, the faster the closer their values
    are; out of that space they move with 1 / s.
    """
    within = u.mT @ g
    turned = (within - within.mT) / _gaps(s * s)
    inside = u @ (turned * s[..., None, :])
    if u.shape[-2] == u.shape[-1]:
        return inside
    return inside + (g - u @ within) / s[..., None, :]


SvdResult = named_results("linalg_svd", "U", "S", "Vh")
"""The factors of ``U @ diag(S) @ Vh``."""


def svd(x: Any, full_matrices: bool = True, *, driver: str | None = None) -> Any:
    """The singular value decomposition, ``x = U @ diag(S) @ Vh``, S in falling order.

    With ``full_matrices`` U and Vh are square; the vectors that complete them are not unique and
    have no gradient. That of the others needs the singular values to be distinct.

    Raises:
        LinAlgError: the algorithm does not converge (nan in the input).
        RuntimeError: fewer than two dimensions, or integers.

    >>> import autodiff as ad
    >>> ad.linalg.svd(ad.tensor([[3.0, 0.0], [0.0, -4.0]])).S
    tensor([4., 3.])
    """
    check_matrix("linalg.svd", x)
    rows, columns = x.shape[-2:]
    u, s, vt = _svd(x, full_matrices)
    count = s.shape[-1]
    factors = u[..., :count], s, vt[..., :count, :]
    left, right = LeftVectors.apply(x, factors=factors), RightVectors.apply(x, factors=factors)
    if full_matrices and rows > columns:
        left = cat([left, type(x)._wrap(u[..., count:])], -1)
    if full_matrices and rows < columns:
        right = cat([right, type(x)._wrap(vt[..., count:, :])], -2)
    return SvdResult(left, SingularValues.apply(x, factors=factors), right)


def svdvals(x: Any, *, driver: str | None = None) -> Any:
    """The singular values, in falling order.

    >>> import autodiff as ad
    >>> ad.linalg.svdvals(ad.tensor([[3.0, 0.0], [0.0, -4.0]]))
    tensor([4., 3.])
    """
    check_matrix("linalg.svd", x)
    return SingularValues.apply(x, factors=_svd(x, False))


def _svd(x: Any, full: bool) -> Any:
    check_finite("svd", x)
    return np.linalg.svd(x.value, full_matrices=full)


# -- QR -------------------------------------------------------------------------------------------


class Orthonormal(Op):
    """The factor Q of ``x = Q @ R``, for a matrix with at least as many rows as columns.

    Source of the rules: Seeger et al., "Auto-differentiating linear algebra" (2017), section 4.
    """

    formula = "Q of x = Q @ R"

    def forward(x, *, factors):
        return factors[0] if factors else np.linalg.qr(x)[0]

    def grad_x(g, x, out):
        r = Triangle.apply(x, factors=None)
        return _divided(g - out @ _symmetric(g.mT @ out), r)

    def name(self) -> str:
        return "LinalgQrBackward0"


class Triangle(Op):
    """The factor R of ``x = Q @ R``, for a matrix with at least as many rows as columns."""

    formula = "R of x = Q @ R"

    def forward(x, *, factors):
        return factors[1] if factors else np.linalg.qr(x)[1]

    def grad_x(g, x, out):
        q = Orthonormal.apply(x, factors=None)
        return _divided(q @ _symmetric(out @ g.mT), out)

    def name(self) -> str:
        return "LinalgQrBackward0"


def _symmetric(m: Any) -> Any:
    """The symmetric matrix with the lower triangle of ``m``."""
    lower = beside(m, np.tril(np.ones(m.shape[-2:], bool)))
    return where(lower, m, m.mT)


def _divided(x: Any, r: Any) -> Any:
    """``x @ inverse(r).mT``."""
    return Solve.apply(r, x.mT).mT


QrResult = named_results("linalg_qr", "Q", "R")
"""The factors of ``Q @ R``."""


def qr(x: Any, mode: str = "reduced") -> Any:
    """Orthonormal columns Q and a triangle R with ``x = Q @ R``.

    Raises:
        RuntimeError: an unknown mode; or a gradient is wanted, of mode "complete" for more rows
            than columns.

    >>> import autodiff as ad
    >>> q, r = ad.linalg.qr(ad.tensor([[3.0, 1.0], [4.0, 2.0]]))
    >>> (q.T @ q - ad.eye(2)).abs().max() < 1e-6
    tensor(True)
    """
    check_matrix("linalg.qr", x)
    if mode not in ("reduced", "complete", "r"):
        raise errors.linalg.unknown_mode("linalg.qr", mode)
    rows, columns = x.shape[-2:]
    if mode == "complete" and rows > columns:
        if x.requires_grad and is_grad_enabled():
            raise errors.linalg.no_complete_qr_gradient()
        return QrResult(*(type(x)._wrap(factor) for factor in np.linalg.qr(x.value, "complete")))
    if rows < columns:
        q, r = qr(x[..., :rows])
        r = cat([r, q.mT @ x[..., rows:]], -1)
    else:
        factors = np.linalg.qr(x.value)
        q, r = Orthonormal.apply(x, factors=factors), Triangle.apply(x, factors=factors)
    return QrResult(type(x)._wrap(zeros((0,), x.value)), r) if mode == "r" else QrResult(q, r)
