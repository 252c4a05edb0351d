"""Checks the values, and the gradient against measured slopes."""

import autodiff as ad
from lessons.checking import expect, expect_gradient, fail, require


def check(work):
    x = ad.tensor([1.0, 2.0, 0.5], dtype=ad.float64, requires_grad=True)
    shares = work.softmax(x)
    powers = x.detach().exp()
    expect(
        shares,
        x.detach().softmax(0),
        "softmax([1, 2, 0.5])",
        wrong={
            tuple(
                (powers / x.detach().sum()).tolist()
            ): "Divide by the sum of the *powers*, not of the numbers.",
        },
    )
    require(
        shares.requires_grad,
        "The result has no graph.",
        hint="no_grad() or detach() lets the write pass, and the gradient is "
        "gone. Do not write in place at all.",
    )
    try:
        (shares * ad.tensor([1.0, 2.0, 3.0])).sum().backward()
    except RuntimeError as error:
        fail(
            f"backward() fails: {str(error).splitlines()[0]}",
            hint="A value that was saved for the backward pass has been "
            "written over. Make a new tensor instead.",
        )
    expect_gradient(
        work.softmax,
        x,
        hint="The write was hidden from the graph: .data does not count it, "
        "and so the rule of exp read the wrong values in silence.",
    )
