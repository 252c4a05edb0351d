"""OneCycleLR: one rise and one fall of the rate over the whole training."""

from __future__ import annotations

import math
from typing import Any

from autodiff import errors
from autodiff.optim.lr_scheduler.scheduler import LRScheduler, checked_optimizer
from autodiff.optim.optimizer import Optimizer

__all__ = ["OneCycleLR"]


class OneCycleLR(LRScheduler):
    """From ``max_lr / div_factor`` up to ``max_lr`` and down far below, in one training.

    Call ``step()`` after every batch. Momentum (Adam's first beta) goes the opposite way.
    Source: Smith & Topin, "Super-convergence: Very fast training of neural networks using large
    learning rates" (2018).

    Args:
        total_steps: the number of batches, or give ``epochs`` and ``steps_per_epoch``.
        pct_start: the share of the steps that go up.
        anneal_strategy: the shape of rise and fall, "cos" or "linear".
        three_phase: come down as one went up, and then far below in a third phase.

    Raises:
        ValueError: the number of steps is missing or not positive; ``pct_start`` is not a float
            from 0 to 1; an unknown strategy; an optimizer without momentum; more steps than said.

    >>> import autodiff as ad
    >>> optimizer = ad.optim.SGD([ad.zeros(1, requires_grad=True)], lr=0.1, momentum=0.9)
    >>> scheduler = ad.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=1.0, total_steps=10)
    >>> rates = []
    >>> for batch in range(9):
    ...     rates.append(round(scheduler.get_last_lr()[0], 3))
    ...     optimizer.step()
    ...     scheduler.step()
    >>> rates
    [0.04, 0.52, 1.0, 0.95, 0.812, 0.611, 0.389, 0.188, 0.05]
    """

    def __init__(
        self,
        optimizer: Optimizer,
        max_lr: float | list[float],
        total_steps: int | None = None,
        epochs: int | None = None,
        steps_per_epoch: int | None = None,
        pct_start: float = 0.3,
        anneal_strategy: str = "cos",
        cycle_momentum: bool = True,
        base_momentum: float | list[float] = 0.85,
        max_momentum: float | list[float] = 0.95,
        div_factor: float = 25.0,
        final_div_factor: float = 1e4,
        three_phase: bool = False,
        last_epoch: int = -1,
    ) -> None:
        checked_optimizer(optimizer)
        if not isinstance(pct_start, float) or not 0 <= pct_start <= 1:
            raise errors.optim.start_share(pct_start)
        if anneal_strategy not in ("cos", "linear"):
            raise errors.optim.unknown_mode("anneal_strategy", anneal_strategy, "cos or linear")
        self.total_steps = _steps(total_steps, epochs, steps_per_epoch)
        self._anneal_func_type, self.cycle_momentum = anneal_strategy, cycle_momentum
        rise, last = pct_start * self.total_steps, self.total_steps - 1
        self._schedule_phases = [_phase(rise - 1, "initial", "max", "max", "base")]
        if three_phase:
            self._schedule_phases += [
                _phase(2 * rise - 2, "max", "initial", "base", "max"),
                _phase(last, "initial", "min", "max", "max"),
            ]
        else:
            self._schedule_phases += [_phase(last, "max", "min", "base", "max")]
        if last_epoch == -1:
            for group, lr in zip(
                optimizer.param_groups, _per_group("max_lr", optimizer, max_lr), strict=True
            ):
                group.update(max_lr=lr, initial_lr=lr / div_factor)
                group["min_lr"] = group["initial_lr"] / final_div_factor
        if cycle_momentum:
            if not {"momentum", "betas"} & optimizer.defaults.keys():
                raise errors.optim.no_momentum(type(optimizer).__name__)
            if last_epoch == -1:
                least = _per_group("base_momentum", optimizer, base_momentum)
                most = _per_group("max_momentum", optimizer, max_momentum)
                for group, low, high in zip(optimizer.param_groups, least, most, strict=True):
                    group.update(base_momentum=low, max_momentum=high)
        super().__init__(optimizer, last_epoch)

    def get_lr(self) -> list[float]:
        if self.last_epoch > self.total_steps:
            raise errors.optim.too_many_steps(self.last_epoch, self.total_steps)
        start: float = 0
        for phase in self._schedule_phases:
            if self.last_epoch <= phase["end_step"] or phase is self._schedule_phases[-1]:
                break
            start = phase["end_step"]
        share = (self.last_epoch - start) / (phase["end_step"] - start)
        if self.cycle_momentum:
            for group in self.optimizer.param_groups:
                ends = group[phase["start_momentum"]], group[phase["end_momentum"]]
                momentum = self._between(*ends, share)
                if "betas" in group:
                    group["betas"] = (momentum, *group["betas"][1:])
                else:
                    group["momentum"] = momentum
        return [
            self._between(group[phase["start_lr"]], group[phase["end_lr"]], share)
            for group in self.optimizer.param_groups
        ]

    def _between(self, x: float, y: float, share: float) -> float:
        if self._anneal_func_type == "linear":
            return (y - x) * share + x
        return y + (x - y) / 2 * (math.cos(math.pi * share) + 1)


def _phase(
    end_step: float, start_lr: str, end_lr: str, start_momentum: str, end_momentum: str
) -> dict[str, Any]:
    """Where a phase ends, and between which values of each group it goes."""
    return {
        "end_step": end_step,
        "start_lr": f"{start_lr}_lr",
        "end_lr": f"{end_lr}_lr",
        "start_momentum": f"{start_momentum}_momentum",
        "end_momentum": f"{end_momentum}_momentum",
    }


def _steps(total_steps: Any, epochs: Any, steps_per_epoch: Any) -> int:
    if total_steps is None and (epochs is None or steps_per_epoch is None):
        raise errors.optim.no_number_of_steps()
    given = {"total_steps": total_steps}
    if total_steps is None:
        given = {"epochs": epochs, "steps_per_epoch": steps_per_epoch}
    for name, value in given.items():
        if not isinstance(value, int) or value <= 0:
            raise errors.optim.positive_integer(name, value)
    return math.prod(given.values())


def _per_group(name: str, optimizer: Optimizer, value: Any) -> list[float]:
    groups = len(optimizer.param_groups)
    if not isinstance(value, (list, tuple)):
        return [value] * groups
    if len(value) != groups:
        raise errors.optim.one_per_group(name, groups, len(value))
    return list(value)
