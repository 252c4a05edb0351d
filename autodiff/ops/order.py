"""The dimensions in another order: views, which copy nothing."""

from __future__ import annotations

from typing import Any

from autodiff import errors
from autodiff.ops.shape import Permute, positive_dim, sizes
from autodiff.public import public

# -- declarations: what PyTorch's graphs name apart -----------------------------------------------


class Transpose(Permute):
    """With two dimensions swapped."""

    formula = "x with two dimensions swapped"


class T(Permute):
    """The transpose of a matrix."""

    formula = "x.T"


# -- public functions ---------------------------------------------------------------------------


@public
def permute(x: Any, *dims: Any) -> Any:
    """The dimensions in the given order.

    Raises:
        RuntimeError: ``dims`` is not an ordering of all dimensions.

    >>> import autodiff as ad
    >>> ad.zeros(2, 3, 4).permute(2, 0, 1).shape
    autodiff.Size([4, 2, 3])
    """
    ndim = x.ndim
    given = sizes(dims)
    if len(given) != ndim:
        raise errors.shapes.not_a_permutation(given, ndim)
    order = tuple([positive_dim(d, ndim) for d in given])
    if len(set(order)) != ndim:
        raise errors.shapes.not_a_permutation(order, ndim)
    return x._apply(Permute, (x,), {"dims": order})


def swapped(ndim: int, dim0: int, dim1: int) -> tuple[int, ...]:
    """All dimensions in order, but for two that change places."""
    dims = list(range(ndim))
    i, j = positive_dim(dim0, ndim), positive_dim(dim1, ndim)
    if dims:
        dims[i], dims[j] = j, i
    return tuple(dims)


@public(in_place=True, aliases=("swapaxes", "swapdims"))
def transpose(x: Any, dim0: int, dim1: int) -> Any:
    """With two dimensions swapped.

    >>> import autodiff as ad
    >>> ad.zeros(2, 3).transpose(0, 1).shape
    autodiff.Size([3, 2])
    """
    return x._apply(Transpose, (x,), {"dims": swapped(x.ndim, dim0, dim1)})


@public(in_place=True)
def t(x: Any) -> Any:
    """The transpose of a matrix; vectors and single numbers stay as they are.

    Raises:
        RuntimeError: ``x`` has more than two dimensions.

    >>> import autodiff as ad
    >>> ad.zeros(2, 3).t().shape
    autodiff.Size([3, 2])
    """
    if x.ndim > 2:
        raise errors.linalg.not_a_matrix("t", x.shape)
    return x._apply(T, (x,), {"dims": (1, 0) if x.ndim == 2 else tuple(range(x.ndim))})


@public(only_method=True)
def adjoint(x: Any) -> Any:
    """The last two dimensions swapped: for real numbers the same as ``x.mT``.

    >>> import autodiff as ad
    >>> ad.zeros(2, 3).adjoint().shape
    autodiff.Size([3, 2])
    """
    return transpose(x, -2, -1)


@public(aliases=("moveaxis",))
def movedim(x: Any, source: Any, destination: Any) -> Any:
    """The dimensions ``source`` moved to ``destination``; the others keep their order.

    Raises:
        RuntimeError: the two name different numbers of dimensions, or one dimension twice.

    >>> import autodiff as ad
    >>> ad.zeros(2, 3, 4).movedim(0, -1).shape
    autodiff.Size([3, 4, 2])
    """
    sources = [positive_dim(d, x.ndim) for d in _several(source)]
    places = [positive_dim(d, x.ndim) for d in _several(destination)]
    if len(sources) != len(places):
        raise errors.shapes.movedim_counts(source, destination)
    if len(set(sources)) < len(sources) or len(set(places)) < len(places):
        raise errors.shapes.movedim_repeats(source, destination)
    order = [d for d in range(x.ndim) if d not in sources]
    for place, moved in sorted(zip(places, sources, strict=True)):
        order.insert(place, moved)
    return Permute.apply(x, dims=tuple(order) if x.ndim else ())


def _several(dim: Any) -> tuple[int, ...]:
    return (dim,) if isinstance(dim, int) else tuple(dim)
