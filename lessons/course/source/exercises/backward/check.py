"""Checks the program against the engine, and names the contribution that is missing."""

import math

from autodiff import Scalar
from lessons.checking import expect, require

NAMES = "the gradients of x, w and b"


def truth(x, w, b, g_loss):
    leaves = Scalar(x), Scalar(w), Scalar(b)
    y = leaves[0] * leaves[1]
    z = (y + leaves[2]).tanh()
    ((z * z + y) * g_loss).backward()
    return [leaf.grad for leaf in leaves]


def check(work):
    x, w, b = 2.0, 0.5, -0.25
    _, saved = work.forward(x, w, b)
    given = work.backward(saved, 1.0)
    require(
        isinstance(given, tuple) and len(given) == 3,
        f"backward returns {given!r}",
        hint="It returns three numbers: the gradients of x, w and b.",
    )
    z = saved[2]
    bend = 1 - z * z

    def gradients(g_z, from_sum, from_loss):
        g_sum = g_z * (bend if from_sum else 1)
        g_y = g_sum + from_loss
        return g_y * w, g_y * x, g_sum

    def slope_of(factor):
        g_sum = 2 * z * factor
        return (g_sum + 1) * w, (g_sum + 1) * x, g_sum

    expect(
        given,
        truth(x, w, b, 1.0),
        f"backward(saved, 1.0) with x = 2, w = 0.5, b = -0.25 ({NAMES})",
        wrong={
            gradients(
                z, True, 1
            ): "`z` is used twice in z * z: it is sent g_loss * z"
            " two times.",
            gradients(
                2 * z, True, 0
            ): "`y` is used twice: the loss sends it g_loss directly,"
            " and the tanh sends it something too. They add up.",
            (
                w,
                x,
                2 * z * bend,
            ): "`y` is used twice: one contribution has replaced"
            " the other.",
            (
                *gradients(2 * z, True, 1)[:2],
                2 * z * bend + 1,
            ): "b is used inside of the tanh only: it is sent what comes through the tanh.",
            slope_of(
                1 - z
            ): "The slope of tanh is 1 - z * z: the square is missing.",
            slope_of(
                1 - math.tanh(z) ** 2
            ): "z is the tanh already: its slope is 1 - z * z.",
            gradients(
                2 * z, False, 1
            ): "The slope of the tanh is missing: 1 - z * z.",
            (
                gradients(2 * z, True, 1)[1],
                gradients(2 * z, True, 1)[0],
                2 * z * bend,
            ): "The"
            " gradients of x and w are swapped: each is sent g_y times the *other*.",
        },
    )
    expect(
        work.backward(saved, 10.0),
        truth(x, w, b, 10.0),
        f"backward(saved, 10.0) ({NAMES})",
        hint="Every path begins with g_loss, the direct one from the loss to y too.",
    )
    for numbers in ((-1.0, 2.0, 0.5), (0.3, -0.7, 0.1)):
        _, saved = work.forward(*numbers)
        expect(
            work.backward(saved, 2.0),
            truth(*numbers, 2.0),
            f"backward(saved, 2.0) with x, w, b = {numbers} ({NAMES})",
        )
