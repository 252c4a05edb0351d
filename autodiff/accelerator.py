"""The device that computes faster than the CPU, whichever it is: a GPU, if there is one."""

from __future__ import annotations

from autodiff import cuda
from autodiff.device import device

__all__ = ["current_accelerator", "device_count", "is_available"]


def is_available() -> bool:
    """Whether there is an accelerator.

    >>> import autodiff as ad
    >>> ad.accelerator.current_accelerator().type if ad.accelerator.is_available() else "cpu"
    'cpu'
    """
    return cuda.is_available()


def current_accelerator(check_available: bool = False) -> device | None:
    """The accelerator, or None where there is none.

    >>> import autodiff as ad
    >>> ad.zeros(2, device=ad.accelerator.current_accelerator() or "cpu")
    tensor([0., 0.])
    """
    return device("cuda", cuda.current_device()) if cuda.is_available() else None


def device_count() -> int:
    """How many accelerators there are.

    >>> import autodiff as ad
    >>> (ad.accelerator.device_count() > 0) == ad.accelerator.is_available()
    True
    """
    return cuda.device_count()
