"""Differentiating: backward passes, gradients as values, functions of one's own, checks."""

from autodiff.autograd import function, functional, graph, profiler
from autodiff.autograd.anomaly_mode import detect_anomaly, set_detect_anomaly
from autodiff.autograd.checks import GradcheckError, gradcheck, gradgradcheck
from autodiff.autograd.function import Function
from autodiff.autograd.passes import backward, backward_steps, grad
from autodiff.autograd.variable import Variable
from autodiff.grad_mode import enable_grad, inference_mode, no_grad, set_grad_enabled

__all__ = [
    "Function", "GradcheckError", "Variable", "backward", "backward_steps", "detect_anomaly",
    "enable_grad", "function", "functional", "grad", "gradcheck", "gradgradcheck", "graph",
    "inference_mode", "no_grad", "profiler", "set_detect_anomaly", "set_grad_enabled",
]  # fmt: skip
