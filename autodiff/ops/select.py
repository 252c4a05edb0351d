"""Picking elements out of a tensor: by position, along a dimension, or where a mask is true."""

from __future__ import annotations

from typing import Any

import numpy as np

from autodiff import errors
from autodiff.arrays import on_host
from autodiff.ops.expand import broadcast_shapes, expand
from autodiff.ops.index import GatherAlong, Index, IndexSelect, MaskedSelect, Take
from autodiff.ops.shape import positive_dim
from autodiff.ops.view import reshape
from autodiff.public import public

# -- keys -----------------------------------------------------------------------------------------


def along(dim: int, part: Any) -> tuple[Any, ...]:
    """The key that picks ``part`` of one dimension and all of those before and after it."""
    return (slice(None),) * dim + (part,)


def positions(name: str, index: Any, size: int, negative: bool = False) -> np.ndarray:
    """The positions of an index tensor, all of them below ``size``.

    Raises:
        RuntimeError: the index does not hold integers.
        IndexError: a position is out of range.
    """
    array = index.value
    if array.dtype.kind != "i":
        raise errors.indexing.index_dtype(name, index.dtype)
    if (
        on_host(array)
        and array.size
        and not (-size if negative else 0) <= array.min() <= array.max() < size
    ):
        raise errors.indexing.out_of_range(name, array, size)
    return array


def flat_key(x: Any, positions: np.ndarray) -> tuple[np.ndarray, ...]:
    """The key of the elements at positions in the flattened tensor."""
    return np.unravel_index(positions % max(x.numel(), 1), x.shape or (1,))


def vector_key(name: str, x: Any, dim: int, index: Any, negative: bool = False) -> Any:
    """The key of whole slices along ``dim`` at the positions of a vector."""
    if index.ndim > 1:
        raise errors.indexing.index_not_a_vector(name, index.shape)
    size = x.shape[dim] if x.ndim else 1
    array = positions(name, index, size, negative).reshape(-1)
    return along(dim, array) if x.ndim else (np.zeros(array.shape, np.int64),)


def gather_index(name: str, x: Any, dim: int, index: Any) -> np.ndarray:
    """The positions for `gather` and `scatter`: one along ``dim`` for each element of the index.

    Raises:
        RuntimeError: not integers; other dimensions than x, or larger; or out of range.
    """
    array = index.value
    shape = x.value.shape
    if (
        array.dtype.kind != "i"
        or (array.ndim or 1) != (len(shape) or 1)
        or any(n > shape[d] for d, n in enumerate(array.shape) if d != dim and shape)
        or (
            on_host(array)
            and array.size
            and not 0 <= array.min() <= array.max() < (shape[dim] if shape else 1)
        )
    ):
        raise errors.indexing.gather_index(name, shape, array.shape, dim, index.dtype)
    return array


# -- views ----------------------------------------------------------------------------------------


@public
def narrow(x: Any, dim: int, start: Any, length: int) -> Any:
    """A view of ``length`` slices along ``dim``, from ``start`` on.

    Raises:
        RuntimeError: the slices do not exist, or ``x`` has no dimensions.
        IndexError: ``start`` is out of range.

    >>> import autodiff as ad
    >>> ad.arange(5).narrow(0, 1, 3)
    tensor([1, 2, 3])
    """
    if not x.ndim:
        raise errors.shapes.too_few_dims("narrow", x.shape, 1)
    dim, start = positive_dim(dim, x.ndim), int(start)
    size = x.shape[dim]
    if not -size <= start <= size:
        raise errors.indexing.start_out_of_range(start, size)
    start += size if start < 0 else 0
    if length < 0 or start + length > size:
        raise errors.indexing.narrow_length(start, length, size)
    return Index.apply(x, key=along(dim, slice(start, start + length)))


@public
def select(x: Any, dim: int, index: int) -> Any:
    """A view of the slice at ``index`` along ``dim``, without that dimension.

    Raises:
        IndexError: there is no such slice, or ``x`` has no dimensions.

    >>> import autodiff as ad
    >>> ad.tensor([[1, 2], [3, 4]]).select(1, 0)
    tensor([1, 3])
    """
    if not x.ndim:
        raise errors.shapes.dim_out_of_range(dim, 0)
    dim, index = positive_dim(dim, x.ndim), int(index)
    if not -x.shape[dim] <= index < x.shape[dim]:
        raise errors.indexing.out_of_range("select", np.array(index), x.shape[dim])
    return Index.apply(x, key=along(dim, index))


# -- copies ---------------------------------------------------------------------------------------


