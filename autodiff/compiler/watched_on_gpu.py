"""Arrays of a GPU that a recording follows, as `watched` follows those in the host's memory."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin

from autodiff import errors
from autodiff.backends.cuda.array import CudaArray
from autodiff.compiler.program import replaced
from autodiff.compiler.watched import Watching, noted, plain, recorder
from autodiff.source import user_line

__all__ = ["WatchedOnGpu"]


class WatchedOnGpu(Watching, NDArrayOperatorsMixin, CudaArray):
    """A view of an array on a GPU that is followed; its operators are NumPy's functions."""

    @staticmethod
    def following(x: CudaArray) -> WatchedOnGpu:
        return WatchedOnGpu(x.gpu, x.block, x.offset, x.shape, x.steps, x.dtype, x.base)

    def plain(self) -> CudaArray:
        return CudaArray(
            self.gpu, self.block, self.offset, self.shape, self.steps, self.dtype, self.base
        )

    def implementation(self, op: Any) -> Callable[..., Any]:
        compute = self.plain().implementation(op)

        def followed(*values: Any, **settings: Any) -> Any:
            result = compute(*replaced(values, plain), **replaced(settings, plain))
            return noted(op, values, settings, result)

        return followed

    def seen(self, *layout: Any) -> CudaArray:  # a view that the recording does not know
        return WatchedOnGpu.following(self.plain().seen(*layout))

    def view(self, dtype: Any) -> CudaArray:
        return WatchedOnGpu.following(self.plain().view(dtype))

    def var(self, *args: Any, **settings: Any) -> Any:
        return noted(np.ndarray.var, (self, *args), settings, self.plain().var(*args, **settings))

    def __setitem__(self, key: Any, value: Any) -> None:
        if recorder():
            raise errors.compiler.computed_outside(user_line())
        self.plain()[replaced(key, plain)] = plain(value)

    def to_cpu(self) -> np.ndarray:
        if tracer := recorder():
            tracer.read(self, "a copy on the host")
        return self.plain().to_cpu()
