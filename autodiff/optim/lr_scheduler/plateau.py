"""ReduceLROnPlateau: the schedule that watches how training goes."""

from __future__ import annotations

import math
from typing import Any

from autodiff import errors
from autodiff.optim.lr_scheduler.scheduler import LRScheduler, checked_optimizer, learning_rates
from autodiff.optim.optimizer import Optimizer

__all__ = ["ReduceLROnPlateau"]


class ReduceLROnPlateau(LRScheduler):
    """The rate times ``factor`` whenever a quantity has stopped to improve.

    Args:
        mode: "min" if smaller is better, as for a loss; "max" for an accuracy.
        patience: epochs without an improvement that are put up with.
        threshold: how much counts as an improvement, as a share of the best value so far
            (``threshold_mode="rel"``) or as a difference from it ("abs").
        cooldown: epochs after a reduction in which nothing is counted.
        min_lr: the least rate, for all parameter groups or one for each.
        eps: reductions smaller than this are left out.

    Raises:
        ValueError: ``factor`` is not below 1, an unknown mode, or not one ``min_lr`` per group.

    >>> import autodiff as ad
    >>> optimizer = ad.optim.SGD([ad.zeros(1, requires_grad=True)], lr=0.5)
    >>> scheduler = ad.optim.lr_scheduler.ReduceLROnPlateau(optimizer, patience=1)
    >>> for loss in (1.0, 0.8, 0.8, 0.8):
    ...     scheduler.step(loss)
    >>> scheduler.get_last_lr()
    [0.05]
    """

    def __init__(
        self,
        optimizer: Optimizer,
        mode: str = "min",
        factor: float = 0.1,
        patience: int = 10,
        threshold: float = 1e-4,
        threshold_mode: str = "rel",
        cooldown: int = 0,
        min_lr: float | list[float] = 0,
        eps: float = 1e-8,
    ) -> None:
        if factor >= 1:
            raise errors.optim.factor("Factor", "< 1.0", factor)
        if mode not in ("min", "max"):
            raise errors.optim.unknown_mode("mode", mode, "min or max")
        if threshold_mode not in ("rel", "abs"):
            raise errors.optim.unknown_mode("threshold mode", threshold_mode, "rel or abs")
        self.optimizer = checked_optimizer(optimizer)
        groups = len(optimizer.param_groups)
        self.min_lrs = list(min_lr) if isinstance(min_lr, (list, tuple)) else [min_lr] * groups
        if len(self.min_lrs) != groups:
            raise errors.optim.one_per_group("min_lrs", groups, len(self.min_lrs))
        self.mode, self.factor, self.patience, self.cooldown = mode, factor, patience, cooldown
        self.threshold, self.threshold_mode, self.eps = threshold, threshold_mode, eps
        self.best = math.inf if mode == "min" else -math.inf
        self.num_bad_epochs = self.cooldown_counter = self.last_epoch = 0
        self._last_lr = learning_rates(optimizer)

    def step(self, metrics: Any) -> None:  # type: ignore[override]
        """Tell how the epoch went.

        Args:
            metrics: the quantity watched: a number, or a tensor of one element.
        """
        current = float(metrics)
        self.last_epoch += 1
        if self._improves(current):
            self.best, self.num_bad_epochs = current, 0
        else:
            self.num_bad_epochs += 1
        if self.cooldown_counter > 0:
            self.cooldown_counter -= 1
            self.num_bad_epochs = 0
        if self.num_bad_epochs > self.patience:
            self._reduce()
            self.cooldown_counter, self.num_bad_epochs = self.cooldown, 0
        self._last_lr = learning_rates(self.optimizer)

    def _improves(self, value: float) -> bool:
        sign = 1 if self.mode == "max" else -1
        if self.threshold_mode == "abs":
            return sign * value > sign * self.best + self.threshold
        return sign * value > sign * self.best * (1 + sign * self.threshold)

    def _reduce(self) -> None:
        for group, least in zip(self.optimizer.param_groups, self.min_lrs, strict=True):
            lr = max(group["lr"] * self.factor, least)
            if group["lr"] - lr > self.eps:
                group["lr"] = lr
