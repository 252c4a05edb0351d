"""The table of op cases: what every test of an op is generated from.

A case says how to call one op, on what inputs, and what NumPy gives for it. ``call(m, *xs)`` is
written against the API that autodiff and PyTorch share, with ``m`` the one or the other; ops
without a public function call the op itself, and say in ``torch`` how PyTorch computes the same.
There is one file of cases for each file of ops.
"""

import pkgutil
from importlib import import_module

from tests.cases.case import Case

__all__ = ["CASES", "Case"]

CASES: list[Case] = [
    case
    for module in pkgutil.iter_modules(__path__, f"{__name__}.")
    if module.name != f"{__name__}.case"
    for case in import_module(module.name).CASES
]
