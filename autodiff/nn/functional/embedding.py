"""Rows of a table by number: embeddings and one-hot vectors."""

from __future__ import annotations

import numpy as np

from autodiff import errors
from autodiff.arrays import beside, on_host
from autodiff.grad_mode import no_grad
from autodiff.public import FUNCTIONS
from autodiff.tensor import Tensor

__all__ = ["embedding", "one_hot"]


def embedding(
    x: Tensor,
    weight: Tensor,
    padding_idx: int | None = None,
    max_norm: float | None = None,
    norm_type: float = 2.0,
) -> Tensor:
    """The rows of ``weight`` with the numbers ``x``, in the shape of ``x`` and one more dimension.

    Args:
        x: integers from 0 to the number of rows.
        weight: shape (rows, features).
        padding_idx: a row that gets no gradient.
        max_norm: rows that are used and longer than this are shortened to it, in place.
        norm_type: the norm that ``max_norm`` means.

    Raises:
        RuntimeError: the numbers are not integers.
        IndexError: a number is no row.

    >>> import autodiff as ad
    >>> rows = ad.tensor([[0.0, 1.0], [10.0, 11.0]])
    >>> ad.nn.functional.embedding(ad.tensor([1, 0, 1]), rows)
    tensor([[10., 11.],
            [ 0.,  1.],
            [10., 11.]])
    """
    if x.is_floating_point() or x.value.dtype == bool:
        raise RuntimeError(
            f"Expected tensor for argument 'indices' to have scalar type Long or Int, but got "
            f"{x.dtype} instead (while checking arguments for embedding)"
        )
    rows = weight.shape[0]
    numbers = x.value
    if on_host(numbers) and numbers.size and (numbers.min() < 0 or numbers.max() >= rows):
        wrong = int(numbers.min() if numbers.min() < 0 else numbers.max())
        raise IndexError(
            f"index out of range in self: the table has rows 0 to {rows - 1}, and {wrong} is asked "
            "for.\n  Fix: make num_embeddings at least the largest number plus 1."
        )
    if max_norm is not None:
        with no_grad():
            used = np.unique(numbers)
            lengths = np.linalg.norm(weight.value[used], norm_type, axis=1, keepdims=True)
            factors = np.where(lengths > max_norm, max_norm / (lengths + 1e-7), 1.0)
            weight[Tensor._wrap(used)] = weight.detach()[Tensor._wrap(used)] * Tensor._wrap(
                factors.astype(weight.value.dtype)
            )
    out = weight[x]
    if padding_idx is None:
        return out
    at_padding = Tensor._wrap((numbers == padding_idx % rows)[..., None])
    return FUNCTIONS["where"](at_padding, out.detach(), out)


def one_hot(x: Tensor, num_classes: int = -1) -> Tensor:
    """Class numbers as rows of zeros with a single 1.

    Raises:
        RuntimeError: ``x`` is not int64, or a number in it is no class.

    >>> import autodiff as ad
    >>> ad.nn.functional.one_hot(ad.tensor([1, 0]))
    tensor([[0, 1],
            [1, 0]])
    """
    if x.value.dtype != np.int64:
        raise errors.nn.classes_not_integer(x.dtype)
    classes = int(x.value.max()) + 1 if num_classes == -1 else num_classes
    for value in (int(x.value.min()), int(x.value.max())) if x.value.size else ():
        if not 0 <= value < classes:
            raise errors.nn.class_outside(value, classes)
    return Tensor._wrap(beside(x, np.eye(classes, dtype=np.int64))[x.value])
