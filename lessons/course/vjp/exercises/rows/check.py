"""Compares with the Jacobian worked out by autodiff, for three functions."""

import autodiff as ad
from autodiff.autograd import functional
from lessons.checking import expect, require


def check(work):
    def f(x):
        return ad.stack([2 * x[0], x[0] * x[1], x[1] ** 2])

    x = ad.tensor([3.0, 5.0])
    right = functional.jacobian(f, x)
    found = work.jacobian(f, x)
    expect(
        found,
        right,
        "jacobian(f, x), with f giving 2 * x[0], x[0] * x[1] and x[1] ** 2,",
        wrong={
            added_up(right): "Every row contains the rows before it: "
            ".grad adds up across passes. Clear it before each one.",
            all_outputs(
                right
            ): "Every row is the sum of all rows. Either v "
            "has more than a single 1, or .grad was not cleared: it adds up "
            "across passes, and all rows are the same x.grad.",
            (0.0,)
            * 6: "All rows are zeros. If you keep x.grad and then call "
            "x.grad.zero_(), that writes over the row you have kept: it is the "
            "same tensor. Set x.grad = None instead.",
            turned(right): "Rows and columns are exchanged.",
        },
    )
    big = ad.tensor([1.0, 2.0, 3.0])
    expect(
        work.jacobian(lambda x: x * x, big),
        functional.jacobian(lambda x: x * x, big),
        "jacobian(square, x)",
    )
    mine = ad.tensor([1.0, 2.0], requires_grad=True)
    mine.grad = ad.tensor([7.0, 7.0])
    work.jacobian(f, mine)
    require(
        mine.grad is not None and mine.grad.tolist() == [7.0, 7.0],
        "The .grad of the x that was handed over has changed.",
        hint="Work with x.detach().requires_grad_(), as in the exercise.",
    )


def numbers(rows):
    return tuple(number for row in rows for number in row)


def added_up(right):
    rows, total = [], [0.0, 0.0]
    for row in right.tolist():
        total = [a + b for a, b in zip(total, row, strict=True)]
        rows.append(total)
    return numbers(rows)


def all_outputs(right):
    return numbers([right.sum(0).tolist()] * 3)


def turned(right):
    return numbers(right.T.tolist())
