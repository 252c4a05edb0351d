"""Elements in order: sorted, or the largest few."""

from __future__ import annotations

from typing import Any

import numpy as np

from autodiff import errors
from autodiff.arrays import beside
from autodiff.naming import named_results
from autodiff.op import Op
from autodiff.ops.index import ScatterAlong
from autodiff.ops.shape import positive_dim
from autodiff.public import public

# -- declarations -----------------------------------------------------------------------------


class Sort(Op):
    """The elements along a dimension in order, and where they were; nan counts as the largest."""

    formula = "sorted x"
    extras = ("indices",)

    def forward(x, *, dim, descending, stable):
        return _taken(x, _order(x, dim, descending), dim)

    def grad_x(g, indices, x_shape, dim):
        return _sent_back(g, indices, x_shape, dim)

    def name(self) -> str:
        return f"SortBackward{int(self.settings['stable'])}"


class Topk(Op):
    """The largest elements along a dimension, or the smallest, and where they were."""

    formula = "the k largest of x"
    extras = ("indices",)

    def forward(x, *, k, dim, largest):
        order = _order(x, dim, descending=largest)
        return _taken(x, order[(slice(None),) * dim + (slice(k),)] if x.ndim else order, dim)

    def grad_x(g, indices, x_shape, dim):
        return _sent_back(g, indices, x_shape, dim)


class Argsort(Op):
    """Where the elements in order were; a position has no gradient."""

    formula = "the order of x"

    def forward(x, *, dim, descending):
        return _order(x, dim, descending)


# -- what they share ------------------------------------------------------------------------------


def _order(x: np.ndarray, dim: int, descending: bool) -> np.ndarray:
    """Positions in order; equal elements stay in theirs."""
    if not x.ndim:
        return beside(x, np.zeros((), np.int64))
    if not descending:
        return np.argsort(x, axis=dim, kind="stable")
    backwards = np.argsort(np.flip(x, dim), axis=dim, kind="stable")
    return np.flip(x.shape[dim] - 1 - backwards, dim).copy()


def _taken(x: np.ndarray, indices: np.ndarray, dim: int) -> tuple[np.ndarray, np.ndarray]:
    return (np.take_along_axis(x, indices, dim) if x.ndim else x.copy()), indices


def _sent_back(g: Any, indices: np.ndarray, shape: tuple[int, ...], dim: int) -> Any:
    """Each gradient to where its element was taken from."""
    if not shape:
        return g
    return ScatterAlong.apply(g, index=indices, dim=dim, size=shape[dim])


# -- public functions ---------------------------------------------------------------------------


@public
def sort(x: Any, dim: int = -1, descending: bool = False, stable: bool = False) -> Any:
    """The elements along ``dim`` in order, and where they were.

    Equal elements always keep their order here, as PyTorch promises with ``stable=True``.

    >>> import autodiff as ad
    >>> values, indices = ad.tensor([3.0, 1.0, 2.0]).sort()
    >>> values, indices
    (tensor([1., 2., 3.]), tensor([1, 2, 0]))
    """
    dim = positive_dim(dim, x.ndim)
    results = named_results("sort", "values", "indices")
    return results(*Sort.apply(x, dim=dim, descending=descending, stable=stable))


@public
def argsort(x: Any, dim: int = -1, descending: bool = False, stable: bool = False) -> Any:
    """Where the elements along ``dim``, put in order, were.

    >>> import autodiff as ad
    >>> ad.tensor([3.0, 1.0, 2.0]).argsort()
    tensor([1, 2, 0])
    """
    return Argsort.apply(x, dim=positive_dim(dim, x.ndim), descending=descending)


@public
def topk(x: Any, k: int, dim: int = -1, largest: bool = True, sorted: bool = True) -> Any:
    """The ``k`` largest (or smallest) elements along ``dim``, in order, and where they were.

    Raises:
        RuntimeError: there are fewer than ``k`` elements.

    >>> import autodiff as ad
    >>> ad.tensor([3.0, 1.0, 2.0]).topk(2).values
    tensor([3., 2.])
    """
    dim = positive_dim(dim, x.ndim)
    if x.value.dtype.kind == "b":
        raise errors.numbers.no_order_of_bools("topk", RuntimeError)
    if not 0 <= k <= (x.shape[dim] if x.ndim else 1):
        raise errors.indexing.topk_out_of_range(k, x.shape, dim)
    results = named_results("topk", "values", "indices")
    return results(*Topk.apply(x, k=k, dim=dim, largest=largest))


@public
def msort(x: Any) -> Any:
    """The elements along the first dimension in order.

    >>> import autodiff as ad
    >>> ad.tensor([[3.0, 1.0], [2.0, 4.0]]).msort()
    tensor([[2., 1.],
            [3., 4.]])
    """
    return sort(x, 0).values
