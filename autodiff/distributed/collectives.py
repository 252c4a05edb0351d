"""The collectives: what all processes of a group compute or exchange together."""

from __future__ import annotations

import enum
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autodiff import errors
from autodiff.distributed import world
from autodiff.distributed.buffers import array_of, as_bytes, readable, write
from autodiff.distributed.group import ProcessGroup, Work
from autodiff.tensor import Tensor

__all__ = [
    "ReduceOp", "all_gather", "all_reduce", "barrier", "broadcast", "gather", "reduce", "scatter",
]  # fmt: skip


class ReduceOp(enum.Enum):
    """How the elements of all processes become one.

    >>> import autodiff as ad
    >>> [op.name for op in ad.distributed.ReduceOp]
    ['SUM', 'AVG', 'PRODUCT', 'MIN', 'MAX']
    """

    SUM = "SUM"
    AVG = "AVG"
    PRODUCT = "PROD"
    MIN = "MIN"
    MAX = "MAX"


def all_reduce(
    tensor: Tensor,
    op: ReduceOp = ReduceOp.SUM,
    group: ProcessGroup | None = None,
    async_op: bool = False,
) -> Work | None:
    """Replace the tensor of every process by the sum (or another ``op``) over all of them.

    Args:
        tensor: of the same shape and dtype everywhere.
        op: SUM, AVG (of floating-point tensors), PRODUCT, MIN or MAX.
        group: all processes, by default.
        async_op: return at once, with a `Work` to ``wait()`` for.

    Raises:
        ValueError: `init_process_group` was not called.
        RuntimeError: the processes do not call the same thing, one of them does not come in time,
            or the op has no meaning for the dtype.
    """
    group, array = world.group_or_default(group), array_of(tensor)
    place = group.agree(f"all_reduce {op.name} of {_described(tensor)}")
    part = _reducible(array, op)
    request = group.comm.Iallreduce(group.mpi.IN_PLACE, readable(part), _mpi_op(group, op))

    def finish() -> None:
        write(tensor, _reduced(part, op, group, array))

    return _done(Work(group, place, request, finish), async_op)


def reduce(
    tensor: Tensor,
    dst: int,
    op: ReduceOp = ReduceOp.SUM,
    group: ProcessGroup | None = None,
    async_op: bool = False,
) -> Work | None:
    """Like `all_reduce`, and only process ``dst`` gets the result; the others keep their tensors.

    Raises:
        ValueError, RuntimeError: as `all_reduce` does; or ``dst`` is no rank.
    """
    group, array = world.group_or_default(group), array_of(tensor)
    _check_rank(group, "dst", dst)
    place = group.agree(f"reduce {op.name} to rank {dst} of {_described(tensor)}")
    part = _reducible(array, op)
    result = np.empty_like(part)
    request = group.comm.Ireduce(readable(part), readable(result), _mpi_op(group, op), dst)

    def finish() -> None:
        if group.rank() == dst:
            write(tensor, _reduced(result, op, group, array))

    return _done(Work(group, place, request, finish), async_op)


def broadcast(
    tensor: Tensor, src: int, group: ProcessGroup | None = None, async_op: bool = False
) -> Work | None:
    """Give the tensor of process ``src`` to all: they receive it in theirs.

    Raises:
        ValueError, RuntimeError: as `all_reduce` does; or ``src`` is no rank.
    """
    group, array = world.group_or_default(group), array_of(tensor)
    _check_rank(group, "src", src)
    place = group.agree(f"broadcast from rank {src} of {_described(tensor)}")
    request = group.comm.Ibcast(as_bytes(array), src)

    def finish() -> None:
        if group.rank() != src:
            write(tensor, array)

    return _done(Work(group, place, request, finish), async_op)


def all_gather(
    tensor_list: Sequence[Tensor],
    tensor: Tensor,
    group: ProcessGroup | None = None,
    async_op: bool = False,
) -> Work | None:
    """Collect the tensors of all processes, on all of them, in ``tensor_list``.

    Raises:
        ValueError, RuntimeError: as `all_reduce` does; or ``tensor_list`` does not hold one tensor
            like ``tensor`` for each process.
    """
    group = world.group_or_default(group)
    _check_list(group, "tensor_list", tensor_list, tensor)
    place = group.agree(f"all_gather of {_described(tensor)}")
    sent, received = array_of(tensor), _one_for_each(group, tensor)
    request = group.comm.Iallgather(as_bytes(sent), as_bytes(received))
    return _done(Work(group, place, request, _writing(tensor_list, received)), async_op)


