"""Schedules made of schedules: one after the other, or all at once."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import Any

from autodiff import errors
from autodiff.optim.lr_scheduler.plateau import ReduceLROnPlateau
from autodiff.optim.lr_scheduler.scheduler import LRScheduler, learning_rates
from autodiff.optim.optimizer import Optimizer

__all__ = ["ChainedScheduler", "SequentialLR"]


class _Composed(LRScheduler):
    """A schedule that holds others, and saves their states in its own."""

    _schedulers: list[LRScheduler]

    def state_dict(self) -> dict[str, Any]:
        parts = [scheduler.state_dict() for scheduler in self._schedulers]
        return {**super().state_dict(), "_schedulers": parts}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        parts = state_dict["_schedulers"]
        super().load_state_dict({k: v for k, v in state_dict.items() if k != "_schedulers"})
        for scheduler, state in zip(self._schedulers, parts, strict=True):
            scheduler.load_state_dict(state)


class SequentialLR(_Composed):
    """One schedule after the other; ``milestones`` are the epochs where the next takes over.

    Raises:
        ValueError: no schedules, not one milestone fewer than schedules, a `ReduceLROnPlateau`
            among them, or schedules of different optimizers.

    >>> import autodiff as ad
    >>> from autodiff.optim.lr_scheduler import ConstantLR, ExponentialLR, SequentialLR
    >>> optimizer = ad.optim.SGD([ad.zeros(1, requires_grad=True)], lr=1.0)
    >>> warm, fall = ConstantLR(optimizer, factor=0.1), ExponentialLR(optimizer, gamma=0.5)
    >>> scheduler = SequentialLR(optimizer, [warm, fall], milestones=[2])
    >>> for epoch in range(5):
    ...     print(scheduler.get_last_lr())
    ...     optimizer.step()
    ...     scheduler.step()
    [0.1]
    [0.1]
    [1.0]
    [0.5]
    [0.25]
    """

    def __init__(
        self,
        optimizer: Optimizer,
        schedulers: Sequence[LRScheduler],
        milestones: Sequence[int],
        last_epoch: int = -1,
    ) -> None:
        _check(optimizer, schedulers, "SequentialLR")
        if len(milestones) != len(schedulers) - 1:
            raise errors.optim.milestones(len(schedulers), len(milestones))
        self.optimizer, self._schedulers = optimizer, list(schedulers)
        self._milestones, self.last_epoch = list(milestones), last_epoch + 1
        # Making the schedules has set the rates already: take that back, and start the first one.
        for group in optimizer.param_groups:
            group["lr"] = group["initial_lr"]
        _take_back(self._schedulers)
        first = self._schedulers[bisect_right(self._milestones, 0)]
        first._start()
        self._last_lr = first.get_last_lr()

    def step(self) -> None:
        self.last_epoch += 1
        number = bisect_right(self._milestones, self.last_epoch)
        scheduler = self._schedulers[number]
        if number > 0 and self._milestones[number - 1] == self.last_epoch:
            scheduler._jump(0)
        else:
            scheduler.step()
        self._last_lr = scheduler.get_last_lr()


class ChainedScheduler(_Composed):
    """Several schedules at once: each step is a step of all of them, in order.

    Raises:
        ValueError: no schedules, a `ReduceLROnPlateau` among them, or different optimizers.

    >>> import autodiff as ad
    >>> from autodiff.optim.lr_scheduler import ChainedScheduler, ExponentialLR, StepLR
    >>> optimizer = ad.optim.SGD([ad.zeros(1, requires_grad=True)], lr=1.0)
    >>> halve = ExponentialLR(optimizer, gamma=0.5)
    >>> drop = StepLR(optimizer, step_size=2, gamma=0.125)
    >>> scheduler = ChainedScheduler([halve, drop])
    >>> for epoch in range(3):
    ...     print(scheduler.get_last_lr())
    ...     optimizer.step()
    ...     scheduler.step()
    [1.0]
    [0.5]
    [0.03125]
    """

    def __init__(
        self, schedulers: Sequence[LRScheduler], optimizer: Optimizer | None = None
    ) -> None:
        optimizer = optimizer or (schedulers[0].optimizer if schedulers else None)
        _check(optimizer, schedulers, "ChainedScheduler")
        self.optimizer, self._schedulers = schedulers[0].optimizer, list(schedulers)
        self._last_lr = learning_rates(self.optimizer)

    def step(self) -> None:
        for scheduler in self._schedulers:
            scheduler.step()
        self._last_lr = learning_rates(self.optimizer)


def _check(optimizer: Any, schedulers: Sequence[LRScheduler], name: str) -> None:
    if not schedulers:
        raise errors.optim.no_schedulers(name)
    for number, scheduler in enumerate(schedulers):
        if isinstance(scheduler, ReduceLROnPlateau):
            raise errors.optim.plateau_inside(name, number)
        if scheduler.optimizer is not optimizer:
            raise errors.optim.other_optimizer(name, number)


def _take_back(schedulers: Sequence[LRScheduler]) -> None:
    for scheduler in schedulers:
        if isinstance(scheduler, _Composed):
            _take_back(scheduler._schedulers)
        else:
            scheduler.last_epoch -= 1
