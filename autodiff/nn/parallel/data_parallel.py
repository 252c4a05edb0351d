"""DataParallel: one batch, split over several devices."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from typing import Any

from autodiff.nn.module import Module
from autodiff.op import FUNCTIONS
from autodiff.tensor import Tensor

__all__ = ["DataParallel"]


class DataParallel(Module):
    """Splits each batch over the given devices, runs a replica of the module on each part, and puts
    the results together. The gradients of all parts add up in the module's own parameters.

    With one device, or none, it calls the module itself.

    Args:
        module: what to run.
        device_ids: the devices; by default all GPUs, of which there may be none.
        output_device: where the result goes; the first device by default.
        dim: the dimension of the inputs that counts the samples.

    >>> import autodiff as ad
    >>> model = ad.nn.DataParallel(ad.nn.Linear(3, 2), device_ids=["cpu:0", "cpu:1"])
    >>> model(ad.zeros(5, 3)).shape
    autodiff.Size([5, 2])
    """

    def __init__(
        self,
        module: Module,
        device_ids: Sequence[Any] | None = None,
        output_device: Any = None,
        dim: int = 0,
    ) -> None:
        super().__init__()
        self.module = module
        self.device_ids = list(device_ids or [])
        self.output_device = output_device
        self.dim = dim

    def forward(self, *inputs: Any, **named: Any) -> Any:
        if len(self.device_ids) <= 1:
            return self.module(*inputs, **named)
        parts = self._scattered(inputs, named)
        results = [_replica(self.module)(*part, **part_named) for part, part_named in parts]
        return _gathered(results, self.dim)

    def _scattered(
        self, inputs: tuple[Any, ...], named: dict[str, Any]
    ) -> list[tuple[tuple[Any, ...], dict[str, Any]]]:
        """The arguments of each replica: tensors are cut, everything else is the same for all."""
        count = len(self.device_ids)

        def cut(x: Any) -> list[Any]:
            return list(x.chunk(count, self.dim)) if isinstance(x, Tensor) else [x] * count

        cut_inputs = [cut(x) for x in inputs]
        cut_named = {name: cut(x) for name, x in named.items()}
        used = min([len(parts) for parts in (*cut_inputs, *cut_named.values())], default=1)
        return [
            (
                tuple(parts[i] for parts in cut_inputs),
                {name: parts[i] for name, parts in cut_named.items()},
            )
            for i in range(used)
        ]


def _replica(module: Module) -> Module:
    """The same module with the same parameters, which other replicas may run beside it."""
    twin = copy(module)
    for kind in ("_parameters", "_buffers"):
        object.__setattr__(twin, kind, dict(getattr(module, kind)))
    children = {
        name: None if child is None else _replica(child) for name, child in module._modules.items()
    }
    object.__setattr__(twin, "_modules", children)
    return twin


def _gathered(results: list[Any], dim: int) -> Any:
    """The results of the replicas as one."""
    first = results[0]
    if isinstance(first, Tensor):
        return FUNCTIONS["cat"](results, dim)
    if isinstance(first, dict):
        return {name: _gathered([part[name] for part in results], dim) for name in first}
    if isinstance(first, (tuple, list)):
        return type(first)(_gathered(list(parts), dim) for parts in zip(*results, strict=True))
    return first
