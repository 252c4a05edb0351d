"""Optimizers: what turns gradients into better parameters."""

from autodiff.optim.adam import Adam
from autodiff.optim.optimizer import Optimizer
from autodiff.optim.sgd import SGD

__all__ = ["SGD", "Adam", "Optimizer"]
