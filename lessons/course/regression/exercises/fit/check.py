"""Checks fit: one step and two steps by numbers worked out by hand, then all of them."""

import autodiff as ad
from lessons.checking import expect, fail

X = ad.tensor([0.0, 1.0, 2.0, 3.0])
Y = 3 * X - 1
HINTS = {
    "a leaf Variable that requires grad": "The parameters are changed outside no_grad, so the "
    "write would be recorded. A step is no part of the formula: `with ad.no_grad():`.",
    "unsupported operand": "A gradient is None. Either backward() was not called, or `w = w - ...` "
    "made a new tensor, which is no leaf and gets no .grad: write in place, `w -= ...`.",
    "a second time": "The loss was computed once, before the loop. Each step needs a loss, and a "
    "graph, of its own.",
    "does not require grad": "The parameters no longer ask for gradients: `w = w - ...` under "
    "no_grad makes a new tensor that asks for none. Write in place, `w -= ...`.",
}


def check(work):
    def fitted(steps):
        try:
            w, b = work.fit(X, Y, lr=0.1, steps=steps)
        except (RuntimeError, TypeError) as error:
            for words, hint in HINTS.items():
                if words in str(error):
                    fail(
                        f"fit stops with: {str(error).splitlines()[0]}",
                        hint=hint,
                    )
            raise
        return [w.item(), b.item()]

    expect(
        fitted(1),
        [1.8, 0.7],
        "w and b after one step",
        wrong={
            (
                0.0,
                0.0,
            ): "Nothing has changed: run the backward pass, then move w and b. "
            "(Are the gradients cleared *between* the two?)",
            (
                -1.8,
                -0.7,
            ): "That is a step uphill. The gradient points up; subtract it.",
            (
                18.0,
                7.0,
            ): "The step is the learning rate times the gradient.",
        },
        within=1e-5,
    )
    expect(
        fitted(2),
        [2.13, 0.72],
        "w and b after two steps",
        wrong={
            (3.93, 1.42): "The second step used the sum of both gradients. "
            "backward() adds to .grad, so clear it before each pass.",
            (
                2.13,
                1.42,
            ): "b used the sum of both gradients: clear b.grad as "
            "well as w.grad.",
            (
                3.93,
                0.72,
            ): "w used the sum of both gradients: clear w.grad as "
            "well as b.grad.",
            (
                1.8,
                0.7,
            ): "That is one step. Is the `return` inside of the loop?",
        },
        within=1e-5,
    )
    expect(fitted(300), [3.0, -1.0], "w and b after 300 steps", within=1e-3)
