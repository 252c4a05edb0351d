"""DataParallel: one batch, split over several devices."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from typing import Any

from autodiff import cuda
from autodiff.device import CPU, device
from autodiff.nn.module import Module
from autodiff.public import FUNCTIONS
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
        places = [_place(i) for i in self.device_ids]
        results = [
            _replica(self.module, place)(*part, **part_named)
            for place, (part, part_named) in zip(places, parts, strict=False)
        ]
        where = places[0] if self.output_device is None else _place(self.output_device)
        return _gathered(results, self.dim, where)

    def _scattered(
        self, inputs: tuple[Any, ...], named: dict[str, Any]
    ) -> list[tuple[tuple[Any, ...], dict[str, Any]]]:
        """The arguments of each replica: tensors are cut, everything else is the same for all."""
        count = len(self.device_ids)

        def cut(x: Any) -> list[Any]:
            if not isinstance(x, Tensor):
                return [x] * count
            parts = zip(x.chunk(count, self.dim), self.device_ids, strict=False)
            return [part.to(_place(i)) for part, i in parts]

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


def _place(device_id: Any) -> device:
    """The device of that name; a bare number counts GPUs, where there are any."""
    if isinstance(device_id, int):
        return device("cuda", device_id) if cuda.is_available() else CPU
    found = device(device_id)
    return CPU if found.type == "cpu" else found


def _replica(module: Module, place: device) -> Module:
    """The same module, which other replicas may run beside it.

    Its parameters are the module's own, or on another device copies whose gradients come back.
    """
    twin = copy(module)
    for kind in ("_parameters", "_buffers"):
        tensors = {k: x if x is None else x.to(place) for k, x in getattr(module, kind).items()}
        object.__setattr__(twin, kind, tensors)
    children = {
        name: None if child is None else _replica(child, place)
        for name, child in module._modules.items()
    }
    object.__setattr__(twin, "_modules", children)
    return twin


def _gathered(results: list[Any], dim: int, place: device) -> Any:
    """The results of the replicas as one, on one device."""
    first = results[0]
    if isinstance(first, Tensor):
        return FUNCTIONS["cat"]([x.to(place) for x in results], dim)
    if isinstance(first, dict):
        return {name: _gathered([part[name] for part in results], dim, place) for name in first}
    if isinstance(first, (tuple, list)):
        parts = zip(*results, strict=True)
        return type(first)(_gathered(list(part), dim, place) for part in parts)
    return first
