"""Schedules of the learning rate: how it changes from epoch to epoch."""

from autodiff.errors.missing import attribute_of
from autodiff.optim.lr_scheduler.chained import ChainedScheduler, SequentialLR
from autodiff.optim.lr_scheduler.cosine import CosineAnnealingLR, CosineAnnealingWarmRestarts
from autodiff.optim.lr_scheduler.one_cycle import OneCycleLR
from autodiff.optim.lr_scheduler.plateau import ReduceLROnPlateau
from autodiff.optim.lr_scheduler.scheduler import LRScheduler
from autodiff.optim.lr_scheduler.steps import (
    ConstantLR,
    ExponentialLR,
    LambdaLR,
    LinearLR,
    MultiplicativeLR,
    MultiStepLR,
    PolynomialLR,
    StepLR,
)

__all__ = [
    "ChainedScheduler", "ConstantLR", "CosineAnnealingLR", "CosineAnnealingWarmRestarts",
    "ExponentialLR", "LRScheduler", "LambdaLR", "LinearLR", "MultiStepLR", "MultiplicativeLR",
    "OneCycleLR", "PolynomialLR", "ReduceLROnPlateau", "SequentialLR", "StepLR",
]  # fmt: skip

_LRScheduler = LRScheduler  # what older programs derive their own schedules from

__getattr__ = attribute_of(__name__)
