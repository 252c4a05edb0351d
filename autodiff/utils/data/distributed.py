"""DistributedSampler: each process of a job takes its own part of the samples."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from autodiff import errors
from autodiff.creation import randperm
from autodiff.distributed.world import get_rank, get_world_size
from autodiff.random import Generator
from autodiff.utils.data.sampler import Sampler

__all__ = ["DistributedSampler"]


class DistributedSampler(Sampler[int]):
    """Every ``num_replicas``-th sample, from number ``rank`` on: the same number for each process.

    Where the samples cannot be dealt out evenly, the first ones come again at the end; or, with
    ``drop_last``, the last ones are left out.

    Args:
        dataset: the samples.
        num_replicas, rank: how many processes there are, and which one this is; those of
            `autodiff.distributed` unless given.
        shuffle: deal them out in random order. Call ``set_epoch`` before each epoch, or the order
            is always the same.
        seed: of that order; the same in all processes.
        drop_last: leave samples out, rather than repeat some.

    Raises:
        ValueError: there is no such rank; or it is not given, and `init_process_group` was not
            called.

    >>> from autodiff.utils.data import DistributedSampler
    >>> list(DistributedSampler(range(5), num_replicas=2, rank=1, shuffle=False))
    [1, 3, 0]
    """

    def __init__(
        self,
        dataset: Any,
        num_replicas: int | None = None,
        rank: int | None = None,
        shuffle: bool = True,
        seed: int = 0,
        drop_last: bool = False,
    ) -> None:
        self.num_replicas = get_world_size() if num_replicas is None else num_replicas
        self.rank = get_rank() if rank is None else rank
        if not 0 <= self.rank < self.num_replicas:
            raise errors.distributed.rank_of_sampler(self.rank, self.num_replicas)
        self.dataset, self.shuffle, self.seed, self.drop_last = dataset, shuffle, seed, drop_last
        self.epoch = 0
        rounded = math.floor if drop_last else math.ceil
        self.num_samples = rounded(len(dataset) / self.num_replicas)
        self.total_size = self.num_samples * self.num_replicas

    def __iter__(self) -> Iterator[int]:
        size = len(self.dataset)
        if self.shuffle:
            generator = Generator().manual_seed(self.seed + self.epoch)
            order = randperm(size, generator=generator).tolist()
        else:
            order = list(range(size))
        return iter([order[i % size] for i in range(self.rank, self.total_size, self.num_replicas)])

    def __len__(self) -> int:
        return self.num_samples

    def set_epoch(self, epoch: int) -> None:
        """Choose the order of the next pass: another one for each epoch, the same everywhere."""
        self.epoch = epoch
