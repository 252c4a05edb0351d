"""The table of op cases: what every test of an op is generated from.

A case says how to call one op, on what inputs, and what NumPy gives for it. ``call(m, *xs)`` is
written against the API that autodiff and PyTorch share, with ``m`` the one or the other; ops
without a public function call the op itself, and say in ``torch`` how PyTorch computes the same.
"""

from tests.cases import (
    arithmetic,
    choice,
    comparison,
    conv,
    exponential,
    index,
    linalg,
    loss,
    pool,
    reduce,
    rounding,
    shape,
    trigonometry,
    write,
)
from tests.cases.case import Case

__all__ = ["CASES", "Case"]

CASES: list[Case] = [
    *arithmetic.CASES,
    *choice.CASES,
    *comparison.CASES,
    *conv.CASES,
    *exponential.CASES,
    *index.CASES,
    *linalg.CASES,
    *loss.CASES,
    *pool.CASES,
    *reduce.CASES,
    *rounding.CASES,
    *shape.CASES,
    *trigonometry.CASES,
    *write.CASES,
]
