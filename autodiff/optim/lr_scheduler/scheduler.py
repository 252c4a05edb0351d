"""LRScheduler: what all schedules share."""

from __future__ import annotations

import warnings
from typing import Any

from autodiff import errors, observe
from autodiff.grad_mode import mode
from autodiff.optim.optimizer import Optimizer

__all__ = ["LRScheduler", "checked_optimizer", "learning_rates"]


class LRScheduler:
    """Base of schedules: a subclass has ``get_lr()``, the learning rate of each parameter group.

    ``get_lr`` goes from the current rates to the next, so that two schedules of one optimizer
    multiply. ``_rates_at_epoch`` computes the same from the first rates; it serves to jump.

    Args:
        optimizer: whose ``param_groups`` get the rates, as ``group["lr"]``.
        last_epoch: the epoch to go on from; -1 starts anew.

    Raises:
        TypeError: not an optimizer.
        KeyError: ``last_epoch`` is given, and the optimizer was never scheduled.

    Warns:
        UserWarning: the first ``step()`` comes before ``optimizer.step()``.

    >>> import autodiff as ad
    >>> class OneOverEpoch(ad.optim.lr_scheduler.LRScheduler):
    ...     def get_lr(self):
    ...         return [first / (1 + self.last_epoch) for first in self.base_lrs]
    >>> optimizer = ad.optim.SGD([ad.zeros(1, requires_grad=True)], lr=1.0)
    >>> scheduler = OneOverEpoch(optimizer)
    >>> optimizer.step()
    >>> scheduler.step()
    >>> scheduler.get_last_lr()
    [0.5]
    """

    def __init__(self, optimizer: Optimizer, last_epoch: int = -1) -> None:
        self.optimizer = checked_optimizer(optimizer)
        for number, group in enumerate(optimizer.param_groups):
            if last_epoch == -1:
                group.setdefault("initial_lr", group["lr"])
            elif "initial_lr" not in group:
                raise errors.optim.no_initial_rate(number)
        self.base_lrs = [group["initial_lr"] for group in optimizer.param_groups]
        self.last_epoch = last_epoch
        self._last_lr: list[float] = []
        self._start()

    def _start(self) -> None:
        self._step_count = 0
        self._is_initial = True
        self.step()
        self._is_initial = False

    def get_lr(self) -> list[float]:
        """The rates of this epoch, computed from those of the epoch before."""
        raise NotImplementedError

    def _rates_at_epoch(self) -> list[float]:
        """The rates of this epoch, computed from the first ones."""
        return self.get_lr()

    def get_last_lr(self) -> list[float]:
        """The learning rate of each parameter group, as the last `step` left it."""
        return self._last_lr

    def step(self) -> None:
        """Go to the next epoch. Call it after ``optimizer.step()``."""
        if self._step_count == 1 and self.optimizer.step_was_skipped():
            warnings.warn(errors.optim.schedule_before_step(), stacklevel=2)
        self._step_count += 1
        self.last_epoch += 1
        self._set_rates(self.get_lr())

    def _jump(self, epoch: int) -> None:
        self.last_epoch = epoch
        self._set_rates(self._rates_at_epoch())

    def _set_rates(self, rates: list[float]) -> None:
        if mode.observers:
            observe.tell("scheduled", self)
        for group, lr in zip(self.optimizer.param_groups, rates, strict=True):
            group["lr"] = lr
        self._last_lr = learning_rates(self.optimizer)

    def state_dict(self) -> dict[str, Any]:
        """Everything but the optimizer, to be saved."""
        return {name: value for name, value in vars(self).items() if name != "optimizer"}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Continue from what `state_dict` gave; the optimizer's state is loaded by itself."""
        vars(self).update(state_dict)


def learning_rates(optimizer: Optimizer) -> list[float]:
    return [group["lr"] for group in optimizer.param_groups]


def checked_optimizer(optimizer: Any) -> Optimizer:
    """
    Raises:
        TypeError: not an optimizer.
    """
    if not isinstance(optimizer, Optimizer):
        raise errors.optim.not_an_optimizer(type(optimizer).__name__)
    return optimizer
