"""DataLoader: batches from a dataset."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sized
from itertools import repeat
from typing import Any

from autodiff import errors
from autodiff.random import Generator, source
from autodiff.utils.data.collate import default_collate, default_convert
from autodiff.utils.data.dataset import IterableDataset
from autodiff.utils.data.fetch import END, fetcher
from autodiff.utils.data.sampler import BatchSampler, RandomSampler, SequentialSampler
from autodiff.utils.data.worker import Recipe

__all__ = ["DataLoader"]


class DataLoader:
    """Iterates over a dataset in batches.

    Args:
        dataset: anything with ``len()`` and ``[i]``, or an `IterableDataset`.
        batch_size: samples per batch; None gives the samples one by one, not batched.
        shuffle: a new random order each time.
        sampler: the order of the samples, instead of ``shuffle``.
        batch_sampler: which samples make each batch, instead of all of the above.
        num_workers: processes that load ahead; 0 loads in this process.
        collate_fn: makes a batch from a list of samples; `default_collate` unless given.
        pin_memory: for PyTorch's sake; batches are in ordinary memory.
        drop_last: leave out a last batch that is not full.
        timeout: seconds to wait for a batch from a worker; 0 waits for ever.
        worker_init_fn: called in each worker with its number, before it loads anything.
        multiprocessing_context: how workers are started: "fork", "spawn" or "forkserver". Forked
            on Linux, spawned elsewhere; a program that spawns keeps its main part under
            ``if __name__ == "__main__":``.
        generator: the source of the random order and of the workers' seeds.
        prefetch_factor: batches that each worker loads ahead; 2 unless given.
        persistent_workers: keep the workers from one epoch to the next.
        in_order: give the batches in order, rather than as they are ready.

    Raises:
        ValueError: options that are out of range or exclude each other.
        RuntimeError: while iterating: a worker was killed, or ``timeout`` is over. Exceptions in a
            worker have their own type, and a message that holds the worker's traceback.

    >>> import autodiff as ad
    >>> data = ad.utils.data.TensorDataset(ad.arange(5))
    >>> [batch.tolist() for (batch,) in ad.utils.data.DataLoader(data, batch_size=2)]
    [[0, 1], [2, 3], [4]]
    """

    def __init__(
        self,
        dataset: Any,
        batch_size: int | None = 1,
        shuffle: bool | None = None,
        sampler: Iterable[Any] | None = None,
        batch_sampler: Iterable[list[Any]] | None = None,
        num_workers: int = 0,
        collate_fn: Callable[[Any], Any] | None = None,
        pin_memory: bool = False,
        drop_last: bool = False,
        timeout: float = 0,
        worker_init_fn: Callable[[int], Any] | None = None,
        multiprocessing_context: Any = None,
        generator: Generator | None = None,
        *,
        prefetch_factor: int | None = None,
        persistent_workers: bool = False,
        pin_memory_device: str = "",
        in_order: bool = True,
    ) -> None:
        _check_workers(num_workers, timeout, prefetch_factor, persistent_workers)
        iterable = isinstance(dataset, IterableDataset)
        if iterable:
            for name, value in (
                ("shuffle", shuffle or None), ("sampler", sampler), ("batch_sampler", batch_sampler)
            ):  # fmt: skip
                if value is not None:
                    raise errors.data.order_of_an_iterable(name, value)
        if sampler is not None and shuffle:
            raise errors.data.shuffle_and_sampler()
        if batch_sampler is not None:
            if batch_size != 1 or shuffle or sampler is not None or drop_last:
                raise errors.data.batch_sampler_and_others()
            batch_size = None
        elif batch_size is None and drop_last:
            raise errors.data.drop_last_without_batches()
        if sampler is None and iterable:
            sampler = repeat(None)
        elif sampler is None and batch_sampler is not None:
            sampler = SequentialSampler(dataset)  # which nobody asks
        elif sampler is None:
            sampler = _order(dataset, bool(shuffle), generator)
        if batch_sampler is None and batch_size is not None:
            batch_sampler = BatchSampler(sampler, batch_size, drop_last)

        self.dataset, self.batch_size, self.drop_last = dataset, batch_size, drop_last
        self.sampler, self.batch_sampler, self.generator = sampler, batch_sampler, generator
        self.num_workers, self.timeout, self.worker_init_fn = num_workers, timeout, worker_init_fn
        self.prefetch_factor = 2 if num_workers and prefetch_factor is None else prefetch_factor
        self.persistent_workers, self.in_order = persistent_workers, in_order
        self.pin_memory, self.pin_memory_device = pin_memory, pin_memory_device
        self.multiprocessing_context = multiprocessing_context
        if num_workers:
            from autodiff.utils.data.pool import context

            context(multiprocessing_context)  # refuses what it does not know
        batched = batch_sampler is not None
        self.collate_fn = collate_fn or (default_collate if batched else default_convert)
        self._pool: Any = None

    def __iter__(self) -> Iterator[Any]:
        # Drawn in any case, so that the order does not depend on the number of workers.
        seed = int(source(self.generator).integers(2**62))
        return self._from_workers(seed) if self.num_workers else self._from_here()

    @property
    def _orders(self) -> Iterable[Any]:
        return self.sampler if self.batch_sampler is None else self.batch_sampler

    def _from_here(self) -> Iterator[Any]:
        batched = self.batch_sampler is not None
        make = fetcher(self.dataset, self.collate_fn, batched, self.drop_last)
        for wanted in self._orders:
            out = make(wanted)
            if out is END:
                return
            yield out

    def _from_workers(self, seed: int) -> Iterator[Any]:
        from autodiff.utils.data.pool import Pool, context  # which loads multiprocessing

        pool = self._pool
        if pool is None or not pool.close.alive:
            recipe = Recipe(
                self.dataset, self.collate_fn, self.batch_sampler is not None, self.drop_last,
                self.worker_init_fn, self.num_workers, seed,
            )  # fmt: skip
            pool = Pool(recipe, context(self.multiprocessing_context))
        if self.persistent_workers:
            self._pool = pool
        finished = False
        try:
            yield from pool.run(
                self._orders, self.prefetch_factor or 1, self.timeout, self.in_order
            )
            finished = True
        except GeneratorExit:
            finished = True
            raise
        finally:
            if not (finished and self.persistent_workers):
                pool.close()

    def __len__(self) -> int:
        if isinstance(self.dataset, IterableDataset):
            size, batch = len(self.dataset), self.batch_size or 1  # type: ignore[arg-type]
            return size // batch if self.drop_last else -(-size // batch)
        return len(self._orders)  # type: ignore[arg-type]


def _order(dataset: Any, shuffle: bool, generator: Generator | None) -> Iterable[int]:
    if not isinstance(dataset, Sized):
        raise errors.data.no_length(type(dataset).__name__)
    return RandomSampler(dataset, generator=generator) if shuffle else SequentialSampler(dataset)


def _check_workers(
    num_workers: int, timeout: float, prefetch_factor: int | None, persistent_workers: bool
) -> None:
    if num_workers < 0:
        raise errors.data.negative("num_workers", "use num_workers=0 to load in this process.")
    if timeout < 0:
        raise errors.data.negative("timeout", "timeout=0 waits for ever.")
    if prefetch_factor is not None and prefetch_factor < 0:
        raise errors.data.negative("prefetch_factor")
    if num_workers == 0 and prefetch_factor is not None:
        raise errors.data.needs_workers("prefetch_factor")
    if num_workers == 0 and persistent_workers:
        raise errors.data.needs_workers("persistent_workers")
