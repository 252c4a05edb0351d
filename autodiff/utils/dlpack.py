"""DLPack: handing the memory of a tensor to another library, and taking over another's."""

from __future__ import annotations

from typing import Any

from autodiff.interop import from_dlpack
from autodiff.tensor import Tensor

__all__ = ["from_dlpack", "to_dlpack"]


def to_dlpack(x: Tensor) -> Any:
    """The memory of ``x`` as a DLPack capsule, which can be consumed once.

    Raises:
        BufferError: the tensor requires grad.

    >>> import autodiff as ad
    >>> ad.utils.dlpack.from_dlpack(ad.utils.dlpack.to_dlpack(ad.ones(2)))
    tensor([1., 1.])
    """
    return x.__dlpack__()
