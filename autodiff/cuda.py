"""GPU devices: whether there are any, what they hold, and how a step is captured and replayed.

Nothing that touches CUDA is imported before a function here, or ``device="cuda"``, asks for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from autodiff import errors
from autodiff.device import device as Device  # noqa: N812 - PyTorch's class has no capital letter
from autodiff.errors.devices import OutOfMemoryError
from autodiff.errors.missing import attribute_of

__all__ = [
    "CUDAGraph", "OutOfMemoryError", "current_device", "device_count", "empty_cache",
    "get_device_name", "graph", "is_available", "manual_seed", "manual_seed_all",
    "max_memory_allocated", "memory_allocated", "memory_reserved", "reset_peak_memory_stats",
    "synchronize",
]  # fmt: skip


def is_available() -> bool:
    """Whether tensors can live on a GPU: there is a driver, and ``autodiff[cuda]`` is installed.

    >>> import autodiff as ad
    >>> device = ad.device("cuda" if ad.cuda.is_available() else "cpu")
    """
    return device_count() > 0


def device_count() -> int:
    """How many GPUs can be used."""
    from autodiff.backends.cuda import driver

    return driver.count()


def current_device() -> int:
    """The number of the GPU that ``"cuda"`` without a number means: the first.

    Raises:
        AssertionError: there is no GPU.
    """
    return _gpu(None).index


def get_device_name(device: Any = None) -> str:
    """What the GPU is called.

    Raises:
        AssertionError: there is no GPU.
    """
    return _gpu(device).name


def synchronize(device: Any = None) -> None:
    """Wait until the GPU has done what it was asked to.

    Raises:
        AssertionError: there is no GPU.
        IndexError: an indexing operation since the last wait met a position out of range.
    """
    _gpu(device).synchronize()


def manual_seed(seed: int) -> None:
    """Make random numbers made on the GPU repeatable from here on; `autodiff.manual_seed` does too.

    Without a GPU nothing happens.
    """
    from autodiff.random import default_generator

    if is_available():
        default_generator.seed_devices(seed)


manual_seed_all = manual_seed


# -- memory ---------------------------------------------------------------------------------------


def memory_allocated(device: Any = None) -> int:
    """How many bytes tensors take on the GPU now, rounded up to the sizes of its blocks."""
    return _gpu(device).pool.allocated if is_available() else 0


def max_memory_allocated(device: Any = None) -> int:
    """How many bytes tensors took on the GPU at most."""
    return _gpu(device).pool.most_allocated if is_available() else 0


def memory_reserved(device: Any = None) -> int:
    """How many bytes of the GPU this program holds, in use or ready for new tensors."""
    return _gpu(device).pool.reserved if is_available() else 0


def reset_peak_memory_stats(device: Any = None) -> None:
    """Start to measure `max_memory_allocated` anew."""
    if is_available():
        pool = _gpu(device).pool
        pool.most_allocated = pool.allocated


def empty_cache() -> None:
    """Give memory that no tensor uses back to the system, for other programs."""
    from autodiff.backends.cuda import driver

    for index in range(driver.count()):
        driver.gpu(index).pool.empty()


# -- captured steps -------------------------------------------------------------------------------


class CUDAGraph:
    """Work that was captured once and is replayed as a whole, at the cost of one launch.

    Everything that is not computed on the GPU is fixed when the work is captured: shapes, numbers
    that Python worked out, which branch was taken. New data has to be written into the tensors that
    were read then (``x.copy_(batch)``), and results appear in the tensors that were made then.

    >>> import autodiff as ad
    >>> g = ad.cuda.CUDAGraph()
    """

    def __init__(self) -> None:
        self._replay: Callable[[], None] | None = None

    def replay(self) -> None:
        """Do the captured work again.

        Raises:
            RuntimeError: nothing was captured.
        """
        if self._replay is None:
            raise errors.devices.nothing_captured()
        self._replay()


@contextmanager
def graph(cuda_graph: CUDAGraph, device: Any = None) -> Iterator[None]:
    """Capture what is computed in the ``with`` block instead of computing it.

    Run the same step once or twice before, so that its kernels are compiled. Values cannot be read
    inside (``item()``, printing): nothing has been computed yet.

    Raises:
        AssertionError: there is no GPU.
    """
    with _gpu(device).capturing() as captured:
        yield
    cuda_graph._replay = captured[0]


def _gpu(device: Any) -> Any:
    from autodiff.backends.cuda import driver

    if device is None or isinstance(device, int):
        return driver.gpu(device or 0)
    return driver.gpu(Device(device).index or 0)


__getattr__ = attribute_of(__name__)
