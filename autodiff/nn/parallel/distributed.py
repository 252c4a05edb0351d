"""DistributedDataParallel: one model, trained by several processes that share the batch."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import zip_longest
from typing import Any

import numpy as np

from autodiff import errors
from autodiff.distributed.buffers import array_of, as_bytes, parts_of, write
from autodiff.distributed.group import ProcessGroup
from autodiff.distributed.world import group_or_default
from autodiff.grad_mode import is_grad_enabled
from autodiff.hooks import Handle
from autodiff.nn.module import Module
from autodiff.nn.parallel.reducer import Reducer, Reductions
from autodiff.tensor import Tensor

__all__ = ["DistributedDataParallel"]


class DistributedDataParallel(Module):
    """Trains one module in several processes: each computes with its part of the batch, and the
    gradients of all are averaged before the optimizer sees them.

    All processes start with the parameters and buffers of process 0, get the same gradients in
    every step, and so stay equal. Gradients travel in *buckets*, each as soon as its last gradient
    is there, while the backward pass goes on with the earlier layers.

    Args:
        module: the model, which then is ``.module``. Its parameters must be the same in all
            processes, and may not be added or frozen later.
        device_ids, output_device, dim: for programs written for PyTorch; a process has one device.
        broadcast_buffers: give all processes the buffers of process 0 (the running statistics of
            batch norm) before each forward that is trained with.
        process_group: all processes, by default.
        bucket_cap_mb: the size of a bucket in MiB. The first one holds at most one, so that it can
            leave early.
        find_unused_parameters: let parameters that a loss does not depend on take part with zeros.
            One that no process used keeps its ``.grad``.

    Raises:
        ValueError: `init_process_group` was not called.
        RuntimeError: nothing requires a gradient, or the processes have built different models.
            In ``backward()``: a parameter is not used. In ``forward``: the last pass broke off.

    >>> import autodiff as ad
    >>> ad.nn.parallel.DistributedDataParallel(ad.nn.Linear(2, 1))
    Traceback (most recent call last):
    ValueError: Default process group has not been initialized, please make sure to call ...
    """

    def __init__(
        self,
        module: Module,
        device_ids: Sequence[Any] | None = None,
        output_device: Any = None,
        dim: int = 0,
        broadcast_buffers: bool = True,
        process_group: ProcessGroup | None = None,
        bucket_cap_mb: float = 25,
        find_unused_parameters: bool = False,
    ) -> None:
        super().__init__()
        group = group_or_default(process_group)
        learned = [(name, p) for name, p in module.named_parameters() if p.requires_grad]
        if not learned:
            raise errors.distributed.nothing_to_learn()
        self.module = module
        self.broadcast_buffers = broadcast_buffers
        self.require_backward_grad_sync = True
        self._buffers_may_differ = True
        _check_same_everywhere(module, group)
        self._group = ProcessGroup(group.job, group.timeout)
        self._broadcast([*module.parameters(), *module.buffers()], "parameters and buffers")
        self._reducer = Reducer(learned, self._group, bucket_cap_mb, find_unused_parameters)

    def forward(self, *inputs: Any, **named: Any) -> Any:
        self._reducer.check_finished()
        reduces = is_grad_enabled() and self.require_backward_grad_sync
        if self.broadcast_buffers and self._buffers_may_differ:
            self._broadcast(list(self.module.buffers()), "buffers")
        self._buffers_may_differ = reduces
        outputs = self.module(*inputs, **named)
        if reduces:
            for tensor in _tensors_in(outputs):
                if tensor._source is not None:
                    Handle(tensor._source, self._reducer.begin)
        return outputs

    @contextmanager
    def no_sync(self) -> Iterator[None]:
        """Do not reduce the gradients of passes whose forward is in this block: they add up in each
        process, and the next pass outside of it reduces the sums.
        """
        before = self.require_backward_grad_sync
        self.require_backward_grad_sync = False
        try:
            yield
        finally:
            self.require_backward_grad_sync = before

    @property
    def reductions(self) -> Reductions | None:
        """What the last backward pass reduced, and when: see `viz.reductions`."""
        return self._reducer.reductions

    def _broadcast(self, tensors: list[Tensor], what: str) -> None:
        """Give all processes the tensors of process 0, those of one dtype in one message."""
        by_dtype: dict[Any, list[Tensor]] = {}
        for tensor in tensors:
            by_dtype.setdefault(tensor.dtype, []).append(tensor)
        for dtype, group in by_dtype.items():
            flat = np.concatenate([array_of(x).reshape(-1) for x in group])
            place = self._group.begin(f"broadcast of {what} of dtype {dtype}")
            self._group.wait(self._group.comm.Ibcast(as_bytes(flat), 0), place)
            if self._group.rank() != 0:
                for x, part in zip(group, parts_of(flat, group), strict=True):
                    write(x, part)


def _check_same_everywhere(module: Module, group: ProcessGroup) -> None:
    """Compare the names, shapes and dtypes of all parameters and buffers.

    Raises:
        RuntimeError: some process has others than process 0.
    """
    lines = [_described("parameter", *named) for named in module.named_parameters()]
    lines += [_described("buffer", *named) for named in module.named_buffers()]
    place = group.agree("construction of DistributedDataParallel")
    first, *others = (text.split("\n") for text in group.texts("\n".join(lines), place))
    for rank, lines in enumerate(others, 1):
        for its, own in zip_longest(first, lines):
            if its != own:
                raise errors.distributed.different_parameters(rank, own, 0, its)


def _described(kind: str, name: str, x: Tensor) -> str:
    dtype = str(x.dtype).rpartition(".")[2]
    frozen = ", frozen" if kind == "parameter" and not x.requires_grad else ""
    return f"{kind} {name}: {dtype} of shape {list(x.shape)}{frozen}"


def _tensors_in(outputs: Any) -> Iterator[Tensor]:
    """All tensors in what a model returned."""
    if isinstance(outputs, Tensor):
        yield outputs
    elif isinstance(outputs, dict):
        for part in outputs.values():
            yield from _tensors_in(part)
    elif isinstance(outputs, (list, tuple)):
        for part in outputs:
            yield from _tensors_in(part)
