"""Ops that rearrange elements without computing anything new, and broadcasting and its reverse."""

from __future__ import annotations

import itertools
import math
from typing import Any

import numpy as np

from autodiff import errors
from autodiff.op import Op, public

# -- declarations -----------------------------------------------------------------------------


class Reshape(Op):
    """The same elements in another shape; a view where the memory layout allows one."""

    formula = "x in another shape"

    def forward(x, *, shape):
        return x.reshape(shape)

    def grad_x(g, x_shape):
        return Reshape.apply(g, shape=x_shape)

    def name(self) -> str:
        return "ViewBackward0"


class Permute(Op):
    """The dimensions in another order; always a view."""

    formula = "x with dimensions reordered"

    def forward(x, *, dims):
        return x.transpose(dims)

    def grad_x(g, dims):
        return Permute.apply(g, dims=tuple(np.argsort(dims).tolist()))


class Expand(Op):
    """Repeats along dimensions of size 1 without copying; gradients of the repeats add up."""

    formula = "x repeated to a larger shape"

    def forward(x, *, shape):
        if x.size == 1 and x.flags.c_contiguous:
            # A tenth of the time of np.broadcast_to, which matters for sum().backward().
            return np.ndarray(shape, x.dtype, x, 0, (0,) * len(shape))
        return np.broadcast_to(x, shape)

    def grad_x(g, x_shape):
        return SumTo.apply(g, shape=x_shape)


class SumTo(Op):
    """Sums over the dimensions along which ``shape`` was broadcast: the reverse of `Expand`."""

    formula = "sum over broadcast dimensions"

    def forward(x, *, shape):
        extra = x.ndim - len(shape)
        repeated = tuple(
            i for i, n in enumerate(x.shape) if i < extra or (shape[i - extra] == 1 and n != 1)
        )
        return x.sum(axis=repeated).reshape(shape) if repeated else x

    def grad_x(g, x_shape):
        return Expand.apply(g, shape=x_shape)

    def name(self) -> str:
        return "SumBackward1"


class Cast(Op):
    """The same values in another dtype; the gradient is cast back."""

    formula = "x as another dtype"

    def forward(x, *, dtype):
        return x.astype(dtype)

    def grad_x(g, x_dtype):
        return Cast.apply(g, dtype=x_dtype)

    def name(self) -> str:
        return "ToCopyBackward0"


class Clone(Op):
    """A copy that keeps its place in the graph."""

    formula = "x, copied"

    def forward(x):
        return x.copy()

    def grad_x(g):
        return g


class Cat(Op):
    """Joins tensors along one of their dimensions."""

    formula = "cat(xs)"

    def forward(*xs, dim):
        return np.concatenate(xs, axis=dim)

    def grad_xs(g, xs_shape, dim):
        gradients, start = [], 0
        for shape in xs_shape:
            stop = start + shape[dim]
            gradients.append(g[(slice(None),) * dim + (slice(start, stop),)])
            start = stop
        return gradients


# -- what the engine needs ----------------------------------------------------------------------


def conform(g: Any, shape: tuple[int, ...], dtype: Any) -> Any:
    """A gradient with the shape and dtype of the input it belongs to."""
    if g.shape != shape:
        g = SumTo.apply(g, shape=shape)
    numpy_dtype = getattr(g.dtype, "numpy", g.dtype)
    return g if numpy_dtype == dtype else Cast.apply(g, dtype=dtype)


ALL_DIMS = tuple(tuple(range(n)) for n in range(65))  # NumPy's limit is 64 dimensions

# -- public functions ---------------------------------------------------------------------------


def positive_dim(dim: int, ndim: int) -> int:
    """``dim`` counted from the front.

    Raises:
        IndexError: there is no such dimension.
    """
    if not -max(ndim, 1) <= dim < max(ndim, 1):
        raise errors.shapes.dim_out_of_range(dim, ndim)
    return dim % max(ndim, 1)


