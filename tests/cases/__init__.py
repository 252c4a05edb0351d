"""The table of op cases: what every test of an op is generated from.

A case says how to call one op, on what inputs, and what NumPy gives for it. ``call(m, *xs)`` is
written against the API that autodiff and PyTorch share, with ``m`` the one or the other; ops
without a public function call the op itself, and say in ``torch`` how PyTorch computes the same.
"""

from tests.cases import (
    conv,
    decompose,
    elementwise,
    expand,
    index,
    join,
    linalg,
    loss,
    pool,
    products,
    rearrange,
    reduce,
    scatter,
    shape,
    view,
    write,
)
from tests.cases.case import Case

__all__ = ["CASES", "Case"]

CASES: list[Case] = [
    *conv.CASES,
    *decompose.CASES,
    *elementwise.CASES,
    *expand.CASES,
    *index.CASES,
    *join.CASES,
    *linalg.CASES,
    *loss.CASES,
    *pool.CASES,
    *products.CASES,
    *rearrange.CASES,
    *reduce.CASES,
    *scatter.CASES,
    *shape.CASES,
    *view.CASES,
    *write.CASES,
]
