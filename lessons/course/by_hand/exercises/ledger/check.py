"""Checks the ledger line by line, so that the first wrong line is named."""

from autodiff import Scalar
from lessons.checking import expect, fail, require
from lessons.mutants import belief_behind

WRONG = {
    "u": {1.0: "u is the product of x and y, not their sum."},
    "v": {-5.0: "v is a sum: u plus x.", -18.0: "v is a sum: u plus x."},
    "loss": {-9.0: "A square is never negative.", -6.0: "v ** 2 is v * v."},
}

WRONG_GRADIENTS = {
    "loss": {
        9.0: "That is its value. With respect to itself, everything has the "
        "gradient 1.",
        0.0: "The pass begins with 1: the loss grows as fast as itself.",
    },
    "v": {
        -3.0: "That is its value. The square sends 2 * v.",
        6.0: "The square sends 2 * v, and v is negative.",
        9.0: "That is the value of the loss. The square sends 2 * v.",
        2.0: "The derivative of v ** 2 is 2 * v, not 2.",
    },
    "u": {
        1.0: "1 is the local derivative of the sum. Multiply it by the "
        "gradient that has arrived at v.",
        -18.0: "v is a sum, so it sends its gradient on as it is.",
        12.0: "v is a sum, so it sends its gradient on as it is.",
    },
}


WRONG_AT_LEAVES = {
    "y": {
        18.0: "Mind the sign: y is sent -6 * x, and x is positive.",
        3.0: "3 is the local derivative. Multiply it by the gradient of u.",
    },
    "x": {
        -72.0: "Where two contributions meet they are added, not multiplied.",
        -18.0: "Mind the sign: u sends -6 * y, and y is negative too.",
        18.0: "Mind the sign: the sum sends -6, and u sends +12.",
        0.0: "x gets -6 from the sum, and the product sends it -6 * y.",
    },
}


def check(work):
    x, y = Scalar(3.0), Scalar(-2.0)
    u = x * y
    v = u + x
    loss = v**2
    right = {"u": u.item(), "v": v.item(), "loss": loss.item()}
    for name, value in right.items():
        expect(
            work.values[name],
            value,
            f'values["{name}"]',
            wrong=WRONG[name],
        )
    for name, gradient in {
        "loss": 1.0,
        "v": 2 * v.item(),
        "u": 2 * v.item(),
    }.items():
        expect(
            work.gradients[name],
            gradient,
            f'gradients["{name}"]',
            wrong=WRONG_GRADIENTS[name],
        )
    leaves = [work.gradients["x"], work.gradients["y"]]
    require(
        ... not in leaves, "The gradients of x and y are still to come."
    )
    belief = belief_behind(leaves, loss, [x, y])
    if belief:
        fail(
            f"The gradients of x and y are not {leaves[0]} and {leaves[1]}.",
            hint=belief.belief,
        )
    loss.backward()
    for name, leaf in {"y": y, "x": x}.items():
        expect(
            work.gradients[name],
            leaf.grad,
            f'gradients["{name}"]',
            wrong=WRONG_AT_LEAVES[name],
        )
