"""One model on several devices, or in several processes."""

from autodiff.nn.parallel.data_parallel import DataParallel
from autodiff.nn.parallel.distributed import DistributedDataParallel

__all__ = ["DataParallel", "DistributedDataParallel"]
