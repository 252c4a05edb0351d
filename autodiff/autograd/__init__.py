"""Differentiating: backward passes, gradients as values, functions of one's own, checks."""

from autodiff.autograd.checks import GradcheckError, gradcheck, gradgradcheck
from autodiff.autograd.function import Function
from autodiff.autograd.passes import backward, backward_steps, grad

__all__ = [
    "Function", "GradcheckError", "backward", "backward_steps", "grad", "gradcheck",
    "gradgradcheck",
]  # fmt: skip
