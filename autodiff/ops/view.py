"""The same elements in another shape: views, which copy nothing."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autodiff import dtypes, errors
from autodiff.op import Op
from autodiff.ops.shape import Reshape, positive_dim, positive_dims, sizes
from autodiff.public import public

# -- declarations: what PyTorch's graphs name apart -----------------------------------------------


class UnsafeView(Reshape):
    """The same elements in another shape, copied because their order in memory is another."""

    def name(self) -> str:
        return "UnsafeViewBackward0"


class Squeeze(Reshape):
    """Without dimensions of size 1."""

    formula = "x without dimensions of size 1"

    def forward(x, *, dim):
        if dim is None or not x.ndim:
            return x.squeeze()
        dims = (dim,) if isinstance(dim, int) else dim
        return x.squeeze(tuple(d for d in dims if x.shape[d] == 1))

    def name(self) -> str:
        dim = self.settings["dim"]
        return f"SqueezeBackward{0 if dim is None else 1 if isinstance(dim, int) else 2}"


class Unsqueeze(Reshape):
    """With a new dimension of size 1."""

    formula = "x with a new dimension"

    def name(self) -> str:
        return "UnsqueezeBackward0"


class ViewDtype(Op):
    """The same memory, its bits read as another dtype: no gradient."""

    formula = "the bits of x as another dtype"

    def forward(x, *, dtype):
        return x.view(dtype)


# -- shapes ---------------------------------------------------------------------------------------


def full_shape(shape: tuple[Any, ...], old: tuple[int, ...]) -> tuple[int, ...]:
    """The shape asked for, its -1 worked out.

    Raises:
        RuntimeError: the number of elements would change.
    """
    wanted = sizes(shape)
    total = math.prod(old)
    if -1 not in wanted:
        if math.prod(wanted) != total or (wanted and min(wanted) < 0):
            raise errors.shapes.invalid_shape(wanted, old)
        return wanted
    known = -math.prod(wanted)
    if wanted.count(-1) > 1 or min(wanted) < -1 or not known or total % known:
        raise errors.shapes.invalid_shape(wanted, old)
    return tuple([total // known if n == -1 else n for n in wanted])


@public
def reshape(x: Any, *shape: Any) -> Any:
    """The same elements in another shape, a view where possible; one size may be -1.

    Raises:
        RuntimeError: the number of elements would change.

    >>> import autodiff as ad
    >>> ad.arange(6).reshape(2, -1).shape
    autodiff.Size([2, 3])
    """
    array = x.value
    wanted = shape[0] if len(shape) == 1 and not isinstance(shape[0], int) else shape
    try:
        if wanted and min(wanted) < -1:  # NumPy takes every negative size for -1
            raise ValueError
        op = Reshape if array.flags.c_contiguous or _has_view(array, wanted) else UnsafeView
        return x._apply(op, (x,), {"shape": wanted})
    except (TypeError, ValueError):
        wanted = full_shape(shape, array.shape)  # explains what does not fit
        return x._apply(UnsafeView, (x,), {"shape": wanted})


def _has_view(array: np.ndarray, shape: tuple[int, ...]) -> bool:
    """Whether the elements can be seen in that shape where they are."""
    try:
        array.reshape(shape, copy=False)
    except ValueError:
        return not array.size
    return True


@public(only_method=True)
def view(x: Any, *shape: Any) -> Any:
    """The same memory in another shape, or its bits read as another dtype.

    Raises:
        RuntimeError: the shape does not fit, or the memory layout does not allow a view.

    >>> import autodiff as ad
    >>> ad.zeros(2, 3).view(6).shape
    autodiff.Size([6])
    >>> ad.tensor(1.0).view(ad.int32)
    tensor(1065353216, dtype=autodiff.int32)
    """
    if len(shape) == 1 and isinstance(shape[0], dtypes.dtype):
        return _view_as_dtype(x, shape[0])
    array = x.value
    if array.flags.c_contiguous:
        return reshape(x, *shape)
    wanted = full_shape(shape, array.shape)
    if not _has_view(array, wanted):
        raise errors.shapes.no_view(wanted, array.shape)
    return x._apply(Reshape, (x,), {"shape": wanted})


def _view_as_dtype(x: Any, dtype: dtypes.dtype) -> Any:
    try:
        return ViewDtype.apply(x, dtype=dtype.numpy)
    except (TypeError, ValueError):
        raise errors.shapes.no_view_as_dtype(x.shape, x.dtype, dtype) from None


@public(only_method=True)
def view_as(x: Any, other: Any) -> Any:
    """`view` in the shape of ``other``.

    >>> import autodiff as ad
    >>> ad.arange(4).view_as(ad.zeros(2, 2)).shape
    autodiff.Size([2, 2])
    """
    return view(x, *other.shape)


@public(only_method=True)
def reshape_as(x: Any, other: Any) -> Any:
    """`reshape` to the shape of ``other``.

    >>> import autodiff as ad
    >>> ad.arange(4).reshape_as(ad.zeros(2, 2)).shape
    autodiff.Size([2, 2])
    """
    return reshape(x, *other.shape)


@public
def flatten(x: Any, start_dim: int = 0, end_dim: int = -1) -> Any:
    """Merges the dimensions from ``start_dim`` to ``end_dim`` into one.

    Raises:
        RuntimeError: ``start_dim`` comes after ``end_dim``.

    >>> import autodiff as ad
    >>> ad.zeros(4, 2, 3).flatten(1).shape
    autodiff.Size([4, 6])
    """
    shape = x.value.shape
    start, end = positive_dim(start_dim, len(shape)), positive_dim(end_dim, len(shape))
    if start > end:
        raise errors.shapes.flatten_order(start_dim, end_dim)
    if not shape:
        return reshape(x, 1)
    if start == end:
        return x
    wanted = (*shape[:start], math.prod(shape[start : end + 1]), *shape[end + 1 :])
    if x.value.flags.c_contiguous:
        return x._apply(Reshape, (x,), {"shape": wanted})
    return reshape(x, wanted)


@public
def unflatten(x: Any, dim: int, sizes: Any) -> Any:
    """Splits one dimension into several; one of the ``sizes`` may be -1.

    Raises:
        RuntimeError: the sizes do not multiply to that of the dimension.

    >>> import autodiff as ad
    >>> ad.zeros(4, 6).unflatten(1, (2, -1)).shape
    autodiff.Size([4, 2, 3])
    """
    dim = positive_dim(dim, x.ndim)
    shape = x.value.shape
    if not sizes:
        raise errors.shapes.invalid_shape((), shape[dim : dim + 1])
    parts = full_shape((sizes,), shape[dim : dim + 1])
    return view(x, *shape[:dim], *parts, *shape[dim + 1 :])


@public
def ravel(x: Any) -> Any:
    """All elements in one dimension, a view where possible.

    >>> import autodiff as ad
    >>> ad.tensor([[1, 2], [3, 4]]).ravel()
    tensor([1, 2, 3, 4])
    """
    return view(x.contiguous(), -1)


@public(in_place=True)
def squeeze(x: Any, dim: Any = None) -> Any:
    """Without its dimensions of size 1, or without those of them listed in ``dim``.

    >>> import autodiff as ad
    >>> ad.zeros(1, 3, 1).squeeze().shape
    autodiff.Size([3])
    """
    if isinstance(dim, int):
        dim = positive_dim(dim, x.ndim)
    elif dim is not None:
        dim = positive_dims(tuple(dim), x.ndim)
    return x._apply(Squeeze, (x,), {"dim": dim})


@public(in_place=True)
def unsqueeze(x: Any, dim: int) -> Any:
    """With a new dimension of size 1 at ``dim``.

    >>> import autodiff as ad
    >>> ad.zeros(3).unsqueeze(0).shape
    autodiff.Size([1, 3])
    """
    shape = x.value.shape
    dim = positive_dim(dim, len(shape) + 1)
    return x._apply(Unsqueeze, (x,), {"shape": (*shape[:dim], 1, *shape[dim:])})


@public(method=False)
def atleast_1d(*tensors: Any) -> Any:
    """The tensors with at least one dimension each.

    >>> import autodiff as ad
    >>> ad.atleast_1d(ad.tensor(2.0))
    tensor([2.])
    """
    return _each(lambda x: reshape(x, 1) if not x.ndim else x, tensors)


@public(method=False)
def atleast_2d(*tensors: Any) -> Any:
    """The tensors with at least two dimensions each; new ones come first.

    >>> import autodiff as ad
    >>> ad.atleast_2d(ad.tensor([1, 2])).shape
    autodiff.Size([1, 2])
    """
    return _each(_two_dimensional, tensors)


@public(method=False)
def atleast_3d(*tensors: Any) -> Any:
    """The tensors with at least three dimensions each; a matrix gets a last one.

    >>> import autodiff as ad
    >>> ad.atleast_3d(ad.zeros(2, 3)).shape
    autodiff.Size([2, 3, 1])
    """
    return _each(lambda x: unsqueeze(_two_dimensional(x), -1) if x.ndim < 3 else x, tensors)


def _two_dimensional(x: Any) -> Any:
    return reshape(x, 1, 1) if not x.ndim else unsqueeze(x, 0) if x.ndim == 1 else x


def _each(function: Any, tensors: tuple[Any, ...]) -> Any:
    """The function of one tensor, or of each of several."""
    if len(tensors) == 1 and not isinstance(tensors[0], (list, tuple)):
        return function(tensors[0])
    return tuple(function(x) for x in (tensors[0] if len(tensors) == 1 else tensors))
