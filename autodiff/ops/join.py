"""Tensors joined into one, and one taken apart into several."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autodiff import dtypes, errors
from autodiff.arrays import in_order
from autodiff.op import Op
from autodiff.ops.index import Index
from autodiff.ops.shape import conform, positive_dim
from autodiff.ops.view import atleast_1d, atleast_2d, atleast_3d, view
from autodiff.public import public
from autodiff.variable import Variable

# -- declarations ---------------------------------------------------------------------------------


class Cat(Op):
    """Joins tensors along one of their dimensions."""

    formula = "cat(xs)"

    def forward(*xs, dim):
        return in_order(np.concatenate(_of_one_dtype(xs), axis=dim))

    def grad_xs(g, xs_shape, xs_dtype, dim):
        gradients, start = [], 0
        for shape, dtype in zip(xs_shape, xs_dtype, strict=True):
            stop = start + shape[dim]
            part = g[(slice(None),) * dim + (slice(start, stop),)]
            gradients.append(conform(part, shape, dtype))
            start = stop
        return gradients


class Stack(Op):
    """Joins tensors along a new dimension."""

    formula = "stack(xs)"

    def forward(*xs, dim):
        return in_order(np.stack(_of_one_dtype(xs), axis=dim))

    def grad_xs(g, xs_shape, xs_dtype, dim):
        parts = [g[(slice(None),) * dim + (i,)] for i in range(len(xs_shape))]
        return [
            conform(part, shape, dtype)
            for part, shape, dtype in zip(parts, xs_shape, xs_dtype, strict=True)
        ]


def _of_one_dtype(xs: Any) -> Any:
    first = xs[0].dtype
    if all(x.dtype is first for x in xs):
        return xs
    dtype = dtypes.result_dtype(xs)
    return [x.astype(dtype, copy=False) for x in xs]


class Split(Index):
    """One of the parts of equal size along a dimension."""

    formula = "a part of x"

    def name(self) -> str:
        return "SplitBackward0"


class SplitWithSizes(Index):
    """One of the parts of given sizes along a dimension."""

    formula = "a part of x"

    def name(self) -> str:
        return "SplitWithSizesBackward0"


class Unbind(Index):
    """One of the slices along a dimension."""

    formula = "a slice of x"

    def name(self) -> str:
        return "UnbindBackward0"


# -- joining --------------------------------------------------------------------------------------


@public(method=False, aliases=("concat", "concatenate"))
def cat(tensors: Any, dim: int = 0) -> Any:
    """The tensors joined along an existing dimension, in the dtype they promote to.

    Raises:
        RuntimeError: a tensor has no dimensions, or their other dimensions differ.
        TypeError: one of them is no tensor.
        ValueError: there are no tensors.

    >>> import autodiff as ad
    >>> ad.cat([ad.tensor([1, 2]), ad.tensor([3])])
    tensor([1, 2, 3])
    """
    tensors = _all_tensors(tensors)
    if not tensors:
        raise errors.joining.nothing_to_join("cat", ValueError)
    shapes = [x.value.shape for x in tensors]
    if () in shapes:
        raise errors.joining.zero_dimensional_join()
    # An empty vector fits everywhere: so results can be collected in a loop, starting from it.
    shape = next((s for s in shapes if s != (0,)), (0,))
    dim = positive_dim(dim, len(shape))
    if shape != (0,) and (0,) in shapes:
        tensors = [x for x in tensors if x.value.shape != (0,)]
        shapes = [x.value.shape for x in tensors]
    rest = shape[:dim] + shape[dim + 1 :]
    if any(len(s) != len(shape) or s[:dim] + s[dim + 1 :] != rest for s in shapes):
        raise errors.joining.cannot_join(shapes, dim)
    return tensors[0]._apply(Cat, tensors, {"dim": dim})


@public(method=False)
def stack(tensors: Any, dim: int = 0) -> Any:
    """The tensors joined along a new dimension.

    Raises:
        RuntimeError: there are none, or their shapes differ.
        TypeError: one of them is no tensor.

    >>> import autodiff as ad
    >>> ad.stack([ad.tensor([1, 2]), ad.tensor([3, 4])])
    tensor([[1, 2],
            [3, 4]])
    """
    tensors = _all_tensors(tensors)
    if not tensors:
        raise errors.joining.nothing_to_join("stack", RuntimeError)
    shape = tensors[0].value.shape
    if any(x.value.shape != shape for x in tensors):
        raise errors.joining.cannot_stack([x.shape for x in tensors])
    return tensors[0]._apply(Stack, tensors, {"dim": positive_dim(dim, len(shape) + 1)})


@public(method=False)
def hstack(tensors: Any) -> Any:
    """The tensors side by side: joined along the second dimension, vectors along their only one.

    >>> import autodiff as ad
    >>> ad.hstack([ad.tensor([1, 2]), ad.tensor([3])])
    tensor([1, 2, 3])
    """
    tensors = _at_least("hstack", atleast_1d, tensors)
    return cat(tensors, 0 if tensors[0].ndim == 1 else 1)


@public(method=False, aliases=("row_stack",))
def vstack(tensors: Any) -> Any:
    """The tensors on top of each other: joined along the first dimension, vectors as rows.

    >>> import autodiff as ad
    >>> ad.vstack([ad.tensor([1, 2]), ad.tensor([3, 4])])
    tensor([[1, 2],
            [3, 4]])
    """
    return cat(_at_least("vstack", atleast_2d, tensors))


@public(method=False)
def dstack(tensors: Any) -> Any:
    """The tensors behind each other: joined along the third dimension.

    >>> import autodiff as ad
    >>> ad.dstack([ad.tensor([1, 2]), ad.tensor([3, 4])])
    tensor([[[1, 3],
             [2, 4]]])
    """
    return cat(_at_least("dstack", atleast_3d, tensors), 2)


@public(method=False)
def column_stack(tensors: Any) -> Any:
    """The tensors side by side, vectors as columns.

    >>> import autodiff as ad
    >>> ad.column_stack([ad.tensor([1, 2]), ad.tensor([3, 4])])
    tensor([[1, 3],
            [2, 4]])
    """
    tensors = _at_least("column_stack", list, [list(tensors)])
    return hstack([view(x, x.numel(), 1) if x.ndim < 2 else x for x in tensors])


def _all_tensors(tensors: Any) -> list[Any]:
    tensors = list(tensors)
    for index, x in enumerate(tensors):
        if not isinstance(x, Variable):
            raise errors.joining.element_not_a_tensor(index, type(x).__name__)
    return tensors


def _at_least(name: str, raised: Any, tensors: Any) -> Any:
    tensors = list(tensors)
    if not tensors or tensors == [[]]:
        raise errors.joining.nothing_to_join(name, RuntimeError)
    return raised(*tensors) if raised is list else raised(tensors)


# -- taking apart ---------------------------------------------------------------------------------


def _parts(op: type[Index], x: Any, dim: int, lengths: list[int]) -> tuple[Any, ...]:
    """Views of ``x``: consecutive parts of these lengths along ``dim``."""
    parts, start = [], 0
    for length in lengths:
        key = (slice(None),) * dim + (slice(start, start + length),)
        parts.append(op.apply(x, key=key))
        start += length
    return tuple(parts)


@public
def split(x: Any, split_size: Any, dim: int = 0) -> Any:
    """Views of consecutive parts: of one size (the last may be smaller), or of a list of sizes.

    Raises:
        RuntimeError: a negative size, or sizes that do not add up to that of the dimension.

    >>> import autodiff as ad
    >>> ad.arange(5).split(2)
    (tensor([0, 1]), tensor([2, 3]), tensor([4]))
    >>> ad.arange(5).split([1, 4])
    (tensor([0]), tensor([1, 2, 3, 4]))
    """
    length = _length("split", x, dim)
    dim = positive_dim(dim, x.ndim)
    if not isinstance(split_size, int):
        lengths = [int(n) for n in split_size]
        if sum(lengths) != length or min(lengths, default=0) < 0:
            raise errors.joining.split_sizes(lengths, length, dim)
        return _parts(SplitWithSizes, x, dim, lengths)
    if split_size < 0 or (split_size == 0 and length):
        raise errors.joining.split_sizes(split_size, length, dim)
    starts = range(0, length, split_size) if length else [0]
    return _parts(Split, x, dim, [min(split_size, length - start) for start in starts])


@public
def chunk(x: Any, chunks: int, dim: int = 0) -> Any:
    """Views of at most ``chunks`` parts of equal size (the last may be smaller).

    Raises:
        RuntimeError: ``chunks`` is not positive.

    >>> import autodiff as ad
    >>> ad.arange(5).chunk(2)
    (tensor([0, 1, 2]), tensor([3, 4]))
    """
    length = _length("chunk", x, dim)
    if chunks <= 0:
        raise errors.joining.chunk_count(chunks)
    if not length:
        return split(x, [0] * chunks, dim)
    return split(x, math.ceil(length / chunks), dim)


@public
def tensor_split(x: Any, indices_or_sections: Any, dim: int = 0) -> Any:
    """Views of parts as equal as possible, or of the parts between the given positions.

    Raises:
        RuntimeError: the number of parts is not positive.

    >>> import autodiff as ad
    >>> ad.arange(5).tensor_split(2)
    (tensor([0, 1, 2]), tensor([3, 4]))
    >>> ad.arange(5).tensor_split([1, 3])
    (tensor([0]), tensor([1, 2]), tensor([3, 4]))
    """
    length = _length("tensor_split", x, dim)
    dim = positive_dim(dim, x.ndim)
    if hasattr(indices_or_sections, "tolist"):
        indices_or_sections = indices_or_sections.tolist()
    if isinstance(indices_or_sections, int):
        if indices_or_sections <= 0:
            raise errors.joining.chunk_count(indices_or_sections)
        size, larger = divmod(length, indices_or_sections)
        return _parts(Index, x, dim, [size + (i < larger) for i in range(indices_or_sections)])
    starts, stops = [0, *indices_or_sections], [*indices_or_sections, None]
    return tuple(
        x[(slice(None),) * dim + (slice(start, stop),)]
        for start, stop in zip(starts, stops, strict=True)
    )


@public
def hsplit(x: Any, indices_or_sections: Any) -> Any:
    """`tensor_split` along the second dimension, for vectors along the only one.

    >>> import autodiff as ad
    >>> ad.tensor([[1, 2]]).hsplit(2)
    (tensor([[1]]), tensor([[2]]))
    """
    return _equal_split("hsplit", x, indices_or_sections, 0 if x.ndim == 1 else 1, 1)


@public
def vsplit(x: Any, indices_or_sections: Any) -> Any:
    """`tensor_split` along the first dimension of at least two.

    >>> import autodiff as ad
    >>> ad.tensor([[1], [2]]).vsplit(2)
    (tensor([[1]]), tensor([[2]]))
    """
    return _equal_split("vsplit", x, indices_or_sections, 0, 2)


@public
def dsplit(x: Any, indices_or_sections: Any) -> Any:
    """`tensor_split` along the third dimension.

    >>> import autodiff as ad
    >>> [part.shape for part in ad.zeros(1, 2, 4).dsplit(2)]
    [autodiff.Size([1, 2, 2]), autodiff.Size([1, 2, 2])]
    """
    return _equal_split("dsplit", x, indices_or_sections, 2, 3)


def _equal_split(name: str, x: Any, sections: Any, dim: int, ndim: int) -> Any:
    if x.ndim < ndim:
        raise errors.shapes.too_few_dims(name, x.shape, ndim)
    if isinstance(sections, int) and (sections <= 0 or x.shape[dim] % sections):
        raise errors.joining.unequal_split(name, x.shape, dim, sections)
    return tensor_split(x, sections, dim)


@public
def unbind(x: Any, dim: int = 0) -> Any:
    """Views of all slices along a dimension, without that dimension.

    Raises:
        RuntimeError: ``x`` has no dimensions.

    >>> import autodiff as ad
    >>> ad.tensor([[1, 2], [3, 4]]).unbind(1)
    (tensor([1, 3]), tensor([2, 4]))
    """
    if not x.ndim:
        raise errors.shapes.dim_out_of_range(dim, 0)
    before = (slice(None),) * positive_dim(dim, x.ndim)
    return tuple(Unbind.apply(x, key=(*before, i)) for i in range(_length("unbind", x, dim)))


def _length(name: str, x: Any, dim: int) -> int:
    if not x.ndim:
        raise errors.shapes.too_few_dims(name, x.shape, 1)
    return x.value.shape[positive_dim(dim, x.ndim)]
