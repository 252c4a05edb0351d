"""Averaging gradients over processes while the backward pass goes on."""

from __future__ import annotations

import time
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np

from autodiff import errors
from autodiff.distributed.buffers import array_of, parts_of, readable, write
from autodiff.distributed.group import ProcessGroup, Work
from autodiff.errors.distributed import some

__all__ = ["BucketRecord", "Reducer", "Reductions"]

MIB = 1024 * 1024
FIRST = 1.0
"""The size in MiB of the bucket that leaves first; a later start would overlap with less."""


@dataclass
class BucketRecord:
    """One bucket of a pass: what was in it, and when it left and was back, in seconds."""

    names: list[str]
    nbytes: int
    started: float = 0.0
    finished: float = 0.0


@dataclass
class Reductions:
    """What one backward pass reduced. Times are in seconds from the first gradient at an output
    of the model.

    ``ready`` holds, in order, each parameter and when its gradient was complete. ``waited`` is when
    the last of them was, and all that was left was to wait for buckets; ``ended`` is the end.
    """

    ranks: int
    buckets: list[BucketRecord]
    ready: list[tuple[str, float]] = field(default_factory=list)
    waited: float = 0.0
    ended: float = 0.0


class Bucket:
    """Some parameters whose gradients travel together."""

    def __init__(self, named: Sequence[tuple[str, Any]]) -> None:
        self.names = [name for name, _ in named]
        self.parameters = [parameter for _, parameter in named]
        first = array_of(self.parameters[0])
        # MPI does not compute with halves: they travel as floats.
        dtype = np.float32 if first.dtype == np.float16 else first.dtype
        size = sum(p.numel() for p in self.parameters)
        self.flat = np.empty_like(first, shape=(size,), dtype=dtype)
        self.parts = parts_of(self.flat, self.parameters)
        self.missing: set[str] = set()  # whose gradients are not there yet
        self.work: Work | None = None

    def fill(self, ranks: int) -> None:
        """Take each gradient's share of the mean; zeros where there is none."""
        for parameter, part in zip(self.parameters, self.parts, strict=True):
            if parameter.grad is None:
                part.fill(0)
            else:
                np.divide(array_of(parameter.grad), ranks, out=part)

    def spread(self, used: Sequence[bool]) -> None:
        """Put the means into ``.grad``, where any process had a gradient."""
        for parameter, part, anywhere in zip(self.parameters, self.parts, used, strict=True):
            if anywhere:
                if parameter.grad is None:
                    parameter.grad = parameter.detach().clone()
                write(parameter.grad, part)


