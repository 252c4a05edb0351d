"""Checks the result, and that the caller's table is as it was."""

import autodiff as ad

from lessons.checking import expect, require


def check(work):
    table = ad.tensor([[1.0, 2.0], [3.0, 4.0]])
    result = work.without_first_row(table)
    expect(
        result,
        ad.tensor([[0.0, 0.0], [3.0, 4.0]]),
        "without_first_row([[1, 2], [3, 4]])",
        wrong={
            (3.0, 4.0): "The first row is gone: it should be zeros.",
            (1.0, 2.0, 3.0, 4.0): "Into which of the two did you write the "
            "zeros? They belong into the copy.",
            (
                0.0,
                2.0,
                0.0,
                4.0,
            ): "That is the first *column*. The first row is result[0].",
        },
    )
    require(
        table[0].tolist() == [1.0, 2.0],
        "The result is right, but the first row of the caller's table is zero now.",
        hint="What you wrote to still shares its memory with the table: it is a view.",
    )
