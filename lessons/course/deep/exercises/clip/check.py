"""Checks `clip` on gradients whose lengths are whole numbers."""

import autodiff as ad
from lessons.checking import expect, require


def gradients():
    return [
        ad.tensor([3.0, 0.0]),
        ad.tensor([[0.0], [-4.0]]),
        ad.tensor(12.0),
    ]


def numbers(tensors):
    return [
        number for each in tensors for number in each.flatten().tolist()
    ]


def check(work):
    given = gradients()
    length = work.clip(given, 1.3)
    expect(
        float(length) if length is not None else None,
        13.0,
        "clip([[3, 0], [[0], [-4]], 12], 1.3)",
        within=1e-5,
        wrong={
            1.3: "That is the length after clipping. Give back the length before.",
            19.0: "A length is the root of the sum of *squares*.",
            169.0: "That is the square of the length.",
            12.0: "That is the largest of the three lengths. All numbers count.",
        },
    )
    wanted = numbers(gradients())
    expect(
        numbers(given),
        [number / 10 for number in wanted],
        "the gradients after it",
        within=1e-5,
        wrong={
            tuple(
                wanted
            ): "They are unchanged. Scale them in place, as in g *= factor.",
            (
                1.3,
                0.0,
                0.0,
                -1.3,
                1.3,
            ): "Each was clipped by itself: the direction has"
            " changed. Use one factor for all.",
            tuple(
                number / 13 for number in wanted
            ): "Their length is now 1, not `limit`.",
        },
    )
    small = gradients()
    work.clip(small, 100.0)
    expect(
        numbers(small),
        wanted,
        "gradients of length 13 after clip(gradients, 100.0)",
        within=1e-5,
        hint="A vector that is short enough stays as it is: clipping never makes it longer.",
    )
    zero = [ad.zeros(2)]
    work.clip(zero, 1.0)
    require(
        not ad.isnan(zero[0]).any(),
        "gradients of 0 became nan",
        hint="The length is 0 there, and you divide by it.",
    )
