"""From the numbers of samples to a batch: the work that a loader or its workers do."""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice
from typing import Any

from autodiff.tensor import Tensor
from autodiff.utils.data.collate import default_collate
from autodiff.utils.data.dataset import IterableDataset, Subset, TensorDataset

__all__ = ["END", "fetcher"]

END = object()  # what a fetcher returns when an iterable dataset has no more samples


def fetcher(
    dataset: Any, collate: Callable[[Any], Any], batched: bool, drop_last: bool
) -> Callable[[Any], Any]:
    """A function that makes the batch for a list of numbers, or one sample for a number."""
    if isinstance(dataset, IterableDataset):
        return _read(iter(dataset), collate, batched, drop_last)
    return lambda wanted: _pick(dataset, collate, batched, wanted)


def _pick(dataset: Any, collate: Callable[[Any], Any], batched: bool, wanted: Any) -> Any:
    if not batched:
        return collate(_sample(dataset, wanted))
    if collate is default_collate and (columns := _columns(dataset)):
        rows = wanted
        while isinstance(dataset, Subset):
            rows, dataset = [dataset.indices[i] for i in rows], dataset.dataset
        # The whole batch at once: the same result as picking and stacking the samples.
        return [Tensor._wrap(x.value[rows]) for x in columns]
    if hasattr(dataset, "__getitems__"):
        return collate(dataset.__getitems__(wanted))
    return collate([_sample(dataset, i) for i in wanted])


def _sample(dataset: Any, number: Any) -> Any:
    try:
        return dataset[number]
    except Exception as error:
        error.add_note(f"It was raised by sample {number!r} of the dataset.")
        raise


def _columns(dataset: Any) -> tuple[Tensor, ...]:
    """The tensors that a dataset, or what it is a subset of, consists of."""
    while type(dataset) is Subset:
        dataset = dataset.dataset
    if type(dataset) is TensorDataset and not any(x.requires_grad for x in dataset.tensors):
        return dataset.tensors
    return ()


def _read(
    samples: Any, collate: Callable[[Any], Any], batched: bool, drop_last: bool
) -> Callable[[Any], Any]:
    def read(wanted: Any) -> Any:
        batch = list(islice(samples, len(wanted) if batched else 1))
        if not batch or (batched and drop_last and len(batch) < len(wanted)):
            return END
        return collate(batch if batched else batch[0])

    return read
