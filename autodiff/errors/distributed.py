"""Mistakes of several processes that compute together, and what happens to them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from autodiff.errors.teaching import teach


def no_mpi(what: str) -> Exception:
    return teach(
        RuntimeError,
        f"Distributed package doesn't have MPI built in: {what}.",
        why="processes talk to each other over MPI, by way of mpi4py.",
        fix="pip install 'autodiff-tutorial[distributed]', which brings both.",
        lesson="distributed",
    )


def not_initialized() -> Exception:
    return teach(
        ValueError,
        "Default process group has not been initialized, please make sure to call "
        "init_process_group.",
        fix="autodiff.distributed.init_process_group(), in a program started with mpiexec -n 4 "
        "python train.py.",
        lesson="distributed",
    )


def initialized_twice() -> Exception:
    return teach(ValueError, "trying to initialize the default process group twice!")


def unknown_backend(name: Any) -> Exception:
    return teach(
        ValueError,
        f"Invalid backend: {name!r}.",
        why="processes talk to each other over MPI here, and over nothing else.",
        fix='init_process_group("mpi"), or init_process_group() alone.',
    )


def unknown_init_method(name: Any) -> Exception:
    return teach(
        ValueError,
        f"No rendezvous handler for {name}.",
        why="mpiexec tells each process who it is and where the others are.",
        fix="leave init_method out.",
    )


def no_time(timeout: Any) -> Exception:
    return teach(ValueError, f"timeout must be positive, but got {timeout}.")


def other_number(name: str, given: int, own: int) -> Exception:
    return teach(
        ValueError,
        f"{name}={given} was given, and mpiexec says {own}.",
        fix=f"leave {name} out; the number of processes is that of mpiexec -n.",
    )


def timed_out(rank: int, what: str, seconds: float, others: Sequence[str]) -> Exception:
    return teach(
        RuntimeError,
        f"rank {rank} timed out after {seconds:g} s in {what}.\n  " + "\n  ".join(others),
        why="a collective is complete when all ranks have called it.",
        fix="look at what the first of these ranks does; if it only needs longer, give "
        "init_process_group a longer timeout.",
    )


def ended_early(rank: int, other: int, what: str) -> Exception:
    return teach(
        RuntimeError,
        f"rank {rank} waits in {what}, and rank {other} has ended its program without it.",
        why="a collective is complete when all ranks have called it.",
        fix="all ranks must run the same steps: the same number of batches (DistributedSampler "
        "sees to it), and no collective under `if rank == 0`.",
        lesson="distributed",
    )


def different_collectives(texts: Sequence[str]) -> Exception:
    return teach(
        RuntimeError,
        "the ranks do not call the same collective:\n  "
        + "\n  ".join(f"rank {rank}: {text}" for rank, text in enumerate(texts)),
        why="each rank has called one that the others answer with another, so what arrives would "
        "make no sense.",
        fix="give all ranks the same calls in the same order, with tensors of the same shape and "
        "dtype.",
    )


def op_without_meaning(op: str, dtype: str, others: str) -> Exception:
    return teach(
        RuntimeError,
        f"Cannot use ReduceOp.{op} with tensors of dtype {dtype}.",
        fix=f"use {others}, or convert the tensor to float.",
    )


def no_such_rank(name: str, rank: int, size: int) -> Exception:
    return teach(
        ValueError,
        f"{name}={rank} is no rank of this job: they go from 0 to {size - 1}.",
        fix="start more processes: mpiexec -n.",
    )


def list_does_not_fit(name: str, size: int, wanted: str, given: Sequence[str]) -> Exception:
    return teach(
        ValueError,
        f"{name} must hold {size} tensors, each {wanted}; it holds "
        f"{', '.join(given) if given else 'none'}.",
        why="there is one for each rank, and they are all like the tensor that is exchanged.",
    )


def list_missing(name: str, root: int) -> Exception:
    return teach(ValueError, f"Argument ``{name}`` must be specified on rank {root}.")


def list_in_wrong_place(name: str, root: int, rank: int) -> Exception:
    return teach(
        ValueError,
        f"Argument ``{name}`` must NOT be specified on rank {rank}: only rank {root} has it.",
    )


def rank_of_sampler(rank: int, size: int) -> Exception:
    return teach(
        ValueError,
        f"Invalid rank {rank}, rank should be in the interval [0, {size - 1}].",
    )


def nothing_to_learn() -> Exception:
    return teach(
        RuntimeError,
        "DistributedDataParallel is not needed when a module doesn't have any parameters that "
        "require a gradient.",
    )


def different_parameters(rank: int, own: str | None, other: int, its: str | None) -> Exception:
    def said(line: str | None) -> str:
        return line or "no more parameters or buffers"

    return teach(
        RuntimeError,
        "the ranks have not built the same model. The first difference:\n"
        f"  rank {other}: {said(its)}\n  rank {rank}: {said(own)}",
        why="gradients of parameters are averaged over all ranks, so each rank must have the same "
        "parameters, with the same shapes and dtypes, in the same order.",
        fix="build the model from the same settings on all ranks.",
    )


def unused_parameters(rank: int, names: Sequence[str]) -> Exception:
    return teach(
        RuntimeError,
        f"Parameters that were not used in producing loss on rank {rank}: {some(names)}.",
        why="DistributedDataParallel waits for the gradient of each parameter, and the graph of "
        "this loss does not lead to these.",
        fix="use all of them in forward and in the loss; or pass find_unused_parameters=True.",
    )


def unfinished(names: Sequence[str]) -> Exception:
    return teach(
        RuntimeError,
        "Expected to have finished reduction in the prior iteration before starting a new one. No "
        f"gradient came for: {some(names)}.",
        why="the last backward pass broke off, or a rule gave None for them; the gradients of "
        "that pass are not averaged.",
    )


def some(names: Sequence[str]) -> str:
    """Names for a message: not more than eight of them."""
    rest = len(names) - 8
    return ", ".join(names[:8]) + (f" and {rest} more" if rest > 0 else "")


def local_graph() -> Warning:
    return teach(
        UserWarning,
        "Using DistributedDataParallel with create_graph=True is not well-supported. The "
        "higher-order gradient will not be synchronized across ranks.",
        why="`.grad` becomes the mean over all processes, but its graph leads back through the "
        "loss of this process only.",
        fix="differentiate with model.module instead, and all_reduce each gradient of the last "
        "pass with ReduceOp.AVG.",
        lesson="distributed",
    )
