"""Putting values into a copy of a tensor: by position, or along a dimension.

The in-place forms (`scatter_`, `index_add_`, ...) write the result into the tensor itself.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from autodiff import errors
from autodiff.op import Op
from autodiff.ops.index import Index
from autodiff.ops.select import flat_key, gather_index, positions, vector_key
from autodiff.ops.shape import conform, positive_dim
from autodiff.ops.view import reshape
from autodiff.ops.write import IndexPut
from autodiff.public import public

# -- declarations ---------------------------------------------------------------------------------


class AddAt(Op):
    """``x`` with ``y`` added to the elements that a key picks, once for each time it picks them."""

    formula = "x, with x[key] += alpha * y"

    def forward(x, y, *, key, alpha):
        out = x.copy()
        np.add.at(out, key, y if alpha == 1 else alpha * y)
        return out

    def grad_x(g):
        return g

    def grad_y(g, y_shape, y_dtype, key, alpha):
        g = conform(Index.apply(g, key=key), y_shape, y_dtype)
        return g if alpha == 1 else alpha * g

    def name(self) -> str:
        return "IndexPutBackward0"


class ScatterAdd(AddAt):
    """``x`` with ``y`` added at positions along a dimension."""

    def name(self) -> str:
        return "ScatterAddBackward0"


class IndexAddTo(AddAt):
    """``x`` with slices added at positions along a dimension."""

    def name(self) -> str:
        return "IndexAddBackward0"


class ScatterMultiply(Op):
    """``x`` multiplied by ``y`` at positions along a dimension; no gradient for ``y``."""

    formula = "x, with x[key] *= y"

    def forward(x, y, *, key):
        out = x.copy()
        np.multiply.at(out, key, y)
        return out

    def grad_x(g, y, key):
        return ScatterMultiply.apply(g, y, key=key)


class PutAdd(AddAt):
    """``x`` with ``y`` added at positions in the flattened tensor."""

    def name(self) -> str:
        return "PutBackward0"


class Scatter(IndexPut):
    """``x`` with ``y`` written at positions along a dimension."""

    def name(self) -> str:
        return f"ScatterBackward{int(like_of_y(self)[0] == ())}"


class IndexCopy(IndexPut):
    """``x`` with slices written at positions along a dimension."""


class IndexFill(IndexPut):
    """``x`` with one number written at positions along a dimension."""

    def name(self) -> str:
        return f"IndexFillBackward{int(like_of_y(self)[1] is not None)}"


class Put(IndexPut):
    """The flattened ``x`` with ``y`` written at positions."""


def like_of_y(node: Op) -> tuple[Any, Any]:
    """The shape and the dtype of the second argument; a number has neither."""
    assert node.like is not None
    return node.like[1]


# -- along a dimension ----------------------------------------------------------------------------


def _scatter_key(index: np.ndarray, dim: int) -> tuple[np.ndarray, ...]:
    """The key of the elements whose positions along ``dim`` the index gives."""
    key: list[np.ndarray] = list(np.indices(index.shape, sparse=True))
    key[dim] = index
    return tuple(key)


def _scatter(name: str, op: type[Op], x: Any, dim: int, index: Any, src: Any, **more: Any) -> Any:
    if not x.ndim:
        src = src if isinstance(src, (int, float)) else reshape(src, -1)
        out = _scatter(name, op, reshape(x, 1), dim, reshape(index, -1), src, **more)
        return reshape(out, ())
    if not index.ndim and x.ndim == 1:  # one position without a dimension of its own
        index = reshape(index, 1)
        src = src if isinstance(src, (int, float)) else reshape(src, -1)
    dim = positive_dim(dim, x.ndim)
    array = gather_index(name, x, dim, index)
    key = _scatter_key(array, dim)
    if isinstance(src, (int, float)):
        return op.apply(x, x.value.dtype.type(src), key=key, **more)
    if src.dtype != x.dtype:
        raise errors.indexing.same_dtype(name, x.dtype, src.dtype)
    if src.ndim != array.ndim or any(n > m for n, m in zip(array.shape, src.shape, strict=True)):
        raise errors.indexing.source_too_small(name, array.shape, src.shape)
    if src.shape != array.shape:
        src = src[tuple(slice(n) for n in array.shape)]
    return op.apply(x, src, key=key, **more)


@public(in_place=True)
def scatter(
    x: Any, dim: int, index: Any, src: Any = None, *, value: Any = None, reduce: str | None = None
) -> Any:
    """``x`` with out[index[i, j], j] = src[i, j] (for dim 0), or one number in those places.

    ``reduce="add"`` and ``"multiply"`` combine with what is there.

    Raises:
        RuntimeError: shapes that do not fit, positions out of range, or another dtype.

    >>> import autodiff as ad
    >>> ad.zeros(2, 3).scatter(1, ad.tensor([[2], [0]]), 1.0)
    tensor([[0., 0., 1.],
            [1., 0., 0.]])
    """
    src = value if src is None else src
    if reduce is None:
        return _scatter("scatter", Scatter, x, dim, index, src)
    if reduce == "add":
        return _scatter("scatter", ScatterAdd, x, dim, index, src, alpha=1)
    if reduce != "multiply":
        raise errors.indexing.scatter_reduction(reduce)
    if getattr(src, "requires_grad", False):
        raise errors.indexing.no_gradient_of_factors()
    return _scatter("scatter", ScatterMultiply, x, dim, index, src)


@public(in_place=True)
def scatter_add(x: Any, dim: int, index: Any, src: Any) -> Any:
    """``x`` with out[index[i, j], j] += src[i, j] (for dim 0).

    Raises:
        RuntimeError: shapes that do not fit, positions out of range, or another dtype.

    >>> import autodiff as ad
    >>> ad.zeros(3).scatter_add(0, ad.tensor([0, 2, 2]), ad.ones(3))
    tensor([1., 0., 2.])
    """
    return _scatter("scatter_add", ScatterAdd, x, dim, index, src, alpha=1)


def _slices(name: str, x: Any, dim: int, index: Any, source: Any, negative: bool = False) -> Any:
    """The key for whole slices along ``dim``, once the source is known to fit."""
    dim = positive_dim(dim, x.ndim)
    if source.dtype != x.dtype:
        raise errors.indexing.same_dtype(name, x.dtype, source.dtype)
    key = vector_key(name, x, dim, index, negative)
    wanted = (*x.shape[:dim], index.numel(), *x.shape[dim + 1 :])
    if source.shape != wanted:
        raise errors.indexing.source_shape(name, wanted, source.shape)
    return key


@public(in_place=True)
def index_add(x: Any, dim: int, index: Any, source: Any, *, alpha: float = 1) -> Any:
    """``x`` with ``alpha`` times the slices of ``source`` added at the positions of a vector.

    Raises:
        RuntimeError: not one slice for each position, positions out of range, another dtype.

    >>> import autodiff as ad
    >>> ad.zeros(3).index_add(0, ad.tensor([0, 0, 2]), ad.ones(3))
    tensor([2., 0., 1.])
    """
    key = _slices("index_add", x, dim, index, source)
    return IndexAddTo.apply(x, source, key=key, alpha=alpha)


@public(in_place=True)
def index_copy(x: Any, dim: int, index: Any, source: Any) -> Any:
    """``x`` with the slices of ``source`` written at the positions of a vector.

    Raises:
        IndexError: not one slice for each position, or positions out of range.
        RuntimeError: another dtype.

    >>> import autodiff as ad
    >>> ad.zeros(3).index_copy(0, ad.tensor([2]), ad.ones(1))
    tensor([0., 0., 1.])
    """
    return IndexCopy.apply(x, source, key=_slices("index_copy", x, dim, index, source))


@public(in_place=True)
def index_fill(x: Any, dim: int, index: Any, value: Any) -> Any:
    """``x`` with one number in the slices at the positions of a vector.

    Raises:
        IndexError: positions out of range.
        RuntimeError: ``value`` is a tensor with dimensions.

    >>> import autodiff as ad
    >>> ad.zeros(3).index_fill(0, ad.tensor([0, 2]), 5)
    tensor([5., 0., 5.])
    """
    dim = positive_dim(dim, x.ndim)
    key = vector_key("index_fill", x, dim, index, negative=True)
    return IndexFill.apply(x, number("index_fill", x, value), key=key)


def number(name: str, x: Any, value: Any) -> Any:
    """A number to fill with, or a tensor of no dimensions, once it is known to fit."""
    is_number = isinstance(value, (int, float))
    if not is_number and value.ndim:
        raise errors.indexing.value_dims(name, value.shape)
    dtype = x.value.dtype
    if dtype.kind in "iu":
        limits = np.iinfo(dtype)
        low = limits.min if dtype.kind == "i" else -limits.max
        if not low <= (value if is_number else value.item()) <= limits.max:
            raise errors.indexing.overflow(name, value, x.dtype)
    return value if is_number or value.dtype == x.dtype else value.to(x.dtype)


# -- by position ----------------------------------------------------------------------------------


@public(in_place=True)
def put(x: Any, index: Any, source: Any, accumulate: bool = False) -> Any:
    """``x`` with the elements of ``source`` at positions in the flattened tensor.

    Raises:
        IndexError: not one element for each position, or positions out of range.
        RuntimeError: another dtype.

    >>> import autodiff as ad
    >>> ad.zeros(2, 2).put(ad.tensor([3]), ad.tensor([9.0]))
    tensor([[0., 0.],
            [0., 9.]])
    """
    if source.dtype != x.dtype:
        raise errors.indexing.same_dtype("put", x.dtype, source.dtype)
    if source.numel() != index.numel():
        raise errors.indexing.put_counts(source.numel(), index.numel())
    key = flat_key(x, positions("put", index, x.numel(), negative=True).reshape(-1))
    values = reshape(source, -1)
    rows = x if x.ndim else reshape(x, 1)
    if accumulate:
        out = PutAdd.apply(rows, values, key=key, alpha=1)
    else:
        out = Put.apply(rows, values, key=key)
    return out if x.ndim else reshape(out, ())


@public(in_place=True)
def index_put(x: Any, indices: Any, values: Any, accumulate: bool = False) -> Any:
    """``x`` with x[indices] = values, or += with ``accumulate``; indices is a tuple of tensors.

    Raises:
        IndexError: positions out of range.
        RuntimeError: another dtype, or values that do not broadcast to the elements.

    >>> import autodiff as ad
    >>> ad.zeros(3).index_put((ad.tensor([0, 0]),), ad.tensor([1.0, 2.0]), accumulate=True)
    tensor([3., 0., 0.])
    """
    if values.dtype != x.dtype:
        raise errors.indexing.same_dtype("index_put", x.dtype, values.dtype)
    key = tuple(slice(None) if index is None else index.value for index in indices)
    try:
        if accumulate:
            return AddAt.apply(x, values, key=key, alpha=1)
        return IndexPut.apply(x, values, key=key)
    except IndexError as error:
        raise errors.indexing.index_error(str(error), x.shape) from None
    except ValueError:
        raise errors.indexing.assigned_shape(values.shape, x.value[key].shape) from None
