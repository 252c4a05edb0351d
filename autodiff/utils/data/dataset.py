"""Datasets: collections of samples, picked by number or read one after the other."""

from __future__ import annotations

import math
import warnings
from abc import ABC, abstractmethod
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate
from typing import Any, Generic, TypeVar

from autodiff import errors
from autodiff.creation import randperm
from autodiff.random import Generator
from autodiff.tensor import Tensor

__all__ = [
    "ChainDataset", "ConcatDataset", "Dataset", "IterableDataset", "Subset", "TensorDataset",
    "random_split",
]  # fmt: skip

T_co = TypeVar("T_co", covariant=True)


class Dataset(Generic[T_co]):
    """Base of datasets: a subclass has ``__getitem__(i)`` for one sample, and ``__len__``.

    >>> from autodiff.utils.data import Dataset
    >>> class Squares(Dataset):
    ...     def __getitem__(self, i):
    ...         return i * i
    ...
    ...     def __len__(self):
    ...         return 3
    >>> (Squares() + Squares())[4]
    1
    """

    def __getitem__(self, index: Any) -> T_co:
        raise NotImplementedError("Subclasses of Dataset should implement __getitem__.")

    def __add__(self, other: Dataset[Any]) -> ConcatDataset[Any]:
        return ConcatDataset([self, other])


class IterableDataset(Dataset[T_co], ABC):
    """Base of datasets that are read from start to end: a subclass has ``__iter__``.

    It need not end. With worker processes every worker reads its own copy: share the samples out
    with `get_worker_info`.

    >>> from autodiff.utils.data import DataLoader, IterableDataset
    >>> class Countdown(IterableDataset):
    ...     def __iter__(self):
    ...         yield from (3, 2, 1)
    >>> [batch.tolist() for batch in DataLoader(Countdown(), batch_size=2)]
    [[3, 2], [1]]
    """

    @abstractmethod
    def __iter__(self) -> Iterator[T_co]: ...

    def __add__(self, other: Dataset[Any]) -> Any:
        return ChainDataset([self, other])


class TensorDataset(Dataset[tuple[Tensor, ...]]):
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


class ConcatDataset(Dataset[T_co]):
    """Several datasets as one, in order.

    Raises:
        AssertionError: no datasets, or one that has no numbers.

    >>> from autodiff.utils.data import ConcatDataset
    >>> data = ConcatDataset([["a", "b"], ["c"]])
    >>> len(data), data[2], data[-3]
    (3, 'c', 'a')
    """

    def __init__(self, datasets: Iterable[Any]) -> None:
        self.datasets = list(datasets)
        assert self.datasets, "datasets should not be an empty iterable"
        for dataset in self.datasets:
            assert not isinstance(dataset, IterableDataset), (
                "ConcatDataset does not support IterableDataset"
            )
        self.cumulative_sizes = list(accumulate(len(dataset) for dataset in self.datasets))

    def __getitem__(self, index: int) -> T_co:
        if index < -len(self):
            raise errors.data.index_too_low(index, len(self))
        if index < 0:
            index += len(self)
        number = bisect_right(self.cumulative_sizes, index)
        start = self.cumulative_sizes[number - 1] if number else 0
        if number == len(self.datasets):
            raise IndexError("list index out of range")
        return self.datasets[number][index - start]

    def __len__(self) -> int:
        return self.cumulative_sizes[-1]


class ChainDataset(IterableDataset[T_co]):
    """Several datasets that are read one after the other.

    Raises:
        AssertionError: when it is read, and one of them is no `IterableDataset`.

    >>> from autodiff.utils.data import ChainDataset, IterableDataset
    >>> class Lines(IterableDataset):
    ...     def __init__(self, *lines):
    ...         self.lines = lines
    ...     def __iter__(self):
    ...         return iter(self.lines)
    >>> list(ChainDataset([Lines("a", "b"), Lines("c")]))
    ['a', 'b', 'c']
    """

    def __init__(self, datasets: Iterable[Any]) -> None:
        self.datasets = datasets

    def __iter__(self) -> Iterator[T_co]:
        for dataset in self.datasets:
            assert isinstance(dataset, IterableDataset), (
                "ChainDataset only supports IterableDataset"
            )
            yield from dataset

    def __len__(self) -> int:
        return sum(len(dataset) for dataset in self.datasets)  # type: ignore[arg-type]


class Subset(Dataset[T_co]):
    """Some samples of a dataset, by number.

    >>> from autodiff.utils.data import Subset
    >>> part = Subset(["a", "b", "c"], [2, 0])
    >>> len(part), part[0]
    (2, 'c')
    """

    def __init__(self, dataset: Any, indices: Sequence[int]) -> None:
        self.dataset, self.indices = dataset, indices

    def __getitem__(self, index: Any) -> T_co:
        if isinstance(index, list):
            return self.dataset[[self.indices[i] for i in index]]
        return self.dataset[self.indices[index]]

    def __len__(self) -> int:
        return len(self.indices)


def random_split(
    dataset: Any, lengths: Sequence[float], generator: Generator | None = None
) -> list[Subset[Any]]:
    """Split a dataset at random into parts of the given lengths, or fractions that sum to 1.

    Raises:
        ValueError: the lengths do not add up to the size of the dataset, or a fraction is not
            between 0 and 1.

    Warns:
        UserWarning: a part is empty.

    >>> import autodiff as ad
    >>> parts = ad.utils.data.random_split(range(10), [0.8, 0.2])
    >>> [len(part) for part in parts]
    [8, 2]
    """
    size = len(dataset)
    counts = [int(n) for n in lengths]
    if math.isclose(sum(lengths), 1) and sum(lengths) <= 1:
        counts = _counts(size, lengths)
    if sum(counts) != size or any(n != int(n) for n in lengths if sum(lengths) > 1):
        raise errors.data.split_lengths(sum(lengths), size)
    order = randperm(size, generator=generator).tolist()
    ends = accumulate(counts)
    return [Subset(dataset, order[end - n : end]) for n, end in zip(counts, ends, strict=True)]


def _counts(size: int, fractions: Sequence[float]) -> list[int]:
    """Whole numbers in the proportion of the fractions; the first ones get what is left over."""
    for number, fraction in enumerate(fractions):
        if not 0 <= fraction <= 1:
            raise errors.data.fraction(number)
    counts = [math.floor(size * fraction) for fraction in fractions]
    for i in range(size - sum(counts)):
        counts[i % len(counts)] += 1
    for number, count in enumerate(counts):
        if count == 0:
            warnings.warn(errors.data.empty_part(number), stacklevel=3)
    return counts