def positive_dims(dim: Any, ndim: int) -> tuple[int, ...]:
    """One dim, several, or None for all of them, counted from the front."""
    if dim is None:
        return ALL_DIMS[ndim]
    dims = sorted(positive_dim(d, ndim) for d in ((dim,) if isinstance(dim, int) else dim))
    for d, following in itertools.pairwise(dims):
        if d == following:
            raise errors.shapes.repeated_dim(d)
    return tuple(dims) if ndim else ()


def sizes(shape: tuple[Any, ...]) -> tuple[int, ...]:
    """A shape given as ``f(2, 3)`` or as ``f((2, 3))``."""
    if len(shape) == 1 and not isinstance(shape[0], int):
        shape = tuple(shape[0])
    return tuple(int(n) for n in shape)


@public
def reshape(x: Any, *shape: Any) -> Any:
    """The same elements in another shape; one size may be -1, to be worked out.

    Raises:
        RuntimeError: the number of elements would change.

    >>> import autodiff as ad
    >>> ad.arange(6).reshape(2, -1).shape
    autodiff.Size([2, 3])
    """
    wanted = sizes(shape)
    known = math.prod(n for n in wanted if n != -1)
    total = math.prod(x.shape)
    unknown = wanted.count(-1)
    if (
        unknown > 1
        or (unknown and (not known or total % known))
        or (not unknown and known != total)
    ):
        raise errors.shapes.invalid_shape(wanted, x.shape)
    if unknown:
        wanted = tuple(total // known if n == -1 else n for n in wanted)
    return Reshape.apply(x, shape=wanted)


@public
def view(x: Any, *shape: Any) -> Any:
    """The same memory in another shape.

    Raises:
        RuntimeError: the shape does not fit, or the memory layout does not allow a view.

    >>> import autodiff as ad
    >>> ad.zeros(2, 3).view(6).shape
    autodiff.Size([6])
    """
    out = reshape(x, *shape)
    if not np.may_share_memory(out.value, x.value) and out.numel():
        raise errors.shapes.no_view(sizes(shape), x.shape)
    return out


@public
def flatten(x: Any, start_dim: int = 0, end_dim: int = -1) -> Any:
    """Merges the dimensions from ``start_dim`` to ``end_dim`` into one.

    >>> import autodiff as ad
    >>> ad.zeros(4, 2, 3).flatten(1).shape
    autodiff.Size([4, 6])
    """
    start, end = positive_dim(start_dim, x.ndim), positive_dim(end_dim, x.ndim)
    merged = math.prod(x.shape[start : end + 1])
    return Reshape.apply(x, shape=(*x.shape[:start], merged, *x.shape[end + 1 :]))


@public
def squeeze(x: Any, dim: Any = None) -> Any:
    """Without its dimensions of size 1, or without those of them listed in ``dim``.

    >>> import autodiff as ad
    >>> ad.zeros(1, 3, 1).squeeze().shape
    autodiff.Size([3])
    """
    dims = positive_dims(dim, x.ndim)
    shape = tuple(n for i, n in enumerate(x.shape) if not (n == 1 and i in dims))
    return Reshape.apply(x, shape=shape)


@public
def unsqueeze(x: Any, dim: int) -> Any:
    """With a new dimension of size 1 at ``dim``.

    >>> import autodiff as ad
    >>> ad.zeros(3).unsqueeze(0).shape
    autodiff.Size([1, 3])
    """
    dim = positive_dim(dim, x.ndim + 1)
    return Reshape.apply(x, shape=(*x.shape[:dim], 1, *x.shape[dim:]))


@public
def permute(x: Any, *dims: Any) -> Any:
    """The dimensions in the given order.

    Raises:
        RuntimeError: ``dims`` is not an ordering of all dimensions.

    >>> import autodiff as ad
    >>> ad.zeros(2, 3, 4).permute(2, 0, 1).shape
    autodiff.Size([4, 2, 3])
    """
    order = tuple(positive_dim(d, x.ndim) for d in sizes(dims))
    if sorted(order) != list(range(x.ndim)):
        raise errors.shapes.not_a_permutation(order, x.ndim)
    return Permute.apply(x, dims=order)


@public
def transpose(x: Any, dim0: int, dim1: int) -> Any:
    """With two dimensions swapped.

    >>> import autodiff as ad
    >>> ad.zeros(2, 3).transpose(0, 1).shape
    autodiff.Size([3, 2])
    """
    dims = list(range(x.ndim))
    i, j = positive_dim(dim0, x.ndim), positive_dim(dim1, x.ndim)
    if dims:
        dims[i], dims[j] = j, i
    return Permute.apply(x, dims=tuple(dims))


@public
def t(x: Any) -> Any:
    """The transpose of a matrix; vectors and single numbers stay as they are.

    Raises:
        RuntimeError: ``x`` has more than two dimensions.

    >>> import autodiff as ad
    >>> ad.zeros(2, 3).t().shape
    autodiff.Size([3, 2])
    """
    if x.ndim > 2:
        raise errors.shapes.not_a_matrix("t", x.shape)
    return transpose(x, 0, 1) if x.ndim == 2 else x


@public
def expand(x: Any, *shape: Any) -> Any:
    """Repeated along dimensions of size 1 without copying; -1 keeps a size.

    Raises:
        RuntimeError: a dimension that is not 1 would have to change.

    >>> import autodiff as ad
    >>> ad.tensor([[1], [2]]).expand(2, 3)
    tensor([[1, 1, 1],
            [2, 2, 2]])
    """
    wanted = sizes(shape)
    extra = len(wanted) - x.ndim
    if extra < 0:
        raise errors.shapes.cannot_expand(x.shape, wanted)
    wanted = tuple(
        x.shape[i - extra] if n == -1 and i >= extra else n for i, n in enumerate(wanted)
    )
    if -1 in wanted:
        raise errors.shapes.cannot_expand(x.shape, wanted)
    for old, new in zip(x.shape, wanted[extra:], strict=True):
        if old not in (1, new):
            raise errors.shapes.cannot_expand(x.shape, wanted)
    return Expand.apply(x, shape=wanted)


@public(method=False)
def broadcast_to(x: Any, shape: Any) -> Any:
    """``x`` repeated to ``shape`` without copying: `expand` as a function.

    >>> import autodiff as ad
    >>> ad.broadcast_to(ad.tensor(1.5), (2,))
    tensor([1.5000, 1.5000])
    """
    return expand(x, *shape)


@public(method=False)
def cat(tensors: Any, dim: int = 0) -> Any:
    """The tensors joined along an existing dimension.

    Raises:
        RuntimeError: there are none, or their other dimensions differ.

    >>> import autodiff as ad
    >>> ad.cat([ad.tensor([1, 2]), ad.tensor([3])])
    tensor([1, 2, 3])
    """
    tensors = list(tensors)
    if not tensors:
        raise errors.shapes.nothing_to_join("cat")
    if not all(x.ndim for x in tensors):
        raise errors.shapes.zero_dimensional_join()
    dim = positive_dim(dim, tensors[0].ndim)
    others = {x.shape[:dim] + x.shape[dim + 1 :] for x in tensors}
    if len(others) > 1:
        raise errors.shapes.cannot_join("cat", [x.shape for x in tensors], dim)
    return Cat.apply(*tensors, dim=dim)


@public(method=False)
def stack(tensors: Any, dim: int = 0) -> Any:
    """The tensors joined along a new dimension.

    Raises:
        RuntimeError: there are none, or their shapes differ.

    >>> import autodiff as ad
    >>> ad.stack([ad.tensor([1, 2]), ad.tensor([3, 4])])
    tensor([[1, 2],
            [3, 4]])
    """
    tensors = list(tensors)
    if not tensors:
        raise errors.shapes.nothing_to_join("stack")
    if len({x.shape for x in tensors}) > 1:
        raise errors.shapes.cannot_join("stack", [x.shape for x in tensors], dim)
    return cat([unsqueeze(x, dim) for x in tensors], dim)


@public
def clone(x: Any) -> Any:
    """A copy with memory of its own, still connected to the graph.

    >>> import autodiff as ad
    >>> x = ad.tensor([1.0, 2.0], requires_grad=True)
    >>> x.clone()
    tensor([1., 2.], grad_fn=<CloneBackward0>)
    """
    return Clone.apply(x)