@public
def index_select(x: Any, dim: int, index: Any) -> Any:
    """The slices along ``dim`` at the positions of a vector, copied.

    Raises:
        IndexError: a position is out of range, or ``index`` is not a vector.
        RuntimeError: ``index`` does not hold integers.

    >>> import autodiff as ad
    >>> ad.tensor([[1, 2], [3, 4]]).index_select(0, ad.tensor([1, 1]))
    tensor([[3, 4],
            [3, 4]])
    """
    dim = positive_dim(dim, x.ndim)
    key = vector_key("index_select", x, dim, index)
    if not x.ndim:
        return reshape(IndexSelect.apply(reshape(x, 1), key=key), ())
    return IndexSelect.apply(x, key=key)


@public
def gather(x: Any, dim: int, index: Any, *, sparse_grad: bool = False) -> Any:
    """Elements picked along ``dim``: out[i, j] = x[index[i, j], j] for dim 0.

    Raises:
        RuntimeError: the index has other dimensions than ``x``, is larger than ``x`` in another
            dimension, does not hold integers, or a position is out of range.

    >>> import autodiff as ad
    >>> ad.tensor([[1.0, 5.0], [3.0, 2.0]]).gather(1, ad.tensor([[1], [0]]))
    tensor([[5.],
            [3.]])
    """
    dim = positive_dim(dim, x.ndim)
    index = gather_index("gather", x, dim, index)
    if not x.ndim or not index.ndim:
        out = GatherAlong.apply(reshape(x, -1), index=index.reshape(-1), dim=0)
        return reshape(out, index.shape)
    return GatherAlong.apply(x, index=index, dim=dim)


@public
def take(x: Any, index: Any) -> Any:
    """Elements at positions in the flattened tensor, in the shape of the index.

    Raises:
        IndexError: a position is out of range.
        RuntimeError: the index does not hold int64.

    >>> import autodiff as ad
    >>> ad.tensor([[1, 2], [3, 4]]).take(ad.tensor([0, -1]))
    tensor([1, 4])
    """
    key = positions("take", index, x.numel(), negative=True)
    if key.dtype != np.int64:
        raise errors.indexing.index_dtype("take", index.dtype)
    return Take.apply(reshape(x, 1) if not x.ndim else x, key=flat_key(x, key))


@public
def take_along_dim(x: Any, indices: Any, dim: int | None = None) -> Any:
    """Elements picked along ``dim``, x and indices broadcast together in the other dimensions.

    Raises:
        RuntimeError: other numbers of dimensions, positions that are not int64 or out of range.

    >>> import autodiff as ad
    >>> x = ad.tensor([[3, 1, 2]])
    >>> x.take_along_dim(ad.tensor([[1, 2, 0]]), 1)
    tensor([[1, 2, 3]])
    """
    if indices.value.dtype != np.int64:
        raise errors.indexing.index_dtype("take_along_dim", indices.dtype)
    if dim is None:
        return gather(reshape(x, -1), 0, reshape(indices, -1))
    if x.ndim != indices.ndim:
        raise errors.indexing.gather_index(
            "take_along_dim", x.shape, indices.shape, dim, indices.dtype
        )
    dim = positive_dim(dim, x.ndim)
    before, after = slice(None, dim), slice(dim + 1, None)
    first = broadcast_shapes(x.shape[before], indices.shape[before])
    last = broadcast_shapes(x.shape[after], indices.shape[after])
    wide = expand(x, (*first, x.shape[dim], *last))
    return gather(wide, dim, expand(indices, (*first, indices.shape[dim], *last)))


@public
def masked_select(x: Any, mask: Any) -> Any:
    """The elements where ``mask`` is true, as a vector; x and mask are broadcast together.

    Raises:
        RuntimeError: the mask does not hold truth values, or does not fit.

    >>> import autodiff as ad
    >>> x = ad.tensor([1, 2, 3])
    >>> x.masked_select(x > 1)
    tensor([2, 3])
    """
    if mask.value.dtype != bool:
        raise errors.indexing.mask_dtype("masked_select", mask.dtype)
    shape = broadcast_shapes(x.shape, mask.shape)
    if shape != x.shape:
        x = expand(x, shape)
    return MaskedSelect.apply(x, key=np.broadcast_to(mask.value, shape))


# -- where the elements are -----------------------------------------------------------------------


@public
def nonzero(x: Any, *, as_tuple: bool = False) -> Any:
    """The positions of the elements that are not zero: one row each, or one vector per dimension.

    >>> import autodiff as ad
    >>> ad.tensor([[0, 5], [7, 0]]).nonzero()
    tensor([[0, 1],
            [1, 0]])
    """
    found = np.nonzero(np.atleast_1d(x.value))
    if as_tuple:
        return tuple(type(x)._wrap(array) for array in found)
    rows = np.stack(found, -1) if x.ndim else np.empty_like(found[0], shape=(len(found[0]), 0))
    return type(x)._wrap(rows)


@public
def argwhere(x: Any) -> Any:
    """The positions of the elements that are not zero, one row each.

    >>> import autodiff as ad
    >>> ad.argwhere(ad.tensor([0, 5, 7]))
    tensor([[1],
            [2]])
    """
    return nonzero(x)
