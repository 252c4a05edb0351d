"""Schedules that follow half a wave of the cosine."""

from __future__ import annotations

import math

from autodiff import errors
from autodiff.optim.lr_scheduler.scheduler import LRScheduler, learning_rates
from autodiff.optim.optimizer import Optimizer

__all__ = ["CosineAnnealingLR", "CosineAnnealingWarmRestarts"]


class CosineAnnealingLR(LRScheduler):
    """From the first rate to ``eta_min`` in ``T_max`` epochs, along half a wave of the cosine.

    Source: Loshchilov & Hutter, "SGDR: Stochastic gradient descent with warm restarts" (2016),
    without the restarts: after ``T_max`` the rate follows the wave up again.

    >>> import autodiff as ad
    >>> optimizer = ad.optim.SGD([ad.zeros(1, requires_grad=True)], lr=1.0)
    >>> scheduler = ad.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=4)
    >>> for epoch in range(2):
    ...     optimizer.step()
    ...     scheduler.step()
    >>> round(scheduler.get_last_lr()[0], 6)
    0.5
    """

    def __init__(
        self,
        optimizer: Optimizer,
        T_max: int,  # noqa: N803
        eta_min: float = 0.0,
        last_epoch: int = -1,
    ) -> None:
        self.T_max, self.eta_min = T_max, eta_min
        super().__init__(optimizer, last_epoch)

    def get_lr(self) -> list[float]:
        rates = learning_rates(self.optimizer)
        if self._is_initial:
            return rates
        before, now = self._height(self.last_epoch - 1), self._height(self.last_epoch)
        if (self.last_epoch - 1 - self.T_max) % (2 * self.T_max) == 0:  # leaving the valley
            return [
                lr + (base - self.eta_min) * self._height(self.T_max - 1)
                for lr, base in zip(rates, self.base_lrs, strict=True)
            ]
        return [now / before * (lr - self.eta_min) + self.eta_min for lr in rates]

    def _height(self, epoch: int) -> float:
        """Where the wave is, from 1 at its top to 0."""
        return (1 + math.cos(math.pi * epoch / self.T_max)) / 2

    def _rates_at_epoch(self) -> list[float]:
        height = self._height(self.last_epoch)
        return [self.eta_min + (base - self.eta_min) * height for base in self.base_lrs]


class CosineAnnealingWarmRestarts(LRScheduler):
    """The cosine from the first rate to ``eta_min``, again and again.

    The first wave takes ``T_0`` epochs, and each next one ``T_mult`` times as many.
    ``step(epoch)`` takes fractions of an epoch too.
    Source: Loshchilov & Hutter, "SGDR: Stochastic gradient descent with warm restarts" (2016).

    Raises:
        ValueError: ``T_0`` or ``T_mult`` is not a positive integer.

    >>> import autodiff as ad
    >>> optimizer = ad.optim.SGD([ad.zeros(1, requires_grad=True)], lr=1.0)
    >>> scheduler = ad.optim.lr_scheduler.CosineAnnealingWarmRestarts(optimizer, T_0=2)
    >>> for epoch in range(4):
    ...     print(scheduler.get_last_lr())
    ...     optimizer.step()
    ...     scheduler.step()
    [1.0]
    [0.5]
    [1.0]
    [0.5]
    """

    def __init__(
        self,
        optimizer: Optimizer,
        T_0: int,  # noqa: N803
        T_mult: int = 1,  # noqa: N803
        eta_min: float = 0.0,
        last_epoch: int = -1,
    ) -> None:
        for name, value in (("T_0", T_0), ("T_mult", T_mult)):
            if not isinstance(value, int) or value < 1:
                raise errors.optim.positive_integer(name, value)
        self.T_0, self.T_i, self.T_mult, self.eta_min = T_0, T_0, T_mult, eta_min
        self.T_cur: float = last_epoch
        super().__init__(optimizer, last_epoch)

    def get_lr(self) -> list[float]:
        height = (1 + math.cos(math.pi * self.T_cur / self.T_i)) / 2
        return [self.eta_min + (base - self.eta_min) * height for base in self.base_lrs]

    def step(self, epoch: float | None = None) -> None:
        """Go to the next epoch, or to ``epoch``.

        Raises:
            ValueError: ``epoch`` is negative.
        """
        if epoch is None:
            epoch = self.last_epoch + 1
        if epoch < 0:
            raise errors.optim.negative_epoch(epoch)
        self.T_cur, self.T_i = epoch, self.T_0
        while self.T_cur >= self.T_i:
            self.T_cur -= self.T_i
            self.T_i *= self.T_mult
        self.last_epoch = math.floor(epoch)
        self._set_rates(self.get_lr())

    def _jump(self, epoch: int) -> None:
        self.step(epoch)
