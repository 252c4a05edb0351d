"""Layers, losses, and the modules that hold them."""

from autodiff.nn import functional, init
from autodiff.nn.activation import Dropout, LogSoftmax, ReLU, Sigmoid, Softmax, Tanh
from autodiff.nn.container import ModuleList, Sequential
from autodiff.nn.conv import Conv2d, MaxPool2d
from autodiff.nn.linear import Flatten, Identity, Linear
from autodiff.nn.loss import CrossEntropyLoss, MSELoss, NLLLoss
from autodiff.nn.module import Module
from autodiff.nn.parameter import Parameter

__all__ = [
    "Conv2d", "CrossEntropyLoss", "Dropout", "Flatten", "Identity", "Linear", "LogSoftmax",
    "MSELoss", "MaxPool2d", "Module", "ModuleList", "NLLLoss", "Parameter", "ReLU", "Sequential",
    "Sigmoid", "Softmax", "Tanh", "functional", "init",
]  # fmt: skip
