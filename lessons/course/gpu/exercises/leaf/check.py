"""Checks that the tensor is a leaf where it is, for dtypes that need a conversion and for one that does not."""

import autodiff as ad
from lessons.checking import expect, require


def check(work):
    for dtype in (ad.float32, ad.float64):
        w = work.parameter([1.0, -2.0], "cpu", dtype)
        require(
            isinstance(w, ad.Tensor),
            f"parameter(...) is {w!r}, not a tensor",
        )
        require(w.dtype == dtype, f"the dtype is {w.dtype}, not {dtype}")
        require(
            w.requires_grad,
            f"it does not ask for a gradient (dtype {dtype})",
            hint="Say requires_grad=True when you make it. A detached tensor has to be asked again: requires_grad_().",
        )
        require(
            w.is_leaf,
            f"it is no leaf: {w.grad_fn.name() if w.grad_fn else None} computed it",
            hint="Moving or converting is recorded. Do it first and ask for the gradient last.",
        )
        (w * w).sum().backward()
        expect(
            w.grad,
            [2.0, -4.0],
            f"the gradient of (w * w).sum() (dtype {dtype})",
        )
