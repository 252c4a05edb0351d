"""NumPy's linear algebra on the GPU: what is made of the factors, and when it raises.

A singular matrix is an error where its inverse is asked for, as NumPy and PyTorch have it. So
`inv`, `solve` and `cholesky` wait for the device to know whether there is one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autodiff.backends.cuda import factor, jacobi
from autodiff.backends.cuda.array import CudaArray, check_together, xp
from autodiff.backends.cuda.matrices import identities, symmetric
from autodiff.backends.cuda.orthogonal import qr

__all__ = ["LINALG"]


def _diagonal(x: CudaArray) -> CudaArray:
    return xp.diagonal(x, 0, -2, -1)


def det(x: CudaArray) -> CudaArray:
    packed, _, sign = factor.lu(x, "det")
    return sign * _diagonal(packed).prod(-1)


def slogdet(x: CudaArray) -> tuple[CudaArray, CudaArray]:
    packed, _, sign = factor.lu(x, "slogdet")
    diagonal = _diagonal(packed)
    return sign * xp.sign(diagonal).prod(-1), xp.log(abs(diagonal)).sum(-1)


def inv(x: CudaArray) -> CudaArray:
    packed, order = _regular_factors(x, "inv")
    return factor.substitute(packed, order, identities(x, x.shape[-1]))


def solve(x: CudaArray, y: CudaArray) -> CudaArray:
    check_together(x if isinstance(x, CudaArray) else y, x, y)
    if y.ndim == 1:
        return solve(x, y[:, None])[..., 0]
    packed, order = _regular_factors(x, "solve")
    batch = np.broadcast_shapes(x.shape[:-2], y.shape[:-2])
    packed = xp.broadcast_to(packed, (*batch, *x.shape[-2:])).copy()
    order = xp.broadcast_to(order, (*batch, x.shape[-1])).copy()
    return factor.substitute(packed, order, xp.broadcast_to(y, (*batch, *y.shape[-2:])).copy())


def _regular_factors(x: CudaArray, name: str) -> tuple[CudaArray, CudaArray]:
    """The factors of matrices none of which is singular.

    Raises:
        LinAlgError: one is.
    """
    packed, order, _ = factor.lu(x, name)
    if xp.any(_diagonal(packed) == 0):
        raise np.linalg.LinAlgError("Singular matrix")
    return packed, order


def cholesky(x: CudaArray) -> CudaArray:
    out, positive = factor.cholesky(x)
    if not positive.all():
        raise np.linalg.LinAlgError("Matrix is not positive definite")
    return out


def svd(
    x: CudaArray, full_matrices: bool = True, compute_uv: bool = True, hermitian: bool = False
) -> Any:
    factors = jacobi.svd(symmetric(x) if hermitian else x, full_matrices)
    return factors if compute_uv else factors[1]


def pinv(x: CudaArray, rcond: float = 1e-15, hermitian: bool = False) -> CudaArray:
    u, s, vt = svd(x, False, hermitian=hermitian)
    counted = s > rcond * s.max(-1, keepdims=True, initial=0)
    inverse = xp.where(counted, 1 / s, x.dtype.type(0))
    return (vt.mT * inverse[..., None, :]) @ u.mT


LINALG: dict[Any, Callable[..., Any]] = {
    np.linalg.det: det,
    np.linalg.slogdet: slogdet,
    np.linalg.inv: inv,
    np.linalg.solve: solve,
    np.linalg.cholesky: cholesky,
    np.linalg.qr: qr,
    np.linalg.eigh: jacobi.eigh,
    np.linalg.svd: svd,
    np.linalg.pinv: pinv,
}
"""What runs here, by NumPy's function."""
