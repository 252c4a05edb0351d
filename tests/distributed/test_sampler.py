"""DistributedSampler deals out the samples as PyTorch's does."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

import autodiff as ad
from autodiff.utils.data import DataLoader, DistributedSampler

CASES = list(itertools.product([1, 4, 10, 11, 3], [1, 2, 3, 4, 8], [False, True]))


@pytest.mark.parametrize(("size", "ranks", "drop_last"), CASES)
def test_the_parts_make_up_the_whole(size: int, ranks: int, drop_last: bool) -> None:
    def dealt(epoch: int) -> list[int]:
        parts = []
        for rank in range(ranks):
            sampler = DistributedSampler(range(size), ranks, rank, drop_last=drop_last)
            sampler.set_epoch(epoch)
            parts.append(list(sampler))
            assert len(parts[-1]) == len(sampler) == len(parts[0])
        return list(itertools.chain(*zip(*parts, strict=True)))

    order = dealt(epoch=0)
    if drop_last:
        assert len(order) == len(set(order)) == size - size % ranks
    else:
        assert set(order) == set(range(size))
        assert order[size:] == [order[i % size] for i in range(size, len(order))]
    assert order == dealt(epoch=0)
    if size == 11:
        assert order != dealt(epoch=1)


@pytest.mark.parity
@pytest.mark.parametrize(("size", "ranks", "drop_last"), CASES)
def test_deals_as_pytorch_does(size: int, ranks: int, drop_last: bool) -> None:
    data: Any = pytest.importorskip("torch.utils.data")
    for rank in range(ranks):
        options = {"shuffle": False, "drop_last": drop_last}
        ours = DistributedSampler(range(size), ranks, rank, **options)
        theirs = data.DistributedSampler(range(size), ranks, rank, **options)
        assert list(ours) == list(theirs)
        assert len(ours) == len(theirs)


def test_in_a_loader() -> None:
    sampler = DistributedSampler(range(10), num_replicas=2, rank=1, shuffle=False)
    assert [batch.tolist() for batch in DataLoader(range(10), batch_size=2, sampler=sampler)] == [
        [1, 3], [5, 7], [9],
    ]  # fmt: skip


def test_mistakes() -> None:
    with pytest.raises(ValueError, match=r"Invalid rank 2, rank should be in the interval \[0, 1"):
        DistributedSampler(range(4), num_replicas=2, rank=2)
    with pytest.raises(ValueError, match="has not been initialized"):
        DistributedSampler(range(4))
    assert ad.utils.data.DistributedSampler is DistributedSampler
