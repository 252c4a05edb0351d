"""Second names of functions: those that PyTorch has for the sake of NumPy."""

from __future__ import annotations

from autodiff.ops import arithmetic, choice, comparison, division, rounding, trigonometry  # noqa: F401
from autodiff.public import FUNCTIONS, METHODS

__all__ = ["ALIASES"]

ALIASES = {
    "absolute": "abs", "arccos": "acos", "arccosh": "acosh", "arcsin": "asin",
    "arcsinh": "asinh", "arctan": "atan", "arctan2": "atan2", "arctanh": "atanh",
    "clip": "clamp", "divide": "div", "fix": "trunc", "greater": "gt", "greater_equal": "ge",
    "less": "lt", "less_equal": "le", "multiply": "mul", "negative": "neg", "not_equal": "ne",
    "sgn": "sign", "subtract": "sub", "true_divide": "div",
}  # fmt: skip

for alias, name in ALIASES.items():
    FUNCTIONS[alias] = METHODS[alias] = FUNCTIONS[name]
