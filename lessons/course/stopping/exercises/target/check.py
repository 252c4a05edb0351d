"""Checks the value, and that the gradient comes through `value` only."""

import autodiff as ad
from lessons.checking import expect, require


def check(work):
    w = ad.tensor(2.0, requires_grad=True)
    loss = work.loss(w, 3.0, 1.0, 2.0)
    expect(loss, 1.0, "loss(w, 3.0, 1.0, 2.0), with w = 2,")
    require(
        getattr(loss, "requires_grad", False),
        "The loss has no graph.",
        hint="That stops too much: the gradient must still flow through "
        "`value`. Only the target is to be cut off.",
    )
    require(
        w.requires_grad,
        "w does not ask for its gradient any more.",
        hint="Freezing w stops it everywhere. Only the target is cut off.",
    )
    loss.backward()
    expect(
        w.grad,
        6.0,
        "w.grad",
        wrong={
            2.0: "The gradient still flows through the target as well, and "
            "pulls it towards the value.",
            -4.0: "The wrong one is cut off: only the target is learned now.",
            None: "Nothing arrives at w: too much is cut off.",
        },
    )
