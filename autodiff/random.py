"""Random numbers: one generator for everything, seeded by `manual_seed`."""

from __future__ import annotations

import json
from typing import Any

import numpy as np

from autodiff import errors
from autodiff.device import CPU, available, device

__all__ = [
    "Generator", "default_generator", "get_rng_state", "initial_seed", "manual_seed", "seed",
    "set_rng_state",
]  # fmt: skip


class Generator:
    """A source of random numbers with a seed of its own.

    The numbers are NumPy's (PCG64), reproducible from the seed and different from PyTorch's.

    Raises:
        AssertionError: a device that this build does not compute on.

    >>> import autodiff as ad
    >>> g = ad.Generator().manual_seed(0)
    >>> a = ad.rand(2, generator=g)
    >>> (a == ad.rand(2, generator=g.manual_seed(0))).tolist()
    [True, True]
    """

    def __init__(self, device: Any = "cpu") -> None:
        self.device = available(device)
        self.on_devices: dict[int, Any] = {}
        self.seed()

    def manual_seed(self, seed: int) -> Generator:
        """Start the sequence that belongs to ``seed``."""
        self._seed = int(seed)
        self.numpy = np.random.default_rng(self._seed % 2**64)
        self.seed_devices(self._seed)
        return self

    def seed_devices(self, seed: int) -> None:
        """Start the sequences of the GPUs, and leave the CPU's where it is."""
        self._device_seed = seed
        self.on_devices.clear()

    def drawing_on(self, place: device) -> Any:
        """What draws on that device: NumPy's generator, or one with the same names on a GPU."""
        if place.type == "cpu":
            return self.numpy
        index = place.index or 0
        if index not in self.on_devices:
            from autodiff.backends.cuda.randomness import CudaGenerator

            self.on_devices[index] = CudaGenerator(index, self._device_seed)
        return self.on_devices[index]

    def seed(self) -> int:
        """Start from a seed taken from the operating system, and return it."""
        self.manual_seed(int(np.random.SeedSequence().entropy) % 2**63)  # type: ignore[arg-type]
        return self._seed

    def initial_seed(self) -> int:
        """The seed the sequence started from."""
        return self._seed

    def get_state(self) -> Any:
        """Where the sequences are, the CPU's and the GPUs', as a tensor of bytes for `set_state`.

        >>> import autodiff as ad
        >>> g = ad.Generator()
        >>> state = g.get_state()
        >>> a = ad.rand(2, generator=g)
        >>> (a == ad.rand(2, generator=g.set_state(state))).tolist()
        [True, True]
        """
        from autodiff.tensor import Tensor

        state = {
            "seed": self._seed, "numpy": self.numpy.bit_generator.state,
            "device_seed": self._device_seed,
            "devices": {index: draws.state.tolist() for index, draws in self.on_devices.items()},
        }  # fmt: skip
        return Tensor._wrap(np.frombuffer(json.dumps(state).encode(), np.uint8).copy())

    def set_state(self, new_state: Any) -> Generator:
        """Continue from a state that `get_state` gave.

        Raises:
            RuntimeError: the tensor does not hold such a state.
        """
        try:
            state = json.loads(new_state.value.tobytes())
            self.numpy.bit_generator.state = state["numpy"]
            self._seed, self._device_seed = state["seed"], state["device_seed"]
            places = {int(index): place for index, place in state["devices"].items()}
        except (AttributeError, KeyError, TypeError, ValueError):
            raise errors.numbers.not_a_generator_state() from None
        for index in places.keys() | self.on_devices.keys():
            start = [self._device_seed % 2**64, 0]
            self.drawing_on(device("cuda", index)).state[...] = places.get(index, start)
        return self


default_generator = Generator()


def source(generator: Generator | None, place: device = CPU) -> Any:
    """What draws numbers on a device: from the generator given, or from everybody's.

    Raises:
        TypeError: something that is not a `Generator`.
    """
    if generator is None:
        return default_generator.drawing_on(place)
    if not isinstance(generator, Generator):
        raise TypeError(f"generator must be a Generator, not {type(generator).__name__}")
    return generator.drawing_on(place)


def manual_seed(seed: int) -> Generator:
    """Make everything random from here on repeatable.

    >>> import autodiff as ad
    >>> _ = ad.manual_seed(0)
    >>> a = ad.randn(2)
    >>> _ = ad.manual_seed(0)
    >>> (a == ad.randn(2)).tolist()
    [True, True]
    """
    return default_generator.manual_seed(seed)


def seed() -> int:
    """Start from a seed taken from the operating system, and return it.

    >>> import autodiff as ad
    >>> seed = ad.seed()
    >>> ad.initial_seed() == seed
    True
    >>> _ = ad.manual_seed(0)  # repeatable from here on
    """
    return default_generator.seed()


def initial_seed() -> int:
    """The seed that random numbers started from.

    >>> import autodiff as ad
    >>> _ = ad.manual_seed(3)
    >>> ad.initial_seed()
    3
    """
    return default_generator.initial_seed()


def get_rng_state() -> Any:
    """Where the sequence of random numbers is, as a tensor of bytes for `set_rng_state`.

    >>> import autodiff as ad
    >>> state = ad.get_rng_state()
    >>> a = ad.rand(2)
    >>> ad.set_rng_state(state)
    >>> (a == ad.rand(2)).tolist()
    [True, True]
    """
    return default_generator.get_state()


def set_rng_state(new_state: Any) -> None:
    """Continue the sequence of random numbers from a state that `get_rng_state` gave.

    Raises:
        RuntimeError: the tensor does not hold such a state.

    >>> import autodiff as ad
    >>> ad.set_rng_state(ad.zeros(3))
    Traceback (most recent call last):
    RuntimeError: ...
    """
    default_generator.set_state(new_state)
