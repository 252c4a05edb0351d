"""Differentiating: backward passes, gradients as values, functions of one's own, checks."""

from autodiff.autograd import function, graph
from autodiff.autograd.checks import GradcheckError, gradcheck, gradgradcheck
from autodiff.autograd.function import Function
from autodiff.autograd.passes import backward, backward_steps, grad
from autodiff.grad_mode import enable_grad, inference_mode, no_grad, set_grad_enabled

__all__ = [
    "Function", "GradcheckError", "Variable", "backward", "backward_steps", "enable_grad",
    "function", "grad", "gradcheck", "gradgradcheck", "graph", "inference_mode", "no_grad",
    "set_grad_enabled",
]  # fmt: skip
