"""Datasets, samplers and loaders."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from tests.mistakes.mistake import Mistake


def loader(size: int = 3, **settings: Any) -> Callable[[Any], Any]:
    """A program that makes a loader."""
    return lambda m: m.utils.data.DataLoader(range(size), **settings)


def iterable(**settings: Any) -> Callable[[Any], Any]:
    def program(m: Any) -> Any:
        stream = type("Stream", (m.utils.data.IterableDataset,), {"__iter__": lambda self: None})
        return m.utils.data.DataLoader(stream(), **settings)

    return program


def without_length(m: Any) -> Any:
    class Squares(m.utils.data.Dataset):
        def __getitem__(self, i: int) -> int:
            return i * i

    return list(m.utils.data.DataLoader(Squares()))


def failing_worker(m: Any) -> Any:
    class Fragile(m.utils.data.Dataset):
        def __getitem__(self, i: int) -> int:
            return {0: 1}[i]

        def __len__(self) -> int:
            return 2

    return list(m.utils.data.DataLoader(Fragile(), num_workers=1))


MISTAKES = [
    Mistake(
        "batch size",
        lambda m: m.utils.data.DataLoader(range(3), batch_size=0),
        ValueError,
        "batch_size should be a positive integer value, but got batch_size=0",
        explains=False,
    ),
    Mistake(
        "shuffle and sampler",
        lambda m: m.utils.data.DataLoader(range(3), shuffle=True, sampler=[0]),
        ValueError,
        "sampler option is mutually exclusive with shuffle.",
        explains=False,
    ),
    Mistake(
        "lengths",
        lambda m: m.utils.data.random_split(range(5), [2, 2]),
        ValueError,
        "Sum of input lengths (4) does not equal the length of the input",
    ),
    Mistake(
        "different lengths",
        lambda m: m.utils.data.TensorDataset(m.ones(2), m.ones(3)),
        AssertionError,
        "Size mismatch between tensors",
        explains=False,
    ),
    Mistake(
        "unequal samples",
        lambda m: m.utils.data.default_collate([m.ones(2), m.ones(3)]),
        RuntimeError,
        "stack expects each tensor to be equal size, but got [2] and [3].",
    ),
    Mistake(
        "unknown samples",
        lambda m: m.utils.data.default_collate([object()]),
        TypeError,
        "default_collate: batch must contain tensors, numpy arrays, numbers,",
    ),
    Mistake(
        "negative workers",
        loader(num_workers=-1),
        ValueError,
        "num_workers option should be non-negative",
    ),
    Mistake(
        "negative timeout", loader(timeout=-1), ValueError, "timeout option should be non-negative"
    ),
    Mistake(
        "prefetching without workers",
        loader(prefetch_factor=2),
        ValueError,
        "prefetch_factor option needs num_workers > 0.",
    ),
    Mistake(
        "keeping no workers",
        loader(persistent_workers=True),
        ValueError,
        "persistent_workers option needs num_workers > 0",
    ),
    Mistake(
        "unknown way to start",
        loader(num_workers=1, multiprocessing_context="thread"),
        ValueError,
        "thread",
        explains=False,
    ),
    Mistake(
        "batches decided twice",
        loader(batch_sampler=[[0]], batch_size=2),
        ValueError,
        "batch_sampler option is mutually exclusive with batch_size, shuffle,",
    ),
    Mistake(
        "last of no batches",
        loader(batch_size=None, drop_last=True),
        ValueError,
        "batch_size=None option disables auto-batching and is mutually",
        explains=False,
    ),
    Mistake(
        "shuffling nothing",
        loader(0, shuffle=True),
        ValueError,
        "num_samples should be a positive integer value, but got num_samples=0.",
    ),
    Mistake(
        "shuffling a stream",
        iterable(shuffle=True),
        ValueError,
        "DataLoader with IterableDataset: expected unspecified shuffle option",
    ),
    Mistake(
        "sampling a stream",
        iterable(sampler=[0]),
        ValueError,
        "DataLoader with IterableDataset: expected unspecified sampler option",
    ),
    Mistake(
        "stream without __iter__",
        lambda m: m.utils.data.IterableDataset(),
        TypeError,
        "__iter__",
        explains=False,
    ),
    Mistake("no length", without_length, TypeError, "object of type 'Squares' has no len()"),
    Mistake(
        "no samples",
        lambda m: m.utils.data.Dataset()[0],
        NotImplementedError,
        "Subclasses of Dataset should implement __getitem__.",
        explains=False,
    ),
    Mistake(
        "key error in a worker",
        failing_worker,
        KeyError,
        "Caught KeyError in DataLoader worker process 0.",
        explains=False,
    ),
    Mistake(
        "joining nothing",
        lambda m: m.utils.data.ConcatDataset([]),
        AssertionError,
        "datasets should not be an empty iterable",
        explains=False,
    ),
    Mistake(
        "before the first",
        lambda m: m.utils.data.ConcatDataset([[1], [2]])[-3],
        ValueError,
        "absolute value of index should not exceed dataset length",
        explains=False,
    ),
    Mistake(
        "negative share",
        lambda m: m.utils.data.random_split(range(4), [-0.5, 1.5]),
        ValueError,
        "Fraction at index 0 is not between 0 and 1.",
        explains=False,
    ),
    Mistake(
        "samples of different lengths",
        lambda m: m.utils.data.default_collate([[1, 2], [1]]),
        RuntimeError,
        "each element in list of batch should be of equal size",
    ),
    Mistake(
        "arrays of text",
        lambda m: m.utils.data.default_collate([np.array(["a"]), np.array(["b"])]),
        TypeError,
        "default_collate: batch must contain tensors, numpy arrays, numbers,",
    ),
    Mistake(
        "weights in a matrix",
        lambda m: m.utils.data.WeightedRandomSampler([[1.0, 2.0]], 2),
        ValueError,
        "weights should be a 1d sequence but given weights have shape (1, 2)",
    ),
    Mistake(
        "replacement as a number",
        lambda m: m.utils.data.RandomSampler(range(3), replacement=5),
        TypeError,
        "replacement should be a boolean value, but got 5",
        explains=False,
    ),
    Mistake(
        "drop_last as a number",
        lambda m: m.utils.data.BatchSampler([1], 1, 2),
        ValueError,
        "drop_last should be a boolean value, but got 2",
        explains=False,
    ),
]
