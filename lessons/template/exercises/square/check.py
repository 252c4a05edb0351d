"""The slope is what the engine says it is, at several places."""

from autodiff import Scalar
from lessons.checking import expect


def check(work):
    for number in (3.0, -1.5, 0.0):
        x = Scalar(number)
        (x * x).backward()
        expect(
            work.slope(number),
            x.grad,
            f"slope({number})",
            wrong={number: "This is x: one of the two contributions is missing."},
            hint="x is used twice in x * x.",
        )
