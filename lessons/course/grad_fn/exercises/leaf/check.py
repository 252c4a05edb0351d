"""Checks that the tensor is a leaf, asks for its gradient, and gets it."""

import autodiff as ad
from lessons.checking import expect, require


def check(work):
    start = work.make_leaf([10.0, 30.0], 0.1)
    expect(start, [1.0, 3.0], "make_leaf([10, 30], 0.1)")
    require(
        start.dtype == ad.float64,
        f"The dtype is {start.dtype}, and float64 is wanted.",
    )
    require(
        start.requires_grad,
        "The tensor does not ask for a gradient.",
        hint="A result computed from nothing that asks does not ask either, "
        "and detach() gives a tensor that does not.",
    )
    require(
        start.is_leaf,
        f"The tensor is no leaf: it was made by {start.grad_fn}.",
        hint="Something was computed after the tensor had asked for its "
        "gradient. Compute first, ask last.",
    )
    (start**2).sum().backward()
    expect(start.grad, [2.0, 6.0], "start.grad")
