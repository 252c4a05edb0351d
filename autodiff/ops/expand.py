"""Elements shown several times without copying: broadcasting, grids and windows."""

from __future__ import annotations

from typing import Any

import numpy as np

from autodiff import errors
from autodiff.arrays import zeros
from autodiff.op import Op
from autodiff.ops.shape import Expand, positive_dim, sizes
from autodiff.ops.view import squeeze, unsqueeze, view
from autodiff.public import public

# -- declarations ---------------------------------------------------------------------------------


class Unfold(Op):
    """All windows of one size along a dimension, some steps apart: a view, with overlaps."""

    formula = "windows of x"

    def forward(x, *, dim, size, step):
        count = (x.shape[dim] - size) // step + 1
        shape = (*x.shape[:dim], count, *x.shape[dim + 1 :], size)
        stride = x.strides[dim]
        strides = (*x.strides[:dim], stride * step, *x.strides[dim + 1 :], stride)
        if x.flags.c_contiguous:
            return np.ndarray(shape, x.dtype, x, 0, strides)
        return np.lib.stride_tricks.as_strided(x, shape, strides)

    def grad_x(g, x_shape, dim, size, step):
        return Fold.apply(g, shape=x_shape, dim=dim, size=size, step=step)


class Fold(Op):
    """Windows added up where they overlap: the reverse of `Unfold`."""

    formula = "the windows x, added up"

    def forward(x, *, shape, dim, size, step):
        out = zeros(shape, x)
        along = np.moveaxis(out, dim, -1)
        for start, window in enumerate(np.moveaxis(x, dim, 0)):
            along[..., start * step : start * step + size] += window
        return out

    def grad_x(g, dim, size, step):
        return Unfold.apply(g, dim=dim, size=size, step=step)

    def name(self) -> str:
        return "UnfoldBackwardBackward0"


# -- public functions ---------------------------------------------------------------------------


@public(only_method=True)
def expand(x: Any, *shape: Any) -> Any:
    """Repeated along dimensions of size 1 without copying; -1 keeps a size.

    Raises:
        RuntimeError: a dimension that is not 1 would have to change.

    >>> import autodiff as ad
    >>> ad.tensor([[1], [2]]).expand(2, 3)
    tensor([[1, 1, 1],
            [2, 2, 2]])
    """
    old, wanted = x.value.shape, sizes(shape)
    extra = len(wanted) - len(old)
    if extra < 0:
        raise errors.shapes.cannot_expand(old, wanted)
    if -1 in wanted:
        kept = (-1,) * extra + old
        wanted = tuple([m if n == -1 else n for n, m in zip(wanted, kept, strict=True)])
    if (wanted and min(wanted) < 0) or any(
        [n not in (1, new) for n, new in zip(old, wanted[extra:], strict=True)]  # noqa: C419
    ):
        raise errors.shapes.cannot_expand(old, wanted)
    return x._apply(Expand, (x,), {"shape": wanted})


@public(only_method=True)
def expand_as(x: Any, other: Any) -> Any:
    """`expand` to the shape of ``other``.

    >>> import autodiff as ad
    >>> ad.tensor([1, 2]).expand_as(ad.zeros(3, 2)).shape
    autodiff.Size([3, 2])
    """
    return expand(x, *other.shape)


@public
def broadcast_to(x: Any, shape: Any) -> Any:
    """``x`` repeated to ``shape`` without copying: `expand` as a function.

    >>> import autodiff as ad
    >>> ad.broadcast_to(ad.tensor(1.5), (2,))
    tensor([1.5000, 1.5000])
    """
    return expand(x, *shape)


@public(method=False)
def broadcast_shapes(*shapes: Any) -> Any:
    """The shape that tensors of these shapes broadcast to.

    Raises:
        RuntimeError: they do not fit together.

    >>> import autodiff as ad
    >>> ad.broadcast_shapes((2, 1), (3,))
    autodiff.Size([2, 3])
    """
    from autodiff.tensor import Size

    shapes = tuple((s,) if isinstance(s, int) else tuple(s) for s in shapes)
    out: tuple[int, ...] = ()
    for shape in shapes:
        try:
            out = np.broadcast_shapes(out, shape)
        except ValueError:
            raise errors.shapes.broadcast_shapes(out, shape) from None
    return Size(out)


@public(method=False)
def broadcast_tensors(*tensors: Any) -> Any:
    """The tensors, each expanded to the shape they broadcast to together.

    >>> import autodiff as ad
    >>> [x.shape for x in ad.broadcast_tensors(ad.zeros(2, 1), ad.zeros(3))]
    [autodiff.Size([2, 3]), autodiff.Size([2, 3])]
    """
    if len(tensors) == 1 and isinstance(tensors[0], (list, tuple)):
        tensors = tuple(tensors[0])
    shape = broadcast_shapes(*(x.shape for x in tensors))
    return tuple(x if x.shape == shape else expand(x, *shape) for x in tensors)


@public(method=False)
def meshgrid(*tensors: Any, indexing: str | None = None) -> Any:
    """One grid per vector: element (i, j, ...) of the k-th is the k-th vector's element there.

    With ``indexing="xy"`` the first two dimensions are swapped.

    Raises:
        RuntimeError: a tensor of more than one dimension, different dtypes, or another indexing.

    Warns:
        UserWarning: ``indexing`` was not given, and means "ij".

    >>> import autodiff as ad
    >>> rows, columns = ad.meshgrid(ad.arange(2), ad.arange(3), indexing="ij")
    >>> columns
    tensor([[0, 1, 2],
            [0, 1, 2]])
    """
    if len(tensors) == 1 and isinstance(tensors[0], (list, tuple)):
        tensors = tuple(tensors[0])
    if indexing is None:
        errors.shapes.warn_meshgrid_indexing()
    elif indexing not in ("ij", "xy"):
        raise errors.shapes.meshgrid_indexing(indexing)
    if not tensors:
        raise errors.joining.nothing_to_join("meshgrid", RuntimeError)
    if any(x.ndim > 1 or x.dtype != tensors[0].dtype for x in tensors):
        raise errors.shapes.meshgrid_inputs([x.shape for x in tensors], [x.dtype for x in tensors])
    swap = indexing == "xy" and len(tensors) > 1
    if swap:
        tensors = (tensors[1], tensors[0], *tensors[2:])
    shape = tuple(x.numel() for x in tensors)
    grids = [
        expand(view(x, *(-1 if k == d else 1 for d in range(len(shape)))), *shape)
        for k, x in enumerate(tensors)
    ]
    if swap:
        grids[0], grids[1] = grids[1], grids[0]
    return tuple(grids)


@public(only_method=True)
def unfold(x: Any, dimension: int, size: int, step: int) -> Any:
    """All windows of ``size`` along a dimension, ``step`` apart, in a new last dimension: a view.

    Raises:
        RuntimeError: the size is larger than the dimension, or the step is not positive.

    >>> import autodiff as ad
    >>> ad.arange(4).unfold(0, 2, 1)
    tensor([[0, 1],
            [1, 2],
            [2, 3]])
    """
    dim = positive_dim(dimension, x.ndim)
    if not x.ndim:
        x = unsqueeze(x, 0)
        return squeeze(unfold(x, 0, size, step), 0)
    if not 0 <= size <= x.shape[dim] or step <= 0:
        raise errors.shapes.unfold_window(x.shape, dim, size, step)
    return Unfold.apply(x, dim=dim, size=size, step=step)
