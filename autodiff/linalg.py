"""Linear algebra, as in ``torch.linalg``: for matrices and for stacks of them, with gradients."""

from __future__ import annotations

from typing import Any

from autodiff.errors.linalg import LinAlgError
from autodiff.naming import pytorch_names
from autodiff.ops.decompose import eigh, eigvalsh, qr, svd, svdvals
from autodiff.ops.diagonal import diagonal as _diagonal
from autodiff.ops.least_squares import lstsq, matrix_rank, pinv
from autodiff.ops.linalg import matmul
from autodiff.ops.norm import linalg_cross as cross
from autodiff.ops.norm import linalg_norm as norm
from autodiff.ops.norm import matrix_norm, vector_norm
from autodiff.ops.powers import matrix_power, multi_dot
from autodiff.ops.solve import cholesky, det, inv, slogdet, solve

__all__ = [
    "LinAlgError", "cholesky", "cross", "det", "diagonal", "eigh", "eigvalsh", "inv", "lstsq",
    "matmul", "matrix_norm", "matrix_power", "matrix_rank", "multi_dot", "norm", "pinv", "qr",
    "slogdet", "solve", "svd", "svdvals", "vecdot", "vector_norm",
]  # fmt: skip


def diagonal(x: Any, *, offset: int = 0, dim1: int = -2, dim2: int = -1) -> Any:
    """The diagonals of a stack of matrices: `autodiff.diagonal` of the last two dimensions.

    >>> import autodiff as ad
    >>> ad.linalg.diagonal(ad.ones(2, 3, 3)).shape
    autodiff.Size([2, 3])
    """
    return _diagonal(x, offset, dim1, dim2)


def vecdot(x: Any, y: Any, *, dim: int = -1) -> Any:
    """The inner products of vectors along ``dim``; the other dimensions are broadcast.

    >>> import autodiff as ad
    >>> ad.linalg.vecdot(ad.tensor([[1, 2], [3, 4]]), ad.tensor([1, 1]))
    tensor([3, 7])
    """
    return (x * y).sum(dim)


for _name in __all__:
    if _name != "LinAlgError":
        globals()[_name] = pytorch_names(globals()[_name])
