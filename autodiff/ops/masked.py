"""Writing into a copy of a tensor where a mask is true."""

from __future__ import annotations

from typing import Any

import numpy as np

from autodiff import errors
from autodiff.arrays import as_array
from autodiff.op import Op
from autodiff.ops.choice import where
from autodiff.ops.expand import broadcast_shapes, expand
from autodiff.ops.scatter import like_of_y, number
from autodiff.ops.shape import SumTo, conform
from autodiff.ops.view import reshape
from autodiff.ops.write import IndexPut
from autodiff.public import public


class MaskedScatter(IndexPut):
    """``x`` with the elements of ``y``, one after the other, where a mask is true."""


class MaskedFill(Op):
    """``x`` with a number where a mask is true."""

    formula = "y where mask, else x"

    def forward(x, y, *, mask):
        return np.where(mask, as_array(y).astype(x.dtype), x)

    def grad_x(g, x_shape, mask):
        return SumTo.apply(where(mask, 0.0, g), shape=x_shape)

    def grad_y(g, y_shape, y_dtype, mask):
        return conform(where(mask, g, 0.0), y_shape, y_dtype)

    def name(self) -> str:
        return f"MaskedFillBackward{int(like_of_y(self)[1] is not None)}"


@public(in_place=True)
def masked_fill(x: Any, mask: Any, value: Any) -> Any:
    """``x`` with one number where ``mask`` is true; the two are broadcast together.

    Raises:
        RuntimeError: the mask does not hold truth values, or ``value`` has dimensions.

    >>> import autodiff as ad
    >>> x = ad.tensor([1.0, -2.0])
    >>> x.masked_fill(x < 0, 0)
    tensor([1., 0.])
    """
    if mask.value.dtype != bool:
        raise errors.indexing.mask_dtype("masked_fill", mask.dtype)
    if mask.value.shape != x.value.shape:
        broadcast_shapes(x.shape, mask.shape)
    return x._apply(MaskedFill, (x, number("masked_fill", x, value)), {"mask": mask.value})


@public(in_place=True)
def masked_scatter(x: Any, mask: Any, source: Any) -> Any:
    """``x`` with the elements of ``source``, one after the other, where ``mask`` is true.

    Raises:
        RuntimeError: too few elements, another dtype, or a mask without truth values.

    >>> import autodiff as ad
    >>> x = ad.zeros(4)
    >>> x.masked_scatter(ad.tensor([True, False, True, False]), ad.tensor([1.0, 2.0, 3.0]))
    tensor([1., 0., 2., 0.])
    """
    if mask.value.dtype != bool:
        raise errors.indexing.mask_dtype("masked_scatter", mask.dtype)
    if source.dtype != x.dtype:
        raise errors.indexing.same_dtype("masked_scatter", x.dtype, source.dtype)
    shape = broadcast_shapes(x.shape, mask.shape)
    if shape != x.shape:
        x = expand(x, shape)
    key = np.broadcast_to(mask.value, shape)
    count = int(np.count_nonzero(key))
    if source.numel() < count:
        raise errors.indexing.masked_scatter_counts(source.numel(), count)
    return MaskedScatter.apply(x, reshape(source, -1)[:count], key=key)
