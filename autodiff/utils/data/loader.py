"""DataLoader: batches from a dataset."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import numpy as np

from autodiff import errors
from autodiff.creation import tensor
from autodiff.dtypes import float64
from autodiff.random import Generator
from autodiff.tensor import Tensor
from autodiff.utils.data.dataset import TensorDataset
from autodiff.utils.data.sampler import BatchSampler, RandomSampler, SequentialSampler

__all__ = ["DataLoader", "default_collate"]


class DataLoader:
    """Iterates over a dataset in batches.

    Args:
        dataset: anything with ``len()`` and ``[i]``.
        batch_size: samples per batch.
        shuffle: a new random order each time.
        drop_last: leave out a last batch that is not full.
        collate_fn: makes a batch from a list of samples; `default_collate` unless given.
        generator: the source of the random order.

    Raises:
        ValueError: ``batch_size`` is not positive, or both ``shuffle`` and a sampler are given.
        NotImplementedError: ``num_workers`` is not 0.

    >>> import autodiff as ad
    >>> data = ad.utils.data.TensorDataset(ad.arange(5))
    >>> [batch.tolist() for (batch,) in ad.utils.data.DataLoader(data, batch_size=2)]
    [[0, 1], [2, 3], [4]]
    """

    def __init__(
        self,
        dataset: Any,
        batch_size: int = 1,
        shuffle: bool = False,
        sampler: Iterable[int] | None = None,
        batch_sampler: Iterable[list[int]] | None = None,
        num_workers: int = 0,
        collate_fn: Callable[[list[Any]], Any] | None = None,
        drop_last: bool = False,
        generator: Generator | None = None,
    ) -> None:
        if num_workers:
            raise errors.nn.workers_not_supported(num_workers)
        if batch_size < 1:
            raise errors.nn.invalid_hyperparameter("batch_size", batch_size)
        if shuffle and sampler is not None:
            raise errors.nn.shuffle_and_sampler()
        self.dataset, self.batch_size, self.drop_last = dataset, batch_size, drop_last
        self.collate_fn = collate_fn
        if sampler is None:
            sampler = RandomSampler(dataset, generator) if shuffle else SequentialSampler(dataset)
        self.sampler = sampler
        self.batch_sampler = batch_sampler or BatchSampler(sampler, batch_size, drop_last)

    def __iter__(self) -> Iterator[Any]:
        for indices in self.batch_sampler:
            if self.collate_fn is None and isinstance(self.dataset, TensorDataset):
                # The whole batch at once: the same result as picking and stacking the samples.
                yield [Tensor._wrap(x.value[indices]) for x in self.dataset.tensors]
            else:
                collate = self.collate_fn or default_collate
                yield collate([self.dataset[i] for i in indices])

    def __len__(self) -> int:
        return len(self.batch_sampler)  # type: ignore[arg-type]


def default_collate(batch: list[Any]) -> Any:
    """One batch from a list of samples: numbers and tensors are stacked, containers kept.

    Raises:
        RuntimeError: the samples differ in shape.
        TypeError: there is no way to batch what a sample holds.

    >>> import autodiff as ad
    >>> ad.utils.data.default_collate([(1, 2.0), (3, 4.0)])
    [tensor([1, 3]), tensor([2., 4.], dtype=autodiff.float64)]
    """
    first = batch[0]
    if isinstance(first, Tensor):
        batch = [x.value for x in batch]
    if isinstance(batch[0], (np.ndarray, np.generic)):
        shapes = [x.shape for x in batch]
        if len(set(shapes)) > 1:
            raise errors.nn.samples_of_different_shapes(shapes)
        return Tensor._wrap(np.stack(batch))
    if isinstance(first, float):
        return tensor(batch, dtype=float64)
    if isinstance(first, (int, bool)):
        return tensor(batch)
    if isinstance(first, Mapping):
        return {key: default_collate([sample[key] for sample in batch]) for key in first}
    if isinstance(first, (list, tuple)):
        return [default_collate(list(column)) for column in zip(*batch, strict=True)]
    if isinstance(first, (str, bytes)):
        return batch
    raise errors.nn.cannot_collate(type(first).__name__)
