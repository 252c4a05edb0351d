"""Compares the slope with the engine's, at several points."""

from math import cos, sin

from autodiff import Scalar
from lessons.checking import expect


def check(work):
    for point in (1.5, -0.7, 0.0):
        x = Scalar(point)
        ((x**2).sin() * x).backward()
        expect(
            work.slope(point),
            x.grad,
            f"slope({point})",
            wrong=beliefs(point),
        )


def beliefs(x):
    """What typical mistakes give at x."""
    wave, cosine = sin(x * x), cos(x * x)
    return {
        0.0: "Both ways are still to be written.",
        x * cosine + wave: "On the long way the local derivative of the "
        "square, 2 * x, is missing.",
        cosine * 2 * x
        + wave: "On the long way the local derivative of the "
        "product is missing: it is x.",
        cosine + wave: "On the long way there are three local derivatives, "
        "and you have one.",
        x * cosine * 2 * x: "The direct way is missing: x is also a factor "
        "of the product.",
        x * cosine * 2 * x
        + 1: "The direct way ends at a product, not at a "
        "sum: its local derivative is the other factor.",
        x * cosine * 2 * x * wave: "Along a way the local derivatives are "
        "multiplied, but the two ways are added.",
        x * cos(x) * 2 * x
        + wave: "cos belongs to what sin was applied to: "
        "the square, not x.",
        x * cosine * 2 * x
        + x: "The direct way ends at the factor x, so its "
        "local derivative is the *other* factor: wave.",
        x * cosine * 2 * x + cosine: "The direct way does not lead through "
        "the sine: its local derivative is wave itself.",
        wave
        - x * cosine * 2 * x: "The derivative of sin is cos, without a "
        "minus. (That of cos has one.)",
        x + cosine + 2 * x + wave: "Along a way local derivatives are "
        "multiplied, not added.",
    }
