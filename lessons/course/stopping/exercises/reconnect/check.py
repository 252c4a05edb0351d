"""Checks the value, and that the gradient reaches w."""

import autodiff as ad
import viz
from lessons.checking import expect, fail, require


def check(work):
    w = ad.tensor([0.5, 2.0], requires_grad=True)
    inputs = [ad.tensor([3.0, 1.0]), ad.tensor([-1.0, 1.0])]
    loss = work.loss_of(w, inputs, [2.0, 1.0])
    expect(
        loss,
        1.25,
        "loss_of(w, inputs, [2.0, 1.0])",
        wrong={2.5: "That is the sum of the errors. Take their mean."},
    )
    require(
        isinstance(loss, ad.Tensor),
        "The loss is no tensor any more.",
        hint="Keep tensors all the way: no .item(), no float().",
    )
    require(
        loss.requires_grad,
        "The loss does not require grad: it has no graph at all.",
        hint="Somewhere the value leaves the graph: as a number, an array, "
        "by detach(), or where ad.tensor(...) makes a new tensor of numbers. "
        "Compute with tensors all the way.",
    )
    loss.backward()
    if w.grad is None:
        hint = (
            "The loss is a leaf of its own, which asks for its own gradient. "
            "There is no way from it to w. Do not make a new tensor: return "
            "the one that was computed."
            if loss.is_leaf
            else "Somewhere on the way a new tensor was made of numbers, "
            "and there is no way from it to w."
        )
        fail("backward() runs, and w.grad is None.", hint, viz.graph(loss))
    expect(w.grad, [4.0, 2.0], "w.grad")
