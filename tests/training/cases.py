"""The tables of optimizers and of schedules of the learning rate: how each is made.

``make(optim, params)`` and ``make(lr_scheduler, optimizer)`` are written against the API that
autodiff and PyTorch share. test_parity_optim and test_parity_schedules compare each row with
PyTorch; test_tables fails when a class has no row.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

__all__ = ["OPTIMIZERS", "SCHEDULES"]

OPTIMIZERS: list[Callable[[Any, Any], Any]] = [
    lambda optim, p: optim.SGD(p, lr=0.1),
    lambda optim, p: optim.SGD(p, lr=0.1, momentum=0.9),
    lambda optim, p: optim.SGD(p, lr=0.1, momentum=0.9, nesterov=True),
    lambda optim, p: optim.SGD(p, lr=0.1, momentum=0.5, dampening=0.3, weight_decay=0.1),
    lambda optim, p: optim.SGD(p, lr=0.1, momentum=0.5, nesterov=True, weight_decay=0.1),
    lambda optim, p: optim.SGD(p, lr=0.01, momentum=0.5, weight_decay=0.1, maximize=True),
    lambda optim, p: optim.Adam(p),
    lambda optim, p: optim.Adam(p, lr=0.05, betas=(0.8, 0.9), eps=1e-4, weight_decay=0.1),
    lambda optim, p: optim.Adam(p, lr=0.01, maximize=True),
    lambda optim, p: optim.Adam(p, lr=0.05, amsgrad=True),
    lambda optim, p: optim.AdamW(p),
    lambda optim, p: optim.AdamW(p, lr=0.05, weight_decay=0.2, amsgrad=True, maximize=True),
    lambda optim, p: optim.RMSprop(p),
    lambda optim, p: optim.RMSprop(p, lr=0.02, alpha=0.8, momentum=0.5, centered=True),
    lambda optim, p: optim.RMSprop(p, lr=0.02, weight_decay=0.1, maximize=True),
    lambda optim, p: optim.Adagrad(p),
    lambda optim, p: optim.Adagrad(p, lr=0.1, lr_decay=0.2, initial_accumulator_value=0.3),
    lambda optim, p: optim.Adagrad(p, lr=0.1, weight_decay=0.1, maximize=True),
    lambda optim, p: optim.Adadelta(p),
    lambda optim, p: optim.Adadelta(p, lr=0.5, rho=0.8, eps=1e-4, weight_decay=0.1),
    lambda optim, p: optim.Adadelta(p, maximize=True),
    lambda optim, p: optim.SGD(p, lr=0.1, momentum=0.9, dampening=0.5, maximize=True),
    lambda optim, p: optim.SGD(two_groups(p), lr=0.1, momentum=0.9, weight_decay=0.01),
    lambda optim, p: optim.Adam(two_groups(p), lr=0.01, betas=(0.5, 0.6), weight_decay=0.2),
    lambda optim, p: optim.AdamW(two_groups(p), amsgrad=True),
    lambda optim, p: optim.RMSprop(two_groups(p), centered=True, weight_decay=0.1),
    lambda optim, p: optim.RMSprop(p, lr=0.02, alpha=0.7, eps=1e-3, momentum=0.9),
]


def two_groups(params: Any) -> list[dict[str, Any]]:
    first, *others = params
    return [{"params": [first]}, {"params": others, "lr": 0.02, "weight_decay": 0.3}]


def sequence(s: Any, o: Any) -> Any:
    parts = [
        s.LinearLR(o, start_factor=0.1, total_iters=4),
        s.StepLR(o, 3),
        s.CosineAnnealingLR(o, 5),
        s.CosineAnnealingWarmRestarts(o, 3),
        s.MultiStepLR(o, [1, 2]),
    ]
    return s.SequentialLR(o, parts, milestones=[4, 9, 14, 18])


def nested(s: Any, o: Any) -> Any:
    inner = s.SequentialLR(o, [s.ConstantLR(o), s.ExponentialLR(o, 0.8)], milestones=[3])
    return s.SequentialLR(o, [inner, s.LambdaLR(o, lambda e: 0.9**e)], milestones=[8])


SCHEDULES: list[Callable[[Any, Any], Any]] = [
    lambda s, o: s.StepLR(o, 3),
    lambda s, o: s.StepLR(o, step_size=4, gamma=0.5),
    lambda s, o: s.MultiStepLR(o, [2, 5, 5, 9], gamma=0.3),
    lambda s, o: s.MultiStepLR(o, milestones=[20, 4]),
    lambda s, o: s.ExponentialLR(o, 0.9),
    lambda s, o: s.ConstantLR(o),
    lambda s, o: s.ConstantLR(o, factor=0.5, total_iters=3),
    lambda s, o: s.PolynomialLR(o, total_iters=4, power=2),
    lambda s, o: s.LinearLR(o),
    lambda s, o: s.LinearLR(o, start_factor=0.5, end_factor=0.1, total_iters=7),
    lambda s, o: s.LinearLR(o, start_factor=1.0, end_factor=0.0, total_iters=10),
    lambda s, o: s.LambdaLR(o, lambda epoch: 0.95**epoch),
    lambda s, o: s.LambdaLR(o, [lambda epoch: 1 / (1 + epoch), lambda epoch: epoch + 1.0]),
    lambda s, o: s.MultiplicativeLR(o, lambda epoch: 0.9 + 0.01 * epoch),
    lambda s, o: s.CosineAnnealingLR(o, 10),
    lambda s, o: s.CosineAnnealingLR(o, T_max=4, eta_min=0.01),
    lambda s, o: s.CosineAnnealingWarmRestarts(o, 5),
    lambda s, o: s.CosineAnnealingWarmRestarts(o, T_0=2, T_mult=3, eta_min=0.02),
    lambda s, o: s.OneCycleLR(o, 0.5, total_steps=30),
    lambda s, o: s.OneCycleLR(o, [0.5, 0.2], epochs=5, steps_per_epoch=6, three_phase=True),
    lambda s, o: s.OneCycleLR(o, 0.3, 26, pct_start=0.5, anneal_strategy="linear"),
    lambda s, o: s.OneCycleLR(o, 0.3, 40, cycle_momentum=False, div_factor=5, final_div_factor=9),
    lambda s, o: s.OneCycleLR(o, 0.3, 25, base_momentum=[0.7, 0.6], max_momentum=0.8),
    sequence,
    nested,
    lambda s, o: s.ChainedScheduler([s.ConstantLR(o, 0.1, 4), s.ExponentialLR(o, 0.9)]),
    lambda s, o: s.ReduceLROnPlateau(o, patience=2),
    lambda s, o: s.ReduceLROnPlateau(o, "max", 0.5, 1, cooldown=2, min_lr=[0.01, 0.05]),
    lambda s, o: s.ReduceLROnPlateau(o, patience=0, threshold=0.05, threshold_mode="abs"),
    lambda s, o: s.ReduceLROnPlateau(o, mode="max", patience=1, threshold=0.1, eps=0.02),
]
