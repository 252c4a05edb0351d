"""Datasets, samplers and batches beside PyTorch's."""

from __future__ import annotations

from collections import Counter, OrderedDict, namedtuple
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import autodiff as ad

torch = pytest.importorskip("torch")

pytestmark = pytest.mark.parity

Point = namedtuple("Point", "x y")


def plain(x: Any) -> Any:
    """A batch as plain Python values that tell types apart."""
    if isinstance(x, (ad.Tensor, torch.Tensor)):
        return (str(x.dtype).split(".")[1], tuple(x.shape), x.tolist())
    if isinstance(x, dict):
        return type(x).__name__, {key: plain(value) for key, value in x.items()}
    if isinstance(x, (list, tuple)):
        return type(x).__name__, [plain(part) for part in x]
    return x


def samples(m: Any, iterable: bool = False) -> Any:
    """Nine samples as a dataset of the library."""
    data = m.utils.data

    class Some(data.IterableDataset if iterable else data.Dataset):
        def __getitem__(self, i: int) -> Any:
            if not 0 <= i < 9:
                raise IndexError(i)
            return {"x": np.full(3, i, np.float32), "name": str(i), "pair": (i, i / 2)}

        def __iter__(self) -> Any:
            return (self[i] for i in range(9))

        def __len__(self) -> int:
            return 9

    return Some()


BATCHES: list[Callable[[Any], list[Any]]] = [
    lambda m: [1, 2],
    lambda m: [True, False],
    lambda m: [1.5, 2],
    lambda m: [m.ones(2), m.zeros(2)],
    lambda m: [m.tensor(1), m.tensor(2)],
    lambda m: [np.ones((2, 2), np.float32), np.zeros((2, 2), np.float32)],
    lambda m: [np.float32(1), np.float32(2)],
    lambda m: [np.array(1), np.array(2)],
    lambda m: ["a", "b"],
    lambda m: [b"a", b"b"],
    lambda m: [(1, "a", m.ones(1)), (2, "b", m.ones(1))],
    lambda m: [[1, [2.0, 3]], [4, [5.0, 6]]],
    lambda m: [{"a": 1, "b": (2, 3)}, {"a": 4, "b": (5, 6)}],
    lambda m: [OrderedDict(a=1), OrderedDict(a=2)],
    lambda m: [Point(1, 2.0), Point(3, 4.0)],
    lambda m: [(), ()],
]


@pytest.mark.parametrize("make", BATCHES, ids=range(len(BATCHES)))
def test_default_collate(make: Callable[[Any], list[Any]]) -> None:
    ours, theirs = (plain(m.utils.data.default_collate(make(m))) for m in (ad, torch))
    assert ours == theirs


@pytest.mark.parametrize("make", BATCHES, ids=range(len(BATCHES)))
def test_default_convert(make: Callable[[Any], list[Any]]) -> None:
    ours, theirs = (
        [plain(m.utils.data.default_convert(sample)) for sample in make(m)] for m in (ad, torch)
    )
    assert ours == theirs


def test_collating_keeps_the_graph() -> None:
    for m in (ad, torch):
        w = m.ones(2, requires_grad=True)
        batch = m.utils.data.default_collate([w, w * 2])
        batch.sum().backward()
        assert w.grad.tolist() == [3.0, 3.0]


LOADERS: list[dict[str, Any]] = [
    {},
    {"batch_size": 4},
    {"batch_size": 4, "drop_last": True},
    {"batch_size": None},
    {"batch_size": 2, "collate_fn": len},
    {"batch_size": None, "collate_fn": lambda sample: sample["name"]},
    {"batch_size": 2, "num_workers": 2},
    {"batch_size": 4, "num_workers": 1, "drop_last": True},
]


@pytest.mark.parametrize("iterable", [False, True])
@pytest.mark.parametrize("settings", LOADERS, ids=range(len(LOADERS)))
def test_loaders(settings: dict[str, Any], iterable: bool) -> None:
    found = []
    for m in (ad, torch):
        dataset = samples(m, iterable)
        if iterable and "num_workers" in settings:
            settings = {**settings, "num_workers": 1}
        loader = m.utils.data.DataLoader(dataset, **settings)
        found.append([len(loader), loader.batch_size, loader.drop_last, *map(plain, loader)])
    assert found[0] == found[1]


@pytest.mark.parametrize(
    "settings",
    [
        {"sampler": [3, 1, 8]},
        {"sampler": range(8, 0, -2), "batch_size": 3},
        {"sampler": [2, 0], "batch_size": None},
        {"batch_sampler": [[0, 1], [5], [2, 3, 4]]},
    ],
    ids=range(4),
)
def test_orders(settings: dict[str, Any]) -> None:
    found = []
    for m in (ad, torch):
        loader = m.utils.data.DataLoader(samples(m), **settings)
        found.append([len(loader), loader.batch_size, *map(plain, loader)])
    assert found[0] == found[1]


def test_batches_of_a_dataset_without_length() -> None:
    for m in (ad, torch):
        squares = type("Squares", (m.utils.data.Dataset,), {"__getitem__": lambda self, i: i * i})
        loader = m.utils.data.DataLoader(squares(), batch_sampler=[[1, 2], [3]])
        assert [batch.tolist() for batch in loader] == [[1, 4], [9]]


def test_datasets_together() -> None:
    found = []
    for m in (ad, torch):
        data = m.utils.data
        both = samples(m) + data.Subset(samples(m), [4, 2])
        chained = samples(m, iterable=True) + samples(m, iterable=True)
        parts = [both[i]["name"] for i in (0, 8, 9, 10, -1, -11)]
        found.append(
            [type(both).__name__, len(both), parts, type(chained).__name__, len(chained),
             [sample["name"] for sample in chained], both.cumulative_sizes]
        )  # fmt: skip
    assert found[0] == found[1]


@pytest.mark.parametrize("lengths", [[3, 6], [0.5, 0.5], [0.3, 0.3, 0.4], [0.01, 0.99], [9], [1.0]])
@pytest.mark.filterwarnings("ignore:Length of split")
def test_random_split(lengths: list[float]) -> None:
    found = []
    for m in (ad, torch):
        parts = m.utils.data.random_split(range(9), lengths, m.Generator().manual_seed(1))
        assert sorted(i for part in parts for i in part) == list(range(9))
        found.append([len(part) for part in parts])
    assert found[0] == found[1]


@pytest.mark.parametrize("m", [ad, torch], ids=["ours", "theirs"])
def test_random_samplers(m: Any) -> None:
    data = m.utils.data
    g = m.Generator().manual_seed(3)
    order = list(data.RandomSampler(range(5), generator=g))
    assert sorted(order) == list(range(5))
    assert list(data.RandomSampler(range(5), generator=g.manual_seed(3))) == order
    more = data.RandomSampler(range(5), num_samples=12)
    counts = Counter(more)
    assert len(more) == sum(counts.values()) == 12
    assert set(counts.values()) <= {2, 3}
    assert len(list(data.RandomSampler(range(5), replacement=True, num_samples=50))) == 50
    assert sorted(data.SubsetRandomSampler([7, 3, 5])) == [3, 5, 7]
    drawn = Counter(data.WeightedRandomSampler([0.1, 0.0, 0.9], 1000, generator=g))
    assert drawn[1] == 0
    assert 800 < drawn[2] < 970
    assert sorted(data.WeightedRandomSampler([1.0, 2.0, 3.0], 3, replacement=False)) == [0, 1, 2]
    batches = data.BatchSampler(data.SequentialSampler(range(5)), 2, True)
    assert (len(batches), list(batches)) == (2, [[0, 1], [2, 3]])
