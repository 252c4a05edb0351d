"""Schedules of the learning rate."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.mistakes.mistake import Mistake


def sgd(m: Any, **settings: Any) -> Any:
    return m.optim.SGD([m.ones(1, requires_grad=True)], lr=0.1, **settings)


def schedule(make: Callable[[Any, Any], Any]) -> Callable[[Any], Any]:
    """A program that makes a schedule for an optimizer."""
    return lambda m: make(m.optim.lr_scheduler, sgd(m))


def too_many_steps(m: Any) -> None:
    optimizer = sgd(m, momentum=0.9)
    scheduler = m.optim.lr_scheduler.OneCycleLR(optimizer, 1.0, total_steps=2)
    for _ in range(4):
        optimizer.step()
        scheduler.step()


def two_optimizers(m: Any) -> Any:
    s = m.optim.lr_scheduler
    first, second = sgd(m), sgd(m)
    return s.SequentialLR(first, [s.StepLR(first, 1), s.StepLR(second, 1)], milestones=[1])


MISTAKES = [
    Mistake(
        "schedule of a model",
        lambda m: m.optim.lr_scheduler.StepLR(m.nn.Linear(1, 1), 3),
        TypeError,
        "Linear is not an Optimizer",
    ),
    Mistake(
        "going on from nothing",
        schedule(lambda s, o: s.StepLR(o, 3, last_epoch=5)),
        KeyError,
        "param 'initial_lr' is not specified in param_groups[0] when resuming",
        explains=False,
    ),
    Mistake(
        "functions for groups",
        schedule(lambda s, o: s.LambdaLR(o, [lambda e: 1.0, lambda e: 1.0])),
        ValueError,
        "expected 1 values for lr_lambdas, got 2.",
    ),
    Mistake(
        "least rates for groups",
        schedule(lambda s, o: s.ReduceLROnPlateau(o, min_lr=[0.1, 0.2])),
        ValueError,
        "expected 1 values for min_lrs, got 2.",
    ),
    Mistake(
        "a factor that raises",
        schedule(lambda s, o: s.ReduceLROnPlateau(o, factor=1.5)),
        ValueError,
        "Factor should be < 1.0",
        explains=False,
    ),
    Mistake(
        "unknown mode",
        schedule(lambda s, o: s.ReduceLROnPlateau(o, mode="down")),
        ValueError,
        "mode down is unknown!",
        explains=False,
    ),
    Mistake(
        "start from zero",
        schedule(lambda s, o: s.LinearLR(o, start_factor=0)),
        ValueError,
        "Starting multiplicative factor",
        explains=False,
    ),
    Mistake(
        "end above one",
        schedule(lambda s, o: s.LinearLR(o, end_factor=2)),
        ValueError,
        "Ending multiplicative factor",
        explains=False,
    ),
    Mistake(
        "constant above one",
        schedule(lambda s, o: s.ConstantLR(o, factor=2)),
        ValueError,
        "Constant multiplicative factor",
        explains=False,
    ),
    Mistake(
        "restart after half an epoch",
        schedule(lambda s, o: s.CosineAnnealingWarmRestarts(o, 0.5)),
        ValueError,
        "Expected positive integer T_0, but got 0.5",
        explains=False,
    ),
    Mistake(
        "epoch before the first",
        schedule(lambda s, o: s.CosineAnnealingWarmRestarts(o, 2).step(-1)),
        ValueError,
        "Expected non-negative epoch, but got -1",
        explains=False,
    ),
    Mistake(
        "cycle of unknown length",
        schedule(lambda s, o: s.OneCycleLR(o, 1.0)),
        ValueError,
        "You must define either total_steps OR (epochs AND steps_per_epoch)",
    ),
    Mistake(
        "cycle of no steps",
        schedule(lambda s, o: s.OneCycleLR(o, 1.0, total_steps=0)),
        ValueError,
        "Expected positive integer total_steps, but got 0",
        explains=False,
    ),
    Mistake(
        "cycle that starts late",
        schedule(lambda s, o: s.OneCycleLR(o, 1.0, total_steps=5, pct_start=2.0)),
        ValueError,
        "Expected float between 0 and 1 pct_start, but got 2.0",
        explains=False,
    ),
    Mistake(
        "cycle of unknown shape",
        schedule(lambda s, o: s.OneCycleLR(o, 1.0, total_steps=5, anneal_strategy="sine")),
        ValueError,
        "anneal_strategy",
        explains=False,
    ),
    Mistake(
        "cycle without momentum",
        lambda m: m.optim.lr_scheduler.OneCycleLR(
            m.optim.Adagrad([m.ones(1, requires_grad=True)]), 1.0, total_steps=5
        ),
        ValueError,
        "optimizer must support momentum or beta1 with `cycle_momentum` option",
    ),
    Mistake(
        "cycle that is over",
        too_many_steps,
        ValueError,
        "Tried to step 3 times. The specified number of total steps is 2",
    ),
    Mistake(
        "sequence of nothing",
        schedule(lambda s, o: s.SequentialLR(o, [], [])),
        ValueError,
        "SequentialLR expects at least one scheduler, but got no scheduler.",
        explains=False,
    ),
    Mistake(
        "a milestone too many",
        schedule(lambda s, o: s.SequentialLR(o, [s.StepLR(o, 1)], [3])),
        ValueError,
        "Sequential Schedulers expects number of schedulers provided to be one",
    ),
    Mistake(
        "plateau in a sequence",
        schedule(lambda s, o: s.SequentialLR(o, [s.ReduceLROnPlateau(o)], [])),
        ValueError,
        "SequentialLR does not support `ReduceLROnPlateau`",
    ),
    Mistake(
        "schedules of two optimizers",
        two_optimizers,
        ValueError,
        "SequentialLR expects all schedulers to belong to the same optimizer",
        explains=False,
    ),
]
