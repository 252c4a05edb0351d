"""Checks that every row adds up to 1, on tables that are square and that are not."""

import autodiff as ad

from lessons.checking import expect


def check(work):
    sold = ad.tensor([[1.0, 3.0], [30.0, 10.0]])
    expect(
        work.shares(sold),
        ad.tensor([[0.25, 0.75], [0.75, 0.25]]),
        "shares([[1, 3], [30, 10]])",
        wrong={
            (1 / 4, 3 / 40, 30 / 4, 10 / 40): (
                "The sums are right, but they are a flat row. "
                "Shapes are lined up from the right, so each *column* was divided by the sum of a row."
            ),
            (1 / 31, 3 / 13, 30 / 31, 10 / 13): (
                "The columns add up to 1. sum(0) adds up along "
                "dimension 0, down the rows."
            ),
            (1 / 44, 3 / 44, 30 / 44, 10 / 44): (
                "Each number is its share of the whole table, not "
                "of its row."
            ),
            (1 / 2, 3 / 2, 30 / 20, 10 / 20): (
                "That divides by the mean of the row. Divide by its sum."
            ),
            tuple(sold.softmax(1).flatten().tolist()): (
                "softmax takes the exp of each number first. Here the "
                "numbers themselves are to be shared out."
            ),
        },
    )
    oblong = ad.tensor([[1.0, 1.0, 2.0], [6.0, 3.0, 1.0]])
    expect(
        work.shares(oblong),
        ad.tensor([[0.25, 0.25, 0.5], [0.6, 0.3, 0.1]]),
        "shares([[1, 1, 2], [6, 3, 1]])",
    )
