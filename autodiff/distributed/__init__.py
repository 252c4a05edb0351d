"""Several processes that compute together, over MPI: ``mpiexec -n 4 python train.py``.

The names are those of PyTorch. It needs the extra `distributed` (mpi4py and Open MPI, from pip).

>>> import autodiff as ad
>>> ad.distributed.is_initialized()
False
"""

from autodiff.distributed.collectives import (
    ReduceOp,
    all_gather,
    all_reduce,
    barrier,
    broadcast,
    gather,
    reduce,
    scatter,
)
from autodiff.distributed.group import ProcessGroup, Work
from autodiff.distributed.world import (
    destroy_process_group,
    get_backend,
    get_rank,
    get_world_size,
    init_process_group,
    is_available,
    is_initialized,
    is_mpi_available,
)

__all__ = [
    "ProcessGroup", "ReduceOp", "Work", "all_gather", "all_reduce", "barrier", "broadcast",
    "destroy_process_group", "gather", "get_backend", "get_rank", "get_world_size",
    "init_process_group", "is_available", "is_initialized", "is_mpi_available", "reduce",
    "scatter",
]  # fmt: skip
