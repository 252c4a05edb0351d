"""Optimizers: what turns gradients into better parameters."""

from autodiff.errors.missing import attribute_of
from autodiff.optim import lr_scheduler
from autodiff.optim.adam import Adam, AdamW
from autodiff.optim.adaptive import Adadelta, Adagrad, RMSprop
from autodiff.optim.optimizer import Optimizer
from autodiff.optim.sgd import SGD

__all__ = ["SGD", "Adadelta", "Adagrad", "Adam", "AdamW", "Optimizer", "RMSprop", "lr_scheduler"]

__getattr__ = attribute_of(__name__)
