"""A worker process: makes the batches that the loader asks for.

The loader sends tasks down a pipe and gets each result back through it. Two small threads keep the
pipe moving, so that a worker computes ahead while its last batch waits to be read:

    loader --tasks--> listen() -> [queue] -> work() -> [queue] -> speak() --results--> loader
"""

from __future__ import annotations

import os
import pickle
import random
import signal
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from queue import Queue
from threading import Thread
from typing import Any

import numpy as np

from autodiff.backends.threads import set_num_threads
from autodiff.random import manual_seed
from autodiff.utils.data.fetch import END, fetcher

__all__ = ["Failure", "Recipe", "WorkerInfo", "get_worker_info", "pack", "receive", "work"]

SECONDS_TO_FINISH = 2


@dataclass(frozen=True)
class WorkerInfo:
    """Which worker this is, number ``id`` of ``num_workers``; its seed; its copy of the data."""

    id: int
    num_workers: int
    seed: int
    dataset: Any


@dataclass(frozen=True)
class Recipe:
    """What every worker needs to know."""

    dataset: Any
    collate: Callable[[Any], Any]
    batched: bool
    drop_last: bool
    init: Callable[[int], Any] | None
    workers: int
    seed: int


@dataclass(frozen=True)
class Failure:
    """An exception in a worker, on its way to the loader."""

    kind: type[Exception]
    name: str
    text: str


_info: WorkerInfo | None = None


def get_worker_info() -> WorkerInfo | None:
    """In a worker process, what it should know about itself; elsewhere None.

    An iterable dataset shares its samples out with it:

    >>> from autodiff.utils.data import DataLoader, IterableDataset, get_worker_info
    >>> class Numbers(IterableDataset):
    ...     def __iter__(self):
    ...         info = get_worker_info()
    ...         start, step = (info.id, info.num_workers) if info else (0, 1)
    ...         yield from range(start, 6, step)
    >>> [batch.tolist() for batch in DataLoader(Numbers(), batch_size=3)]
    [[0, 1, 2], [3, 4, 5]]
    """
    return _info


def work(number: int, recipe: Recipe, pipe: Any, inherited: list[Any]) -> None:
    """What a worker process runs, until the loader closes its end of the pipe.

    A forked worker has copies of the loader's ends, ``inherited``: a pipe is closed when all
    copies are.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the loader's to handle
    for end in inherited:
        end.close()
    set_num_threads(1)
    tasks: Queue[Any] = Queue()
    results: Queue[Any] = Queue()
    Thread(target=_listen, args=(pipe, tasks), daemon=True).start()
    speaker = Thread(target=_speak, args=(pipe, results), daemon=True)
    speaker.start()

    make, current = None, None
    while (task := tasks.get()) is not None:
        epoch, wanted = task
        try:
            if make is None:
                _settle_in(number, recipe)
            if make is None or epoch != current:
                current = epoch
                make = fetcher(recipe.dataset, recipe.collate, recipe.batched, recipe.drop_last)
            out = make(wanted)
            parcel = pack((epoch, "end" if out is END else "batch", None if out is END else out))
        except Exception as error:
            parcel = pack((epoch, "failure", _failure(error)))
        results.put(parcel)
    results.put(None)
    speaker.join()


def _settle_in(number: int, recipe: Recipe) -> None:
    """Make this worker's random numbers its own, and run the user's preparations."""
    global _info
    seed = recipe.seed + number
    _info = WorkerInfo(number, recipe.workers, seed, recipe.dataset)
    manual_seed(seed)
    random.seed(seed)
    np.random.seed(seed % 2**32)
    if recipe.init is not None:
        recipe.init(number)


def _failure(error: Exception) -> Failure:
    kind = type(error)
    try:
        pickle.loads(pickle.dumps(kind))
    except Exception:  # a class that only this process knows
        kind = RuntimeError
    return Failure(kind, type(error).__name__, traceback.format_exc())


def _listen(pipe: Any, tasks: Queue[Any]) -> None:
    try:
        while True:
            tasks.put(pipe.recv())
    except (EOFError, OSError):  # the loader is done, or gone
        tasks.put(None)
    time.sleep(SECONDS_TO_FINISH)
    os._exit(1)


def _speak(pipe: Any, results: Queue[Any]) -> None:
    try:
        while (parcel := results.get()) is not None:
            pipe.send([len(part) for part in parcel])
            for part in parcel:
                pipe.send_bytes(part)
    except OSError:  # nobody listens any more
        pass


def pack(value: Any) -> list[Any]:
    """A value as pieces of memory: the arrays in it are sent as they are, without a copy."""
    arrays: list[pickle.PickleBuffer] = []
    first = pickle.dumps(value, protocol=5, buffer_callback=arrays.append)
    return [first, *(array.raw() for array in arrays)]


def receive(pipe: Any) -> Any:
    """The next value from a worker, in memory that may be written to.

    Raises:
        EOFError: the worker has gone.
    """
    parts = [bytearray(size) for size in pipe.recv()]
    for part in parts:
        pipe.recv_bytes_into(part)
    return pickle.loads(parts[0], buffers=parts[1:])