class Reducer:
    """Watches the gradients of parameters arrive, and sends each bucket off when it is full.

    Buckets are filled from the last parameter to the first, as backward passes come by them, and
    leave in this order in all processes, which is how MPI tells them apart.
    """

    def __init__(
        self,
        named: Sequence[tuple[str, Any]],
        group: ProcessGroup,
        cap_mb: float,
        find_unused: bool,
    ) -> None:
        self.group, self.find_unused = group, find_unused
        self.named = list(named)[::-1]
        self.buckets = [Bucket(part) for part in _split(self.named, cap_mb)]
        self.reductions: Reductions | None = None
        self._order: Any = None  # of the pass that goes on
        self._used = np.ones(len(self.named), np.uint8)  # by any process, in the order of `named`
        self._use: Work | None = None
        for bucket in self.buckets:
            for name, parameter in zip(bucket.names, bucket.parameters, strict=True):
                parameter.register_post_accumulate_grad_hook(partial(self._arrived, bucket, name))

    def begin(self, g: Any, create_graph: bool, order: Sequence[Any]) -> None:
        """A hook of the model's outputs: a backward pass, through the nodes of ``order``, begins.

        Raises:
            RuntimeError: it does not lead to all parameters, and they must all be used.
        """
        if self._order is order:
            return
        if create_graph:
            warnings.warn(errors.distributed.local_graph(), stacklevel=2)
        reached = {id(entry) for entry in order}
        unused = [name for name, p in self.named if id(p) not in reached]
        if unused and not self.find_unused:
            raise errors.distributed.unused_parameters(self.group.rank(), unused)
        self._order, self._began, self._sent = order, time.perf_counter(), 0
        records = [BucketRecord(bucket.names, bucket.flat.nbytes) for bucket in self.buckets]
        self.reductions = Reductions(self.group.size(), records)
        for bucket in self.buckets:
            bucket.missing = set(bucket.names).difference(unused)
        if self.find_unused:
            self._announce_use(reached)
        self._send_full_buckets(self.reductions)

    def _announce_use(self, reached: set[int]) -> None:
        """Find out which parameters any process has a gradient for."""
        self._used[:] = [id(p) in reached or p.grad is not None for _, p in self.named]
        place = self.group.begin("exchange of which parameters are used")
        mpi = self.group.mpi
        request = self.group.comm.Iallreduce(mpi.IN_PLACE, self._used, mpi.MAX)
        self._use = Work(self.group, place, request, lambda: None)

    def check_finished(self) -> None:
        """Between two passes.

        Raises:
            RuntimeError: the last one did not reduce everything.
        """
        if self._order is not None:
            self._order = None
            raise errors.distributed.unfinished(
                [name for bucket in self.buckets for name in sorted(bucket.missing)]
            )

    def _arrived(self, bucket: Bucket, name: str, parameter: Any) -> None:
        """A hook of each parameter: its ``.grad`` is complete."""
        if self._order is None or self.reductions is None:
            return  # a pass that is not to be reduced
        self.reductions.ready.append((name, self._seconds()))
        bucket.missing.remove(name)
        for sent in self.buckets[: self._sent]:
            assert sent.work is not None
            sent.work.is_completed()  # MPI gets on with its work only while it is called
        self._send_full_buckets(self.reductions)

    def _send_full_buckets(self, reductions: Reductions) -> None:
        """Start reducing each bucket that is full, in their order; after the last one, wait."""
        while self._sent < len(self.buckets) and not self.buckets[self._sent].missing:
            bucket, record = self.buckets[self._sent], reductions.buckets[self._sent]
            record.started = self._seconds()
            bucket.fill(self.group.size())
            place = self.group.begin(f"gradient bucket {self._sent}: {some(bucket.names)}")
            request = self.group.comm.Iallreduce(self.group.mpi.IN_PLACE, readable(bucket.flat))
            bucket.work = Work(self.group, place, request, partial(self._back, record))
            self._sent += 1
        if self._sent == len(self.buckets):
            self._finish(reductions)

    def _finish(self, reductions: Reductions) -> None:
        reductions.waited = self._seconds()
        for bucket in self.buckets:
            assert bucket.work is not None
            bucket.work.wait()
        if self._use is not None:
            self._use.wait()
        used = iter(self._used)
        for bucket in self.buckets:
            bucket.spread([bool(next(used)) for _ in bucket.parameters])
        reductions.ended = self._seconds()
        self._order = None

    def _back(self, record: BucketRecord) -> None:
        record.finished = self._seconds()

    def _seconds(self) -> float:
        return time.perf_counter() - self._began


def _split(named: Sequence[tuple[str, Any]], cap_mb: float) -> Iterator[list[tuple[str, Any]]]:
    """Runs of parameters of one dtype, each of at most ``cap_mb`` MiB or a single parameter."""
    cap, size = min(FIRST, cap_mb) * MIB, 0
    part: list[tuple[str, Any]] = []
    for name, p in named:
        nbytes = p.numel() * p.element_size()
        if part and (size + nbytes > cap or p.dtype != part[0][1].dtype):
            yield part
            part, size, cap = [], 0, cap_mb * MIB
        part.append((name, p))
        size += nbytes
    yield part
