"""Products of many matrices: powers, and chains in the order of the least work."""

from __future__ import annotations

from typing import Any

import numpy as np

from autodiff import errors
from autodiff.ops.linalg import matmul
from autodiff.ops.solve import check_square, inv
from autodiff.ops.view import reshape, unsqueeze
from autodiff.public import public


@public
def matrix_power(x: Any, n: int) -> Any:
    """A square matrix multiplied n times with itself; its inverse for a negative n.

    Raises:
        RuntimeError: the matrices are not square, or singular for a negative n.

    >>> import autodiff as ad
    >>> ad.tensor([[1, 1], [0, 1]]).matrix_power(3)
    tensor([[1, 3],
            [0, 1]])
    """
    check_square("linalg.matrix_power", x)
    if n < 0:
        return matrix_power(inv(x), -n)
    if n == 0:
        identity = np.zeros(x.shape, x.value.dtype)
        identity[...] = np.eye(x.shape[-1])
        return type(x)._wrap(identity)
    out = None
    while n:
        n, odd = divmod(n, 2)
        if odd:
            out = x if out is None else matmul(out, x)
        x = matmul(x, x) if n else x
    return out


def multi_dot(tensors: Any) -> Any:
    """The product of several matrices, multiplied in the order that takes the least work.

    The first and the last may be vectors.

    Raises:
        RuntimeError: fewer than two, or shapes that do not fit.

    >>> import autodiff as ad
    >>> ad.linalg.multi_dot([ad.ones(2, 3), ad.ones(3, 4), ad.ones(4)])
    tensor([12., 12.])
    """
    tensors = list(tensors)
    if len(tensors) < 2:
        raise errors.linalg.too_few_matrices(len(tensors))
    ends, inside = (tensors[0], tensors[-1]), tensors[1:-1]
    if any(x.ndim != 2 for x in inside) or any(x.ndim not in (1, 2) for x in ends):
        raise errors.linalg.wrong_shapes("multi_dot", *(x.shape for x in tensors))
    row, column = tensors[0].ndim == 1, tensors[-1].ndim == 1
    if row:
        tensors[0] = unsqueeze(tensors[0], 0)
    if column:
        tensors[-1] = unsqueeze(tensors[-1], 1)
    out = _in_best_order(tensors)
    shape = (() if row else out.shape[:1]) + (() if column else out.shape[1:])
    return reshape(out, shape) if row or column else out


def _in_best_order(matrices: list[Any]) -> Any:
    """The product in the order of the least multiplications.

    Source: Cormen et al., "Introduction to Algorithms", the matrix-chain order problem.
    """
    sizes = [matrices[0].shape[0], *(x.shape[1] for x in matrices)]
    best: dict[tuple[int, int], tuple[int, int]] = {(i, i): (0, i) for i in range(len(matrices))}
    for length in range(1, len(matrices)):
        for i in range(len(matrices) - length):
            j = i + length
            best[i, j] = min(
                (best[i, k][0] + best[k + 1, j][0] + sizes[i] * sizes[k + 1] * sizes[j + 1], k)
                for k in range(i, j)
            )

    def product(i: int, j: int) -> Any:
        k = best[i, j][1]
        return matrices[i] if i == j else matmul(product(i, k), product(k + 1, j))

    return product(0, len(matrices) - 1)


@public(method=False)
def chain_matmul(*matrices: Any) -> Any:
    """The product of several matrices, multiplied in the order that takes the least work.

    >>> import autodiff as ad
    >>> ad.chain_matmul(ad.ones(2, 3), ad.ones(3, 4), ad.ones(4, 1)).shape
    autodiff.Size([2, 1])
    """
    return matrices[0] if len(matrices) == 1 else multi_dot(matrices)
