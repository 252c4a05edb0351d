"""How quantities vary together: one row for each quantity, one column for each observation."""

from __future__ import annotations

from typing import Any

from autodiff import dtypes, errors
from autodiff.public import public

ONE_ROW_EACH = "reshape it to one row for each quantity."


@public
def cov(x: Any, *, correction: int = 1) -> Any:
    """The covariances of the rows of ``x``: a matrix, or a number for a vector.

    Raises:
        RuntimeError: more than two dimensions.

    >>> import autodiff as ad
    >>> ad.cov(ad.tensor([[0.0, 1.0, 2.0], [2.0, 1.0, 0.0]]))
    tensor([[ 1., -1.],
            [-1.,  1.]])
    """
    if x.ndim > 2:
        raise errors.linalg.vector_or_matrix("cov", x.shape, ONE_ROW_EACH)
    if not x.dtype.is_floating_point:
        x = x.to(dtypes.get_default_dtype())
    rows = x.reshape(1, -1) if x.ndim < 2 else x
    centred = rows - rows.mean(1, keepdim=True)
    covariance = centred @ centred.T / (rows.shape[1] - correction)
    return covariance if x.ndim == 2 else covariance.squeeze()


@public
def corrcoef(x: Any) -> Any:
    """The correlations of the rows of ``x``, from -1 to 1.

    Raises:
        RuntimeError: more than two dimensions.

    >>> import autodiff as ad
    >>> ad.corrcoef(ad.tensor([[0.0, 1.0, 2.0], [4.0, 2.0, 0.0]]))
    tensor([[ 1., -1.],
            [-1.,  1.]])
    """
    if x.ndim > 2:
        raise errors.linalg.vector_or_matrix("corrcoef", x.shape, ONE_ROW_EACH)
    covariance = cov(x)
    if x.ndim < 2:
        return covariance / covariance
    deviation = covariance.diagonal().sqrt()
    return (covariance / deviation / deviation.unsqueeze(1)).clamp(-1, 1)
