"""Cases of the ops in `autodiff.ops.linalg`."""

from __future__ import annotations

from tests.cases.case import Case

CASES: list[Case] = [
    Case("Matmul", lambda m, x, y: x @ y, lambda x, y: x @ y, ((3, 4), (4, 2))),
    Case("Matmul", lambda m, x, y: x @ y, lambda x, y: x @ y, ((2, 3, 4), (4, 2)), note="stack"),
    Case("Matmul", lambda m, x, y: x @ y, lambda x, y: x @ y, ((4,), (4, 2)), note="row"),
    Case(
        "Matmul", lambda m, x, y: x.bmm(y), lambda x, y: x @ y, ((2, 3, 4), (2, 4, 2)), note="bmm"
    ),
    Case("Matmul", lambda m, x, y: x @ y, lambda x, y: x @ y, ((2, 0), (0, 3)), note="empty"),
    Case("Dot", lambda m, x, y: x @ y, lambda x, y: x @ y, ((4,), (4,)), ints=True),
    Case("Vdot", lambda m, x, y: x.vdot(y), lambda x, y: x @ y, ((4,), (4,)), ints=True),
    Case("Mv", lambda m, x, y: x @ y, lambda x, y: x @ y, ((3, 4), (4,)), ints=True),
    Case("Mv", lambda m, x, y: x @ y, lambda x, y: x @ y, ((2, 3, 4), (4,)), note="stack"),
    Case(
        "Matmul", lambda m, x, y: x @ y, lambda x, y: x @ y, ((2, 1, 3, 4), (3, 4, 2)), note="batch"
    ),
    Case(
        "Linear",
        lambda m, x, w, b: m.nn.functional.linear(x, w, b),
        lambda x, w, b: x @ w.T + b,
        ((2, 3, 4), (5, 4), (5,)),
    ),
    Case(
        "Linear",
        lambda m, x, w: m.nn.functional.linear(x, w),
        lambda x, w: x @ w.T,
        ((3, 4), (5, 4)),
        note="nobias",
    ),
]
