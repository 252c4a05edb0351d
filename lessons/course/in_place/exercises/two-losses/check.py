"""Compares with one step along the sum of both gradients."""

import autodiff as ad
from autodiff.optim import SGD
from lessons.checking import expect, fail

START, RATE = [0.5, -1.0], 0.1


def check(work):
    x = ad.tensor([1.0, 2.0])
    first, second = gradients(x)
    start = ad.tensor(START)
    w = ad.tensor(START, requires_grad=True)
    # Something left over from before must not count.
    w.grad = ad.tensor([5.0, 5.0])
    try:
        work.train_step(w, SGD([w], lr=RATE), x)
    except RuntimeError as error:
        fail(
            f"train_step fails: {str(error).splitlines()[0]}",
            hint="A step writes to w, which the graph has saved. All "
            "backward passes have to come before the step."
            if "inplace" in str(error)
            else "The two losses share a part of the graph: the first pass "
            "must not free it, or both go back in one pass.",
        )

    on_the_way = start - RATE * first
    anew = gradients(x, on_the_way.tolist())[1]

    def after(gradient):
        return tuple((start - RATE * gradient).tolist())

    expect(
        w.detach(),
        start - RATE * (first + second),
        "w after train_step",
        wrong={
            tuple(
                (on_the_way - RATE * anew).tolist()
            ): "Each loss took a step of "
            "its own, the second from where the first had led. One step is to "
            "be taken, along the sum of both gradients.",
            after(first): "Only the first loss has counted.",
            after(second): "Only the second loss has counted.",
            after(2 * first + second): "The first gradient has counted "
            "twice: one step is enough, after both passes.",
            tuple(START): "w has not moved: is there a step?",
            after(first + second + 5.0): "An old gradient has counted too: "
            "clear first.",
            after(
                2 * (first + second)
            ): "Two steps were made along the same gradient; one is enough.",
        },
        within=1e-5,
    )


def gradients(x, at=START):
    """The gradients of the two losses, each by itself."""
    found = []
    for which in range(2):
        w = ad.tensor(at, requires_grad=True)
        features = (w * x).exp()
        losses = (features.sum(), (features**2 * w).sum())
        losses[which].backward()
        found.append(w.grad)
    return found
