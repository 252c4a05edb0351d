"""Singular vectors as programs ask for them that are older than ``torch.linalg``."""

from __future__ import annotations

from typing import Any

from autodiff import errors
from autodiff.naming import named_results
from autodiff.ops import decompose
from autodiff.public import public


@public
def svd(x: Any, some: bool = True, compute_uv: bool = True) -> Any:
    """The singular value decomposition, ``x = U @ diag(S) @ V.mT``; `linalg.svd` gives ``V.mT``.

    Only as many vectors as there are singular values, unless ``some`` is False. Without
    ``compute_uv`` U and V are zeros.

    >>> import autodiff as ad
    >>> u, s, v = ad.svd(ad.tensor([[3.0, 0.0], [0.0, 4.0], [0.0, 0.0]]))
    >>> u.shape, s, v.shape
    (autodiff.Size([3, 2]), tensor([4., 3.]), autodiff.Size([2, 2]))
    """
    u, s, vh = decompose.svd(x, full_matrices=not some)
    if not compute_uv:
        rows, columns = x.shape[-2:]
        u, vh = (x.new_zeros((*x.shape[:-2], size, size)) for size in (rows, columns))
    return named_results("svd", "U", "S", "V")(u, s, vh.mT)


@public(method=False)
def pca_lowrank(A: Any, q: int | None = None, center: bool = True, niter: int = 2) -> Any:  # noqa: N803
    """The ``q`` principal components of observations in rows, as the columns of V: (U, S, V).

    ``A @ V`` projects on them. PyTorch approximates in ``niter`` steps; here the decomposition is
    exact, and ``niter`` has no effect.

    Raises:
        ValueError: ``q`` is more than the smaller size of ``A``.

    >>> import autodiff as ad
    >>> u, s, v = ad.pca_lowrank(ad.tensor([[0.0, 0.0], [2.0, 0.0], [4.0, 0.0]]), q=1)
    >>> v.abs()
    tensor([[1.],
            [0.]])
    """
    rows, columns = A.shape[-2:]
    count = min(6, rows, columns) if q is None else q
    if not 0 <= count <= min(rows, columns):
        raise errors.linalg.too_many_components(count, A.shape)
    u, s, v = svd(A - A.mean(-2, keepdim=True) if center else A)
    return u[..., :count], s[..., :count], v[..., :count]
