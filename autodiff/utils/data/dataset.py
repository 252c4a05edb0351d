"""Datasets: collections of samples that can be counted and picked by number."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from autodiff import errors
from autodiff.creation import randperm
from autodiff.random import Generator
from autodiff.tensor import Tensor

__all__ = ["Dataset", "Subset", "TensorDataset", "random_split"]


class Dataset:
    """Base of datasets: a subclass has ``__getitem__(i)`` for one sample, and ``__len__``."""

    def __getitem__(self, index: Any) -> Any:
        raise NotImplementedError("Subclasses of Dataset should implement __getitem__.")

    def __len__(self) -> int:
        raise NotImplementedError("Subclasses of Dataset should implement __len__.")


class TensorDataset(Dataset):
    """Samples taken from tensors along their first dimension.

    Raises:
        AssertionError: the tensors have different numbers of samples.

    >>> import autodiff as ad
    >>> data = ad.utils.data.TensorDataset(ad.zeros(3, 2), ad.arange(3))
    >>> data[1]
    (tensor([0., 0.]), tensor(1))
    """

    def __init__(self, *tensors: Tensor) -> None:
        assert len({len(x) for x in tensors}) == 1, "Size mismatch between tensors"
        self.tensors = tensors

    def __getitem__(self, index: Any) -> tuple[Tensor, ...]:
        return tuple(x[index] for x in self.tensors)

    def __len__(self) -> int:
        return len(self.tensors[0])


class Subset(Dataset):
    """Some samples of a dataset, by number."""

    def __init__(self, dataset: Any, indices: Sequence[int]) -> None:
        self.dataset, self.indices = dataset, indices

    def __getitem__(self, index: Any) -> Any:
        return self.dataset[self.indices[index]]

    def __len__(self) -> int:
        return len(self.indices)


def random_split(
    dataset: Any, lengths: Sequence[float], generator: Generator | None = None
) -> list[Subset]:
    """Split a dataset at random into parts of the given lengths, or fractions that sum to 1.

    Raises:
        ValueError: the lengths do not add up to the size of the dataset.

    >>> import autodiff as ad
    >>> parts = ad.utils.data.random_split(range(10), [0.8, 0.2])
    >>> [len(part) for part in parts]
    [8, 2]
    """
    size = len(dataset)
    counts = [int(n) for n in lengths]
    if math.isclose(sum(lengths), 1):
        counts = [int(size * fraction) for fraction in lengths]
        for i in range(size - sum(counts)):
            counts[i % len(counts)] += 1
    if sum(counts) != size:
        raise errors.nn.split_lengths(sum(counts), size)
    order = randperm(size, generator=generator).tolist()
    starts = [sum(counts[:i]) for i in range(len(counts))]
    return [Subset(dataset, order[s : s + n]) for s, n in zip(starts, counts, strict=True)]
