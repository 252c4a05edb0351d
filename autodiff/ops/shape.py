"""Ops that rearrange elements without computing anything new, and broadcasting and its reverse."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np

from autodiff import errors
from autodiff.arrays import placed
from autodiff.op import Op
from autodiff.public import public

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
        if type(x) is np.ndarray and x.size == 1 and x.flags.c_contiguous:
            # A tenth of the time of np.broadcast_to, which matters for sum().backward().
            return np.ndarray(shape, x.dtype, x, 0, (0,) * len(shape))
        if type(x) is np.ndarray and x.flags.c_contiguous and x.size:
            # Of NumPy's ways to make a view of other strides the quickest.
            extra = len(shape) - x.ndim
            old = zip(x.shape, x.strides, shape[extra:], strict=True)
            strides = [stride if n == new else 0 for n, stride, new in old]
            return np.ndarray(shape, x.dtype, x, 0, (*(0,) * extra, *strides))
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


class Move(Op):
    """The same values on another device; the gradient goes back to where the values came from."""

    formula = "x on another device"

    def forward(x, *, origin, place):
        return placed(x, place).copy() if origin == place else placed(x, place)

    def grad_x(g, origin, place):
        return Move.apply(g, origin=place, place=origin)

    def name(self) -> str:
        return "ToCopyBackward0"


class Clone(Op):
    """A copy that keeps its place in the graph.

    Its elements have the order in memory that those of ``x`` have ("K"), or rows in order ("C").
    """

    formula = "x, copied"

    def forward(x, *, order="K"):
        # As in PyTorch, repeats of the same memory have no order to keep.
        return x.copy("C" if 0 in x.strides else order)

    def grad_x(g):
        return g


# -- what the engine needs ----------------------------------------------------------------------


def conform(g: Any, shape: tuple[int, ...], dtype: Any) -> Any:
    """A gradient with the shape and dtype of the input it belongs to."""
    if g.shape != shape:
        g = SumTo.apply(g, shape=shape)
    numpy_dtype = getattr(g.dtype, "numpy", g.dtype)
    return g if numpy_dtype == dtype else Cast.apply(g, dtype=dtype)


ALL_DIMS = tuple(tuple(range(n)) for n in range(65))  # NumPy's limit is 64 dimensions


def positive_dim(dim: int, ndim: int) -> int:
    """``dim`` counted from the front.

    Raises:
        IndexError: there is no such dimension.
    """
    if -ndim <= dim < ndim:
        return dim if dim >= 0 else dim + ndim
    if ndim == 0 and dim in (0, -1):  # a single number counts as having one dimension
        return 0
    raise errors.shapes.dim_out_of_range(dim, ndim)


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
        shape = shape[0]
    return tuple(map(int, shape))


def move(x: Any, origin: Any, place: Any) -> Any:
    """A copy on another device that keeps its place in the graph."""
    return Move.apply(x, origin=origin, place=place)


@public
def clone(x: Any) -> Any:
    """A copy with memory of its own, still connected to the graph.

    >>> import autodiff as ad
    >>> x = ad.tensor([1.0, 2.0], requires_grad=True)
    >>> x.clone()
    tensor([1., 2.], grad_fn=<CloneBackward0>)
    """
    return Clone.apply(x)
