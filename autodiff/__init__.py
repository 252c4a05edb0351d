"""Reverse-mode automatic differentiation that you can see through, with PyTorch's names.

>>> import autodiff as ad
>>> x = ad.tensor([1.0, 2.0, 3.0], requires_grad=True)
>>> y = (x**2).sum()
>>> y.backward()
>>> x.grad
tensor([2., 4., 6.])
"""

from __future__ import annotations

import gc
import warnings
from math import e, inf, nan, pi
from typing import TYPE_CHECKING, Any

# Overflow to inf and 0/0 to nan are ordinary results here, as in PyTorch.
warnings.filterwarnings("ignore", category=RuntimeWarning, module=r"autodiff\.")

# A graph is many small objects without reference cycles: it is freed when the last reference goes,
# and Python's cycle collector only walks over it in vain. At its default pace it took half of the
# time of building a graph of 65,818 scalars; a pace that somebody chose stays.
if gc.get_threshold()[0] in (700, 2000):
    gc.set_threshold(20_000, *gc.get_threshold()[1:])

from autodiff import (
    accelerator,
    autograd,
    backends,
    creation,
    cuda,
    distributed,
    dtypes,
    interop,
    legacy,
    linalg,
    nn,
    optim,
    printing,
    random,
    settings,
    utils,
    vision,
)
from autodiff.backends.threads import get_num_threads, set_num_threads
from autodiff.compiler import compile
from autodiff.creation import *  # noqa: F403
from autodiff.device import device, get_default_device, set_default_device
from autodiff.dtypes import *  # noqa: F403
from autodiff.dtypes import bool_ as bool
from autodiff.dtypes import float32 as float
from autodiff.dtypes import int32 as int
from autodiff.errors.missing import attribute_of
from autodiff.grad_mode import (
    enable_grad,
    inference_mode,
    is_grad_enabled,
    is_inference_mode_enabled,
    no_grad,
    set_grad_enabled,
)
from autodiff.interop import *  # noqa: F403
from autodiff.legacy import *  # noqa: F403
from autodiff.printing import *  # noqa: F403
from autodiff.public import FUNCTIONS
from autodiff.random import *  # noqa: F403
from autodiff.scalar import Scalar
from autodiff.serialization import load, save
from autodiff.settings import *  # noqa: F403
from autodiff.tensor import Size, Tensor

__version__ = "0.1.0"

newaxis = None

globals().update(FUNCTIONS)

__all__ = [
    "Scalar", "Size", "Tensor", "accelerator", "autograd", "backends", "bool", "compile", "cuda",
    "device", "distributed", "e", "enable_grad", "float", "get_default_device", "get_num_threads",
    "inf", "inference_mode", "int", "is_grad_enabled", "is_inference_mode_enabled", "linalg",
    "load", "nan", "newaxis", "nn", "no_grad", "optim", "pi", "random", "save",
    "set_default_device", "set_grad_enabled", "set_num_threads", "utils", "vision",
]  # fmt: skip
__all__ += creation.__all__
__all__ += dtypes.__all__
__all__ += interop.__all__
__all__ += legacy.__all__
__all__ += printing.__all__
__all__ += random.__all__
__all__ += settings.__all__
__all__ += list(FUNCTIONS)

if TYPE_CHECKING:

    def __getattr__(name: str) -> Any: ...
else:
    __getattr__ = attribute_of(__name__)


def __dir__() -> list[str]:
    """What Tab offers: the public names, and not the modules that they come from."""
    return sorted({*__all__, "__version__"})
