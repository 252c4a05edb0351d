"""GPU devices. This build computes on the CPU; the names are here so that scripts can ask."""

from typing import Any

from autodiff import errors

__all__ = [
    "device_count",
    "is_available",
    "max_memory_allocated",
    "memory_allocated",
    "synchronize",
]


def is_available() -> bool:
    """Whether tensors can live on a GPU.

    >>> import autodiff as ad
    >>> ad.device("cuda" if ad.cuda.is_available() else "cpu")
    device(type='cpu')
    """
    return False


def device_count() -> int:
    """How many GPUs can be used."""
    return 0


def synchronize(device: Any = None) -> None:
    """Wait until the GPU has done what it was asked to.

    Raises:
        AssertionError: there is no GPU.
    """
    raise errors.devices.no_cuda()


def memory_allocated(device: Any = None) -> int:
    """How many bytes tensors take on the GPU now."""
    return 0


def max_memory_allocated(device: Any = None) -> int:
    """How many bytes tensors took on the GPU at most."""
    return 0
