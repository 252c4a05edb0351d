"""Tensors made of several others' elements: their pairs, their powers, blocks."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np

from autodiff import errors
from autodiff.ops.expand import meshgrid
from autodiff.ops.join import cat, stack
from autodiff.public import public


@public(method=False)
def cartesian_prod(*tensors: Any) -> Any:
    """Every way to take one element of each vector, one in each row.

    Raises:
        RuntimeError: nothing, or something that is not a vector.

    >>> import autodiff as ad
    >>> ad.cartesian_prod(ad.tensor([1, 2]), ad.tensor([8, 9]))
    tensor([[1, 8],
            [1, 9],
            [2, 8],
            [2, 9]])
    """
    for x in tensors:
        if x.ndim != 1:
            raise errors.linalg.not_a_vector("cartesian_prod", x.shape, "flatten() it first.")
    if len(tensors) == 1:
        return tensors[0]
    return stack([grid.reshape(-1) for grid in meshgrid(*tensors, indexing="ij")], dim=1)


@public(method=False)
def combinations(x: Any, r: int = 2, with_replacement: bool = False) -> Any:
    """Every choice of ``r`` elements of a vector, one in each row; as in `itertools`.

    Raises:
        RuntimeError: not a vector, or a negative ``r``.

    >>> import autodiff as ad
    >>> ad.combinations(ad.tensor([1, 2, 3]))
    tensor([[1, 2],
            [1, 3],
            [2, 3]])
    """
    if x.ndim != 1:
        raise errors.linalg.not_a_vector("combinations", x.shape, "flatten() it first.")
    if r < 0:
        raise errors.numbers.bad_parameter("combinations", "r >= 0", r)
    if r == 0:
        return x[:0]
    choose = itertools.combinations_with_replacement if with_replacement else itertools.combinations
    chosen = list(choose(range(len(x)), r))
    return x[np.array(chosen, np.int64).reshape(-1, r)]


@public(method=False)
def block_diag(*tensors: Any) -> Any:
    """The matrices along the diagonal of a larger one, with zeros around them.

    A vector is a row, and a number a block of one element.

    Raises:
        RuntimeError: more than two dimensions.

    >>> import autodiff as ad
    >>> ad.block_diag(ad.ones(2, 2), ad.tensor([3.0, 4.0]))
    tensor([[1., 1., 0., 0.],
            [1., 1., 0., 0.],
            [0., 0., 3., 4.]])
    """
    for x in tensors:
        if x.ndim > 2:
            raise errors.linalg.vector_or_matrix("block_diag", x.shape, "call it once for each.")
    blocks = [x if x.ndim == 2 else x.reshape(1, -1) for x in tensors]
    rows, left, right = [], 0, sum(block.shape[1] for block in blocks)
    for block in blocks:
        height, width = block.shape
        right -= width
        zeros = [block.new_zeros((height, columns)) for columns in (left, right)]
        rows.append(cat([zeros[0], block, zeros[1]], dim=1))
        left += width
    return cat(rows)


@public(method=False)
def vander(x: Any, N: int | None = None, increasing: bool = False) -> Any:  # noqa: N803
    """The powers of each element of a vector in a row, falling to 0, or rising from it.

    Raises:
        RuntimeError: not a vector, or a negative ``N``.

    >>> import autodiff as ad
    >>> ad.vander(ad.tensor([2, 3]), 3)
    tensor([[4, 2, 1],
            [9, 3, 1]])
    """
    if x.ndim != 1:
        raise errors.linalg.not_a_vector("vander", x.shape, "flatten() it first.")
    count = len(x) if N is None else N
    if count < 0:
        raise errors.numbers.bad_parameter("vander", "N >= 0", N)
    powers = x.new_tensor(range(count))
    return x.unsqueeze(1) ** (powers if increasing else powers.flip(0))
