"""Checks the entropy with and without a probability of 0, and its gradient."""

import math

import autodiff as ad
from lessons.checking import expect, expect_gradient, require


def check(work):
    fair = ad.tensor(
        [0.5, 0.25, 0.25], dtype=ad.float64, requires_grad=True
    )
    expect(
        work.entropy(fair),
        1.5 * math.log(2),
        "entropy of 0.5, 0.25, 0.25",
        wrong={
            -1.5
            * math.log(
                2
            ): "The sign is missing: the logarithms of probabilities are negative.",
            1.5: "That is with the logarithm to the base 2. Use log.",
            0.5 * math.log(2): "Take the sum, not the mean.",
        },
    )
    expect_gradient(work.entropy, fair)

    p = ad.tensor([0.0, 0.5, 0.5], dtype=ad.float64, requires_grad=True)
    value = work.entropy(p)
    require(
        not value.isnan().any(),
        "The entropy of 0, 0.5, 0.5 is nan.",
        hint="log(0) is minus infinity, and 0 times infinity is nan. A 0 is to be left out.",
    )
    expect(value, math.log(2), "entropy of 0, 0.5, 0.5")
    value.backward()
    require(
        not p.grad.isnan().any(),
        f"The value is right, but the gradient of 0, 0.5, 0.5 is {p.grad.tolist()}.",
        hint="`where` hides the bad logarithm on the way forward only: on the way back 0 meets 1/0. "
        "Make the input of the logarithm safe instead.",
    )
    slope = -(math.log(0.5) + 1)
    expect(
        p.grad,
        [0.0, slope, slope],
        "the gradient of entropy at 0, 0.5, 0.5",
        hint="A small number under the logarithm keeps the value finite, but "
        "near 0 its slope is huge. Put a 1 in the place of a 0 instead.",
    )
