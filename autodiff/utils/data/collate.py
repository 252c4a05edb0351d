"""Samples become batches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from autodiff import errors
from autodiff.creation import tensor
from autodiff.dtypes import float64
from autodiff.ops.join import stack
from autodiff.tensor import Tensor

__all__ = ["default_collate", "default_convert"]


def default_collate(batch: Sequence[Any]) -> Any:
    """One batch from a list of samples: numbers and tensors are stacked, containers kept.

    Tensors, NumPy arrays and numbers get a new first dimension; in dicts, tuples, named tuples and
    lists each part is batched for itself (a tuple becomes a list); strings stay a list.

    Raises:
        RuntimeError: the samples differ in shape or in length.
        TypeError: there is no way to batch what a sample holds.

    >>> import autodiff as ad
    >>> ad.utils.data.default_collate([(1, 2.0), (3, 4.0)])
    [tensor([1, 3]), tensor([2., 4.], dtype=autodiff.float64)]
    >>> ad.utils.data.default_collate([{"name": "a", "x": [1]}, {"name": "b", "x": [2]}])
    {'name': ['a', 'b'], 'x': [tensor([1, 2])]}
    """
    first = batch[0]
    if isinstance(first, (Tensor, np.ndarray, np.generic)):
        return _stacked(batch)
    if isinstance(first, float):
        return tensor(batch, dtype=float64)
    if isinstance(first, int):
        return tensor(batch)
    if isinstance(first, (str, bytes)):
        return batch
    if isinstance(first, Mapping):
        columns = {key: default_collate([sample[key] for sample in batch]) for key in first}
        return columns if type(first) is dict else _of_type(first, columns)
    if isinstance(first, Sequence):
        lengths = {len(sample) for sample in batch}
        if len(lengths) > 1:
            raise errors.data.samples_of_different_lengths(lengths)
        parts = [default_collate(column) for column in zip(*batch, strict=True)]
        if hasattr(first, "_fields"):  # a named tuple
            return type(first)(*parts)
        return parts if isinstance(first, (list, tuple)) else _of_type(first, parts)
    raise errors.data.cannot_collate(type(first).__name__)


def _stacked(samples: Sequence[Any]) -> Tensor:
    if any(isinstance(x, Tensor) and x.requires_grad for x in samples):
        return stack(samples)
    arrays = [x.value if isinstance(x, Tensor) else np.asarray(x) for x in samples]
    if arrays[0].dtype.kind not in "fiub":
        raise errors.data.cannot_collate(str(arrays[0].dtype))
    shapes = [x.shape for x in arrays]
    if len(set(shapes)) > 1:
        raise errors.data.samples_of_different_shapes(shapes)
    return Tensor._wrap(np.stack(arrays))


def _of_type(sample: Any, parts: Any) -> Any:
    """The parts in a container of the sample's type, or as they are where that fails."""
    try:
        return type(sample)(parts)
    except TypeError:
        return parts


def default_convert(sample: Any) -> Any:
    """A sample that is not batched: NumPy arrays in it become tensors, the rest stays.

    >>> import numpy as np, autodiff as ad
    >>> ad.utils.data.default_convert({"x": np.zeros(2), "name": "a"})
    {'x': tensor([0., 0.], dtype=autodiff.float64), 'name': 'a'}
    """
    if isinstance(sample, (np.ndarray, np.generic)) and sample.dtype.kind in "fiub":
        return Tensor._wrap(np.asarray(sample))
    if isinstance(sample, Mapping):
        return _of_type(sample, {key: default_convert(value) for key, value in sample.items()})
    if hasattr(sample, "_fields"):
        return type(sample)(*map(default_convert, sample))
    if isinstance(sample, tuple):
        return [default_convert(part) for part in sample]
    if isinstance(sample, Sequence) and not isinstance(sample, (str, bytes)):
        return _of_type(sample, [default_convert(part) for part in sample])
    return sample
