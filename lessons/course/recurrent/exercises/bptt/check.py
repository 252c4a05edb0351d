"""Checks the gradient through time against the engine, on sequences of several lengths."""

from autodiff import Scalar
from lessons.checking import expect


def truth(u, xs):
    weight = Scalar(u)
    h = 0.0
    for x in xs:
        h = weight * h + x
    h.backward()
    return weight.grad


def check(work):
    expect(work.gradient(3.0, [5.0]), 0.0, "gradient(3.0, [5.0])", wrong={
        3.0: "u * h sends g times the *state* to u, and g times u to the state. (And it is"
        " `total` that is returned, not g.)",
        5.0: "With one step u meets the state 0. Use the state *before* each step.",
    })  # fmt: skip
    expect(work.gradient(2.0, [1.0, 1.0, 1.0]), 5.0, "gradient(2.0, [1, 1, 1])", wrong={
        0.0: "Nothing was added up on the way back. (The first use contributes 0: with = in"
        " place of += only that is left.)",
        6.0: "Along the way back the factors are multiplied: g *= u.",
        3.0: "That is the last use of u only. It was used at every step.",
        4.0: "What an early step changes passes through all later ones: g is multiplied"
        " by u at each step on the way back.",
        14.0: "g is multiplied in the wrong direction: the *last* step has g = 1.",
        10.0: "g is multiplied by u before the last step's contribution is added.",
        11.0: "Each use of u meets the state *before* its step, not the one after.",
    })  # fmt: skip
    for u, xs in (
        (0.5, [1.0, -2.0, 3.0, 0.5]),
        (-1.5, [2.0, 0.0, 1.0, -1.0, 4.0]),
    ):
        expect(work.gradient(u, xs), truth(u, xs), f"gradient({u}, {xs})")
