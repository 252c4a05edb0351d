"""The elements in another order, or repeated, or some of them zero: copies."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np

from autodiff import errors
from autodiff.arrays import beside, in_order
from autodiff.op import Op
from autodiff.ops.expand import expand
from autodiff.ops.index import IndexSelect
from autodiff.ops.shape import Reshape, SumTo, positive_dim, positive_dims, sizes
from autodiff.ops.view import reshape, unsqueeze
from autodiff.public import public

# -- declarations ---------------------------------------------------------------------------------


class Flip(Op):
    """The elements in reverse order along some dimensions."""

    formula = "x, reversed"

    def forward(x, *, dims):
        return np.flip(x, dims).copy()

    def grad_x(g, dims):
        return Flip.apply(g, dims=dims)


class Roll(Op):
    """The elements moved along some dimensions; what leaves at one end comes in at the other."""

    formula = "x, rolled"

    def forward(x, *, shifts, dims):
        return in_order(np.roll(x, shifts, dims or None))

    def grad_x(g, shifts, dims):
        return Roll.apply(g, shifts=tuple(-n for n in shifts), dims=dims)


class Rot90(Op):
    """A plane of two dimensions turned by k quarters."""

    formula = "x, turned"

    def forward(x, *, k, dims):
        return np.rot90(x, k, dims).copy()

    def grad_x(g, k, dims):
        return Rot90.apply(g, k=-k, dims=dims)


class Repeat(Op):
    """The whole tensor several times along each dimension; gradients of the repeats add up."""

    formula = "x, repeated"

    def forward(x, *, repeats):
        return np.tile(x, repeats)

    def grad_x(g, x_shape, repeats):
        # Each dimension of n elements, r times, seen as two dimensions: (r, n).
        old = (1,) * (len(repeats) - len(x_shape)) + x_shape
        apart = tuple(itertools.chain(*zip(repeats, old, strict=True)))
        once = tuple(itertools.chain(*((1, n) for n in old)))
        g = SumTo.apply(Reshape.apply(g, shape=apart), shape=once)
        return Reshape.apply(g, shape=x_shape)


class Tril(Op):
    """The lower triangle of matrices, zeros above it."""

    formula = "lower triangle of x"

    def forward(x, *, diagonal):
        return np.tril(x, diagonal)

    def grad_x(g, diagonal):
        return Tril.apply(g, diagonal=diagonal)


class Triu(Op):
    """The upper triangle of matrices, zeros below it."""

    formula = "upper triangle of x"

    def forward(x, *, diagonal):
        return np.triu(x, diagonal)

    def grad_x(g, diagonal):
        return Triu.apply(g, diagonal=diagonal)


# -- another order --------------------------------------------------------------------------------


@public
def flip(x: Any, *dims: Any) -> Any:
    """The elements in reverse order along the given dimensions, copied.

    >>> import autodiff as ad
    >>> ad.tensor([[1, 2], [3, 4]]).flip(0)
    tensor([[3, 4],
            [1, 2]])
    """
    return Flip.apply(x, dims=positive_dims(sizes(dims), x.ndim))


@public
def fliplr(x: Any) -> Any:
    """The columns in reverse order.

    >>> import autodiff as ad
    >>> ad.tensor([[1, 2]]).fliplr()
    tensor([[2, 1]])
    """
    if x.ndim < 2:
        raise errors.shapes.too_few_dims("fliplr", x.shape, 2)
    return flip(x, 1)


@public
def flipud(x: Any) -> Any:
    """The rows in reverse order.

    >>> import autodiff as ad
    >>> ad.tensor([[1], [2]]).flipud()
    tensor([[2],
            [1]])
    """
    if x.ndim < 1:
        raise errors.shapes.too_few_dims("flipud", x.shape, 1)
    return flip(x, 0)


@public
def roll(x: Any, shifts: Any, dims: Any = None) -> Any:
    """The elements moved by ``shifts`` along ``dims``; without ``dims`` as if in one row.

    Raises:
        RuntimeError: not one shift for each dimension.

    >>> import autodiff as ad
    >>> ad.arange(4).roll(1)
    tensor([3, 0, 1, 2])
    """
    shifts = (shifts,) if isinstance(shifts, int) else tuple(shifts)
    dims = () if dims is None else (dims,) if isinstance(dims, int) else tuple(dims)
    if len(shifts) != len(dims) and not (len(shifts) == 1 and not dims):
        raise errors.shapes.roll_counts(shifts, dims)
    return Roll.apply(x, shifts=shifts, dims=tuple(positive_dim(d, x.ndim) for d in dims))


@public
def rot90(x: Any, k: int = 1, dims: Any = (0, 1)) -> Any:
    """Turned by ``k`` quarters in the plane of two dimensions, from the first to the second.

    Raises:
        RuntimeError: ``dims`` are not two different dimensions.

    >>> import autodiff as ad
    >>> ad.tensor([[1, 2], [3, 4]]).rot90()
    tensor([[2, 4],
            [1, 3]])
    """
    if len(dims) != 2 or x.ndim < 2 or dims[0] == dims[1] or abs(dims[0] - dims[1]) == x.ndim:
        raise errors.shapes.rotation_dims(x.shape, dims)
    return Rot90.apply(x, k=k % 4, dims=tuple(positive_dim(d, x.ndim) for d in dims))


# -- repeats --------------------------------------------------------------------------------------


@public(only_method=True)
def repeat(x: Any, *repeats: Any) -> Any:
    """The whole tensor several times along each dimension, copied; new dimensions come first.

    Raises:
        RuntimeError: fewer numbers than dimensions, or negative ones.

    >>> import autodiff as ad
    >>> ad.tensor([1, 2]).repeat(2, 2)
    tensor([[1, 2, 1, 2],
            [1, 2, 1, 2]])
    """
    counts = sizes(repeats)
    if len(counts) < x.ndim or min(counts, default=0) < 0:
        raise errors.shapes.repeat_counts(x.shape, counts)
    return Repeat.apply(x, repeats=counts)


@public
def tile(x: Any, *dims: Any) -> Any:
    """`repeat`, with dimensions that are not mentioned kept as they are.

    >>> import autodiff as ad
    >>> ad.tensor([[1, 2]]).tile(2)
    tensor([[1, 2, 1, 2]])
    """
    counts = sizes(dims)
    return repeat(x, (1,) * (x.ndim - len(counts)) + counts)


@public
def repeat_interleave(
    x: Any, repeats: Any = None, dim: int | None = None, *, output_size: int | None = None
) -> Any:
    """Each element several times in a row; without ``dim`` those of the flattened tensor.

    ``repeats`` is one number, or a tensor of one number for each element along ``dim``. With
    ``x`` alone, x says how often each position is repeated.

    Raises:
        RuntimeError: negative repeats, or not one for each element.

    >>> import autodiff as ad
    >>> ad.tensor([1, 2]).repeat_interleave(2)
    tensor([1, 1, 2, 2])
    >>> ad.tensor([1, 2]).repeat_interleave(ad.tensor([3, 1]))
    tensor([1, 1, 1, 2])
    """
    if repeats is None:
        return type(x)._wrap(np.repeat(beside(x, np.arange(x.numel())), x.value))
    if dim is None:
        x, dim = reshape(x, -1), 0
    dim, shape = positive_dim(dim, x.ndim), x.shape
    if isinstance(repeats, int):
        if repeats < 0:
            raise errors.shapes.interleave_counts(repeats, x.shape, dim)
        wide = expand(unsqueeze(x, dim + 1), *shape[: dim + 1], repeats, *shape[dim + 1 :])
        return reshape(wide, *shape[:dim], shape[dim] * repeats, *shape[dim + 1 :])
    if repeats.value.dtype.kind != "i":
        raise errors.shapes.interleave_dtype(repeats.dtype)
    counts = np.broadcast_to(repeats.value, shape[dim]) if repeats.numel() == 1 else repeats.value
    if counts.shape != (shape[dim],) or (counts.size and counts.min() < 0):
        raise errors.shapes.interleave_counts(counts.tolist(), x.shape, dim)
    positions = np.repeat(beside(x, np.arange(shape[dim])), counts)
    return IndexSelect.apply(x, key=(slice(None),) * dim + (positions,))


# -- triangles ------------------------------------------------------------------------------------


@public(in_place=True)
def tril(x: Any, diagonal: int = 0) -> Any:
    """The lower triangle of a matrix, or of each matrix of a batch; ``diagonal`` shifts its edge.

    Raises:
        RuntimeError: fewer than two dimensions.

    >>> import autodiff as ad
    >>> ad.ones(2, 2).tril()
    tensor([[1., 0.],
            [1., 1.]])
    """
    if x.ndim < 2:
        raise errors.shapes.too_few_dims("tril", x.shape, 2)
    return Tril.apply(x, diagonal=diagonal)


@public(in_place=True)
def triu(x: Any, diagonal: int = 0) -> Any:
    """The upper triangle of a matrix, or of each matrix of a batch; ``diagonal`` shifts its edge.

    Raises:
        RuntimeError: fewer than two dimensions.

    >>> import autodiff as ad
    >>> ad.ones(2, 2).triu(1)
    tensor([[0., 1.],
            [0., 0.]])
    """
    if x.ndim < 2:
        raise errors.shapes.too_few_dims("triu", x.shape, 2)
    return Triu.apply(x, diagonal=diagonal)