def gather(
    tensor: Tensor,
    gather_list: Sequence[Tensor] | None = None,
    dst: int = 0,
    group: ProcessGroup | None = None,
    async_op: bool = False,
) -> Work | None:
    """Collect the tensors of all processes on process ``dst``, in ``gather_list``.

    Raises:
        ValueError, RuntimeError: as `all_gather` does; or there is a ``gather_list`` elsewhere.
    """
    group = world.group_or_default(group)
    _check_rank(group, "dst", dst)
    gather_list = _list_at(group, "gather_list", gather_list, dst, tensor)
    place = group.agree(f"gather to rank {dst} of {_described(tensor)}")
    sent, received = array_of(tensor), _one_for_each(group, tensor)
    request = group.comm.Igather(as_bytes(sent), as_bytes(received), dst)
    return _done(Work(group, place, request, _writing(gather_list, received)), async_op)


def scatter(
    tensor: Tensor,
    scatter_list: Sequence[Tensor] | None = None,
    src: int = 0,
    group: ProcessGroup | None = None,
    async_op: bool = False,
) -> Work | None:
    """Give each process its own of the tensors in ``scatter_list`` of process ``src``.

    Raises:
        ValueError, RuntimeError: as `all_gather` does; or there is a ``scatter_list`` elsewhere.
    """
    group = world.group_or_default(group)
    _check_rank(group, "src", src)
    scatter_list = _list_at(group, "scatter_list", scatter_list, src, tensor)
    place = group.agree(f"scatter from rank {src} of {_described(tensor)}")
    sent, received = _one_for_each(group, tensor), array_of(tensor)
    for part, given in zip(sent, scatter_list, strict=False):
        part[...] = array_of(given)
    request = group.comm.Iscatter(as_bytes(sent), as_bytes(received), src)

    def finish() -> None:
        write(tensor, received)

    return _done(Work(group, place, request, finish), async_op)


def barrier(group: ProcessGroup | None = None, async_op: bool = False) -> Work | None:
    """Wait until all processes have called this.

    Raises:
        ValueError: `init_process_group` was not called.
        RuntimeError: a process does not come in time, or calls something else.
    """
    group = world.group_or_default(group)
    place = group.agree("barrier")
    return _done(Work(group, place, group.comm.Ibarrier(), lambda: None), async_op)


def _done(work: Work, async_op: bool) -> Work | None:
    if async_op:
        return work
    work.wait()
    return None


def _described(tensor: Tensor) -> str:
    return f"a {str(tensor.dtype).rpartition('.')[2]} tensor of shape {list(tensor.shape)}"


def _mpi_op(group: ProcessGroup, op: ReduceOp) -> Any:
    return group.mpi.SUM if op is ReduceOp.AVG else getattr(group.mpi, op.value)


def _reducible(array: np.ndarray, op: ReduceOp) -> np.ndarray:
    """The elements as a type that MPI computes with: a half as a float, a truth value as a byte."""
    if array.dtype.kind == "b" and op in (ReduceOp.SUM, ReduceOp.AVG):
        raise errors.distributed.op_without_meaning(op.name, "bool", "MAX (or) and MIN (and)")
    if array.dtype.kind != "f" and op is ReduceOp.AVG:
        raise errors.distributed.op_without_meaning(op.name, str(array.dtype), "SUM")
    if array.dtype == np.float16:
        return array.astype(np.float32)
    return array.view(np.uint8) if array.dtype.kind == "b" else array


def _reduced(part: np.ndarray, op: ReduceOp, group: ProcessGroup, array: np.ndarray) -> np.ndarray:
    """The result, in the dtype of the tensor."""
    if op is ReduceOp.AVG:
        part /= group.size()
    return part.view(bool) if array.dtype.kind == "b" else part.astype(array.dtype, copy=False)


def _one_for_each(group: ProcessGroup, tensor: Tensor) -> np.ndarray:
    return np.empty((group.size(), *tensor.shape), tensor.detach().cpu().value.dtype)


def _writing(tensors: Sequence[Tensor], received: np.ndarray) -> Callable[[], None]:
    def finish() -> None:
        for tensor, part in zip(tensors, received, strict=False):
            write(tensor, part)

    return finish


def _check_rank(group: ProcessGroup, name: str, rank: int) -> None:
    if not 0 <= rank < group.size():
        raise errors.distributed.no_such_rank(name, rank, group.size())


def _check_list(group: ProcessGroup, name: str, tensors: Sequence[Tensor], tensor: Tensor) -> None:
    wanted = [(tensor.shape, tensor.dtype)] * group.size()
    if [(x.shape, x.dtype) for x in tensors] != wanted:
        raise errors.distributed.list_does_not_fit(
            name, group.size(), _described(tensor), [_described(x) for x in tensors]
        )


def _list_at(
    group: ProcessGroup,
    name: str,
    tensors: Sequence[Tensor] | None,
    root: int,
    tensor: Tensor,
) -> Sequence[Tensor]:
    """The list of the one process that has it; an empty one elsewhere."""
    if group.rank() == root:
        if tensors is None:
            raise errors.distributed.list_missing(name, root)
        _check_list(group, name, tensors, tensor)
        return tensors
    if tensors:
        raise errors.distributed.list_in_wrong_place(name, root, group.rank())
    return []
