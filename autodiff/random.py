"""Random numbers: one generator for everything, seeded by `manual_seed`."""

from __future__ import annotations

from typing import Any

import numpy as np

__all__ = ["Generator", "default_generator", "manual_seed"]


class Generator:
    """A source of random numbers with a seed of its own.

    The numbers are NumPy's (PCG64), reproducible from the seed and different from PyTorch's.

    >>> import autodiff as ad
    >>> g = ad.Generator().manual_seed(0)
    >>> a = ad.rand(2, generator=g)
    >>> (a == ad.rand(2, generator=g.manual_seed(0))).tolist()
    [True, True]
    """

    def __init__(self, device: Any = "cpu") -> None:
        self.seed()

    def manual_seed(self, seed: int) -> Generator:
        """Start the sequence that belongs to ``seed``."""
        self._seed = int(seed)
        self.numpy = np.random.default_rng(self._seed % 2**64)
        return self

    def seed(self) -> int:
        """Start from a seed taken from the operating system, and return it."""
        self.manual_seed(int(np.random.SeedSequence().entropy) % 2**63)  # type: ignore[arg-type]
        return self._seed

    def initial_seed(self) -> int:
        """The seed the sequence started from."""
        return self._seed


default_generator = Generator()


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
